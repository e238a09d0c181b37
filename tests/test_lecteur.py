"""Le lecteur de classeurs : les valeurs, les adresses, les erreurs et les dates, de tout classeur."""

from __future__ import annotations

import datetime
import io
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from fabrique_excel import ENTETE, brut
from fabriques import REELS, exige_les_reels
from openpyxl.utils.escape import unescape

from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.lecture import ouvrir_classeur
from cpomdocs.office.valeurs import CodeErreur

JOUR = datetime.datetime(2026, 3, 31)


def un_classeur(**options: Any) -> bytes:
    """Une feuille « Été », un genre de valeur par cellule, à partir de B2."""
    tampon = io.BytesIO()
    livre = xlsxwriter.Workbook(tampon, {"in_memory": True, **options})
    page = livre.add_worksheet("Été")
    livre.add_worksheet("Vide")
    page.write_string("B2", "Les Tilleuls ")
    page.write_number("C2", 12.5)
    page.write_boolean("D2", False)
    page.write_datetime("E2", JOUR, livre.add_format({"num_format": "dd/mm/yyyy"}))
    page.write_formula("F2", "=1/0", None, "#DIV/0!")
    page.write_formula("G2", '=IF(C2>1,"oui","")', None, "oui")
    page.write_formula("H2", '=""', None, "")
    page.write_formula("B4", "=SUM(C2:C3)", None, 12.5)
    page.write_rich_string("C4", "gras ", livre.add_format({"bold": True}), "ou pas")
    livre.close()
    return tampon.getvalue()


@pytest.mark.parametrize("depuis_1904", [False, True])
def test_chaque_valeur_est_lue_avec_son_adresse(depuis_1904: bool) -> None:
    lu = ouvrir_classeur(un_classeur(date_1904=depuis_1904))
    assert lu.feuilles == ["Été", "Vide"]
    attendues = {
        "B2": "Les Tilleuls ",
        "C2": 12.5,
        "D2": False,
        "E2": JOUR.date(),
        "F2": CodeErreur("#DIV/0!"),
        "G2": "oui",
        "B4": 12.5,
        "C4": "gras ou pas",
    }
    grille = lu.grille("Été")
    assert dict(grille.cellules()) == attendues
    assert {adresse: grille.valeur(adresse) for adresse in attendues} == attendues
    assert [grille.valeur(adresse) for adresse in ("H2", "A1", "XFD1048576")] == [None, None, None]
    assert list(lu.grille("Vide").cellules()) == []


def test_une_adresse_fautive_est_dite() -> None:
    grille = ouvrir_classeur(un_classeur()).grille("Été")
    for adresse in ("", "B", "2B", "B0", "XFE1", "B2:C3"):
        with pytest.raises(ValueError, match="adresse"):
            grille.valeur(adresse)


@pytest.mark.parametrize("genre", ["", ' t="str"', ' t="n"'])
def test_une_formule_sans_resultat_est_distinguee_d_une_cellule_vide(genre: str) -> None:
    feuille = (
        '<sheetData><row r="1"><c r="A1"%s><f>B1</f></c><c r="B1"><f a="1"/></c>'
        '<c r="C1"><f>1</f><v>3</v></c><c r="D1" t="str"><f>E1</f><v></v></c><c r="E1"/></row></sheetData>'
    )
    lu = ouvrir_classeur(brut(ENTETE + feuille % genre + "</worksheet>")).grille("F")
    sans_resultat = {place.adresse for place in lu.constats.sans_resultat}
    assert sans_resultat == ({"B1"} if "str" in genre else {"A1", "B1"})
    assert dict(lu.cellules()) == {"C1": 3.0}


def _attendue(cellule: Any) -> object:
    """La valeur d’openpyxl, dite comme nous la disons."""
    valeur = cellule.value
    if cellule.data_type == "e":
        return CodeErreur(valeur)
    if isinstance(valeur, datetime.datetime) and valeur.time() == datetime.time():
        return valeur.date()
    if isinstance(valeur, str):
        return unescape(valeur)
    return float(valeur) if isinstance(valeur, int) and not isinstance(valeur, bool) else valeur


@exige_les_reels
@pytest.mark.parametrize("chemin", sorted((REELS / "excel").glob("*.xls?")), ids=lambda p: p.name[:20])
def test_un_formulaire_reel_est_lu_comme_openpyxl_le_lit(chemin: Path) -> None:
    lu = ouvrir_classeur(chemin)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        livre = openpyxl.load_workbook(chemin, data_only=True)
    lues = {(nom, adresse): valeur for nom in lu.feuilles for adresse, valeur in lu.grille(nom).cellules()}
    attendues = {
        (page.title, cellule.coordinate): _attendue(cellule)
        for page in livre.worksheets
        for rangee in page.iter_rows()
        for cellule in rangee
        if cellule.value not in (None, "")
    }
    assert lues.keys() == attendues.keys()
    differentes = {lieu: (v, attendues[lieu]) for lieu, v in lues.items() if v != attendues[lieu]}
    assert differentes == {}


@exige_les_reels
@pytest.mark.parametrize("chemin", sorted((REELS / "hostiles").glob("*.xls*")), ids=lambda p: p.name)
def test_un_classeur_hostile_est_lu_ou_refuse_d_une_phrase(chemin: Path) -> None:
    try:
        lu = ouvrir_classeur(chemin)
        for nom in lu.feuilles:
            dict(lu.grille(nom).cellules())
    except ErreurCpomdocs as refus:
        assert refus.message.endswith(".")
        assert refus.remede
