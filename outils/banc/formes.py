"""Les formulaires du banc : un petit, et un grand de vingt feuilles, tels qu’une autorité les diffuse."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

Valeurs = dict[tuple[str, str], object]
_JOUR = datetime.date(2026, 3, 31)


@dataclass(frozen=True)
class Forme:
    """Un formulaire vierge et les valeurs à y mettre, par feuille et par adresse de cellule."""

    nom: str
    octets: bytes
    valeurs: Valeurs


def petite() -> Forme:
    """Un formulaire d’une page, vingt cases et deux totaux, avec sa notice et ses listes."""
    tampon = io.BytesIO()
    ouvrage = xlsxwriter.Workbook(tampon, {"in_memory": True})
    fiche, listes = ouvrage.add_worksheet("Fiche"), ouvrage.add_worksheet("Listes")
    _ecrire_notice(ouvrage.add_worksheet("Notice"))
    for rang in range(60):
        listes.write_row(rang, 0, [f"{100 + rang}", f"Catégorie d’établissement n° {rang + 1}"])
    valeurs: Valeurs = {}
    case, jour, montant = _formats(ouvrage)
    fiche.merge_range("A1:F1", "FICHE DE L’ÉTABLISSEMENT", ouvrage.add_format({"bold": True, "bottom": 2}))
    for rang in range(20):
        ligne = 2 + 2 * rang
        fiche.write_string(ligne, 0, f"Renseignement n° {rang + 1} demandé à l’établissement")
        fiche.write_blank(ligne, 1, None, jour if rang % 5 == 4 else case)
        for colonne in range(2, 6):
            fiche.write_blank(ligne, colonne, None, montant)
        valeurs["Fiche", xl_rowcol_to_cell(ligne, 1)] = _valeur(rang, 1)
    fiche.write_formula("B43", "=SUM(B3:B41)", montant, 0)
    fiche.write_formula("B44", "=B43/2", montant, 0)
    fiche.data_validation("C3:C41", {"validate": "list", "source": "=Listes!$B$1:$B$60"})
    fiche.protect("")
    ouvrage.close()
    return Forme("petit formulaire (20 cases)", tampon.getvalue(), valeurs)


def grande(feuilles: int = 20, lignes: int = 300, colonnes: int = 40, cases: int = 200) -> Forme:
    """Vingt feuilles de 300 × 40 : libellés, montants, cases à remplir, un total par ligne."""
    tampon = io.BytesIO()
    ouvrage = xlsxwriter.Workbook(tampon, {"in_memory": True})
    formats = _formats(ouvrage)
    par_feuille = cases // feuilles
    valeurs: Valeurs = {}
    for numero in range(feuilles):
        feuille = ouvrage.add_worksheet(f"Annexe {numero + 1}")
        _garnir(feuille, numero, lignes, colonnes, formats)
        for rang in range(par_feuille):
            ligne, colonne = 7 + rang * (lignes - 14) // par_feuille, 3 + 2 * (rang % 9)
            valeurs[feuille.name, xl_rowcol_to_cell(ligne, colonne)] = _valeur(rang, numero, dates=False)
    ouvrage.close()
    nom = f"grand formulaire ({feuilles} feuilles de {lignes} × {colonnes}, {cases} cases)"
    return Forme(nom, tampon.getvalue(), valeurs)


def _formats(ouvrage: Workbook) -> tuple[Format, Format, Format]:
    """La case à remplir, la date, le montant."""
    cadre = {"border": 1, "bg_color": "#FFF2CC", "locked": False}
    return (
        ouvrage.add_format(cadre),
        ouvrage.add_format({**cadre, "num_format": "dd/mm/yyyy"}),
        ouvrage.add_format({"border": 1, "num_format": "#,##0.00"}),
    )


def _ecrire_notice(feuille: Worksheet) -> None:
    for rang in range(25):
        feuille.write_string(rang, 0, f"{rang + 1}. Remplir les seules cases jaunes ; ne rien déplacer. " * 3)


def _garnir(
    feuille: Worksheet, numero: int, lignes: int, colonnes: int, formats: tuple[Format, Format, Format]
) -> None:
    """Une annexe : deux colonnes de libellés, des cases vides ou chiffrées en alternance, des totaux."""
    case, _, montant = formats
    for ligne in range(lignes):
        feuille.write_string(ligne, 0, f"Poste {numero + 1}.{ligne + 1} : charges et produits")
        feuille.write_string(ligne, 1, f"{600 + ligne}")
        for colonne in range(2, colonnes - 1):
            if colonne % 2:
                feuille.write_blank(ligne, colonne, None, case)
            else:
                graine = ligne * 7_919 + colonne * 104_729
                feuille.write_number(ligne, colonne, graine % 1_000_003 / 100, montant)
        bornes = xl_rowcol_to_cell(ligne, 2), xl_rowcol_to_cell(ligne, colonnes - 2)
        feuille.write_formula(ligne, colonnes - 1, f"=SUM({bornes[0]}:{bornes[1]})", montant, 1234.5)
    feuille.data_validation(f"D1:D{lignes}", {"validate": "decimal", "criteria": ">=", "value": -1e9})
    feuille.freeze_panes(1, 2)


def _valeur(rang: int, graine: int, dates: bool = True) -> object:
    """Une valeur vraisemblable : montant, entier, texte, proportion, date."""
    choix: tuple[object, ...] = (
        Decimal(f"{12_345 + rang * 17 + graine}.56"),
        40 + rang + graine,
        f"Association gestionnaire n° {rang} <siège & services>",
        Decimal(rang + graine) / 4,
        _JOUR + datetime.timedelta(days=rang) if dates else 7 * rang,
    )
    return choix[rang % len(choix)]
