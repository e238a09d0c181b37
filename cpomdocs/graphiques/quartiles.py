"""Situer des valeurs entre les quartiles d’un groupe comparable."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from cpomdocs.graphiques.toile import COULEURS, ENCRE, GRIS, Forme, corps, ecrire, toile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LARGEUR, _LIGNE, _MARGE, _PAGE = 6.3, 0.42, 0.9, 9.0
_ETIQUETTES_AU_PLUS = 30


class Place(NamedTuple):
    """Une valeur et les quartiles auxquels on la compare, dans la même unité."""

    libelle: str
    valeur: Decimal
    mediane: Decimal
    q1: Decimal | None = None
    q3: Decimal | None = None


def quartiles(
    titre: str, places: Sequence[Place], unite: str | None = None, *, forme: Forme = "png"
) -> bytes:
    """Une ligne par établissement : bande entre les quartiles, trait à la médiane, point à la valeur.

    Toutes les valeurs ont la même unité (« € », « % » pour des fractions, ou un mot).
    """
    hauteur = min(_MARGE + _LIGNE * max(len(places), 1), _PAGE)
    with toile(_LARGEUR, hauteur, titre) as (_, repere, rendre):
        for rang, place in enumerate(places):
            if place.q1 is not None and place.q3 is not None:
                repere.barh(
                    rang, float(place.q3 - place.q1), left=float(place.q1), height=0.5, color="#DCE6F2"
                )
            repere.plot(
                [float(place.mediane)] * 2, [rang - 0.25, rang + 0.25], color=COULEURS[0], linewidth=1.6
            )
            repere.plot(float(place.valeur), rang, "o", color=COULEURS[1], markersize=7, zorder=3)
            if len(places) <= _ETIQUETTES_AU_PLUS:
                repere.annotate(
                    ecrire(float(place.valeur), unite),
                    (float(place.valeur), rang - 0.27),
                    xytext=(0, 1),
                    textcoords="offset points",
                    ha="center",
                    fontsize=7.5,
                    color=ENCRE,
                )
        libelles = [place.libelle for place in places]
        repere.set_yticks(range(len(places)), libelles, fontsize=corps(len(places), hauteur) + 1)
        repere.set_ylim(len(places) - 0.4, -0.7)
        repere.use_sticky_edges = False
        repere.margins(x=0.08)
        _graduer(repere, unite)
        return rendre(forme)


def _graduer(repere: Axes, unite: str | None) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axe = repere.xaxis
    axe.set_major_locator(MaxNLocator(nbins=6))
    axe.set_major_formatter(FuncFormatter(lambda valeur, _: ecrire(valeur, unite)))
    repere.grid(axis="x", color=GRIS, linewidth=0.5, alpha=0.6)
    repere.set_axisbelow(True)
    repere.tick_params(length=0)
    cles = [
        Line2D([], [], color=COULEURS[1], marker="o", linestyle="", label="établissement"),
        Line2D([], [], color=COULEURS[0], label="médiane"),
        Patch(color="#DCE6F2", label="du 1er au 3e quartile"),
    ]
    repere.legend(
        handles=cles, loc="upper center", bbox_to_anchor=(0.4, -0.12), ncols=3, frameon=False, fontsize=8
    )
