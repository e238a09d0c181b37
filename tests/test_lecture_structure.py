"""Ce que les gens font d’un classeur : déplacer, renommer, ajouter, doubler ; et ce que la lecture en dit."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from classeurs import CLES_ACTIVITE, ETABLISSEMENTS, celles, cellules, lire, un_classeur

from cpomdocs.lecture import lire_classeur

ACTIVITE = [*CLES_ACTIVITE, "Journées réalisées"]


def test_colonnes_deplacees_lignes_vides_et_colonnes_ajoutees_ne_genent_pas(tmp_path: Path) -> None:
    feuille = [
        [],
        ["Mon titre à moi"],
        [
            None,
            "Journées réalisées",
            "Ma remarque",
            "Version",
            "Année",
            "Établissement",
            "Modalité d’accueil",
        ],
        [],
        [None, 28100, "à revoir", "Réel", 2025, "EHPAD1", "HP"],
        [None, None, None, "  "],
        [None, "27 500", None, "reel", "2024", " ehpad1 ", "HP"],
    ]
    dossier, anomalies = lire(tmp_path, {"Activité": feuille})
    assert [(a.etablissement, a.annee, a.journees_realisees) for a in dossier.activite] == [
        ("EHPAD1", 2025, 28100),
        ("EHPAD1", 2024, 27500),
    ]
    assert not [a for a in anomalies if a.gravite == "bloquante" and "Activité" in a.message]
    source = dossier.activite[1].sources("journees_realisees")[0]
    assert (source.feuille, source.cellule) == ("Activité", "B7")


def test_une_cellule_vide_sait_ou_elle_est(tmp_path: Path) -> None:
    dossier, _ = lire(tmp_path, {"Activité": [ACTIVITE, ["EHPAD1", 2025, "HP", "Réel"]]})
    ligne = dossier.activite[0]
    assert [s.cellule for s in ligne.manques("journees_realisees")] == ["E2"]
    assert [s.cellule for s in ligne.sources("journees_prevues")] == ["A1"]  # colonne absente : ses en-têtes


def test_une_ligne_a_venir_sait_ou_se_taper(tmp_path: Path) -> None:
    dossier, _ = lire(tmp_path, {"Activité": [ACTIVITE, ["EHPAD1", 2025, "HP", "Réel", 1], []]})
    assert [s.cellule for s in dossier.emplacement("activite", "journees_realisees")] == ["E3"]
    assert [s.feuille for s in dossier.emplacement("bilan", "montant")] == ["Bilan"]


@pytest.mark.parametrize("nom", ["ACTIVITE", "activité", " Activité "])
def test_une_feuille_se_reconnait_a_la_casse_et_aux_accents_pres(tmp_path: Path, nom: str) -> None:
    dossier, anomalies = lire(tmp_path, {nom: [ACTIVITE, ["EHPAD1", 2025, "HP", "Réel", 1]]})
    assert len(dossier.activite) == 1
    assert dossier.activite[0].sources("annee")[0].feuille == nom
    assert not [a for a in celles(anomalies, "LC-01") if a.champ == "activite"]


@pytest.mark.parametrize(
    "entete",
    ["Journées réalisées *", "JOURNEES REALISEES", "Journées\u00a0réalisées ", "journées  réalisées"],
)
def test_un_entete_se_reconnait_a_la_presentation_pres(tmp_path: Path, entete: str) -> None:
    dossier, _ = lire(tmp_path, {"Activité": [[*CLES_ACTIVITE, entete], ["EHPAD1", 2025, "HP", "Réel", 7]]})
    assert dossier.activite[0].journees_realisees == 7


def test_deux_entetes_qui_ne_different_que_par_leur_signe_restent_deux(tmp_path: Path) -> None:
    entetes = [*CLES_ACTIVITE, "Absences ≥ 72 h", "Absences < 72 h"]
    dossier, _ = lire(tmp_path, {"Activité": [entetes, ["EHPAD1", 2025, "HP", "Réel", 3, 4]]})
    assert (dossier.activite[0].absences_ge72h, dossier.activite[0].absences_lt72h) == (3, 4)


def test_une_feuille_renommee_est_nommee_avec_la_plus_proche(tmp_path: Path) -> None:
    dossier, anomalies = lire(tmp_path, {"Activités 2026": [ACTIVITE, ["EHPAD1", 2025, "HP", "Réel", 1]]})
    (anomalie,) = [a for a in celles(anomalies, "LC-01") if a.champ == "activite"]
    assert not dossier.activite
    assert anomalie.gravite == "avertissement"
    assert "« Activité »" in anomalie.message
    assert "« Activités 2026 »" in anomalie.message
    assert "Renommer" in (anomalie.remede or "")


def test_une_feuille_facultative_absente_n_est_qu_une_information(tmp_path: Path) -> None:
    _, anomalies = lire(tmp_path, {})
    absentes = {a.champ: a.gravite for a in celles(anomalies, "LC-01")}
    assert absentes["emprunts"] == "information"
    assert absentes["parametres"] == "bloquante"


def test_une_colonne_renommee_est_nommee_avec_la_plus_proche(tmp_path: Path) -> None:
    entetes = [*CLES_ACTIVITE, "Journées réalisées (total)"]
    _, anomalies = lire(tmp_path, {"Activité": [entetes, ["EHPAD1", 2025, "HP", "Réel", 1]]})
    (anomalie,) = [a for a in celles(anomalies, "LC-03") if a.champ == "activite.journees_realisees"]
    assert "« Journées réalisées (total) »" in anomalie.message
    assert cellules(anomalie) == ["Activité!A1"]


def test_une_cle_absente_bloque_la_feuille_et_les_colonnes_facultatives_ne_font_qu_une_information(
    tmp_path: Path,
) -> None:
    dossier, anomalies = lire(
        tmp_path, {"Activité": [["Établissement", "Année", "Modalité d’accueil"], ["EHPAD1", 2025, "HP"]]}
    )
    manques = [a for a in celles(anomalies, "LC-03", "LC-02") if (a.champ or "").startswith("activite")]
    assert not dossier.activite
    assert any(a.gravite == "bloquante" for a in manques)
    assert len([a for a in manques if a.gravite == "information"]) <= 1


def test_une_colonne_en_double_est_signalee_et_la_premiere_est_lue(tmp_path: Path) -> None:
    entetes = [*ACTIVITE, "Journées réalisées"]
    dossier, anomalies = lire(tmp_path, {"Activité": [entetes, ["EHPAD1", 2025, "HP", "Réel", 1, 2]]})
    (anomalie,) = celles(anomalies, "LC-04")
    assert dossier.activite[0].journees_realisees == 1
    assert cellules(anomalie) == ["Activité!E1", "Activité!F1"]


def test_colonnes_et_feuilles_masquees_sont_lues(tmp_path: Path) -> None:
    chemin = un_classeur(tmp_path, {"Établissements": ETABLISSEMENTS, "Feuille à moi": [["bonjour"]]})
    livre = openpyxl.load_workbook(chemin)
    livre["Établissements"].column_dimensions["B"].hidden = True
    livre["Établissements"].row_dimensions[3].hidden = True
    livre["Établissements"].sheet_state = "hidden"
    livre.save(chemin)
    dossier, _ = lire_classeur(chemin)
    assert [e.nom for e in dossier.etablissements] == ["EHPAD Les Tilleuls", "IME Les Érables"]


def test_des_lignes_sans_cle_font_une_seule_anomalie(tmp_path: Path) -> None:
    entetes = ["Établissement", "Année", "Version", "Compte", "Intitulé", "Montant"]
    balance = [["EHPAD1", None, None, str(60000 + n), "Achat", n] for n in range(30)]
    dossier, anomalies = lire(tmp_path, {"Comptes": [entetes, *balance]})
    (anomalie,) = celles(anomalies, "LC-09")
    assert not dossier.comptes
    assert "30 lignes (de 2 à 31)" in anomalie.message
    assert "« Année » et « Version »" in anomalie.message
    assert cellules(anomalie)[:2] == ["Comptes!B2", "Comptes!C2"]


def test_une_cle_en_double_nomme_les_deux_cellules(tmp_path: Path) -> None:
    lignes = [
        ["EHPAD1", 2025, "HP", "Réel", 1],
        ["IME", 2025, "internat", "Réel", 2],
        ["ehpad1", 2025, "hp", "reel", 3],
    ]
    dossier, anomalies = lire(tmp_path, {"Activité": [ACTIVITE, *lignes]})
    (anomalie,) = celles(anomalies, "LC-10")
    assert len(dossier.activite) == 3
    assert cellules(anomalie) == ["Activité!A2", "Activité!A4"]
    assert "A2 et A4" in anomalie.message


def test_un_etablissement_inconnu_est_signale_avec_le_plus_proche(tmp_path: Path) -> None:
    _, anomalies = lire(tmp_path, {"Activité": [ACTIVITE, ["EHPAD2", 2025, "HP", "Réel", 1]]})
    (anomalie,) = celles(anomalies, "LC-11")
    assert anomalie.gravite == "bloquante"
    assert "« EHPAD2 »" in anomalie.message
    assert "« EHPAD1 »" in (anomalie.remede or "")
    assert cellules(anomalie) == ["Activité!A2"]


def test_une_formule_jamais_calculee_et_une_erreur_sont_des_anomalies(tmp_path: Path) -> None:
    chemin = un_classeur(
        tmp_path,
        {
            "Établissements": ETABLISSEMENTS,
            "Activité": [
                ACTIVITE,
                ["EHPAD1", 2025, "HP", "Réel", "=1+1"],
                ["IME", 2025, "internat", "Réel", "#DIV/0!"],
            ],
        },
    )
    dossier, anomalies = lire_classeur(chemin)
    assert [a.journees_realisees for a in dossier.activite] == [None, None]
    (formule,) = celles(anomalies, "LC-07")
    (erreur,) = celles(anomalies, "LC-08")
    assert (cellules(formule), cellules(erreur)) == (["Activité!E2"], ["Activité!E3"])
    assert "#DIV/0!" in erreur.message


def test_une_fiche_se_lit_ou_qu_elle_soit_et_le_second_tableau_aussi(tmp_path: Path) -> None:
    feuille = [
        [None, "Rubrique", "Valeur", None, "À remettre", "Formulaire", "Intitulé du formulaire"],
        [None, "Date de référence", "31 mars 2026", None, "oui", "annexe-activite", "Annexe"],
        [None, "Année N", "2026", None, "non", "tper", "Effectifs"],
    ]
    dossier, _ = lire(tmp_path, {"Paramètres": feuille})
    assert dossier.parametres.annee_n == 2026
    assert dossier.parametres.sources("annee_n")[0].cellule == "C3"
    assert [(f.nom, f.a_remettre) for f in dossier.formulaires] == [
        ("annexe-activite", True),
        ("tper", False),
    ]


def test_une_balance_se_colle_telle_quelle_dans_une_feuille_a_elle(tmp_path: Path) -> None:
    feuille = [
        ["Numéro de compte", "Libellé", "Solde", "Établissement"],
        [6411, "Salaires", "1 200,50", "EHPAD1"],
        [],
        ["60612", "Énergie", 300, "IME"],
    ]
    dossier, anomalies = lire(tmp_path, {"Balance 2025 réel": feuille})
    assert [(c.etablissement, c.annee, c.version, c.compte, str(c.montant)) for c in dossier.comptes] == [
        ("EHPAD1", 2025, "reel", "6411", "1200.50"),
        ("IME", 2025, "reel", "60612", "300"),
    ]
    assert dossier.comptes[1].sources("montant")[0].feuille == "Balance 2025 réel"
    assert not celles(anomalies, "LC-09", "LC-05")


def test_une_balance_sans_annee_ni_version_dit_ce_qui_manque(tmp_path: Path) -> None:
    feuille = [["Compte", "Libellé", "Montant", "Établissement"], ["6411", "Salaires", 12, "EHPAD1"]]
    dossier, anomalies = lire(tmp_path, {"Balance": feuille})
    (anomalie,) = celles(anomalies, "LC-09")
    assert not dossier.comptes
    assert "« Année » et « Version »" in anomalie.message


def test_un_classeur_sans_etablissement_dit_ou_les_saisir(tmp_path: Path) -> None:
    dossier, anomalies = lire(tmp_path, {"Établissements": [["Code", "Nom"]]})
    (anomalie,) = celles(anomalies, "LC-14")
    assert not dossier.etablissements
    assert cellules(anomalie) == ["Établissements!A2"]


def test_une_cle_illisible_dit_que_la_ligne_est_perdue(tmp_path: Path) -> None:
    dossier, anomalies = lire(tmp_path, {"Activité": [ACTIVITE, ["EHPAD1", "2O25", "HP", "Réel", 1]]})
    (anomalie,) = celles(anomalies, "LC-05")
    assert not dossier.activite
    assert "La ligne entière n’est pas lue" in anomalie.message
