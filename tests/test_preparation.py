"""« classeur preparer » : il ajoute ce qui manque, ne touche à rien d’autre, ne propose rien deux fois."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from cpomdocs.classeur.besoins import FormulaireResume
from cpomdocs.classeur.preparation import preparer_classeur
from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.erreurs import ErreurEcriture
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.activite import Activite
from cpomdocs.modeles.entites.identite import Autorisation, Etablissement
from cpomdocs.modeles.entites.parametres import Parametres
from cpomdocs.office.archive import lire_archive

ACTIVITE = FormulaireResume(
    "annexe-activite", "Annexe activité", True, frozenset({("activite", "journees_realisees")})
)
EMPRUNTS = FormulaireResume("emprunts", "Emprunts & « dettes »", True, frozenset({("emprunts", "taux")}))


def _classeur(repertoire: Path) -> Path:
    chemin = repertoire / "classeur-maitre.xlsx"
    dossier = Dossier(
        parametres=Parametres(annee_n=2026),
        etablissements=[Etablissement(code="EHPAD1", nom="Les Tilleuls", categorie_code="500", type="EHPAD")],
        autorisations=[
            Autorisation(etablissement="EHPAD1", modalite=modalite, capacite_autorisee=10)
            for modalite in ("HP", "AJ")
        ],
        activite=[
            Activite(
                etablissement="EHPAD1", annee=2025, modalite="HP", version="reel", journees_realisees=28_000
            )
        ],
    )
    ecrire_classeur(chemin, dossier, [ACTIVITE])
    return chemin


def _preparer(chemin: Path, *formulaires: FormulaireResume) -> list[str]:
    dossier, _ = lire_classeur(chemin)
    return preparer_classeur(chemin, dossier, formulaires or [ACTIVITE])


def test_les_lignes_attendues_sont_ajoutees_sous_celles_qui_existent(tmp_path: Path) -> None:
    chemin = _classeur(tmp_path)
    faits = _preparer(chemin)
    dossier, anomalies = lire_classeur(chemin)
    cles = [(a.annee, a.modalite, a.version) for a in dossier.activite]
    assert cles[0] == (2025, "HP", "reel")
    assert dossier.activite[0].journees_realisees == 28_000
    assert (2025, "AJ", "reel") in cles
    assert (2026, "HP", "previsionnel") in cles
    assert len(set(cles)) == len(cles)
    assert not [a for a in anomalies if a.gravite == "bloquante"]
    assert any(fait.startswith("Activité : ") for fait in faits)
    assert not dossier.lignes_attendues()


def test_une_seconde_preparation_ne_change_pas_un_octet(tmp_path: Path) -> None:
    chemin = _classeur(tmp_path)
    _preparer(chemin)
    octets = chemin.read_bytes()
    assert _preparer(chemin) == []
    assert chemin.read_bytes() == octets


def test_ce_que_la_personne_a_ajoute_reste_tel_quel(tmp_path: Path) -> None:
    chemin = _classeur(tmp_path)
    livre = openpyxl.load_workbook(chemin)
    page = livre.create_sheet("Mes notes")
    page["B2"] = "à ne pas perdre"
    livre["Activité"]["AK6"] = "note à côté du tableau"
    livre["Activité"]["AK7"] = "=1+1"
    livre.save(chemin)
    avant = lire_archive(chemin)
    _preparer(chemin)
    apres = lire_archive(chemin)
    assert apres.noms == avant.noms
    changees = {nom for nom in avant.noms if avant.brut(nom) != apres.brut(nom)}
    assert all(nom.startswith(("xl/worksheets/sheet", "xl/tables/")) for nom in changees)
    relu = openpyxl.load_workbook(chemin)
    assert relu["Mes notes"]["B2"].value == "à ne pas perdre"
    assert relu["Activité"]["AK6"].value == "note à côté du tableau"
    assert relu["Activité"]["AK7"].value == "=1+1"


def test_une_copie_du_classeur_est_gardee(tmp_path: Path) -> None:
    chemin = _classeur(tmp_path)
    octets = chemin.read_bytes()
    _preparer(chemin)
    (copie,) = (tmp_path / ".cpomdocs" / "sauvegardes").iterdir()
    assert copie.read_bytes() == octets


@pytest.mark.parametrize("verrou", ["~$classeur-maitre.xlsx", ".~lock.classeur-maitre.xlsx#"])
def test_un_classeur_ouvert_n_est_pas_touche(tmp_path: Path, verrou: str) -> None:
    chemin = _classeur(tmp_path)
    dossier, _ = lire_classeur(chemin)
    octets = chemin.read_bytes()
    (tmp_path / verrou).write_bytes(b"")
    with pytest.raises(ErreurEcriture, match="est ouvert"):
        preparer_classeur(chemin, dossier, [ACTIVITE])
    assert chemin.read_bytes() == octets


def test_un_formulaire_nouveau_entre_dans_parametres_et_colore_sa_feuille(tmp_path: Path) -> None:
    chemin = _classeur(tmp_path)
    avant = openpyxl.load_workbook(chemin)["Emprunts"].sheet_properties.tabColor.rgb
    faits = _preparer(chemin, ACTIVITE, EMPRUNTS)
    assert "Paramètres : formulaires ajoutés : emprunts" in faits
    livre = openpyxl.load_workbook(chemin, data_only=True)
    page = livre["Emprunts"]
    marques = dict(zip((c.value for c in page[5]), (c.value for c in page[4]), strict=True))
    assert marques["Taux d’intérêt"] == "● emprunts"
    assert page["A3"].value == "Demandée par : ● emprunts"
    assert page.sheet_properties.tabColor.rgb != avant
    dossier, _ = lire_classeur(chemin)
    assert [(f.nom, f.libelle, f.a_remettre) for f in dossier.formulaires][-1] == (
        "emprunts",
        "Emprunts & « dettes »",
        True,
    )


def test_la_reponse_de_la_personne_l_emporte(tmp_path: Path) -> None:
    chemin = _classeur(tmp_path)
    livre = openpyxl.load_workbook(chemin)
    page = livre["Paramètres"]
    (ligne,) = (c.row for c in page["F"] if c.value == "annexe-activite")
    page[f"H{ligne}"] = "non"
    livre.save(chemin)
    _preparer(chemin)
    dossier, _ = lire_classeur(chemin)
    assert [(f.nom, f.a_remettre) for f in dossier.formulaires] == [("annexe-activite", False)]
    assert openpyxl.load_workbook(chemin, data_only=True)["Activité"]["A3"].value.startswith(
        "Feuille facultative"
    )


def test_le_tableau_s_agrandit_quand_les_lignes_le_depassent(tmp_path: Path) -> None:
    chemin = _classeur(tmp_path)
    livre = openpyxl.load_workbook(chemin)
    page = livre["Activité"]
    for numero in range(7, 306):
        for colonne, valeur in zip("ABCD", ("EHPAD1", 1901 + (numero - 7) % 90, "HT", "Réel"), strict=True):
            page[f"{colonne}{numero}"] = valeur
    livre.save(chemin)
    _preparer(chemin)
    dossier, _ = lire_classeur(chemin)
    derniere = 5 + len(dossier.activite)
    relue = openpyxl.load_workbook(chemin)["Activité"].tables["T_activite"]
    assert derniere > 305
    assert relue.ref.endswith(str(derniere))
    assert relue.autoFilter.ref == relue.ref


def test_les_colonnes_deplacees_recoivent_chacune_leur_cle(tmp_path: Path) -> None:
    chemin = tmp_path / "classeur.xlsx"
    livre = openpyxl.Workbook()
    page = livre.active
    page.title = "Paramètres"
    page.append(["Rubrique", "Valeur"])
    page.append(["Année N", 2026])
    page = livre.create_sheet("Établissements")
    page.append(["Nom", "Code"])
    page.append(["Les Tilleuls", "A"])
    page = livre.create_sheet("Qualité")
    page.append(["Ma colonne", "Source", "Établissement", *["Livret d’accueil"] * 0])
    livre.save(chemin)
    assert "Qualité : 1 ligne ajoutée" in _preparer(chemin)
    relue = openpyxl.load_workbook(chemin)["Qualité"]
    assert [c.value for c in relue[2]] == [None, None, "A"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice n’est pas installé")
def test_un_classeur_enregistre_par_libreoffice_se_lit_et_se_prepare_de_meme(tmp_path: Path) -> None:
    chemin = _classeur(tmp_path)
    livre = openpyxl.load_workbook(chemin)
    livre["Paramètres"]["H6"] = "non"
    livre.save(chemin)
    sortie = tmp_path / "lo"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profil",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(sortie),
            str(chemin),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    reenregistre = sortie / chemin.name
    attendu, _ = lire_classeur(chemin)
    relu, anomalies = lire_classeur(reenregistre)
    assert relu.model_dump() == attendu.model_dump()
    assert not anomalies
    page = openpyxl.load_workbook(reenregistre, data_only=True)["Activité"]
    assert page["A3"].value.startswith(
        "Feuille facultative"
    )  # les marques suivent la réponse, sans ce programme
    lignes = [fait for fait in _preparer(reenregistre) if "ajoutée" in fait]
    assert lignes == [fait for fait in _preparer(chemin) if "ajoutée" in fait]
    assert lire_classeur(reenregistre)[0].model_dump() == lire_classeur(chemin)[0].model_dump()
    assert _preparer(reenregistre) == []
