"""Le calendrier en barres : étapes, échéances, contre-propositions, trait du jour."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cpomdocs.graphiques.toile import COULEURS, GRIS, Forme, corps, toile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LARGEUR, _LIGNE, _MARGE, _PAGE = 9.5, 0.27, 1.0, 12.0
_MOIS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_LIBELLE = 48
_VISIBLE = 4
"""Jours en dessous desquels une barre ne se verrait pas."""


class Barre(NamedTuple):
    """Une étape : ses dates, son groupe (une couleur), si elle est finie, une date imposée, une proposée."""

    libelle: str
    debut: datetime.date
    fin: datetime.date
    groupe: str = ""
    finie: bool = False
    imposee: datetime.date | None = None
    proposee: datetime.date | None = None


def gantt(
    titre: str, lignes: Sequence[Barre], jour: datetime.date | None = None, *, forme: Forme = "png"
) -> bytes:
    """Une barre par étape, de haut en bas ; pâle quand elle est finie ; le jour est un trait."""
    groupes = list(dict.fromkeys(ligne.groupe for ligne in lignes))
    hauteur = min(_MARGE + _LIGNE * max(len(lignes), 1), _PAGE)
    with toile(_LARGEUR, hauteur, titre) as (_, repere, rendre):
        for rang, ligne in enumerate(lignes):
            couleur = COULEURS[groupes.index(ligne.groupe) % len(COULEURS)]
            debut = ligne.debut.toordinal()
            fin = max(ligne.fin.toordinal() + 1, debut + _VISIBLE)
            repere.barh(
                rang, fin - debut, left=debut, height=0.62, color=couleur, alpha=0.45 if ligne.finie else 1
            )
            for date, marque, trait in ((ligne.imposee, "D", "#A61C00"), (ligne.proposee, "o", "#1B5E20")):
                if date is not None:
                    repere.plot(date.toordinal(), rang, marque, color=trait, markersize=5, zorder=3)
        repere.set_yticks(
            range(len(lignes)),
            [_abreger(ligne.libelle) for ligne in lignes],
            fontsize=corps(len(lignes), hauteur),
        )
        repere.set_ylim(len(lignes) - 0.4, -0.6)
        _dater(repere, lignes, jour)
        _legender(repere, lignes, groupes, jour)
        return rendre(forme)


def _dater(repere: Axes, lignes: Sequence[Barre], jour: datetime.date | None) -> None:
    if not lignes:
        return
    bornes = [d for ligne in lignes for d in (ligne.debut, ligne.fin, ligne.imposee, ligne.proposee) if d]
    mois = _mois_entre(min(bornes), max(bornes))
    pas = max(1, -(-len(mois) // 18))
    reperes = mois[::pas]
    annees = [None, *(m.year for m in reperes)]
    noms = [
        _MOIS[m.month - 1] + (f"\n{m.year}" if m.year != avant else "")
        for m, avant in zip(reperes, annees, strict=False)
    ]
    repere.set_xticks([m.toordinal() for m in reperes], noms, fontsize=7.5)
    repere.grid(axis="x", color=GRIS, linewidth=0.5, alpha=0.6)
    repere.set_axisbelow(True)
    repere.tick_params(length=0)
    if jour is not None and min(bornes) <= jour <= max(bornes):
        repere.axvline(jour.toordinal(), color="#A61C00", linewidth=1.2)


def _legender(
    repere: Axes, lignes: Sequence[Barre], groupes: Sequence[str], jour: datetime.date | None
) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    cles: list[object] = [
        Patch(color=COULEURS[r % len(COULEURS)], label=g) for r, g in enumerate(groupes) if g
    ]
    if any(ligne.imposee for ligne in lignes):
        cles.append(Line2D([], [], color="#A61C00", marker="D", linestyle="", label="date imposée"))
    if any(ligne.proposee for ligne in lignes):
        cles.append(Line2D([], [], color="#1B5E20", marker="o", linestyle="", label="contre-proposition"))
    if jour is not None:
        cles.append(Line2D([], [], color="#A61C00", label=f"au {jour:%d/%m/%Y}"))
    if cles:
        repere.legend(
            handles=cles,
            loc="upper center",
            bbox_to_anchor=(0.4, -0.08),
            ncols=6,
            frameon=False,
            fontsize=7.5,
        )


def _mois_entre(debut: datetime.date, fin: datetime.date) -> list[datetime.date]:
    """Le premier jour de chaque mois, jusqu’à celui qui suit `fin`, s’il est au calendrier de Python."""
    suivant = min(fin.year * 12 + fin.month + 1, (datetime.MAXYEAR + 1) * 12)
    rangs = range(debut.year * 12 + debut.month - 1, suivant)
    return [datetime.date(rang // 12, rang % 12 + 1, 1) for rang in rangs]


def _abreger(texte: str) -> str:
    return texte if len(texte) <= _LIBELLE else texte[: _LIBELLE - 1].rstrip() + "…"
