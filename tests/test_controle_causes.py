"""Une cause, une anomalie : le contrôle dit une fois ce qui est faux, et ce qui en dépend."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur, poser_formulaire
from rich.console import Console

from cpomdocs import Anomalie, Rapport, generer
from cpomdocs.modeles.entites.activite import Activite
from cpomdocs.modeles.entites.identite import Autorisation, Etablissement
from cpomdocs.rapport import Source
from cpomdocs.terminal.affichage import montrer_anomalies

CASES = """
[cases]
"Fiche!B1" = { champ = "etablissement.places_habilitees", obligatoire = true }
"Fiche!B2" = "etablissement.nom"
[[grilles]]
feuille = "Fiche"
champ = "activite"
lignes = { modalite = { 5 = "HP", 6 = "HT" } }
colonnes = { annee = { C = "N", D = "N" }, champ = { C = "jours_ouverture", D = "capacite_financee" } }
"""


def une_activite(code: str, modalite: str) -> Activite:
    return Activite(
        etablissement=code, annee=2026, modalite=modalite, version="previsionnel", jours_ouverture=365,
        capacite_financee=10,
    )  # fmt: skip


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    tilleuls = Etablissement(code="TILLEULS", nom="Les Tilleuls", type="EHPAD", places_habilitees=4)
    activite = [une_activite("TILLEULS", "HP"), une_activite("TILLEULS", "HT")]
    autorisations = [
        Autorisation(etablissement="TILLEULS", modalite=m, capacite_financee=10) for m in ("HP", "HT")
    ]
    poser_classeur(tmp_path, des_donnees(tilleuls, activite=activite, autorisations=autorisations))
    for nom in ("premier", "second"):
        poser_formulaire(tmp_path, nom, CASES)
    return tmp_path


def retoucher(dossier: Path, feuille: str, entete: str, valeur: Any, ligne: int = 1) -> str:
    """Écrit sous cet en-tête (`ligne` 0 : l’en-tête lui-même) ; rend l’adresse touchée."""
    chemin = dossier / "classeur-maitre.xlsx"
    livre = openpyxl.load_workbook(chemin)
    page = livre[feuille]
    cellule = next(c for rangee in page.iter_rows(max_row=12) for c in rangee if c.value == entete)
    cible = cellule.offset(row=ligne)
    cible.value = valeur
    livre.save(chemin)
    return str(cible.coordinate)


def lieux(rapport: Rapport) -> list[tuple[str, str]]:
    """Le code et la première cellule de chaque anomalie de lecture ou de donnée manquante."""
    return [
        (a.code, f"{a.sources[0].feuille}!{a.sources[0].cellule}")
        for a in rapport.anomalies
        if a.code.startswith(("LC", "DM"))
    ]


def test_sans_faute_rien_a_dire(dossier: Path) -> None:
    assert lieux(generer(dossier)) == []


def test_une_valeur_incomprise_n_est_pas_redite_par_chaque_formulaire(dossier: Path) -> None:
    adresse = retoucher(dossier, "Établissements", "Places habilitées", "beaucoup")
    rapport = generer(dossier)
    assert lieux(rapport) == [("LC-05", f"Établissements!{adresse}")]
    (faute,) = (a for a in rapport.anomalies if a.code == "LC-05")
    assert faute.gravite == "bloquante" and "premier, second" in faute.message
    assert all(d.cases_manquantes == 1 for d in rapport.documents)


def test_une_feuille_renommee_est_une_seule_anomalie(dossier: Path) -> None:
    livre = openpyxl.load_workbook(dossier / "classeur-maitre.xlsx")
    livre["Activité"].title = "Activite 2026"
    livre.save(dossier / "classeur-maitre.xlsx")
    (faute,) = (a for a in generer(dossier).anomalies if a.code.startswith(("LC", "DM")))
    assert faute.code == "LC-01" and "Activite 2026" in str(faute.remede)
    assert "premier, second" in faute.message


def test_une_colonne_renommee_bloque_si_une_donnee_obligatoire_en_vient(dossier: Path) -> None:
    retoucher(dossier, "Établissements", "Places habilitées", "Places habilitees AS", ligne=0)
    (faute,) = (a for a in generer(dossier).anomalies if a.code.startswith(("LC", "DM")))
    assert (faute.code, faute.gravite) == ("LC-03", "bloquante")


def test_une_ligne_absente_est_nommee_une_fois_par_formulaire(dossier: Path) -> None:
    retoucher(dossier, "Activité", "Modalité d’accueil", "AJ – Accueil de jour", ligne=2)
    absentes = [a for a in generer(dossier).anomalies if a.code == "DM-01"]
    assert {a.formulaire for a in absentes} == {"premier", "second"} and len(absentes) == 2
    assert "Hébergement temporaire" in absentes[0].message and "2026" in absentes[0].message
    assert "Jours d’ouverture" in absentes[0].message and "Capacité financée" in absentes[0].message


def test_un_code_inconnu_est_dit_une_fois_pour_toutes_ses_lignes(dossier: Path) -> None:
    retoucher(dossier, "Activité", "Établissement", "TILEULS", ligne=1)
    retoucher(dossier, "Activité", "Établissement", "TILEULS", ligne=2)
    (inconnu,) = (a for a in generer(dossier).anomalies if a.code == "LC-11")
    assert "2 lignes" in inconnu.message and "TILLEULS" in str(inconnu.remede)
    assert len(inconnu.sources) == 2


@pytest.mark.parametrize(("valeur", "code"), [(None, "DM-01"), ("deux mille", "LC-05")])
def test_l_annee_n_absente_ne_fait_pas_mille_anomalies(dossier: Path, valeur: Any, code: str) -> None:
    livre = openpyxl.load_workbook(dossier / "classeur-maitre.xlsx")
    page = livre["Paramètres"]
    page["B6"] = valeur
    livre.save(dossier / "classeur-maitre.xlsx")
    assert page["A6"].value == "Année N"
    assert set(lieux(generer(dossier))) == {(code, "Paramètres!B6")}


def test_l_ecran_dit_la_cellule_sans_couper_un_nombre(dossier: Path) -> None:
    longue = Anomalie(
        code="FI-02",
        gravite="bloquante",
        etablissement="TILLEULS",
        message="Dotations, TILLEULS : " + "1\u00a0384\u00a0000,00\u00a0€ notifiés, puis " * 5 + "fin : ici.",
        remede="Corriger.",
        sources=(Source(feuille="Dotations", cellule="I33"),),
    )
    tampon = io.StringIO()
    montrer_anomalies(Console(file=tampon, width=60), Rapport(anomalies=[longue]).conclure())
    lignes = tampon.getvalue().splitlines()
    assert "Où\u00a0: Dotations, cellule I33." in tampon.getvalue()
    assert all(len(ligne) <= 60 for ligne in lignes)
    assert not [ligne for ligne in lignes if ligne.strip().startswith((":", "»", "000"))]
    assert "TILLEULS : Dotations" not in tampon.getvalue()
