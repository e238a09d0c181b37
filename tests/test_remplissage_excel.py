"""Le remplissage d’un classeur imposé : la valeur typée dans sa case, tout le reste à l’octet près."""

from __future__ import annotations

import datetime
import math
import shutil
import subprocess
import time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from fabrique_excel import (
    CLASSEUR,
    ENTETE,
    FEUILLE,
    REELS,
    brut,
    formulaire,
    ouvrir,
    partie,
    parties,
    relire,
    saisir,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from cpomdocs.certificat.excel import certifier
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import ecrire_cellule
from cpomdocs.remplissage.excel import obstacle, preparer, remplir
from cpomdocs.saisies import CaseExcel, Remplissage

FORMULAIRE = formulaire()
PREPARE = preparer(FORMULAIRE)


def ecrire(gabarit: bytes, **valeurs: object) -> Remplissage:
    """Remplit la feuille « F » : adresse=valeur."""
    return remplir(preparer(gabarit), [saisir(f"F!{case}", valeur) for case, valeur in valeurs.items()])


def activite(case: str, valeur: object) -> Remplissage:
    """Remplit une case de la feuille « Activité » du formulaire."""
    return remplir(PREPARE, [saisir(f"Activité!{case}", valeur)])


# ---------------------------------------------------------------- fidélité


def test_seules_les_parties_touchees_changent() -> None:
    rempli = remplir(PREPARE, [saisir("Activité!B1", "Les Tilleuls"), saisir("Activité!B4", 12)])
    avant, apres = parties(FORMULAIRE), parties(rempli.octets)
    assert list(apres) == list(avant)
    assert [nom for nom in avant if avant[nom] != apres[nom]] == [FEUILLE]  # le recalcul y était déjà demandé
    assert certifier(FORMULAIRE, rempli.octets, rempli.ecrites) == []


def test_sans_valeur_le_document_est_le_gabarit() -> None:
    rempli = remplir(PREPARE, [saisir("Activité!B1", None)])
    assert rempli == Remplissage(FORMULAIRE, (), ())


def test_un_refus_seul_laisse_le_gabarit_intact() -> None:
    rempli = activite("A1", "x")
    assert rempli.octets == FORMULAIRE
    assert [refus.code for refus in rempli.refus] == ["RX-04"]


def test_meme_entree_memes_octets() -> None:
    saisies = [saisir("Activité!B1", "é"), saisir("Activité!B4", Decimal("1.5"))]
    assert remplir(PREPARE, saisies).octets == remplir(preparer(FORMULAIRE), saisies[::-1]).octets


def test_les_octets_autour_de_la_case_sont_ceux_du_gabarit() -> None:
    avant = (
        ENTETE + '<sheetData><row r="2" ht="20"><c r="B2" s="0" t="s" cm="1"><v>3</v></c></row>'
        "</sheetData></worksheet>"
    )
    apres = partie(ecrire(brut(avant), B2=7).octets)
    assert apres == avant.replace('<c r="B2" s="0" t="s" cm="1"><v>3</v></c>', '<c r="B2" s="0"><v>7</v></c>')


def test_cellules_et_lignes_absentes_sont_creees_en_ordre() -> None:
    avant = (
        ENTETE + '<dimension ref="B2:C4"/><cols><col min="4" max="5" width="9" style="2"/></cols><sheetData>'
        '<row r="2" spans="2:3"><c r="B2"/></row><row r="4" s="3" customFormat="1"/></sheetData></worksheet>'
    )
    valeurs = {"A1": 1, "A2": 2, "C2": 3, "D2": 4, "E3": 5, "B4": 6, "D9": 9}
    apres = partie(ecrire(brut(avant), **valeurs).octets)
    assert apres == (
        ENTETE + '<dimension ref="A1:E9"/><cols><col min="4" max="5" width="9" style="2"/></cols><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="2" spans="1:4"><c r="A2"><v>2</v></c><c r="B2"/><c r="C2"><v>3</v></c>'
        '<c r="D2" s="2"><v>4</v></c></row>'
        '<row r="3"><c r="E3" s="2"><v>5</v></c></row>'
        '<row r="4" s="3" customFormat="1"><c r="B4" s="3"><v>6</v></c></row>'
        '<row r="9"><c r="D9" s="2"><v>9</v></c></row></sheetData></worksheet>'
    )


def test_une_feuille_vide_recoit_ses_lignes() -> None:
    apres = partie(ecrire(brut(ENTETE + "<sheetData/></worksheet>"), B2=1, A1=2).octets)
    assert apres == (
        ENTETE + '<sheetData><row r="1"><c r="A1"><v>2</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    )


def test_les_lignes_et_cellules_sans_adresse_se_comptent() -> None:
    avant = (
        ENTETE + "<sheetData><row><c/><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData></worksheet>"
    )
    apres = partie(ecrire(brut(avant), B1=8, C2=9).octets)
    assert "<row><c/><c><v>8</v></c></row>" in apres
    assert '<row><c><v>3</v></c><c r="C2"><v>9</v></c></row>' in apres


def test_un_prefixe_d_espace_de_noms_est_suivi() -> None:
    avant = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row r="1"><x:c r="A1"/></x:row></x:sheetData></x:worksheet>'
    )
    rempli = ecrire(brut(avant), A1="a", B2=True)
    assert '<x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>' in partie(rempli.octets)
    assert relire(rempli.octets, "F!B2") == "Oui"


@pytest.mark.parametrize(
    "donnees",
    [
        "<sheetData><!-- note --><row r='1'/></sheetData>",
        "<sheetData><row r='1'><c r='A1' t='str'><v><![CDATA[<c]]></v></c></row></sheetData>",
        "<sheetData><row r='2'/><row r='1'/></sheetData>",
        "<sheetData><row r='1'>",
    ],
)
def test_une_feuille_mal_formee_est_refusee_d_une_phrase(donnees: str) -> None:
    with pytest.raises(ErreurFichier, match="feuille « F »"):
        preparer(brut(ENTETE + donnees + "</worksheet>"))


def test_un_signe_superieur_dans_un_attribut_ne_trompe_pas() -> None:
    avant = (
        ENTETE + '<sheetData><row r="1" x="a>b"><c r="A1" y="/>"/><c r="B1"/></row></sheetData></worksheet>'
    )
    apres = partie(ecrire(brut(avant), A1=1, B1=2).octets)
    assert '<c r="A1" y="/>"><v>1</v></c><c r="B1"><v>2</v></c>' in apres


# ---------------------------------------------------------------- valeurs typées


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40).filter(lambda t: t and "\r" not in t))
def test_un_texte_revient_tel_quel_ou_est_refuse(texte: str) -> None:
    rempli = activite("B1", texte)
    if rempli.refus:
        assert rempli.refus[0].code == "RX-10"
        assert any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 or ord(c) >= 0xFFFE for c in texte)
        return
    assert certifier(FORMULAIRE, rempli.octets, rempli.ecrites) == []
    assert relire(rempli.octets, "Activité!B1") == texte


@pytest.mark.parametrize(
    "texte", ["=1+1", '=HYPERLINK("http://x")', "{{ 7*7 }}", "<w:p>", "../../x", "&amp;", "😀", " a ", "'x"]
)
def test_un_texte_reste_un_texte(texte: str) -> None:
    rempli = activite("B1", texte)
    cellule = ouvrir(rempli.octets)["Activité"]["B1"]
    assert cellule.value == texte
    assert 't="inlineStr"' in partie(rempli.octets)
    assert certifier(FORMULAIRE, rempli.octets, rempli.ecrites) == []


def test_un_echappement_d_excel_est_protege() -> None:
    """Excel lirait `_x000D_` comme un retour chariot : le soulignement s’écrit `_x005F_`."""
    rempli = activite("B1", "a_x000D_b_x0041_x0042_")
    assert "<t>a_x005F_x000D_b_x005F_x0041_x005F_x0042_</t>" in partie(rempli.octets)
    assert certifier(FORMULAIRE, rempli.octets, rempli.ecrites) == []


def test_les_fins_de_ligne_sont_gardees() -> None:
    assert relire(activite("B1", "un\r\ndeux\n").octets, "Activité!B1") == "un\ndeux\n"


@pytest.mark.parametrize(
    ("texte", "code"), [("a" * 32_768, "RX-09"), ("😀" * 16_384, "RX-09"), ("a\x00", "RX-10")]
)
def test_un_texte_impossible_est_refuse_jamais_coupe(texte: str, code: str) -> None:
    rempli = activite("B1", texte)
    assert [refus.code for refus in rempli.refus] == [code]
    assert rempli.octets == FORMULAIRE


def test_le_plus_long_texte_passe() -> None:
    assert relire(activite("B1", "é" * 32_767).octets, "Activité!B1") == "é" * 32_767


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.integers(-(10**15) + 1, 10**15 - 1), st.decimals(allow_nan=False, allow_infinity=False)))
def test_un_nombre_revient_egal(nombre: int | Decimal) -> None:
    rempli = activite("B4", nombre)
    if rempli.refus:
        assert rempli.refus[0].code == "RX-11"
        return
    lu = relire(rempli.octets, "Activité!B4")
    assert isinstance(lu, int | float)
    assert math.isclose(float(lu), float(nombre), rel_tol=0, abs_tol=0)
    assert certifier(FORMULAIRE, rempli.octets, rempli.ecrites) == []


@pytest.mark.parametrize("nombre", [1234567890123456, Decimal("1E400"), Decimal("Infinity"), Decimal("NaN")])
def test_un_nombre_qu_excel_fausserait_est_refuse(nombre: object) -> None:
    assert [refus.code for refus in activite("B4", nombre).refus] == ["RX-11"]


def test_un_calcul_a_la_precision_d_excel() -> None:
    """Un tiers à vingt-huit chiffres s’écrit avec les dix-sept d’un nombre d’Excel."""
    assert "<v>0.3333333333333333</v>" in partie(activite("B4", Decimal(1) / 3).octets)


def test_un_finess_garde_ses_zeros() -> None:
    assert relire(activite("B4", "010001436").octets, "Activité!B4") == "010001436"


@settings(max_examples=60, deadline=None)
@given(st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(9999, 12, 31)))
def test_une_date_revient_en_date(jour: datetime.date) -> None:
    rempli = activite("B2", jour)
    lu = relire(rempli.octets, "Activité!B2")
    assert isinstance(lu, datetime.datetime)
    assert lu.date() == jour
    assert certifier(FORMULAIRE, rempli.octets, rempli.ecrites) == []


@pytest.mark.parametrize(
    ("jour", "numero"),
    [
        ("1900-01-01", 1),
        ("1900-02-28", 59),
        ("1900-03-01", 61),
        ("2026-12-31", 46387),
        ("9999-12-31", 2958465),
    ],
)
def test_les_numeros_de_date_sont_ceux_d_excel(jour: str, numero: int) -> None:
    assert f"<v>{numero}</v>" in partie(activite("B2", datetime.date.fromisoformat(jour)).octets)


def test_une_date_d_avant_1900_est_refusee() -> None:
    assert [r.code for r in activite("B2", datetime.date(1899, 12, 31)).refus] == ["RX-11"]


def test_le_systeme_1904_est_suivi(tmp_path: Path) -> None:
    classeur = openpyxl.Workbook()
    classeur.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    classeur.active["A1"].number_format = "dd/mm/yyyy"
    classeur.active["A1"] = 5
    classeur.save(tmp_path / "1904.xlsx")
    gabarit = (tmp_path / "1904.xlsx").read_bytes()
    rempli = remplir(preparer(gabarit), [saisir("Sheet!A1", datetime.date(2026, 12, 31))])
    assert relire(rempli.octets, "Sheet!A1") == datetime.datetime(2026, 12, 31)
    assert "<v>44925</v>" in partie(rempli.octets)
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []


@pytest.mark.parametrize(
    ("case", "valeur", "texte"),
    [
        ("B3", datetime.date(2026, 12, 31), "31/12/2026"),
        ("B1", datetime.date(2026, 12, 31), "31/12/2026"),
        ("B3", 2026, "2026"),
        ("B3", Decimal("1234.50"), "1234,50"),
        ("B3", True, "Oui"),
        ("B1", False, "Non"),
    ],
)
def test_une_case_de_texte_recoit_le_texte_francais(case: str, valeur: object, texte: str) -> None:
    rempli = activite(case, valeur)
    assert relire(rempli.octets, f"Activité!{case}") == texte
    assert certifier(FORMULAIRE, rempli.octets, rempli.ecrites) == []


def test_un_nombre_dans_une_case_de_date_est_refuse() -> None:
    assert [r.code for r in activite("B2", 2026).refus] == ["RX-11"]


def test_une_case_a_cocher_garde_un_vrai_booleen() -> None:
    assert relire(activite("B8", False).octets, "Activité!B8") is False


def test_le_style_vient_de_la_ligne_puis_de_la_colonne() -> None:
    rempli = remplir(PREPARE, [saisir("Activité!H3", datetime.date(2026, 1, 2)), saisir("Activité!H30", 7)])
    assert relire(rempli.octets, "Activité!H3") == datetime.datetime(2026, 1, 2)
    assert relire(rempli.octets, "Activité!H30") == "7"


def test_un_texte_impose_l_emporte_et_un_texte_vide_vide_la_case() -> None:
    assert (
        relire(remplir(PREPARE, [saisir("Activité!B1", 3, texte="sans objet")]).octets, "Activité!B1")
        == "sans objet"
    )
    rempli = remplir(PREPARE, [saisir("Activité!B8", True, texte="")])
    assert relire(rempli.octets, "Activité!B8") is None
    assert certifier(FORMULAIRE, rempli.octets, rempli.ecrites) == []


# ---------------------------------------------------------------- ce que le formulaire interdit


@pytest.mark.parametrize(
    ("case", "code", "mot"),
    [
        ("Absente!A1", "RX-01", "Feuilles du gabarit"),
        ("Activité!XFE1", "RX-02", "C4"),
        ("Activité!B7", "RX-03", "Excel"),
        ("Activité!D2", "RX-03", "Excel"),
        ("Activité!A1", "RX-04", "libre"),
        ("Activité!F40", "RX-04", "libre"),
        ("Activité!B21", "RX-05", "A20"),
        ("Listes!C1", "RX-06", "saisie"),
    ],
)
def test_une_case_interdite_est_refusee_avec_son_remede(case: str, code: str, mot: str) -> None:
    rempli = remplir(PREPARE, [saisir(case, "x")])
    assert [refus.code for refus in rempli.refus] == [code]
    assert case in rempli.refus[0].message
    assert mot in rempli.refus[0].remede
    feuille, _, cellule = case.rpartition("!")
    connu = obstacle(PREPARE, CaseExcel(feuille, cellule))
    assert connu is not None and connu[0] == code


def test_une_case_libre_n_a_pas_d_obstacle() -> None:
    assert obstacle(PREPARE, CaseExcel("Activité", "B1")) is None
    assert obstacle(PREPARE, CaseExcel("activité", "A20")) is None


def test_une_case_visee_deux_fois_garde_la_premiere_valeur() -> None:
    rempli = remplir(PREPARE, [saisir("Activité!B1", "un"), saisir("Activité!B1", "deux")])
    assert relire(rempli.octets, "Activité!B1") == "un"
    assert [refus.code for refus in rempli.refus] == ["RX-12"]


@pytest.mark.parametrize(
    ("case", "valeur", "ecrit"),
    [
        ("B10", "OUI ", "Oui"),
        ("B10", True, "Oui"),
        ("B10", False, "Non"),
        ("B11", "hebergement  PERMANENT", "Hébergement permanent"),
        ("B11", 2026, 2026),
        ("B11", "2026", 2026),
        ("B12", "ete", "Été"),
        ("B13", "Autre", "Autre"),
    ],
)
def test_une_liste_impose_son_orthographe(case: str, valeur: object, ecrit: object) -> None:
    rempli = activite(case, valeur)
    assert relire(rempli.octets, f"Activité!{case}") == ecrit
    assert certifier(FORMULAIRE, rempli.octets, rempli.ecrites) == []


@pytest.mark.parametrize("case", ["B10", "B11", "B12"])
def test_une_valeur_hors_liste_est_refusee_avec_les_valeurs_admises(case: str) -> None:
    refus = activite(case, "Peut-être").refus
    assert [r.code for r in refus] == ["RX-07"]
    assert ("Oui · Non" if case == "B10" else "Accueil de jour") in refus[0].remede


def test_une_liste_que_le_remplissage_change_ne_fait_plus_foi() -> None:
    rempli = remplir(PREPARE, [saisir("Listes!A1", "Autre lieu"), saisir("Activité!B11", "Autre lieu")])
    assert not rempli.refus


@pytest.mark.parametrize(
    ("valeur", "admise"), [(0, True), (10, True), (11, False), (Decimal("2.5"), False), ("SO", False)]
)
def test_une_contrainte_de_saisie_est_verifiee(valeur: object, admise: bool) -> None:
    rempli = activite("B14", valeur)
    assert [refus.code for refus in rempli.refus] == ([] if admise else ["RX-08"])
    if not admise:
        assert "un nombre entier entre 0 et 10" in rempli.refus[0].message


def test_les_contraintes_de_date_et_de_longueur(tmp_path: Path) -> None:
    controles = (
        '<dataValidations><dataValidation type="date" operator="greaterThan" sqref="A1">'
        "<formula1>46022</formula1></dataValidation>"
        '<dataValidation type="textLength" operator="lessThanOrEqual" sqref="A2">'
        "<formula1>5</formula1></dataValidation>"
        '<dataValidation type="decimal" errorStyle="warning" sqref="A3">'
        "<formula1>0</formula1><formula2>1</formula2></dataValidation></dataValidations>"
    )
    gabarit = brut(ENTETE + f"<sheetData/>{controles}</worksheet>")
    assert ecrire(gabarit, A1=datetime.date(2026, 1, 2), A2="abcde", A3=7).refus == ()
    refus = ecrire(gabarit, A1=datetime.date(2025, 12, 31), A2="abcdef").refus
    assert [r.code for r in refus] == ["RX-08", "RX-08"]
    assert "une date au-delà de 31/12/2025" in refus[0].message or "31/12/2025" in refus[0].message


X14 = (
    '<extLst><ext uri="{{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:dataValidation type="list"><x14:formula1><xm:f>{}</xm:f></x14:formula1>'
    "<xm:sqref>C1:C2</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)
LISTE = (
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Été</t></is></c>'
    '<c r="B1" t="str"><v>Nord</v></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Hiver</t></is></c></row></sheetData>'
)


@pytest.mark.parametrize(
    ("formule", "valeur", "attendu"),
    [
        ("F!$A$1:$A$2", "ETE", "Été"),
        ("'F'!$A:$A", "hiver", "Hiver"),
        ("$B$1", "nord", "Nord"),
        ("saisons", "HIVER", "Hiver"),
        ("F!saisons", "HIVER", "Hiver"),
        ("relais", "Mars", "mars"),
        ("A1:A1", "ete", "Été"),
    ],
)
def test_les_listes_x14_et_les_noms_definis(formule: str, valeur: str, attendu: str) -> None:
    noms = (
        '<definedNames><definedName name="Saisons">F!$A$1:$A$2</definedName>'
        '<definedName name="relais">mois</definedName>'
        '<definedName name="mois">"mars,avril"</definedName></definedNames>'
    )
    gabarit = brut(
        ENTETE + LISTE + X14.format(formule) + "</worksheet>",
        CLASSEUR.replace("</workbook>", f"{noms}</workbook>"),
    )
    assert relire(ecrire(gabarit, C1=valeur).octets, "F!C1") == attendu
    assert [r.code for r in ecrire(gabarit, C1="Autre").refus] == ["RX-07"]


def test_une_liste_relative_suit_la_cellule() -> None:
    gabarit = brut(ENTETE + LISTE + X14.format("A1:A1") + "</worksheet>")
    assert relire(ecrire(gabarit, C2="hiver").octets, "F!C2") == "Hiver"
    assert ecrire(gabarit, C2="ete").refus[0].code == "RX-07"


@pytest.mark.parametrize(
    "formule", ["OFFSET(A1,0,0)", "INDIRECT(A1)", "inconnu", "_xlfn.ANCHORARRAY(A1)", "IF(A1=1,A1,A2)"]
)
def test_une_liste_calculee_ne_se_verifie_pas(formule: str) -> None:
    gabarit = brut(ENTETE + LISTE + X14.format(formule) + "</worksheet>")
    assert relire(ecrire(gabarit, C1="Autre").octets, "F!C1") == "Autre"


@pytest.mark.parametrize(("valeur", "attendu"), [(True, "X"), (False, None)])
def test_une_croix_se_met_ou_s_efface(valeur: bool, attendu: str | None) -> None:
    liste = '<dataValidation type="list" sqref="A1"><formula1>"X"</formula1></dataValidation>'
    gabarit = brut(ENTETE + f"<sheetData/><dataValidations>{liste}</dataValidations></worksheet>")
    rempli = ecrire(gabarit, A1=valeur)
    assert relire(rempli.octets, "F!A1") == attendu
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []


def test_un_refus_repete_reste_le_meme() -> None:
    refus = [remplir(PREPARE, [saisir("Activité!A1", n)]).refus[0][1:] for n in range(3)]
    assert refus[0] == refus[1] == refus[2]


# ---------------------------------------------------------------- résultats des formules


def test_aucun_resultat_ancien_ne_reste_et_le_recalcul_est_demande() -> None:
    apres = parties(activite("B4", 12).octets)
    feuille, classeur = apres[FEUILLE].decode(), apres["xl/workbook.xml"].decode()
    assert "<f>SUM(B4:B6)</f></c>" in feuille
    assert "77" not in feuille and ">oui<" not in feuille
    assert 'fullCalcOnLoad="1"' in classeur
    valeurs = ouvrir(activite("B4", 12).octets, data_only=True)["Activité"]
    assert [valeurs[c].value for c in ("B7", "C7", "D1", "D2", "D3")] == [None] * 5


@pytest.mark.parametrize(
    ("fin", "attendu"),
    [
        ("", '</sheets><calcPr fullCalcOnLoad="1"/></workbook>'),
        ("<definedNames/><extLst/>", '<definedNames/><calcPr fullCalcOnLoad="1"/><extLst/>'),
        ('<calcPr calcId="1"/>', '<calcPr fullCalcOnLoad="1" calcId="1"/>'),
        ('<calcPr fullCalcOnLoad="0"></calcPr>', '<calcPr fullCalcOnLoad="1"></calcPr>'),
    ],
)
def test_la_demande_de_recalcul_est_a_sa_place(fin: str, attendu: str) -> None:
    gabarit = brut(
        ENTETE
        + '<sheetData><row r="1"><c r="A1" t="str"><f>B1</f><v>x</v></c></row></sheetData></worksheet>',
        CLASSEUR.replace("</workbook>", f"{fin}</workbook>"),
    )
    rempli = ecrire(gabarit, B1="y")
    assert attendu in partie(rempli.octets, "xl/workbook.xml")
    assert '<c r="A1"><f>B1</f></c>' in partie(rempli.octets)
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []


def test_sans_formule_le_classeur_ne_change_pas() -> None:
    rempli = ecrire(brut(ENTETE + "<sheetData/></worksheet>"), A1=1)
    assert partie(rempli.octets, "xl/workbook.xml") == CLASSEUR


def _convertir(dossier: Path, format_: str, nom: str, *options: str) -> None:
    profil = f"-env:UserInstallation=file://{dossier}/profil"
    commande = ["soffice", profil, "--headless", "--convert-to", format_, nom, *options]
    subprocess.run(commande, cwd=dossier, check=True, capture_output=True, timeout=120)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice n’est pas installé")
def test_libreoffice_recalcule_les_totaux(tmp_path: Path) -> None:
    rempli = remplir(
        PREPARE, [saisir(f"Activité!B{n}", v) for n, v in ((4, 10), (5, Decimal("2.5")), (6, 30))]
    )
    (tmp_path / "rempli.xlsx").write_bytes(rempli.octets)
    _convertir(tmp_path, "ods", "rempli.xlsx")
    _convertir(tmp_path, "xlsx:Calc MS Excel 2007 XML", "rempli.ods", "--outdir", "relu")
    feuille = ouvrir((tmp_path / "relu" / "rempli.xlsx").read_bytes(), data_only=True)["Activité"]
    assert feuille["B7"].value == 42.5
    assert feuille["C7"].value == "oui"
    assert [feuille[c].value for c in ("D1", "D2", "D3")] == [20, 5, 60]


# ---------------------------------------------------------------- fichiers hostiles


@pytest.mark.parametrize(
    "donnees",
    [
        "<sheetData><row " + "a" * 300_000,
        "<sheetData><row r='1'><c" + " " * 300_000 + "x",
        "<sheetData>" + "<row><c " * 100_000,
        "<sheetData><row r='" + "9" * 5_000 + "'/></sheetData></worksheet>",
        "<sheetData><row r='1'><c r='A1'>" + "<f>" * 50_000,
    ],
)
def test_une_feuille_piegee_est_refusee_vite(donnees: str) -> None:
    debut = time.perf_counter()
    with pytest.raises(ErreurFichier):
        preparer(brut(ENTETE + donnees))
    assert time.perf_counter() - debut < 2


def test_une_feuille_aux_coins_lointains_se_remplit() -> None:
    """Deux cellules, A1 et XFD1048576 : le rectangle ferait dix-sept milliards de cellules."""
    gabarit = brut(
        ENTETE
        + '<sheetData><row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row></sheetData>'
        "</worksheet>"
    )
    rempli = ecrire(gabarit, A1=1, B2=2, XFD1048576=3)
    assert '<c r="XFD1048576"><v>3</v></c>' in partie(rempli.octets)
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []


@pytest.mark.skipif(not REELS.exists(), reason="les fichiers réels ne sont pas là")
def test_un_document_word_n_est_pas_un_classeur() -> None:
    with pytest.raises(ErreurFichier, match="pas un classeur Excel"):
        preparer((REELS / "word" / "invoice2013.docx").read_bytes())


@pytest.mark.skipif(not REELS.exists(), reason="les fichiers réels ne sont pas là")
@pytest.mark.parametrize("nom", sorted(p.name for p in (REELS / "hostiles").glob("*.xlsx")))
def test_un_gabarit_hostile_est_rempli_ou_refuse(nom: str) -> None:
    octets = (REELS / "hostiles" / nom).read_bytes()
    try:
        prepare = preparer(octets, nom)
    except ErreurFichier as refus:
        assert nom in refus.message
        return
    feuille = next(iter(prepare.feuilles))
    rempli = remplir(prepare, [saisir(f"{feuille}!{case}", "x") for case in ("A1", "Z99")])
    assert len(rempli.ecrites) == 2
    assert certifier(octets, rempli.octets, rempli.ecrites) == []


# ---------------------------------------------------------------- formulaires réels


@pytest.mark.skipif(not REELS.exists(), reason="les fichiers réels ne sont pas là")
@pytest.mark.parametrize("chemin", sorted((REELS / "excel").glob("*.xls?")), ids=lambda p: p.name[:20])
def test_un_formulaire_reel_rempli_est_certifie(chemin: Path) -> None:
    """Chaque cellule libre ou absente d’un coin de feuille : écrite et certifiée, ou refusée d’une phrase."""
    gabarit = chemin.read_bytes()
    prepare = preparer(gabarit, chemin.name)
    valeurs = [
        12,
        Decimal("12.50"),
        "=1+1",
        " a <b>\n_x000D_ 😀",
        True,
        datetime.date(2026, 12, 31),
        "000123",
        "Oui",
    ]
    saisies = [
        saisir(f"{nom}!{ecrire_cellule(ligne, colonne)}", valeurs[(7 * ligne + colonne) % len(valeurs)])
        for nom in prepare.feuilles
        for ligne in range(1, 45)
        for colonne in range(1, 9)
    ]
    rempli = remplir(prepare, saisies)
    assert len(rempli.ecrites) + len(rempli.refus) == len(saisies)
    assert rempli.ecrites
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []
    assert all(refus.message and refus.remede for refus in rempli.refus)
    ouvrir(rempli.octets, keep_vba=True)


@pytest.mark.skipif(not REELS.exists(), reason="les fichiers réels ne sont pas là")
def test_les_listes_x14_d_un_formulaire_reel() -> None:
    """« Listes!A15:A16 » du formulaire : MAGISTRAT, FONCTIONNAIRE."""
    chemin = next((REELS / "excel").glob("Feuille_de_temps*"))
    prepare = preparer(chemin.read_bytes())
    case = "Reconvertir % d'ETPT!D3"
    assert remplir(prepare, [saisir(case, "magistrat")]).refus == ()
    refus = remplir(prepare, [saisir(case, "greffier")]).refus
    assert refus[0].remede == "Valeurs admises : MAGISTRAT · FONCTIONNAIRE."
