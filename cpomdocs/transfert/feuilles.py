"""Les feuilles qu’une personne a ajoutées : recopiées dans le classeur neuf, valeurs, formules et allure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet as Feuille
from xlsxwriter.worksheet import Worksheet

from cpomdocs.office.adresses import COLONNES, numero_colonne
from cpomdocs.transfert.ecriture import Plume

_ALIGNEMENTS = {"left", "center", "right", "fill", "justify", "distributed"}
_VERTICAUX = {"top": "top", "center": "vcenter", "bottom": "bottom", "justify": "vjustify"}
_TRAITS = {"thin": 1, "medium": 2, "dashed": 3, "dotted": 4, "thick": 5, "double": 6, "hair": 7}


def recopier_feuille(
    source: Feuille, cible: Worksheet, plume: Plume, ecrire: Callable[[Cell, Worksheet, int, int, Any], None]
) -> None:
    """Recopie une feuille entière : `ecrire` pose le contenu de chaque cellule, dans le format donné."""
    for lettres, colonne in source.column_dimensions.items():
        premiere, derniere = colonne.min or numero_colonne(lettres), colonne.max or numero_colonne(lettres)
        cachee = {"hidden": True} if colonne.hidden else {}
        cible.set_column(premiere - 1, min(derniere, COLONNES) - 1, colonne.width, None, cachee)
    for numero, ligne in source.row_dimensions.items():
        if ligne.height or ligne.hidden:
            cible.set_row(numero - 1, ligne.height, None, {"hidden": True} if ligne.hidden else {})
    for plage in source.merged_cells.ranges:
        if plage.size["rows"] * plage.size["columns"] > 1:
            cible.merge_range(plage.min_row - 1, plage.min_col - 1, plage.max_row - 1, plage.max_col - 1, "")
    for cellule in _cellules(source):
        ecrire(cellule, cible, cellule.row - 1, cellule.column - 1, plume.style(allure(cellule)))
    if source.freeze_panes:
        cible.freeze_panes(source.freeze_panes)
    if source.sheet_state != "visible":
        cible.hide()


def pertes(source: Feuille) -> list[str]:
    """Ce qu’une feuille a et que la recopie laisse dans l’ancien fichier."""
    autres = {
        "graphiques": source._charts,  # type: ignore[attr-defined]
        "images": source._images,  # type: ignore[attr-defined]
        "listes déroulantes": source.data_validations.dataValidation,
        "mises en forme conditionnelles": list(source.conditional_formatting),
        "tableaux": list(source.tables),
    }
    return [nom for nom, contenu in autres.items() if contenu]


def _cellules(source: Feuille) -> Iterator[Cell]:
    for ligne in source.iter_rows():
        for cellule in ligne:
            if isinstance(cellule, Cell) and (
                cellule.value is not None or cellule.has_style or cellule.comment
            ):
                yield cellule


def allure(cellule: Cell) -> dict[str, Any]:
    """Le format d’une cellule, dans les mots de XlsxWriter ; sans les couleurs de thème."""
    police, fond, place = cellule.font, cellule.fill, cellule.alignment
    proprietes: dict[str, Any] = {
        "num_format": cellule.number_format or "General",
        "font_name": police.name or "Calibri",
        "font_size": police.sz or 11,
        "bold": bool(police.b),
        "italic": bool(police.i),
        "underline": 1 if police.u else 0,
        "text_wrap": bool(place.wrap_text),
    }
    couleur, remplissage = _couleur(police.color), _couleur(fond.fgColor)
    if couleur:
        proprietes["font_color"] = couleur
    if fond.fill_type == "solid" and remplissage:
        proprietes["bg_color"] = remplissage
    if place.horizontal in _ALIGNEMENTS:
        proprietes["align"] = place.horizontal
    if place.vertical in _VERTICAUX:
        proprietes["valign"] = _VERTICAUX[place.vertical]
    for cote in ("left", "right", "top", "bottom"):
        trait = getattr(cellule.border, cote)
        if trait is not None and trait.style in _TRAITS:
            proprietes[cote] = _TRAITS[trait.style]
    return proprietes


def _couleur(couleur: Color | None) -> str | None:
    valeur = couleur.rgb if couleur is not None and couleur.type == "rgb" else None
    return f"#{valeur[-6:]}" if isinstance(valeur, str) else None
