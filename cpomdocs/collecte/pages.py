"""Les comptes rendus de la collecte en feuilles Excel : un titre, une phrase, un tableau."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from cpomdocs.classeur.disposition import lignes_de_texte
from cpomdocs.classeur.valeurs import LIMITE_EXCEL
from cpomdocs.lecture.valeurs.conversion import CONTROLE

CREATION = datetime.datetime(2000, 1, 1)
"""Une date fixe : mêmes données, mêmes octets."""
ENTETE = 3
"""Rang de la ligne d’en-têtes de chaque feuille, à partir de 0."""
_LONGUEUR_MAXIMALE = LIMITE_EXCEL // 2
"""Signes montrés d’un texte : ceux d’Excel en comptent parfois deux."""
_LIGNES_MAXIMALES = 20
"""Lignes de texte montrées d’une cellule très longue ; la suite se lit en l’ouvrant."""


@dataclass(frozen=True)
class Page:
    """Une feuille de compte rendu ; `colonnes` : le titre et la largeur de chacune."""

    nom: str
    titre: str
    aide: str
    colonnes: Sequence[tuple[str, float]]
    lignes: Sequence[Sequence[object]]
    fonds: Sequence[str | None] = ()
    """La couleur de la première cellule de chaque ligne, s’il y en a une."""


def composer(pages: Iterable[Page]) -> bytes:
    """Un classeur de ces pages ; jamais une formule ni un lien tiré d’un texte."""
    tampon = io.BytesIO()
    reglages = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(tampon, reglages) as livre:
        livre.set_properties({"created": CREATION, "author": "cpomdocs"})
        for page in pages:
            ecrire_page(livre, page)
    return tampon.getvalue()


def _montrable(texte: str) -> str:
    """Le texte sans caractère invisible, coupé à ce qu’une cellule d’Excel peut contenir."""
    propre = CONTROLE.sub("", texte)
    return propre if len(propre) <= _LONGUEUR_MAXIMALE else f"{propre[: _LONGUEUR_MAXIMALE - 1]}…"


def _hauteur(ligne: Sequence[object], colonnes: Sequence[tuple[str, float]]) -> float:
    """La hauteur qui montre le plus long texte de la ligne, dans une limite raisonnable (points)."""
    lignes = (
        sum(lignes_de_texte(morceau, largeur + 3) for morceau in str(valeur or "").split("\n"))
        for valeur, (_, largeur) in zip(ligne, colonnes, strict=True)
    )
    return 15.5 * min(max(lignes), _LIGNES_MAXIMALES)


def ecrire_page(livre: Any, page: Page) -> Any:
    """Ajoute une page et rend sa feuille."""
    feuille = livre.add_worksheet(page.nom)
    feuille.hide_gridlines(2)
    feuille.set_row(0, 24)
    feuille.write_string(
        0, 0, page.titre, livre.add_format({"bold": True, "font_size": 15, "font_color": "#1F3864"})
    )
    feuille.write_string(1, 0, page.aide, livre.add_format({"italic": True, "font_color": "#595959"}))
    entete = livre.add_format(
        {"bold": True, "bg_color": "#1F3864", "font_color": "white", "border": 1, "valign": "vcenter"}
    )
    base = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"}
    texte, taux = livre.add_format(base), livre.add_format({**base, "num_format": "0 %"})
    for rang, (titre, largeur) in enumerate(page.colonnes):
        feuille.set_column(rang, rang, largeur)
        feuille.write_string(ENTETE, rang, titre, entete)
    fonds = {c: livre.add_format({**base, "bold": True, "bg_color": c}) for c in set(page.fonds) if c}
    for numero, ligne in enumerate(page.lignes, start=ENTETE + 1):
        feuille.set_row(numero, _hauteur(ligne, page.colonnes))
        fond = page.fonds[numero - ENTETE - 1] if page.fonds else None
        for rang, valeur in enumerate(ligne):
            style = fonds[fond] if rang == 0 and fond else taux if isinstance(valeur, float) else texte
            if isinstance(valeur, int | float):
                feuille.write_number(numero, rang, valeur, style)
            else:
                feuille.write_string(numero, rang, _montrable(str(valeur or "")), style)
    feuille.freeze_panes(ENTETE + 1, 0)
    if page.lignes:
        feuille.autofilter(ENTETE, 0, ENTETE + len(page.lignes), len(page.colonnes) - 1)
    feuille.set_landscape()
    feuille.set_paper(9)
    feuille.fit_to_pages(1, 0)
    feuille.repeat_rows(ENTETE)
    return feuille
