"""Les gabarits Word d’exemple : fabriqués à l’identique, fictifs et le disant, correspondances complètes."""

from __future__ import annotations

import datetime
import io
import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from cpomdocs.formulaires.catalogue import charger_formulaire
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.plan import planifier
from cpomdocs.remplissage.moteurs import remplir
from outils.gabarits.word.__main__ import FABRIQUES, RACINE
from outils.gabarits.word.verification import defauts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _parties(fichier: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(fichier) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist() if not nom.endswith(".png")}


def _gabarit(nom: str) -> Path:
    return next((RACINE / nom).glob("*.docx"))


@pytest.mark.parametrize("nom", [nom for nom in FABRIQUES if not nom.startswith("methode-")])
def test_chaque_gabarit_d_autorite_dit_qu_il_est_fictif(nom: str) -> None:
    en_tetes = [
        octets for partie, octets in _parties(_gabarit(nom)).items() if partie.startswith("word/header")
    ]
    assert en_tetes
    for octets in en_tetes:
        texte = "".join(etree.fromstring(octets).itertext()).replace("\u00a0", " ")
        assert "Exemple fictif, à la manière" in texte
        assert "ce n’est pas un document officiel" in texte


@pytest.mark.parametrize("nom", list(FABRIQUES))
def test_chaque_correspondance_est_juste_et_complete(nom: str) -> None:
    assert list(defauts(RACINE / nom)) == []


def test_un_oubli_et_une_case_reservee_sont_vus(tmp_path: Path) -> None:
    copie = Path(shutil.copytree(RACINE / "trame-diagnostic", tmp_path / "trame"))
    correspondance = copie / "correspondance.toml"
    texte = correspondance.read_text(encoding="utf-8")
    assert '"tableau:2!B6"' in texte
    correspondance.write_text(texte.replace('"tableau:2!B6"', '"tableau:2!C6"'), encoding="utf-8")
    trouves = list(defauts(copie))
    assert any("réservée" in defaut for defaut in trouves)
    assert any("oubliée" in defaut for defaut in trouves)


def test_la_fiche_est_protegee_sauf_sa_deuxieme_section() -> None:
    document = Document(str(_gabarit("fiche-signaletique")))
    protection = document.settings.element.find(f"{W}documentProtection")
    assert protection.get(f"{W}edit") == "forms"
    assert protection.get(f"{W}enforcement") == "1"
    ouvertes = [section._sectPr.find(f"{W}formProt") is not None for section in document.sections]
    assert ouvertes == [False, True, False]


@pytest.fixture(scope="module")
def fiche_remplie() -> dict[str, bytes]:
    dossier = Dossier.model_validate(
        {
            "parametres": {"annee_n": 2026, "date_reference": "2026-03-31"},
            "gestionnaire": {"raison_sociale": "Association Essai", "siege_autorise": False},
            "etablissements": [
                {
                    "code": "E1",
                    "nom": "EHPAD de l’Étang & Fils",
                    "finess_et": "010001436",
                    "categorie_code": "500",
                    "date_ouverture": datetime.date(1998, 9, 1),
                }
            ],
            "autorisations": [
                {"etablissement": "E1", "modalite": m, "capacite_autorisee": n}
                for m, n in (("HP", 80), ("AJ", 6))
            ],
        }
    )
    formulaire = charger_formulaire(RACINE / "fiche-signaletique")
    (prevu,) = planifier(dossier, [formulaire])
    rempli = remplir(formulaire.gabarit, prevu.saisies, prevu.contexte)
    assert rempli.refus == ()
    with zipfile.ZipFile(io.BytesIO(rempli.octets)) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def _controles(octets: bytes, balise: str) -> list[str]:
    racine = etree.fromstring(octets)
    return [
        "".join(sdt.find(f"{W}sdtContent").itertext())
        for sdt in racine.iter(f"{W}sdt")
        if sdt.find(f"{W}sdtPr/{W}tag").get(f"{W}val") == balise
    ]


def test_le_nom_remplit_la_cellule_et_l_en_tete_lie(fiche_remplie: dict[str, bytes]) -> None:
    assert _controles(fiche_remplie["word/document.xml"], "etab_nom") == ["EHPAD de l’Étang & Fils"]
    en_tetes = [o for nom, o in fiche_remplie.items() if nom.startswith("word/header")]
    assert ["EHPAD de l’Étang & Fils"] in [_controles(octets, "entete_nom") for octets in en_tetes]
    assert "EHPAD de l’Étang &amp; Fils" in fiche_remplie["customXml/item2.xml"].decode()


def test_la_zone_de_texte_garde_le_zero_du_finess_dans_ses_deux_copies(
    fiche_remplie: dict[str, bytes],
) -> None:
    assert _controles(fiche_remplie["word/document.xml"], "cadre_finess") == ["010001436", "010001436"]


def test_date_liste_et_cases_prennent_la_forme_du_formulaire(fiche_remplie: dict[str, bytes]) -> None:
    corps = fiche_remplie["word/document.xml"]
    assert _controles(corps, "etab_ouverture") == ["01/09/1998"]
    assert _controles(corps, "etab_categorie") == ["EHPAD (500)"]
    assert _controles(corps, "attest_date") == ["31 mars 2026"]
    assert _controles(corps, "siege_oui") == ["☐"]
    assert _controles(corps, "siege_non") == ["☒"]


def test_les_zones_reservees_restent_vides(fiche_remplie: dict[str, bytes]) -> None:
    corps = fiche_remplie["word/document.xml"]
    assert _controles(corps, "reserve_recu") == ["Choisir une date"]
    assert _controles(corps, "reserve_avis") == ["Choisir un élément"]


def test_le_tableau_des_capacites_et_son_total(fiche_remplie: dict[str, bytes], tmp_path: Path) -> None:
    fichier = tmp_path / "fiche.docx"
    with zipfile.ZipFile(fichier, "w") as archive:
        for nom, octets in fiche_remplie.items():
            archive.writestr(nom, octets)
    table = Document(str(fichier)).tables[4]
    lignes = [[case.text for case in ligne.cells] for ligne in table.rows]
    assert lignes[2][0] == "Hébergement permanent"
    assert lignes[3][0] == "Accueil de jour"
    assert [lignes[2][4], lignes[3][4], lignes[8][4]] == ["80", "6", "86"]
