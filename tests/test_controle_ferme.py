"""« controler --dans-le-classeur » : une seule feuille change, le reste garde ses octets."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur, poser_formulaire

from cpomdocs.cli import executer
from cpomdocs.modeles.entites.identite import Etablissement

CASES = """
[cases]
"Fiche!B1" = { champ = "etablissement.finess_et", obligatoire = true }
"Fiche!B2" = "etablissement.nom"
"""


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    poser_classeur(tmp_path, des_donnees(Etablissement(code="A", nom="Les Chênes")))
    poser_formulaire(tmp_path, "fiche", CASES)
    return tmp_path


def parties(chemin: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(chemin) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def lignes(chemin: Path) -> list[list[object]]:
    page = openpyxl.load_workbook(chemin)["Contrôle"]
    return [[c.value for c in ligne if c.value not in (None, "", '=""')] for ligne in page.iter_rows()]


def test_seule_la_feuille_de_controle_change(dossier: Path) -> None:
    chemin = dossier / "classeur-maitre.xlsx"
    avant = parties(chemin)
    executer(["controler", str(dossier), "--dans-le-classeur"])
    apres = parties(chemin)
    changees = [nom for nom in avant if avant[nom] != apres[nom]]
    assert avant.keys() == apres.keys() and changees == ["xl/worksheets/sheet2.xml"]
    (manquante,) = [ligne for ligne in lignes(chemin) if "DM-01" in ligne]
    assert any(str(v).startswith("=HYPERLINK(\"#'Établissements'!") for v in manquante)
    assert ["A", 0.5] in lignes(chemin)
    copies = list((dossier / ".cpomdocs" / "sauvegardes").iterdir())
    assert [parties(copie) for copie in copies] == [avant]


def test_un_second_controle_remplace_le_premier(dossier: Path) -> None:
    chemin = dossier / "classeur-maitre.xlsx"
    executer(["controler", str(dossier), "--dans-le-classeur"])
    livre = openpyxl.load_workbook(chemin)
    page = livre["Établissements"]
    colonne = next(c.column for c in page[5] if c.value == "FINESS établissement")
    page.cell(6, colonne).value = "010001436"
    livre.save(chemin)
    executer(["controler", str(dossier), "--dans-le-classeur"])
    vues = lignes(chemin)
    assert not any("DM-01" in ligne for ligne in vues) and ["A", 1] in vues
    page = openpyxl.load_workbook(chemin)["Contrôle"]
    formules = [c for ligne in page.iter_rows() for c in ligne if c.data_type == "f"]
    assert all(str(c.value).startswith(("=HYPERLINK(", '="')) for c in formules)


def test_un_classeur_ouvert_ou_sans_cette_feuille_n_est_pas_touche(
    dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chemin = dossier / "classeur-maitre.xlsx"
    avant = chemin.read_bytes()
    verrou = chemin.with_name("~$classeur-maitre.xlsx")
    verrou.write_bytes(b"")
    assert executer(["controler", str(dossier), "--dans-le-classeur"]) == 2
    assert "ouvert" in capsys.readouterr().err and chemin.read_bytes() == avant
    verrou.unlink()
    livre = openpyxl.load_workbook(chemin)
    del livre["Contrôle"]
    livre.save(chemin)
    avant = chemin.read_bytes()
    assert executer(["controler", str(dossier), "--dans-le-classeur"]) == 2
    assert "mettre-a-niveau" in capsys.readouterr().err and chemin.read_bytes() == avant
