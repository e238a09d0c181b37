"""Le recalcul : résultats justes ou absents, posés en place, moteur qualifié sur chaque gabarit."""

from __future__ import annotations

import datetime
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from fabrique_excel import CLASSEUR, ENTETE, FEUILLE, brut, formulaire, ouvrir, partie, parties, saisir
from fabriques import exige_libreoffice
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from cpomdocs.certificat.excel import certifier
from cpomdocs.recalcul import (
    CodeErreur,
    Lieu,
    Moteur,
    MoteurEnEchec,
    Qualification,
    Recalculateur,
    anomalies_du_recalcul,
    controles_du_cadre,
    moteur_disponible,
    poser_resultats,
    qualification_gardee,
    qualifier,
    recalculer_document,
)
from cpomdocs.recalcul.formules import appelle, inventorier
from cpomdocs.recalcul.qualification import NonReproduit, empreinte
from cpomdocs.remplissage.excel import preparer, remplir

MOTEUR = moteur_disponible()
exige_moteur = pytest.mark.skipif(MOTEUR is None, reason="le moteur de calcul (extra recalcul) est absent")
INSTANT = datetime.datetime(2026, 3, 31, 10, 30)


def moteur() -> Moteur:
    assert MOTEUR is not None
    return MOTEUR


def lieu(cellule: str, feuille: str = "F") -> Lieu:
    ligne, colonne = openpyxl.utils.cell.coordinate_to_tuple(cellule)
    return Lieu(feuille, ligne, colonne)


def livre(cellules: dict[str, Any], noms: dict[str, str] | None = None, tableau: str = "") -> bytes:
    """Un classeur d’une feuille « F », sans aucun résultat ; `tableau` : la plage du tableau « Tab_un »."""
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    feuille.title = "F"
    for adresse, valeur in cellules.items():
        feuille[adresse] = valeur
    for nom, formule in (noms or {}).items():
        classeur.defined_names[nom] = DefinedName(nom, attr_text=formule)
    if tableau:
        feuille.add_table(Table(displayName="Tab_un", ref=tableau))
    tampon = io.BytesIO()
    classeur.save(tampon)
    return tampon.getvalue()


def comme_excel(octets: bytes, resultats: dict[str, Any]) -> bytes:
    """Le classeur tel qu’Excel l’aurait laissé : ces résultats, et une chaîne de calcul."""
    tampon = io.BytesIO(poser_resultats(octets, {lieu(c): r for c, r in resultats.items()}))
    with zipfile.ZipFile(tampon, "a") as archive:
        archive.writestr("xl/calcChain.xml", "<calcChain/>")
    return tampon.getvalue()


def calculer(octets: bytes, langue: str = "fr-FR") -> dict[str, Any]:
    """Tous les résultats du classeur, par adresse."""
    lieux = list(inventorier(octets).calculees)
    return {x.cellule: r for x, r in moteur().calculer(octets, lieux, langue, INSTANT).resultats.items()}


def fiable(gabarit: bytes, *rates: str) -> Qualification:
    """Une qualification contre Excel où seules ces cellules ne sont pas reproduites."""
    return Qualification(
        gabarit=empreinte(gabarit),
        moteur="essai",
        langue="fr-FR",
        reference="Excel",
        comparees=1,
        ecartees=0,
        non_reproduits=tuple(NonReproduit(**lieu(c)._asdict(), attendu="1", obtenu="2") for c in rates),
    )


def recalculer(gabarit: bytes, valeurs: dict[str, Any], *rates: str, **options: Any) -> tuple[bytes, Any]:
    """Le gabarit rempli puis recalculé."""
    rempli = remplir(preparer(gabarit), [saisir(f"F!{c}", v, "entier") for c, v in valeurs.items()])
    assert not rempli.refus
    reglages = {"moteur": MOTEUR, "qualification": fiable(gabarit, *rates), "maintenant": INSTANT, **options}
    return recalculer_document(gabarit, rempli.octets, **reglages)


def resultats(octets: bytes) -> dict[str, Any]:
    """Les résultats que le fichier garde, lus par openpyxl ; sans résultat : `None`."""
    feuille = ouvrir(octets, data_only=True).worksheets[0]
    calculees = ouvrir(octets).worksheets[0]
    return {c.coordinate: feuille[c.coordinate].value for r in calculees for c in r if c.data_type == "f"}


# ---------------------------------------------------------------- moteur


@exige_moteur
def test_le_moteur_calcule_en_francais() -> None:
    obtenus = calculer(
        livre(
            {
                "A1": 2,
                "A2": 0.5,
                "B1": "=SUM(A1:A2)",
                "B2": '=UPPER("élève")',
                "B3": '=TEXT(TODAY(),"JJ/MM/AAAA")',
                "B4": "=A1/0",
                "B5": "=A1>A2",
                "B6": '=IF(A1>5,"trop","")',
                "B7": "=NA()",
                "B8": '=VALUE("1,5")',
                "B9": "=Z99",
                "B10": '=TEXT(A2,"0,00")',
            }
        )
    )
    assert obtenus == {
        "B1": 2.5,
        "B2": "ÉLÈVE",
        "B3": "31/03/2026",
        "B4": CodeErreur("#DIV/0!"),
        "B5": True,
        "B6": "",
        "B7": CodeErreur("#N/A"),
        "B8": 1.5,
        "B9": 0.0,
        "B10": "0,50",
    }


@exige_moteur
def test_un_tableau_cite_par_son_nom_est_calcule_dans_l_ordre() -> None:
    """Sans second passage, le moteur additionne la colonne avant d’avoir calculé sa dernière ligne."""
    octets = livre(
        {"A1": 2, "A2": "=A1*2", "E1": "x", "F1": "y", "E2": 1, "F2": 2, "E3": 3, "F3": "=A2+1",
         "H1": "=SUM(Tab_un[y])", "I1": "=H1*10"},
        tableau="E1:F3",
    )  # fmt: skip
    assert calculer(octets) == {"A2": 4.0, "F3": 5.0, "H1": 7.0, "I1": 70.0}


@exige_moteur
def test_les_resultats_perimes_ne_servent_pas() -> None:
    octets = livre({"A1": 2, "B1": "=A1*2", "C1": "=B1+1"})
    perime = poser_resultats(octets, {lieu("B1"): 777.0, lieu("C1"): "vieux"})
    assert calculer(perime) == {"B1": 4.0, "C1": 5.0}


@exige_moteur
@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04rien", os.urandom(500)])
def test_un_fichier_illisible_est_refuse_et_le_moteur_continue(octets: bytes) -> None:
    with pytest.raises(MoteurEnEchec):
        moteur().calculer(octets, [], "fr-FR", INSTANT)
    assert calculer(livre({"A1": "=1+1"})) == {"A1": 2.0}


@exige_moteur
def test_une_langue_inconnue_est_dite() -> None:
    with pytest.raises(MoteurEnEchec, match="« xx-XX »"):
        moteur().calculer(livre({"A1": "=1+1"}), [lieu("A1")], "xx-XX", INSTANT)


@exige_moteur
def test_un_calcul_trop_long_est_abandonne(monkeypatch: pytest.MonkeyPatch) -> None:
    formules = {f"A{n}": f"=SUMPRODUCT((ROW($1:$40000)*{n}>COLUMN(A1))*1)" for n in range(1, 40)}
    gabarit = livre({**formules, "C1": None})
    monkeypatch.setattr("cpomdocs.recalcul.formulon.DELAI", 0.05)
    rempli, rapport = recalculer(gabarit, {"C1": 1})
    assert rapport.etat == "echec"
    assert "abandonné" in rapport.message
    assert resultats(rempli)["A1"] is None
    monkeypatch.undo()
    assert calculer(livre({"A1": "=1+1"})) == {"A1": 2.0}


@exige_moteur
def test_une_reference_circulaire_ne_donne_pas_de_faux_resultat() -> None:
    rempli, rapport = recalculer(livre({"A1": "=B1+1", "B1": "=A1+1", "C1": "=D1*2"}), {"D1": 4})
    lus = resultats(rempli)
    assert lus["C1"] == 8
    assert rapport.etat == "fait"
    assert {lus["A1"], lus["B1"]} <= {None, 0}  # Excel montre 0 après son avertissement


def test_sans_le_moteur_installe_rien_ne_manque() -> None:
    """Un Python où ni formulon ni wasmtime ne s’importent : pas de moteur, pas d’erreur."""
    essai = (
        "import sys, importlib.util as u; vrai = u.find_spec\n"
        "u.find_spec = lambda n, *a: None if n in ('formulon', 'wasmtime') else vrai(n, *a)\n"
        "from cpomdocs.recalcul import moteur_disponible; assert moteur_disponible() is None\n"
        "assert 'wasmtime' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", essai], check=True, timeout=60)


@exige_moteur
def test_le_module_compile_est_garde_et_se_refait_s_il_est_abime(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import wasmtime

    from cpomdocs.recalcul.wasm import Usine

    monkeypatch.setattr("cpomdocs.recalcul.wasm.user_cache_path", lambda nom, **_: tmp_path / nom)
    wasm = bytes(wasmtime.wat2wasm('(module (func (export "f") (result i32) i32.const 7))'))
    Usine(wasm, "essai")
    (garde,) = (tmp_path / "cpomdocs" / "moteurs").iterdir()
    if os.name == "posix":
        assert garde.parent.stat().st_mode & 0o077 == 0
    bon = garde.read_bytes()
    for mauvais in (bon[:-10], b"", b"x" * 40, bon[:32] + b"autre code"):
        garde.write_bytes(mauvais)
        Usine(wasm, "essai")
        assert garde.read_bytes() == bon
    assert [p.name for p in garde.parent.iterdir()] == [garde.name]


@exige_moteur
def test_un_module_qui_n_en_est_pas_un_est_refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cpomdocs.recalcul import wasm as module

    monkeypatch.setattr(module, "user_cache_path", lambda nom, **_: tmp_path / nom)
    with pytest.raises(MoteurEnEchec, match="cette machine"):
        module.Usine(b"rien", "essai")


@exige_moteur
@pytest.mark.skipif(os.name != "posix", reason="droits POSIX")
def test_un_module_que_d_autres_ont_pu_ecrire_n_est_pas_repris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import wasmtime

    from cpomdocs.recalcul import wasm as module

    monkeypatch.setattr(module, "user_cache_path", lambda nom, **_: tmp_path / nom)
    octets = bytes(wasmtime.wat2wasm("(module)"))
    module.Usine(octets, "essai")
    (garde,) = (tmp_path / "cpomdocs" / "moteurs").iterdir()
    garde.chmod(0o666)
    assert module._relire(garde) is None
    garde.chmod(0o600)
    assert module._relire(garde) is not None


# ---------------------------------------------------------------- résultats posés en place

RESULTATS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=40),
    st.sampled_from(["#DIV/0!", "#N/A", "#REF!", "#NAME?"]).map(CodeErreur),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(RESULTATS, min_size=3, max_size=3))
def test_tout_resultat_se_relit_a_l_identique(voulus: list[Any]) -> None:
    gabarit = livre({"A1": "=1+1", "B2": "=2+2", "C3": "=3+3", "D1": "texte"})
    places = dict(zip((lieu("A1"), lieu("B2"), lieu("C3")), voulus, strict=True))
    pose = poser_resultats(gabarit, places)
    lus = inventorier(pose).resultats()
    assert lus == places
    assert {x: type(v) for x, v in lus.items()} == {x: type(v) for x, v in places.items()}
    etree.fromstring(parties(pose)[FEUILLE])
    assert poser_resultats(pose, places) == pose


def test_seul_le_resultat_change() -> None:
    gabarit = formulaire()
    pose = poser_resultats(gabarit, {lieu("B7", "Activité"): 12.0, lieu("C7", "Activité"): "oui & non"})
    avant, apres = parties(gabarit), parties(pose)
    assert [nom for nom in avant if avant[nom] != apres[nom]] == [FEUILLE]
    assert b"<f>SUM(B4:B6)</f><v>12</v>" in apres[FEUILLE]
    feuille = ouvrir(pose, data_only=True)["Activité"]
    assert (feuille["B7"].value, feuille["C7"].value) == (12, "oui & non")
    assert ouvrir(pose)["Activité"]["B7"].value == "=SUM(B4:B6)"


@pytest.mark.parametrize(
    ("avant", "resultat", "apres"),
    [
        ('<c r="A1"><f>1+1</f></c>', 2.0, '<c r="A1"><f>1+1</f><v>2</v></c>'),
        ('<c r="A1" t="str" s="0"><f>1+1</f><v>x</v></c>', 2.5, '<c r="A1" s="0"><f>1+1</f><v>2.5</v></c>'),
        ("<c r='A1' t = 'e' ><f t='shared' si='0'/></c>", "", "><f t='shared' si='0'/><v></v></c>"),
        ('<c r="A1" t="b"><f>TRUE</f><v>1</v></c>', None, '<c r="A1"><f>TRUE</f></c>'),
        ('<c r="A1"><f>1</f><v/></c>', True, '<c r="A1" t="b"><f>1</f><v>1</v></c>'),
        ('<c r="A1"><f>1</f></c>', " a\r_x0041_", '<v xml:space="preserve"> a_x000D__x005F_x0041_</v>'),
        ('<c r="A1"><f>1</f></c>', CodeErreur("#CALC!"), '<c r="A1" t="e"><f>1</f><v>#VALUE!</v></c>'),
        ('<c r="A1"><f>1</f><v>3</v></c>', CodeErreur("#BLOCKED!"), '<c r="A1"><f>1</f></c>'),
        ('<c r="A1"><f>1</f></c>', float("inf"), '<c r="A1"><f>1</f></c>'),
        ('<c r="A1"><f>1</f></c>', 1e22, '<c r="A1"><f>1</f><v>1e+22</v></c>'),
    ],
)  # fmt: skip
def test_formes_d_une_cellule(avant: str, resultat: Any, apres: str) -> None:
    gabarit = brut(f'{ENTETE}<sheetData><row r="1">{avant}</row></sheetData></worksheet>')
    pose = partie(poser_resultats(gabarit, {lieu("A1"): resultat}))
    assert apres in pose
    etree.fromstring(pose.encode())


def test_feuille_a_prefixe_et_cellule_debordee_vide() -> None:
    espace = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    feuille = (
        f'<?xml version="1.0"?><x:worksheet {espace}><x:sheetData><x:row r="1"><x:c r="A1">'
        '<x:f t="array" ref="A1:B1">{1,2}</x:f></x:c><x:c r="B1" s="0"/></x:row></x:sheetData></x:worksheet>'
    )
    pose = partie(poser_resultats(brut(feuille), {lieu("A1"): 1.0, lieu("B1"): "é<"}))
    assert "</x:f><x:v>1</x:v></x:c>" in pose
    assert '<x:c r="B1" s="0" t="str"><x:v>é&lt;</x:v></x:c>' in pose


def test_un_lieu_qui_n_est_pas_calcule_est_laisse() -> None:
    gabarit = livre({"A1": "=1+1", "B1": 5})
    assert poser_resultats(gabarit, {lieu("B1"): 9.0, lieu("Z9"): 9.0, lieu("A1", "Autre"): 9.0}) == gabarit


# ---------------------------------------------------------------- qualification


@exige_moteur
def test_un_gabarit_d_excel_se_qualifie_contre_ses_propres_resultats() -> None:
    gabarit = comme_excel(
        livre({"A1": 2, "B1": "=A1*2", "B2": "=B1+1", "B3": "=TODAY()", "B4": "=YEAR(B3)", "B5": "=RAND()"}),
        {"B1": 4.0, "B2": 99.0, "B3": 40000.0, "B4": 2009.0, "B5": 0.5},
    )
    constat = qualifier(gabarit, moteur(), "fr-FR")
    assert (constat.reference, constat.comparees, constat.ecartees) == ("Excel", 2, 3)
    assert [str(x) for x in constat.non_reproduits] == ["F!B2 : 99.0 attendu, 5.0 obtenu"]
    assert "1 résultats sur 2" in constat.resumer()


@exige_moteur
def test_sans_resultat_ni_libreoffice_le_gabarit_n_est_pas_qualifie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    constat = qualifier(livre({"A1": "=1+1"}), moteur(), "fr-FR")
    assert not constat.qualifie
    assert "Non qualifié" in constat.resumer()


@exige_moteur
@exige_libreoffice
def test_un_gabarit_sans_resultat_se_qualifie_contre_libreoffice() -> None:
    gabarit = livre({"A1": 2, "B1": "=A1*2", "B2": '=INDIRECT("taux_a")'}, {"taux_a": "F!$A$1"})
    constat = qualifier(gabarit, moteur(), "fr-FR")
    assert (constat.reference, constat.comparees) == ("LibreOffice", 2)
    assert [str(x) for x in constat.non_reproduits] == ["F!B2 : 2.0 attendu, #REF! obtenu"]


@exige_moteur
def test_un_formulaire_sans_formule_n_a_rien_a_qualifier() -> None:
    constat = qualifier(livre({"A1": 2}), moteur(), "fr-FR")
    assert (constat.qualifie, constat.resumer()) == (True, "Ce formulaire ne calcule rien.")


@exige_moteur
def test_le_constat_est_garde_par_gabarit_moteur_et_langue(tmp_path: Path) -> None:
    gabarit = comme_excel(livre({"A1": 2, "B1": "=A1*2"}), {"B1": 4.0})
    premier = qualification_gardee(gabarit, moteur(), "fr-FR", reserve=tmp_path)
    (fichier,) = tmp_path.iterdir()
    faux = premier.model_copy(update={"comparees": 1234})
    fichier.write_text(faux.model_dump_json(), encoding="utf-8")
    assert qualification_gardee(gabarit, moteur(), "fr-FR", reserve=tmp_path).comparees == 1234
    assert qualification_gardee(gabarit, moteur(), "en-US", reserve=tmp_path).comparees == 1
    fichier.write_text("{abîmé", encoding="utf-8")
    assert qualification_gardee(gabarit, moteur(), "fr-FR", reserve=tmp_path) == premier
    livree = tmp_path / "qualification.json"
    livree.write_text(faux.model_dump_json(), encoding="utf-8")
    assert qualification_gardee(gabarit, moteur(), "fr-FR", livree=livree) == faux
    autre = comme_excel(livre({"A1": 3, "B1": "=A1*2"}), {"B1": 6.0})
    assert qualification_gardee(autre, moteur(), "fr-FR", livree=livree).comparees == 1


# ---------------------------------------------------------------- documents


@exige_moteur
def test_le_document_porte_ses_totaux_et_passe_la_verification() -> None:
    gabarit = formulaire()
    rempli = remplir(
        preparer(gabarit), [saisir("Activité!B4", 10, "entier"), saisir("Activité!B5", 5, "entier")]
    )
    assert resultats(rempli.octets) == {"B7": None, "C7": None, "D1": None}
    document, rapport = recalculer_document(
        gabarit, rempli.octets, moteur=MOTEUR, qualification=fiable(gabarit), maintenant=INSTANT
    )
    assert resultats(document) == {"B7": 15, "C7": "oui", "D1": 20}
    assert certifier(gabarit, document, rempli.ecrites) == []
    assert (rapport.etat, rapport.retraits) == ("fait", ())
    assert b'fullCalcOnLoad="1"' in parties(document)["xl/workbook.xml"]
    encore, _ = recalculer_document(
        gabarit, rempli.octets, moteur=MOTEUR, qualification=fiable(gabarit), maintenant=INSTANT
    )
    assert encore == document


@exige_moteur
def test_ce_qui_depend_d_une_cellule_non_reproduite_perd_son_resultat() -> None:
    gabarit = livre(
        {"A1": None, "B1": "=A1*2", "C1": "=B1+1", "C2": "=nom_b+1", "C3": '=INDIRECT("B1")', "C4": "=A1+1",
         "E1": "x", "E2": "=C1", "G1": "=SUM(Tab_un[x])", "G2": "=SUM(tous)", "G3": "=G1+1",
         "G4": "=SUM(Tab_un[])"},
        {"nom_b": "F!$B$1", "tous": "Tab_un[x]"},
        tableau="E1:E2",
    )  # fmt: skip
    document, rapport = recalculer(gabarit, {"A1": 3}, "B1")
    sans = {"B1", "C1", "C2", "C3", "E2", "G1", "G2", "G3", "G4"}
    lus = resultats(document)
    assert {c for c, valeur in lus.items() if valeur is None} == sans
    assert lus["C4"] == 4
    assert {x.cellule for x in rapport.retraits} == sans
    raisons = {x.cellule: x.raison for x in rapport.retraits}
    assert raisons["B1"] == "le moteur n’y retrouve pas le résultat attendu (Excel)"
    assert raisons["G3"] == "elles dépendent d’une cellule laissée à Excel"


@exige_moteur
@pytest.mark.parametrize(
    "formule",
    [
        '=_xlfn.WEBSERVICE("http://exemple.fr")',
        '=IFERROR(_xlfn.WEBSERVICE("http://exemple.fr"),0)',
        "=RAND()*A1",
        '=CELL("filename",A1)',
        "=[1]Autre!A1",
        "=SUM('C:\\dossier\\[autre.xlsx]Feuille 1'!A1)",
        "=FONCTIONINCONNUE(A1)",
        "=nom_de_hasard+A1",
        '=TEXT(A1,"# ##0 €")',
        '=TEXT(A1,"0 %")',
        "=TEXT(A1,A1)",
        "=FIXED(A1,2)",
    ],
)
def test_ce_qu_aucun_moteur_ne_sait_est_laisse_a_excel(formule: str) -> None:
    gabarit = livre(
        {"A1": None, "B1": formule, "C1": '=B1&"!"', "D1": '=TEXT(A1,"0,00")'}, {"nom_de_hasard": "RAND()"}
    )
    document, _ = recalculer(gabarit, {"A1": 3})
    assert resultats(document) == {"B1": None, "C1": None, "D1": "3,00"}


@exige_moteur
@pytest.mark.parametrize(("reglage", "valeur"), [("iterate", True), ("fullPrecision", False)])
def test_un_classeur_regle_autrement_n_est_pas_recalcule(reglage: str, valeur: bool) -> None:
    classeur = ouvrir(livre({"A1": None, "B1": "=A1*2"}))
    setattr(classeur.calculation, reglage, valeur)
    tampon = io.BytesIO()
    classeur.save(tampon)
    document, rapport = recalculer(tampon.getvalue(), {"A1": 3})
    assert (rapport.etat, resultats(document)) == ("echec", {"B1": None})


@exige_moteur
def test_la_date_est_celle_qu_on_donne_ou_rien() -> None:
    gabarit = livre({"A1": None, "B1": "=TODAY()", "B2": "=YEAR(NOW())", "B3": "=A1"})
    assert resultats(recalculer(gabarit, {"A1": 3})[0]) == {"B1": 46112, "B2": 2026, "B3": 3}
    sans_date = recalculer(gabarit, {"A1": 3}, maintenant=None)[0]
    assert resultats(sans_date) == {"B1": None, "B2": None, "B3": 3}


@exige_moteur
def test_un_debordement_d_une_autre_taille_est_laisse_a_excel() -> None:
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(tampon, {"in_memory": True})
    feuille = classeur.add_worksheet("F")
    feuille.write_dynamic_array_formula("B1:B2", "=FILTER(A1:A3,A1:A3>0)", None, 1)
    feuille.write("B2", 2)
    feuille.write_dynamic_array_formula("C1:C3", "=A1:A3*2", None, 0)
    feuille.write_formula("D1", "=SUM(A1:A3)", None, 0)
    for ligne in (1, 2):
        feuille.write(ligne, 2, 0)
    classeur.close()
    gabarit = tampon.getvalue()
    document, rapport = recalculer(gabarit, {"A1": 1, "A2": 2, "A3": 3})
    lus = ouvrir(document, data_only=True)["F"]
    assert [lus[c].value for c in ("B1", "B2", "C1", "C2", "C3", "D1")] == [None, None, 2, 4, 6, 6]
    assert {x.raison for x in rapport.retraits} == {
        "leur formule déborde sur 3 × 1 cellules, le formulaire en montre 2 × 1 cellules"
    }


@exige_moteur
def test_une_valeur_enrichie_est_laissee_a_excel() -> None:
    cellule = '<c r="B1" t="e" vm="1"><f>A1*2</f><v>#VALUE!</v></c>'
    ligne = f'<row r="1"><c r="A1"><v>1</v></c>{cellule}</row>'
    gabarit = brut(f"{ENTETE}<sheetData>{ligne}</sheetData></worksheet>")
    document, rapport = recalculer(gabarit, {"A1": 3})
    assert resultats(document) == {"B1": None}
    assert "enrichie" in rapport.retraits[0].raison


def test_sans_moteur_ou_sans_qualification_le_document_reste_tel_quel() -> None:
    gabarit = livre({"A1": None, "B1": "=A1*2"})
    rempli = remplir(preparer(gabarit), [saisir("F!A1", 3, "entier")]).octets
    assert recalculer_document(gabarit, rempli, moteur=None)[0] == rempli
    if MOTEUR is None:
        return
    autre = fiable(livre({"A1": None, "B1": "=A1*3"}))
    inconnue = fiable(gabarit).model_copy(update={"reference": "aucune"})
    for constat in (None, autre, inconnue):
        document, rapport = recalculer_document(gabarit, rempli, moteur=MOTEUR, qualification=constat)
        assert (document, rapport.etat) == (rempli, "non_qualifie")
    assert recalculer_document(gabarit, gabarit, moteur=MOTEUR, qualification=fiable(gabarit))[0] == gabarit


@exige_moteur
def test_une_commande_ne_qualifie_qu_une_fois_son_gabarit(tmp_path: Path) -> None:
    gabarit = comme_excel(livre({"A1": 2, "B1": "=A1*2"}), {"B1": 4.0})
    atelier = Recalculateur(MOTEUR, tmp_path / "qualifications", INSTANT)
    for valeur in (3, 5):
        rempli = remplir(preparer(gabarit), [saisir("F!A1", valeur, "entier")])
        document, rapport = atelier.recalculer(gabarit, rempli.octets)
        assert (rapport.etat, resultats(document)) == ("fait", {"B1": 2 * valeur})
    assert len(list((tmp_path / "qualifications").iterdir())) == 1
    _, inconnue = atelier.recalculer(gabarit, rempli.octets, langue="xx-XX")
    assert (inconnue.etat, "« xx-XX »" in inconnue.message) == ("echec", True)
    assert Recalculateur(None).recalculer(gabarit, rempli.octets)[0] == rempli.octets


@exige_moteur
def test_toute_forme_de_dependance_est_suivie() -> None:
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(tampon, {"in_memory": True})
    feuille, autre, derniere = (classeur.add_worksheet(nom) for nom in ("F", "G", "H x"))
    classeur.define_name("relatif", "=F!$B1")
    classeur.define_name("ajouter", "=_xlfn.LAMBDA(_xlpm.x,_xlpm.x+F!$B$1)")
    feuille.write("A1", 1)
    formules = (
        *(
            "=SUM(B:B)",
            "=SUM(1:1)",
            "=SUM('F:H x'!B1)",
            "=relatif",
            "=_xlfn.LET(_xlpm.x,B1,_xlpm.x+1)",
        ),
        *("=OFFSET(A1,0,1)", "=INDEX(A1:B1,1,2)", "=CHOOSE(2,A1,B1)", "=VLOOKUP(1,A1:B1,2,FALSE)"),
        *("=SUM((A1,B1))", '=COUNTIF(B1:B9,">0")', '=INDIRECT("B"&1)', "=ajouter(1)", "=IF(FALSE,B1,5)"),
        *("=SUMPRODUCT(B1:B3,A1:A3)", "=SUM(A1:INDEX(B:B,1))", "=SUMIF(A1:A3,1,B1)", "=G!B1"),
    )
    for rang, formule in enumerate(formules):
        feuille.write_formula(4, 3 + rang, formule)
    feuille.write_formula("B1", "=A1*2")
    feuille.write_formula("A9", "=A1+1")
    autre.write_formula("A1", "=F!B1")
    autre.write_formula("B1", "='H x'!A1")
    derniere.write_formula("A1", "=G!A1+1")
    classeur.close()
    _, rapport = recalculer(tampon.getvalue(), {"A1": 3}, "B1")
    assert {str(x): r for x, r in (rapport.resultats or {}).items()} == {"F!A9": 4.0}
    assert {r.raison for r in rapport.retraits if r.cellule != "B1"} == {
        "elles dépendent d’une cellule laissée à Excel"
    }


# ---------------------------------------------------------------- contrôles du formulaire


@pytest.mark.parametrize(
    ("texte", "signale"),
    [
        ("ERREUR", True),
        ("Contrôle KO", True),
        ("Total incohérent avec l’annexe 4", True),
        ("2 anomalies", True),
        ("à vérifier", True),
        ("OK", False),
        ("Aucune erreur", False),
        ("0 anomalie", False),
        ("Pas d’erreur de saisie", False),
        ("sans anomalie", False),
        ("Koala", False),
        ("", False),
        (CodeErreur("#N/A"), True),
        (12.0, False),
        (True, False),
        (
            "Remplir la colonne C, faute de quoi un message d’erreur apparaîtra au bas de la feuille.",
            False,
        ),
    ],
)
def test_les_reproches_du_formulaire(texte: Any, signale: bool) -> None:
    trouves = controles_du_cadre({lieu("B2", "Bilan"): texte})
    assert [tuple(x)[:3] for x in trouves] == ([("Bilan", "B2", str(texte))] if signale else [])


@exige_moteur
def test_le_compte_rendu_nomme_les_cellules_et_leur_libelle() -> None:
    gabarit = livre(
        {"A1": "Équilibre", "B1": None, "C1": '=IF(B1>0,"ERREUR","OK")', "A2": "Taux", "C2": "=B1/0",
         **{f"D{n}": "=RAND()" for n in range(1, 9)}}
    )  # fmt: skip
    _, rapport = recalculer(gabarit, {"B1": 3})
    anomalies = anomalies_du_recalcul(rapport, "cadre", "EHPAD")
    assert [(a.code, a.message) for a in anomalies] == [
        (
            "RC-02",
            "Cellules laissées à Excel, car elles dépendent du réseau, du poste, du hasard ou d’un autre "
            "classeur : F!D1, F!D2, F!D3, F!D4, F!D5 et 3 autres.",
        ),
        ("RC-03", "Le formulaire affiche « ERREUR » : F!C1 (Équilibre)."),
        ("RC-03", "Le formulaire affiche « #DIV/0! » : F!C2 (Taux)."),
    ]
    assert {(a.formulaire, a.etablissement) for a in anomalies} == {("cadre", "EHPAD")}


def test_sans_moteur_le_document_n_a_pas_d_anomalie() -> None:
    _, rapport = recalculer_document(b"", b"", moteur=None)
    assert anomalies_du_recalcul(rapport, "cadre") == []


def test_les_fonctions_sont_reconnues_hors_des_textes() -> None:
    hasard = frozenset({"RAND"})
    assert appelle("1+RAND()", hasard)
    assert appelle("_xlfn.RAND ()", hasard)
    assert not appelle('"RAND()"&A1', hasard)
    assert not appelle("OPERAND(1)+MON.RAND(2)", hasard)


@pytest.mark.parametrize(
    ("formule", "ailleurs"),
    [
        ("SUM([1]Charges!A1:A3)", True),
        ("'[2]Compte de résultat'!B2*2", True),
        ("[0]!taux", True),
        ("SUM(Budget[2026])", False),
        ("SUM(Budget[[#All],[2025]:[2026]])", False),
        ("Budget[[#This Row],[2026]]+1", False),
        ('"[1]Charges!A1"&B1', False),
    ],
)
def test_un_lien_vers_un_autre_classeur_n_est_pas_une_colonne_d_annee(formule: str, ailleurs: bool) -> None:
    assert bool(inventorier(livre({"A1": f"={formule}"})).exterieures()) == ailleurs


def test_les_formules_partagees_gardent_leur_texte() -> None:
    feuille = (
        f'{ENTETE}<sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:B1" si="0">RAND()</f><v>1</v></c>'
        '<c r="B1"><f t="shared" si="0"/><v>1</v></c></row></sheetData></worksheet>'
    )
    assert inventorier(brut(feuille, CLASSEUR)).exterieures() == {lieu("A1"), lieu("B1")}
