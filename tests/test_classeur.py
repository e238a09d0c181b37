"""Le classeur maître écrit d’après les modèles : aller et retour des données, présentation, déterminisme."""

from __future__ import annotations

import datetime
import io
import string
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from cpomdocs.classeur.besoins import FormulaireResume
from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.erreurs import ErreurEcriture
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles.base import InfoChamp, cles, infos
from cpomdocs.modeles.dossier import FICHES, ORDRE_DES_FEUILLES, SAISIES, Dossier
from cpomdocs.modeles.entites.activite import Activite
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.entites.parametres import Parametres
from cpomdocs.nomenclatures import nomenclature

ACTIVITE = FormulaireResume(
    "annexe-activite",
    "Annexe activité",
    True,
    frozenset({("activite", "journees_realisees"), ("gestionnaire", "finess_ej")}),
)
TPER = FormulaireResume("tper", "Effectifs", False, frozenset({("effectifs", "etp_budgetes")}))

CODES = ("EHPAD1", "IME", "É 3")
_SANS_OBJET = {"so", "s.o.", "sans objet"}
TEXTES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp", "Zs")) | st.sampled_from(" \n’«»"),
    min_size=1,
    max_size=40,
).filter(lambda t: t == t.strip() and t.casefold() not in _SANS_OBJET and any(c.isalnum() for c in t))
NUMEROS = {"finess": 9, "siren": 9, "siret": 14, "code_postal": 5}
NATURES: dict[str, st.SearchStrategy[Any]] = {
    "entier": st.integers(-(10**9), 10**9),
    "decimal": st.decimals(-(10**6), 10**6, places=3),
    "montant": st.decimals(-(10**9), 10**9, places=2),
    "taux": st.decimals("-1.5", "1.5", places=4),
    "date": st.dates(datetime.date(1900, 3, 1), datetime.date(2150, 1, 1)),
    "booleen": st.booleans(),
    "annee": st.integers(1900, 2100),
}


def _valeurs(info: InfoChamp) -> st.SearchStrategy[Any]:
    if info.liste:
        return st.sampled_from(list(nomenclature(info.liste)))
    if info.reference or info.nom == "code":
        return st.sampled_from(CODES)
    longueur = next((n for mot, n in NUMEROS.items() if info.nom.startswith(mot)), None)
    if longueur:
        return st.text(string.digits, min_size=longueur, max_size=longueur)
    if {"tel", "telephone"} & set(info.nom.split("_")):
        return st.just("01 02 03 04 05")
    return NATURES.get(info.nature.nom, TEXTES)


@st.composite
def _lignes(tirer: st.DrawFn, modele: type[Any]) -> Any:
    valeurs: dict[str, Any] = {}
    sans_objet = set()
    for info in infos(modele).values():
        if info.calcule:
            continue
        tirage = tirer(st.integers(0, 9))
        if (info.cle and info.obligatoire) or tirage < 4:
            valeurs[info.nom] = tirer(_valeurs(info))
        elif tirage == 9 and not info.cle:
            sans_objet.add(info.nom)
    if not valeurs and not sans_objet:
        premier = next(info for info in infos(modele).values() if info.nature.nom == "texte")
        valeurs[premier.nom] = tirer(_valeurs(premier))
    return modele(**valeurs, sans_objet=frozenset(sans_objet))


@st.composite
def _dossiers(tirer: st.DrawFn) -> Dossier:
    fiches = {nom: tirer(_lignes(modele)) for nom, modele in FICHES.items()}
    collections = tirer(st.lists(st.sampled_from(list(SAISIES)), max_size=4, unique=True))
    listes = {nom: tirer(st.lists(_lignes(SAISIES[nom]), min_size=1, max_size=3)) for nom in collections}
    return Dossier(**fiches, **listes)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(dossier=_dossiers())
def test_ce_qui_est_ecrit_se_relit(tmp_path_factory: pytest.TempPathFactory, dossier: Dossier) -> None:
    chemin = tmp_path_factory.mktemp("aller") / "classeur.xlsx"
    ecrire_classeur(chemin, dossier, [])
    relu, anomalies = lire_classeur(chemin)
    assert relu.model_dump() == dossier.model_dump()
    assert {a.code for a in anomalies} <= {"LC-10", "LC-11", "LC-12", "LC-14"}


def _ecrire(dossier: Dossier | None = None, *formulaires: FormulaireResume) -> bytes:
    flux = io.BytesIO()
    ecrire_classeur(flux, dossier, formulaires)
    return flux.getvalue()


def _feuille(octets: bytes, nom: str) -> Worksheet:
    page = openpyxl.load_workbook(io.BytesIO(octets))[nom]
    assert isinstance(page, Worksheet)
    return page


def test_memes_donnees_memes_octets() -> None:
    dossier = Dossier(parametres=Parametres(annee_n=2026), etablissements=[Etablissement(code="A", nom="B")])
    assert _ecrire(dossier, ACTIVITE) == _ecrire(dossier, ACTIVITE)


def test_une_feuille_par_entite_dans_l_ordre_du_travail() -> None:
    noms = openpyxl.load_workbook(io.BytesIO(_ecrire())).sheetnames
    attendus = [(FICHES.get(c) or SAISIES[c]).feuille for c in ORDRE_DES_FEUILLES]
    assert noms[0] == "Mode d’emploi"
    assert (noms[1], noms[-1]) == ("Contrôle", "Listes")
    assert noms[2:-1] == list(dict.fromkeys(f.nom for f in attendus if f))


def test_chaque_liste_a_son_tableau_ses_entetes_ses_notes_et_ses_volets() -> None:
    page = _feuille(_ecrire(), "Activité")
    tableau = page.tables["T_activite"]
    libelles = [info.libelle for info in infos(Activite).values() if not info.calcule]
    entetes = [cellule.value for cellule in page[5]]
    assert entetes == libelles
    assert tableau.ref == f"A5:{page.cell(5, len(libelles)).column_letter}305"
    assert page.freeze_panes == "D6"
    assert "Exemple : 365" in str(page["E5"].comment.text)
    assert "Unité : jours" in str(page["E5"].comment.text)
    assert page["E5"].number_format == '@" *"'  # obligatoire, sans changer le libellé
    assert page["F5"].number_format == "@"


def test_les_listes_deroulantes_menent_a_la_feuille_cachee_et_aux_codes_tapes() -> None:
    octets = _ecrire()
    livre = openpyxl.load_workbook(io.BytesIO(octets))
    page = livre["Activité"]
    sources = {str(v.sqref): v.formula1 for v in page.data_validations.dataValidation if v.type == "list"}
    assert sources["A6:A5006"] == "Codes_etablissements"
    assert sources["B6:B5006"] == "Annees"
    assert sources["C6:C5006"] == "Liste_modalites"
    assert livre["Listes"].sheet_state == "hidden"
    assert "Établissements" in livre.defined_names["Codes_etablissements"].attr_text


def test_les_formats_gardent_les_zeros_et_disent_l_unite() -> None:
    page = _feuille(
        _ecrire(Dossier(etablissements=[Etablissement(code="01", finess_et="010000027")])), "Établissements"
    )
    ligne = {page.cell(5, c.column).value: c for c in page[6] if c.value is not None}
    assert ligne["FINESS établissement"].value == "010000027"
    assert ligne["FINESS établissement"].number_format == "@"
    assert page["A6"].data_type == "s"


def test_ce_que_les_formulaires_choisis_demandent_se_voit() -> None:
    livre = openpyxl.load_workbook(io.BytesIO(_ecrire(None, ACTIVITE, TPER)), data_only=True)
    page = livre["Activité"]
    marques = dict(zip((c.value for c in page[5]), (c.value for c in page[4]), strict=True))
    assert marques["Journées réalisées"] == "● annexe-activite"
    assert marques["Établissement"] == "● clé"
    assert marques["Liste d’attente"] == "facultatif"
    assert page["A3"].value == "Demandée par : ● annexe-activite"
    assert "facultative" in livre["Effectifs"]["A3"].value.lower()
    assert page.sheet_properties.tabColor.rgb != livre["Effectifs"].sheet_properties.tabColor.rgb


def test_la_premiere_feuille_explique_en_dix_lignes_et_mene_partout() -> None:
    livre = openpyxl.load_workbook(io.BytesIO(_ecrire(None, ACTIVITE)))
    page = livre["Mode d’emploi"]
    numeros = [str(c.value).split(".")[0] for c in page["B"] if c.value and str(c.value)[0].isdigit()]
    assert numeros == [str(n) for n in range(1, 11)]
    cibles = {c.hyperlink.location for ligne in page.iter_rows() for c in ligne if c.hyperlink}
    assert {f"'{nom}'!A1" for nom in livre.sheetnames[2:-1]} == cibles
    assert page.protection.sheet
    assert not livre["Activité"].protection.sheet


def test_les_formulaires_du_dossier_gardent_la_reponse_de_la_personne(tmp_path: Path) -> None:
    chemin = tmp_path / "c.xlsx"
    ecrire_classeur(chemin, None, [ACTIVITE, TPER])
    dossier, _ = lire_classeur(chemin)
    assert [(f.nom, f.a_remettre) for f in dossier.formulaires] == [
        ("annexe-activite", True),
        ("tper", False),
    ]


def test_un_texte_trop_long_pour_une_cellule_est_refuse(tmp_path: Path) -> None:
    with pytest.raises(ErreurEcriture, match="32767"):
        ecrire_classeur(tmp_path / "c.xlsx", Dossier(etablissements=[Etablissement(code="x" * 40_000)]), [])


def test_un_repertoire_absent_est_refuse_en_une_phrase(tmp_path: Path) -> None:
    with pytest.raises(ErreurEcriture):
        ecrire_classeur(tmp_path / "absent" / "c.xlsx", None, [])


def test_aucun_texte_ne_devient_une_formule() -> None:
    dossier = Dossier(etablissements=[Etablissement(code="=1+1", nom='=HYPERLINK("http://x.invalid")')])
    octets = _ecrire(dossier)
    page = _feuille(octets, "Établissements")
    assert [page["A6"].data_type, page["B6"].data_type] == ["s", "s"]
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert b"HYPERLINK" not in archive.read("xl/worksheets/sheet4.xml")


def test_un_montant_garde_ses_centimes(tmp_path: Path) -> None:
    compte = SAISIES["comptes"](
        etablissement="A", annee=2025, version="reel", compte="6411", montant=Decimal("742692.26")
    )
    chemin = tmp_path / "c.xlsx"
    ecrire_classeur(chemin, Dossier(comptes=[compte]), [])
    assert _feuille(chemin.read_bytes(), "Comptes")["G6"].value == 742692.26
    assert str(lire_classeur(chemin)[0].comptes[0].montant) == "742692.26"
    assert cles(SAISIES["comptes"])[0] == "etablissement"
