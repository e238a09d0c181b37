"""Toute valeur, dans toute sorte de case, dans tout ordre : relue telle quelle, ou refusée."""

from __future__ import annotations

import datetime
import io
import math
import unicodedata
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from fabrique_excel import ENTETE, brut, ouvrir, saisir
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from cpomdocs.certificat.excel import certifier
from cpomdocs.remplissage.excel import preparer, remplir

LISTE = ["Été", "Hiver", "12", "Oui", "Non"]
TYPEES = ("B1", "B8", "H1", "C40", "J20", "B10")
"""Cases ordinaires : déverrouillée, fusion, colonne et ligne mises en forme, cellule ou ligne absente."""


def formulaire(date1904: bool) -> bytes:
    """Une feuille de toutes les sortes de cases ; A1 est verrouillée, A2 une formule, B9 dans une fusion."""
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(tampon, {"in_memory": True, "date_1904": date1904})
    libre = classeur.add_format({"locked": False})
    texte = classeur.add_format({"locked": False, "num_format": "@"})
    jour = classeur.add_format({"locked": False, "num_format": "dd/mm/yyyy"})
    taux = classeur.add_format({"locked": False, "num_format": "0.0 %"})
    feuille = classeur.add_worksheet("F")
    feuille.protect()
    feuille.set_column("C:J", 10, libre)
    feuille.set_row(19, 15, libre)
    feuille.write("A1", "Libellé")
    feuille.write_formula("A2", "=B1", libre, 0)
    for adresse in ("B1", "B11", "B12", "B13", "B14", "B15", "B16", "B17"):
        feuille.write_blank(adresse, None, libre)
    feuille.write_blank("B2", None, texte)
    feuille.write_blank("B3", None, jour)
    feuille.write_blank("B4", None, taux)
    feuille.insert_checkbox("B5", True, classeur.add_format({"locked": False}))
    feuille.write_boolean("B6", False, libre)
    feuille.write_blank("B7", None, classeur.add_format({"locked": False, "checkbox": True}))
    feuille.merge_range("B8:C9", "", libre)
    feuille.write_blank("B10", None, libre)
    feuille.write_column("A20", LISTE, libre)
    feuille.data_validation("B11", {"validate": "list", "source": LISTE})
    feuille.data_validation("B12", {"validate": "list", "source": "=$A$20:$A$24"})
    entier = {"validate": "integer", "criteria": "between", "minimum": -10, "maximum": 10}
    feuille.data_validation("B13", entier)
    feuille.data_validation("B14", {"validate": "decimal", "criteria": ">=", "value": 0})
    apres = {"validate": "date", "criteria": ">=", "value": datetime.date(2020, 1, 1)}
    feuille.data_validation("B15", apres)
    feuille.data_validation("B16", {"validate": "length", "criteria": "<=", "value": 5})
    feuille.data_validation("B17", {"validate": "time", "criteria": "<", "value": datetime.time(12, 0)})
    classeur.close()
    return tampon.getvalue()


GABARITS = {date1904: formulaire(date1904) for date1904 in (False, True)}
PREPARES = {date1904: preparer(octets) for date1904, octets in GABARITS.items()}
CASES = (*TYPEES, "B2", "B3", "B4", "B5", "B6", "B7", "B9", "A1", "A2", *(f"B{n}" for n in range(11, 18)))

_TEXTES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["Été", "ete", "HIVER", "12", "000123", "=1+1", "_x0041_", " a\n b ", "\r\n", "Oui", "😀"]
    ),
)
_NOMBRES = st.one_of(
    st.integers(-(10**17), 10**17), st.integers(-12, 12), st.decimals(allow_nan=True, allow_infinity=True)
)
_JOURS = st.dates(datetime.date(1880, 1, 1), datetime.date(2999, 12, 31))
VALEURS = st.one_of(_TEXTES, _NOMBRES, _JOURS, st.booleans())


def _jour(valeur: datetime.date) -> str:
    return f"{valeur.day:02d}/{valeur.month:02d}/{valeur.year:04d}"


def _plier(texte: str) -> str:
    nu = "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c))
    return "".join(nu.casefold().split())


def _meme_nombre(lu: object, valeur: int | Decimal) -> bool:
    return (
        isinstance(lu, int | float)
        and not isinstance(lu, bool)
        and math.isclose(lu, float(valeur), rel_tol=1e-14)
    )


def _meme_jour(lu: object, valeur: datetime.date) -> bool:
    return isinstance(lu, datetime.datetime) and lu.date() == valeur


def attendue(case: str, valeur: object, lu: object) -> bool:
    """Vrai si ce qu’openpyxl relit est bien la valeur, dite comme la case le veut."""
    if isinstance(valeur, str):
        texte = valeur.replace("\r\n", "\n").replace("\r", "\n")
        if case in ("B11", "B12") and lu is not None:
            return lu in LISTE and _plier(str(lu)) == _plier(texte)
        return lu == (texte or None)
    if case in ("B11", "B12"):
        return lu in LISTE or (isinstance(valeur, int | Decimal) and _meme_nombre(lu, valeur))
    if isinstance(valeur, bool):
        return lu is valeur if case in ("B5", "B6", "B7") else lu == ("Oui" if valeur else "Non")
    if isinstance(valeur, datetime.date):
        return _meme_jour(lu, valeur) if case == "B3" else _relue_de_date(case, valeur, lu)
    assert isinstance(valeur, int | Decimal)
    if case == "B2":
        return isinstance(lu, str) and Decimal(lu.replace(",", ".")) == valeur
    return _meme_nombre(lu, valeur)


def _relue_de_date(case: str, valeur: datetime.date, lu: object) -> bool:
    """Une case qui exige une date en reçoit le numéro ; une case ordinaire, le texte."""
    if case != "B15":
        return lu == _jour(valeur)
    return isinstance(lu, int)


@pytest.mark.parametrize("date1904", [False, True])
@given(donnees=st.data())
@settings(max_examples=25, deadline=None)
def test_toute_valeur_revient_typee_et_identique_ou_est_refusee(
    date1904: bool, donnees: st.DataObject
) -> None:
    cases = donnees.draw(st.permutations(CASES))[: donnees.draw(st.integers(1, len(CASES)))]
    valeurs = [(case, donnees.draw(VALEURS)) for case in cases]
    saisies = [saisir(f"F!{case}", valeur) for case, valeur in valeurs]
    rempli = remplir(PREPARES[date1904], saisies)
    assert len(rempli.ecrites) + len(rempli.refus) == len(saisies)
    assert all(r.code.startswith("RX-") and r.message and r.remede for r in rempli.refus)
    assert not {"A1", "A2", "B9"} & {s.case.cellule for s in rempli.ecrites}  # type: ignore[union-attr]
    assert certifier(GABARITS[date1904], rempli.octets, rempli.ecrites) == []
    page = ouvrir(rempli.octets)["F"]
    ecrites = {s.case.cellule: s.valeur.valeur for s in rempli.ecrites}  # type: ignore[union-attr]
    for case, valeur in ecrites.items():
        lu = page[case].value
        lu = unescape(lu) if isinstance(lu, str) else lu  # openpyxl laisse les échappements d’Excel
        assert attendue(case, valeur, lu), (case, valeur, lu)
    for refus in rempli.refus:
        case = refus.saisie.case.cellule  # type: ignore[union-attr]
        assert page[case].value == ouvrir_vierge(date1904)[case].value
    assert remplir(PREPARES[date1904], saisies[::-1]).octets == rempli.octets


_VIERGES: dict[bool, openpyxl.worksheet.worksheet.Worksheet] = {}


def ouvrir_vierge(date1904: bool) -> openpyxl.worksheet.worksheet.Worksheet:
    if date1904 not in _VIERGES:
        _VIERGES[date1904] = ouvrir(GABARITS[date1904])["F"]
    return _VIERGES[date1904]


@pytest.mark.parametrize(
    ("valeur", "admise"), [(Decimal("0.25"), True), (Decimal("0.75"), False), ("8 h", False)]
)
def test_une_heure_est_une_fraction_de_jour(valeur: object, admise: bool) -> None:
    rempli = remplir(PREPARES[False], [saisir("F!B17", valeur)])
    assert [r.code for r in rempli.refus] == ([] if admise else ["RX-08"])


@pytest.mark.parametrize(
    ("attributs", "case", "code"),
    [
        ('t="array" ref="A1:A3"', "A3", "RX-03"),
        ('t="array" ref="A1:B2"', "B2", "RX-03"),
        ('t="dataTable" ref="A1:A2" r1="C1"', "A2", "RX-03"),
    ],
)
def test_une_plage_deversee_n_est_pas_une_case(attributs: str, case: str, code: str) -> None:
    donnees = f'<sheetData><row r="1"><c r="A1" cm="1"><f {attributs}>X1</f><v>1</v></c></row></sheetData>'
    [refus] = remplir(preparer(brut(f"{ENTETE}{donnees}</worksheet>")), [saisir(f"F!{case}", 1)]).refus
    assert refus.code == code
    assert "Excel" in refus.remede
