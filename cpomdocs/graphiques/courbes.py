"""Barres et courbes : une série par établissement, par groupe ou par scénario."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from cpomdocs.graphiques.toile import COULEURS, ENCRE, Forme, etiqueter, graduer, toile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LARGEUR, _HAUTEUR = 6.3, 3.0
_PLACE = 0.78
_ETIQUETTES_AU_PLUS = 14
_CATEGORIES_COUCHEES, _CATEGORIES_ECRITES = 12, 60
_LEGENDES = 16
"""Séries au-delà desquelles une légende prendrait la place du dessin."""
_AIR = 0.12
"""Part de la hauteur laissée aux étiquettes au-dessus et au-dessous des barres."""


class Serie(NamedTuple):
    """Une suite de valeurs, une par catégorie ; `None` : pas de donnée."""

    nom: str
    valeurs: Sequence[Decimal | int | float | None]


def barres(
    titre: str,
    categories: Sequence[str],
    series: Sequence[Serie],
    unite: str | None = None,
    *,
    empilees: bool = False,
    forme: Forme = "png",
) -> bytes:
    """Des barres côte à côte, ou empilées. `unite` : « € », « % » (des fractions), ou un mot."""
    with toile(_LARGEUR, _HAUTEUR, titre) as (_, repere, rendre):
        largeur = _PLACE if empilees else _PLACE / max(len(series), 1)
        socle = [0.0] * len(categories)
        for rang, serie in enumerate(series):
            hauteurs = [_reel(v) for v in serie.valeurs]
            decalage = 0.0 if empilees else (rang - (len(series) - 1) / 2) * largeur
            places = [p + decalage for p in range(len(categories))]
            posees = repere.bar(
                places,
                [0.0 if math.isnan(h) else h for h in hauteurs],
                largeur * 0.94,
                bottom=socle if empilees else None,
                label=serie.nom,
                color=COULEURS[rang % len(COULEURS)],
            )
            if empilees:
                socle = [s + (0.0 if math.isnan(h) else h) for s, h in zip(socle, hauteurs, strict=True)]
            elif len(series) * len(categories) <= _ETIQUETTES_AU_PLUS:
                etiquettes = ["" if math.isnan(h) else etiqueter(h, unite) for h in hauteurs]
                repere.bar_label(posees, labels=etiquettes, fontsize=7, padding=2)
                repere.margins(y=_AIR)
        repere.axhline(0, color=ENCRE, linewidth=0.6)
        _nommer(repere, categories)
        graduer(repere, unite)
        _legender(repere, series, len(categories) > _CATEGORIES_COUCHEES)
        return rendre(forme)


def courbes(
    titre: str,
    categories: Sequence[str],
    series: Sequence[Serie],
    unite: str | None = None,
    *,
    forme: Forme = "png",
) -> bytes:
    """Une courbe par série, le long des catégories (des années)."""
    traits = ("-", "--", "-.", ":")
    with toile(_LARGEUR, _HAUTEUR, titre) as (_, repere, rendre):
        for rang, serie in enumerate(series):
            repere.plot(
                range(len(categories)),
                [_reel(v) for v in serie.valeurs],
                traits[rang % len(traits)],
                marker="o",
                markersize=3.5,
                label=serie.nom,
                color=COULEURS[rang % len(COULEURS)],
            )
        _nommer(repere, categories)
        graduer(repere, unite)
        _legender(repere, series, len(categories) > _CATEGORIES_COUCHEES)
        return rendre(forme)


def _nommer(repere: Axes, categories: Sequence[str]) -> None:
    """Écrit les catégories sous l’axe : debout quand elles sont nombreuses, une sur plusieurs au-delà."""
    pas = -(-len(categories) // _CATEGORIES_ECRITES) or 1
    debout = len(categories) > _CATEGORIES_COUCHEES
    options: dict[str, Any] = {"rotation": 90, "fontsize": 6.5} if debout else {}
    repere.set_xticks(range(0, len(categories), pas), list(categories)[::pas], **options)


def _legender(repere: Axes, series: Sequence[Serie], debout: bool) -> None:
    if len(series) > _LEGENDES:
        repere.set_xlabel(f"{len(series)} séries : voir le tableau", fontsize=8)
    elif len(series) > 1:
        repere.legend(
            loc="upper center",
            bbox_to_anchor=(0.5, -0.35 if debout else -0.1),
            ncols=min(len(series), 4),
            frameon=False,
            fontsize=8,
        )


def _reel(valeur: Decimal | int | float | None) -> float:
    return math.nan if valeur is None else float(valeur)
