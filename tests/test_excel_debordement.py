"""Un tableau plus long que le formulaire, de bout en bout : laissé vide, suivi de copies, ou agrandi."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur, poser_formulaire, un_gabarit_excel

from cpomdocs import generer
from cpomdocs.formulaires.verification import verifier_formulaire
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.entites.rh import Effectif

TILLEULS = Etablissement(code="TILLEULS", nom="Les Tilleuls", finess_et="010001436", commune="Ici")
METIERS = ["IDE", "ASH", "Médecin", "Psychologue", "Cadre"]
SUITE = """
[cases]
"Fiche!B1" = "etablissement.finess_et"

[[tableaux]]
feuille = "Fiche"
source = "effectifs[annee=N]"
premiere_ligne = 5
lignes = 2
colonnes = { A = "fonction" }
"""


def poser(dossier: Path, combien: int, demande: str, gabarit: bytes | None = None) -> None:
    effectifs = [
        Effectif(etablissement="TILLEULS", annee=2026, version="previsionnel", categorie="ash", fonction=m)
        for m in METIERS[:combien]
    ]
    poser_classeur(dossier, des_donnees(TILLEULS, effectifs=effectifs))
    poser_formulaire(dossier, "tper", f"{SUITE}{demande}\n", gabarit)


def colonne(fichier: Path) -> list[object]:
    """Les emplois écrits, à partir de la ligne 5."""
    page = openpyxl.load_workbook(fichier)["Fiche"]
    return [page[f"A{n}"].value for n in range(5, page.max_row + 1)]


def test_les_lignes_en_trop_continuent_dans_des_copies(tmp_path: Path) -> None:
    poser(tmp_path, 5, "suite = true")
    rapport = generer(tmp_path)
    sorties = tmp_path / "sorties/TILLEULS"
    attendus = {
        "TILLEULS_tper.xlsx": ["IDE", "ASH"],
        "TILLEULS_tper (suite 2).xlsx": ["Médecin", "Psychologue"],
        "TILLEULS_tper (suite 3).xlsx": ["Cadre"],
    }
    assert {d.cle: d.statut for d in rapport.documents} == {
        "tper/TILLEULS": "cree",
        "tper/TILLEULS/suite 2": "cree",
        "tper/TILLEULS/suite 3": "cree",
    }
    for nom, emplois in attendus.items():
        assert colonne(sorties / nom) == emplois
        assert openpyxl.load_workbook(sorties / nom)["Fiche"]["B1"].value == "010001436"
    assert [a for a in rapport.anomalies if a.code == "DM-03"] == []
    assert {d.statut for d in generer(tmp_path).documents} == {"inchange"}


def test_une_copie_devenue_inutile_est_montree_jamais_supprimee(tmp_path: Path) -> None:
    poser(tmp_path, 5, "suite = true")
    generer(tmp_path)
    poser(tmp_path, 3, "suite = true")
    statuts = {d.cle: d.statut for d in generer(tmp_path).documents}
    assert statuts["tper/TILLEULS/suite 3"] == "orphelin"
    assert statuts["tper/TILLEULS/suite 2"] == "remplace"
    assert colonne(tmp_path / "sorties/TILLEULS/TILLEULS_tper (suite 2).xlsx") == ["Médecin"]


def test_une_copie_ne_redit_pas_ce_qui_manque(tmp_path: Path) -> None:
    poser(tmp_path, 5, "suite = true")
    manque = '"Fiche!B2" = { champ = "etablissement.siret", obligatoire = true }'
    texte = SUITE.replace("[[tableaux]]", f"{manque}\n\n[[tableaux]]")
    poser_formulaire(tmp_path, "tper", f"{texte}suite = true\n")
    manques = [a for a in generer(tmp_path).anomalies if a.champ == "etablissement.siret"]
    assert len(manques) == 1


@pytest.mark.parametrize("combien", [0, 1, 2])
def test_sans_debordement_il_n_y_a_qu_un_document(tmp_path: Path, combien: int) -> None:
    poser(tmp_path, combien, "suite = true")
    assert [d.cle for d in generer(tmp_path).documents] == ["tper/TILLEULS"]


def test_les_lignes_en_trop_s_ajoutent_sous_le_tableau(tmp_path: Path) -> None:
    poser(tmp_path, 5, "ajouter = true", agrandissable())
    rapport = generer(tmp_path)
    assert [d.statut for d in rapport.documents] == ["cree"]
    assert colonne(tmp_path / "sorties/TILLEULS/TILLEULS_tper.xlsx") == METIERS
    assert verifier_formulaire(tmp_path / "gabarits/tper").defauts == []
    poser(tmp_path, 3, "ajouter = true", agrandissable())
    generer(tmp_path)
    assert colonne(tmp_path / "sorties/TILLEULS/TILLEULS_tper.xlsx") == METIERS[:3]


def agrandissable() -> bytes:
    """Deux lignes de tableau (5 et 6), rien dessous."""
    return un_gabarit_excel({"A1": "FINESS", "A4": "Emploi", "A5": "", "A6": ""})


def test_un_tableau_qui_ne_peut_pas_grandir_reste_vide_et_dit_pourquoi(tmp_path: Path) -> None:
    gabarit = un_gabarit_excel({"A1": "FINESS", "A5": "", "A6": "", "A9": "Cachet de l’autorité"})
    poser(tmp_path, 5, "ajouter = true", gabarit)
    rapport = generer(tmp_path)
    assert colonne(tmp_path / "sorties/TILLEULS/TILLEULS_tper.xlsx")[:2] == [None, None]
    [anomalie] = [a for a in rapport.anomalies if a.code == "DM-03"]
    assert "3 de trop" in anomalie.message
    assert "A9, en dessous, n’est pas vide" in anomalie.message
    [defaut] = verifier_formulaire(tmp_path / "gabarits/tper").defauts
    assert "A9, en dessous" in defaut


def test_une_case_sous_un_tableau_qui_grandit_est_un_defaut_du_formulaire(tmp_path: Path) -> None:
    poser(tmp_path, 2, "ajouter = true", agrandissable())
    texte = SUITE.replace('"Fiche!B1"', '"Fiche!C8" = "etablissement.nom"\n"Fiche!B1"')
    poser_formulaire(tmp_path, "tper", f"{texte}ajouter = true\n", agrandissable())
    assert any("Fiche!C8" in d for d in verifier_formulaire(tmp_path / "gabarits/tper").defauts)


@pytest.mark.parametrize(("suite", "ecrit"), [("", None), (", malgre_verrou = true", "Les Tilleuls")])
def test_une_cellule_verrouillee_n_est_ecrite_que_si_la_correspondance_le_dit(
    tmp_path: Path, suite: str, ecrit: str | None
) -> None:
    livre = openpyxl.load_workbook(io.BytesIO(un_gabarit_excel()))
    livre["Fiche"].protection.sheet = True
    livre["Fiche"]["C1"] = "=A1"
    tampon = io.BytesIO()
    livre.save(tampon)
    poser_classeur(tmp_path, des_donnees(TILLEULS))
    cases = "".join(f'"Fiche!{case}" = {{ champ = "etablissement.nom"{suite} }}\n' for case in ("B1", "C1"))
    repertoire = poser_formulaire(tmp_path, "verrou", f"[cases]\n{cases}", tampon.getvalue())
    generer(tmp_path)
    page = openpyxl.load_workbook(tmp_path / "sorties/TILLEULS/TILLEULS_verrou.xlsx")["Fiche"]
    assert (page["B1"].value, page["C1"].value) == (ecrit, "=A1")
    defauts = verifier_formulaire(repertoire).defauts
    assert any("C1" in d and "formule" in d for d in defauts)
    assert any("B1" in d for d in defauts) is (ecrit is None)


def test_il_faut_choisir_entre_lignes_et_copies(tmp_path: Path) -> None:
    poser(tmp_path, 2, "ajouter = true\nsuite = true")
    [defaut] = verifier_formulaire(tmp_path / "gabarits/tper").defauts
    assert "choisir entre" in defaut
