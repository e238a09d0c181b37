"""Les lignes ajoutées sous un tableau Excel : la dernière copiée, le reste prolongé, tout certifié."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from fabrique_excel import CLASSEUR, ENTETE, FEUILLE, REELS, brut, ouvrir, partie, parties, relire, saisir
from fabriques import convertir, exige_les_reels, exige_libreoffice
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from cpomdocs.certificat.excel import certifier
from cpomdocs.office.adresses import ecrire_cellule
from cpomdocs.recalcul import Recalculateur, moteur_disponible
from cpomdocs.remplissage.croissance.formules import decaler
from cpomdocs.remplissage.excel import obstacle, preparer, remplir
from cpomdocs.saisies import CaseExcel


def effectifs(**ajouts: object) -> bytes:
    """Un tableau de cinq lignes (8 à 12) : styles, fusion, liste, barres, tableau, zone d’impression."""
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(tampon, {"in_memory": True})
    cadre = classeur.add_format({"border": 1, "locked": False, "num_format": "0.00"})
    feuille = classeur.add_worksheet("Effectifs")
    listes = classeur.add_worksheet("Listes")
    listes.write_column(0, 0, ["Infirmier", "Aide-soignant", "Psychologue"])
    feuille.protect()
    feuille.write("A1", "Tableau des effectifs")
    feuille.write("F2", ajouts.get("total", "sans total"))
    if "formule" in ajouts:
        feuille.write_formula("F3", str(ajouts["formule"]))
    for ligne in range(8, 13):
        feuille.set_row(ligne - 1, 21)
        for colonne in "ABCF":
            feuille.write_blank(f"{colonne}{ligne}", None, cadre)
        feuille.write_formula(f"D{ligne}", f"=B{ligne}*C{ligne}", cadre, 0)
        feuille.write_formula(f"E{ligne}", f"=SUM(D$8:D{ligne})", cadre, 0)
        feuille.merge_range(f"F{ligne}:G{ligne}", "", cadre)
    feuille.add_table("A7:E12", {"name": "Postes", "columns": [{"header": x} for x in "UVWXY"]})
    feuille.data_validation("A8:A12", {"validate": "list", "source": "=Listes!$A$1:$A$3"})
    feuille.data_validation("B8:B12", {"validate": "decimal", "criteria": ">=", "value": 0})
    feuille.conditional_format("C8:C12", {"type": "data_bar", "bar_solid": True})
    feuille.print_area("A1:G12")
    for adresse in ajouts.get("dessous", ()):  # type: ignore[attr-defined]
        feuille.write(adresse, "Réservé à l’autorité")
    if "image" in ajouts:
        feuille.insert_textbox("A20", "Cachet")
    classeur.close()
    return tampon.getvalue()


GABARIT = effectifs()


def six_lignes(gabarit: bytes = GABARIT) -> tuple[bytes, list[str], list[object]]:
    """Le tableau rempli de sept éléments, dont deux dans des lignes ajoutées ; refus et écarts."""
    adresses = [f"A{n}" for n in range(8, 13)] + ["A12+1", "A12+2"]
    saisies = [saisir(f"Effectifs!{a}", "infirmier") for a in adresses]
    saisies += [saisir(f"Effectifs!{a.replace('A', 'B')}", n, "decimal") for n, a in enumerate(adresses, 1)]
    saisies += [saisir(f"Effectifs!{a.replace('A', 'C')}", 2, "decimal") for a in adresses]
    rempli = remplir(preparer(gabarit), saisies)
    ecarts = certifier(gabarit, rempli.octets, rempli.ecrites)
    return rempli.octets, [r.message for r in rempli.refus], [*ecarts]


def test_les_lignes_ajoutees_copient_la_derniere() -> None:
    octets, refus, ecarts = six_lignes()
    assert (refus, ecarts) == ([], [])
    feuille = ouvrir(octets)["Effectifs"]
    assert [feuille[f"A{n}"].value for n in range(8, 16)] == ["Infirmier"] * 7 + [None]
    assert (feuille["B14"].value, feuille["D14"].value, feuille["E14"].value) == (
        7,
        "=B14*C14",
        "=SUM(D$8:D14)",
    )
    for colonne in "ABCDE":
        assert feuille[f"{colonne}14"].number_format == feuille[f"{colonne}12"].number_format
        assert feuille[f"{colonne}14"].border.left.style == "thin"
        assert feuille[f"{colonne}14"].protection.locked is False
    assert [feuille.row_dimensions[n].height for n in (12, 13, 14)] == [21, 21, 21]
    assert {"F12:G12", "F13:G13", "F14:G14"} <= {str(p) for p in feuille.merged_cells.ranges}


def test_ce_qui_finissait_sur_la_derniere_ligne_est_prolonge() -> None:
    octets, _, _ = six_lignes()
    feuille = ouvrir(octets)["Effectifs"]
    assert {str(v.sqref) for v in feuille.data_validations.dataValidation} == {"A8:A14", "B8:B14"}
    assert [str(p.sqref) for p in feuille.conditional_formatting] == ["C8:C14"]
    assert "<xm:sqref>C8:C14</xm:sqref>" in partie(octets)
    tableau = feuille.tables["Postes"]
    assert (tableau.ref, tableau.autoFilter.ref) == ("A7:E14", "A7:E14")
    assert feuille.print_area == "'Effectifs'!$A$1:$G$14"


def test_rien_d_autre_ne_change() -> None:
    octets, _, _ = six_lignes()
    avant, apres = parties(GABARIT), parties(octets)
    assert {nom for nom in avant if avant[nom] != apres[nom]} == {
        FEUILLE,
        "xl/workbook.xml",
        "xl/tables/table1.xml",
    }


@exige_libreoffice
def test_libreoffice_et_le_moteur_calculent_les_memes_lignes_ajoutees(tmp_path: Path) -> None:
    octets, _, _ = six_lignes()
    moteur = moteur_disponible()
    assert moteur is not None
    calcule, _ = Recalculateur(moteur).recalculer(GABARIT, octets)
    chemin = tmp_path / "agrandi.xlsx"
    chemin.write_bytes(octets)
    ailleurs = tmp_path / "libreoffice"
    ailleurs.mkdir()
    attendus = ouvrir(convertir(chemin, "xlsx", ailleurs).read_bytes(), data_only=True)
    obtenus = ouvrir(calcule, data_only=True)["Effectifs"]
    for adresse in ("D13", "D14", "E13", "E14"):
        assert obtenus[adresse].value == attendus["Effectifs"][adresse].value
    assert obtenus["E14"].value == 56  # (1 + 2 + … + 7) × 2


@pytest.mark.parametrize(
    ("retouche", "reproche"),
    [
        ('<row r="14" ', '<row r="14" hidden="1" '),
        ("B14*C14", "B14*C13"),
        ("A8:A14", "A8:A13"),
        ('ref="F14:G14"', 'ref="F14:H14"'),
    ],
)
def test_une_autre_croissance_est_denoncee(retouche: str, reproche: str) -> None:
    saisies = [saisir("Effectifs!A12+2", "Infirmier"), saisir("Effectifs!B12+2", 3, "decimal")]
    rempli = remplir(preparer(GABARIT), saisies)
    contenus = parties(rempli.octets)
    texte = contenus[FEUILLE].decode()
    assert retouche in texte
    contenus[FEUILLE] = texte.replace(retouche, reproche).encode()
    assert certifier(GABARIT, rempli.octets, rempli.ecrites) == []
    assert certifier(GABARIT, _refaire(rempli.octets, contenus), rempli.ecrites) != []


def test_une_ligne_de_plus_que_declare_est_denoncee() -> None:
    rempli = remplir(preparer(GABARIT), [saisir("Effectifs!A12+2", "Infirmier")])
    declaree = [saisir("Effectifs!A12+1", "Infirmier")]
    assert certifier(GABARIT, rempli.octets, declaree) != []
    assert certifier(GABARIT, rempli.octets, []) != []


@pytest.mark.parametrize(
    ("ajouts", "raison"),
    [
        ({"dessous": ["B30"]}, "B30, en dessous, n’est pas vide"),
        ({"formule": "=SUM(B8:B12)"}, "compte ses lignes (« SUM(B8:B12) »)"),
        ({"image": True}, "est en dessous"),
    ],
)
def test_un_tableau_qui_ne_peut_pas_grandir_dit_pourquoi(ajouts: dict[str, object], raison: str) -> None:
    gabarit = effectifs(**ajouts)
    trouve = obstacle(preparer(gabarit), CaseExcel("Effectifs", "A12+1"))
    assert trouve is not None
    assert trouve[0] == "RX-13"
    assert raison in trouve[1]
    octets, refus, ecarts = six_lignes(gabarit)
    assert len(refus) == 6  # les six cases des deux lignes ajoutées ; les autres sont écrites
    assert relire(octets, "Effectifs!A12") == "Infirmier"
    assert ecarts == []


def test_un_total_par_colonne_entiere_ou_par_tableau_n_empeche_rien() -> None:
    for formule in ("=SUM(B:B)", "=SUM(Postes[V])", "=SUM(B8:B40)"):
        assert obstacle(preparer(effectifs(formule=formule)), CaseExcel("Effectifs", "A12+1")) is None


def test_une_case_sous_le_tableau_qui_grandit_est_refusee() -> None:
    rempli = remplir(preparer(brut_libre()), [saisir("F!A2+1", 1), saisir("F!A9", "note")])
    assert [r.code for r in rempli.refus] == ["RX-13"]
    assert certifier(brut_libre(), rempli.octets, rempli.ecrites) == []


def brut_libre() -> bytes:
    """Deux lignes sans protection, une formule partagée et une liste x14, des lignes vides dessous."""
    return brut(
        ENTETE + '<dimension ref="A1:C4"/><sheetData>\n<row r="1"><c r="A1"/><c r="B1">'
        '<f t="shared" ref="B1:B2" si="0">A1&amp;"A1"</f><v>1</v></c></row>\n'
        '<row r="2" ht="30" customHeight="1"><c r="A2" t="b"><v>1</v></c>'
        '<c r="B2"><f t="shared" si="0"/><v>2</v></c></row>\n<row r="4" s="1"><c r="A4"/></row>\n</sheetData>'
        '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" uri="{C}">'
        '<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        '<x14:dataValidation type="list"><x14:formula1><xm:f>"Oui,Non"</xm:f></x14:formula1>'
        "<xm:sqref>C1:C2 E2</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
    )


def test_formule_partagee_liste_x14_et_lignes_vides_dessous() -> None:
    gabarit = brut_libre()
    rempli = remplir(preparer(gabarit), [saisir("F!C2+2", "oui"), saisir("F!A2+2", True)])
    assert rempli.refus == ()
    texte = partie(rempli.octets)
    copie = '<c r="A3" t="b"><v>0</v></c><c r="B3"><f>A3&amp;"A1"</f></c></row>'
    assert f'<row r="3" ht="30" customHeight="1">{copie}' in texte
    assert '<row r="4" ht="30" customHeight="1"><c r="A4" t="b"><v>1</v></c>' in texte
    assert "<xm:sqref>C1:C4 E2:E4</xm:sqref>" in texte
    assert relire(rempli.octets, "F!C4") == "Oui"
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []


@pytest.mark.parametrize(
    "donnees",
    [
        '<row r="2"><c r="A2"><f t="array" ref="A1:A2">1</f></c></row>',
        '<row r="2"><c r="A2"><f>SUM(A1:A2)</f></c></row>',
        '<row r="2"/></sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells><sheetData>',
    ],
)
def test_une_ligne_qui_ne_se_copie_pas_est_dite(donnees: str) -> None:
    feuille = f"{ENTETE}<sheetData>{donnees}</sheetData></worksheet>".replace("<sheetData></sheetData>", "")
    assert obstacle(preparer(brut(feuille)), CaseExcel("F", "B2+1")) is not None


def test_les_noms_de_zone_d_impression_d_une_autre_feuille_restent() -> None:
    classeur = CLASSEUR.replace(
        "</sheets>",
        '</sheets><definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">'
        'F!$A$1:$C$2,F!$E$1:$E$9</definedName><definedName name="_xlnm.Print_Area" localSheetId="1">'
        "F!$A$1:$C$2</definedName></definedNames>",
    )
    feuille = ENTETE + '<sheetData><row r="2"><c r="A2"/></row></sheetData></worksheet>'
    rempli = remplir(preparer(brut(feuille, classeur)), [saisir("F!A2+1", 1)])
    assert re.findall(r">([^<]*)</definedName>", partie(rempli.octets, "xl/workbook.xml")) == [
        "F!$A$1:$C$3,F!$E$1:$E$9",
        "F!$A$1:$C$2",
    ]
    assert certifier(brut(feuille, classeur), rempli.octets, rempli.ecrites) == []


@exige_les_reels
@pytest.mark.parametrize("nom", ["formscomments.xlsx", "template_comparaison_MS.xlsx"])
def test_un_classeur_reel_agrandi_est_certifie(nom: str) -> None:
    gabarit = (REELS / "excel" / nom).read_bytes()
    prepare, agrandies = preparer(gabarit), 0
    for feuille, prete in prepare.feuilles.items():
        for ligne in prete.origine.lignes[-1:]:
            for colonne in prete.origine.cellules(ligne):
                case = f"{ecrire_cellule(ligne.numero, colonne)}+3"
                if obstacle(prepare, CaseExcel(feuille, case)) is None:
                    rempli = remplir(prepare, [saisir(f"{feuille}!{case}", "x")])
                    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []
                    lue = ouvrir(rempli.octets)[feuille].cell(ligne.numero + 3, colonne).value
                    assert lue == ("x" if rempli.ecrites else None)
                    agrandies += 1
                    break
    assert agrandies


_FORMULES = st.lists(
    st.sampled_from(
        ["A41", "$B41", "C$12", "$D$7", "E5:E41", "Listes!$A$2:$A$30", "'F 1'!B41", '"A41"',
         "Postes[[#This Row],[A1]]", "TVA_1", "3:5", "A:A", "12", "TRUE", "LOG10(B2)", "_xlfn.CONCAT(A1)"]
    ),
    min_size=1,
)  # fmt: skip


@given(_FORMULES, st.integers(1, 400))
@settings(max_examples=150, deadline=None)
def test_une_formule_se_decale_comme_openpyxl_la_decale(termes: list[str], lignes: int) -> None:
    formule = "+".join(termes)
    attendue = Translator(f"={formule}", origin="Z1").translate_formula(f"Z{1 + lignes}")
    assert decaler(formule, lignes) == attendue.removeprefix("=")


def _refaire(octets: bytes, contenus: dict[str, bytes]) -> bytes:
    tampon = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(octets)) as avant,
        zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as apres,
    ):
        for info in avant.infolist():
            apres.writestr(info, contenus[info.filename])
    return tampon.getvalue()
