"""Ce que les gens tapent dans une cellule, et ce que la lecture en comprend."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from classeurs import CLES_ACTIVITE, celles, cellules, lire, un_classeur

from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.lecture import lire_classeur
from cpomdocs.lecture.valeurs.textes import est_sans_objet
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.office.archive import lire_archive

ILLISIBLE = object()
LIGNE = ["EHPAD1", 2025, "HP", "Réel"]


def _activite(tmp_path: Path, libelle: str, saisie: Any) -> tuple[Any, list[Any]]:
    dossier, anomalies = lire(tmp_path, {"Activité": [[*CLES_ACTIVITE, libelle], [*LIGNE, saisie]]})
    return dossier.activite[0], [
        a for a in anomalies if a.gravite != "information" and a.sources[0].cellule == "E2"
    ]


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        (80, 80),
        (80.0, 80),
        ("80", 80),
        (" 80 places ", 80),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234", 1234),
        ("12,00", 12),
        ("=40*2", ILLISIBLE),
        ("12O", ILLISIBLE),
        (12.5, ILLISIBLE),
        ("1.234", ILLISIBLE),
        ("12 34", ILLISIBLE),
        ("80 €", ILLISIBLE),
        ("quatre-vingts", ILLISIBLE),
        ("-", ILLISIBLE),
        (datetime.date(2025, 1, 2), ILLISIBLE),
        (True, ILLISIBLE),
    ],
)
def test_un_entier_se_lit_ou_se_signale(tmp_path: Path, saisie: Any, attendu: Any) -> None:
    ligne, anomalies = _activite(tmp_path, "Capacité financée", saisie)
    if attendu is ILLISIBLE:
        assert ligne.capacite_financee is None
        assert [a.gravite for a in anomalies] == ["bloquante"]
        assert cellules(anomalies[0]) == ["Activité!E2"]
        assert anomalies[0].remede
    else:
        assert ligne.capacite_financee == attendu
        assert not anomalies


def test_une_valeur_incomprise_dit_la_cellule_la_valeur_et_le_remede(tmp_path: Path) -> None:
    _, (anomalie,) = _activite(tmp_path, "Capacité financée", "12O")
    assert anomalie.code == "LC-05"
    assert "« 12O »" in anomalie.message
    assert "nombre entier (places)" in anomalie.message
    assert anomalie.champ == "activite.capacite_financee"
    assert anomalie.libelle == "Capacité financée"
    assert anomalie.etablissement == "EHPAD1"


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        (1234.56, "1234.56"),
        ("1 234,56 €", "1234.56"),
        ("1 234,56 EUR", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("-1 234,5", "-1234.5"),
        ("−12", "-12"),
        ("(1 200,00)", "-1200.00"),
        ("1200-", "-1200"),
        (0.1 + 0.2, "0.3"),
        (0, "0"),
        ("12 k€", None),
        ("1e5", None),
        ("1,2,3", None),
        ("#REF!", None),
    ],
)
def test_un_montant_se_lit_au_centime(tmp_path: Path, saisie: Any, attendu: str | None) -> None:
    entetes = ["Établissement", "Année", "Version", "Compte", "Montant"]
    dossier, anomalies = lire(tmp_path, {"Comptes": [entetes, ["EHPAD1", 2025, "Réel", "6411", saisie]]})
    assert dossier.comptes[0].montant == (None if attendu is None else Decimal(attendu))
    assert len(celles(anomalies, "LC-05", "LC-08")) == (attendu is None)


@pytest.mark.parametrize(
    ("saisie", "attendu", "code"),
    [
        (0.45, "0.45", None),
        ("45 %", "0.45", None),
        ("45%", "0.45", None),
        ("0,45", "0.45", None),
        (1.2, "1.2", None),
        ("120 %", "1.2", None),
        (45, "0.45", "LC-12"),
        (2, "0.02", "LC-12"),
        ("95", "0.95", "LC-12"),
        (4500, None, "LC-05"),
        ("beaucoup", None, "LC-05"),
    ],
)
def test_un_taux_est_une_fraction(tmp_path: Path, saisie: Any, attendu: str | None, code: str | None) -> None:
    dossier, anomalies = lire(tmp_path, {"Années": [["Année", "Taux GVT"], [2025, saisie]]})
    assert dossier.annees[0].taux_gvt == (None if attendu is None else Decimal(attendu))
    assert [a.code for a in celles(anomalies, "LC-05", "LC-12")] == ([code] if code else [])


def test_un_taux_interprete_se_dit_a_la_francaise(tmp_path: Path) -> None:
    _, anomalies = lire(tmp_path, {"Années": [["Année", "Taux GVT"], [2025, 1.85]]})
    (anomalie,) = celles(anomalies, "LC-12")
    assert "« 1,85 » a été lu « 1,85 % »" in anomalie.message


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        (datetime.date(2026, 12, 31), datetime.date(2026, 12, 31)),
        (datetime.datetime(2026, 12, 31, 9, 30), datetime.date(2026, 12, 31)),
        ("31/12/2026", datetime.date(2026, 12, 31)),
        ("31-12-2026", datetime.date(2026, 12, 31)),
        ("31.12.26", datetime.date(2026, 12, 31)),
        ("2026-12-31", datetime.date(2026, 12, 31)),
        ("31 décembre 2026", datetime.date(2026, 12, 31)),
        ("jeudi 31 Décembre 2026", datetime.date(2026, 12, 31)),
        ("1er août 2026", datetime.date(2026, 8, 1)),
        (46387, datetime.date(2026, 12, 31)),
        ("31/02/2026", None),
        ("12/31/2026", None),
        ("fin 2026", None),
        (12, None),
    ],
)
def test_une_date_se_lit_comme_on_la_tape(tmp_path: Path, saisie: Any, attendu: datetime.date | None) -> None:
    dossier, anomalies = lire(
        tmp_path, {"Établissements": [["Code", "Nom", "Date d’ouverture"], ["A", "B", saisie]]}
    )
    assert dossier.etablissements[0].date_ouverture == attendu
    assert len(celles(anomalies, "LC-05")) == (attendu is None)


def test_une_annee_tapee_seule_dans_une_cellule_de_date_est_signalee(tmp_path: Path) -> None:
    saisie = datetime.date(1905, 7, 18)  # ce qu’Excel montre de 2026
    _, anomalies = lire(
        tmp_path, {"Établissements": [["Code", "Nom", "Date d’ouverture"], ["A", "B", saisie]]}
    )
    (anomalie,) = celles(anomalies, "LC-12")
    assert "2026" in anomalie.message


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        *((oui, True) for oui in ("oui", "Oui ", "VRAI", "x", True, 1, "✓")),
        *((non, False) for non in ("non", "NON", "faux", False, 0)),
        ("peut-être", None),
    ],
)
def test_oui_et_non_se_disent_de_plusieurs_facons(tmp_path: Path, saisie: Any, attendu: bool | None) -> None:
    colonne = "Pharmacie à usage intérieur"
    dossier, anomalies = lire(tmp_path, {"Établissements": [["Code", "Nom", colonne], ["A", "B", saisie]]})
    assert dossier.etablissements[0].pui is attendu
    assert len(celles(anomalies, "LC-05")) == (attendu is None)


@pytest.mark.parametrize("saisie", ["soß", "söþ", "so3", "Sotteville"])
def test_un_texte_qui_ressemble_a_so_reste_un_texte(saisie: str) -> None:
    assert not est_sans_objet(saisie)


@pytest.mark.parametrize("saisie", ["SO", "so", " S.O. ", "sans objet", "Sans Objet"])
def test_sans_objet_n_est_ni_vide_ni_zero(tmp_path: Path, saisie: str) -> None:
    ligne, anomalies = _activite(tmp_path, "Capacité financée", saisie)
    assert ligne.capacite_financee is None
    assert ligne.etat("capacite_financee") == "sans_objet"
    assert not anomalies


@pytest.mark.parametrize(
    ("saisie", "attendu", "gravite"),
    [
        ("010000027", "010000027", None),
        ("01 000 002 7", "010000027", None),
        ("2a0000014", "2A0000014", None),
        (990000027, "990000027", None),
        (10000027, "010000027", "avertissement"),
        ("10000027", "010000027", "avertissement"),
        ("9,9E+08", None, "bloquante"),
    ],
)
def test_un_finess_garde_ou_retrouve_son_zero(
    tmp_path: Path, saisie: Any, attendu: str | None, gravite: str | None
) -> None:
    feuille = [["Code", "Nom", "FINESS établissement"], ["A", "B", saisie]]
    dossier, anomalies = lire(tmp_path, {"Établissements": feuille})
    assert dossier.etablissements[0].finess_et == attendu
    assert [a.gravite for a in celles(anomalies, "ID-05")] == ([gravite] if gravite else [])


def test_un_siret_tape_en_nombre_garde_ses_quatorze_chiffres(tmp_path: Path) -> None:
    feuille = [["Code", "Nom", "SIRET", "Code postal"], ["A", "B", 73282932000074.0, 1000]]
    dossier, anomalies = lire(tmp_path, {"Établissements": feuille})
    assert dossier.etablissements[0].siret == "73282932000074"
    assert dossier.etablissements[0].code_postal == "01000"
    assert len(celles(anomalies, "ID-05")) == 1


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        ("HP", "HP"),
        ("hp", "HP"),
        ("Hébergement permanent", "HP"),
        ("HEBERGEMENT PERMANENT", "HP"),
        ("HP – Hébergement permanent", "HP"),
        ("Internat de semaine", "internat_semaine"),
        ("semi internat", "semi_internat"),
    ],
)
def test_un_code_se_reconnait_par_son_libelle(tmp_path: Path, saisie: str, attendu: str) -> None:
    dossier, anomalies = lire(tmp_path, {"Activité": [CLES_ACTIVITE, ["EHPAD1", 2025, saisie, "reel"]]})
    assert dossier.activite[0].modalite == attendu
    assert not celles(anomalies, "LC-06")


def test_un_code_inconnu_est_garde_et_signale_avec_le_plus_proche(tmp_path: Path) -> None:
    dossier, anomalies = lire(
        tmp_path, {"Activité": [CLES_ACTIVITE, ["EHPAD1", 2025, "Hébergment permanant", "reel"]]}
    )
    assert dossier.activite[0].modalite == "Hébergment permanant"
    (anomalie,) = celles(anomalies, "LC-06")
    assert "Hébergement permanent" in (anomalie.remede or "")
    assert cellules(anomalie) == ["Activité!C2"]


def test_l_annee_se_tape_aussi_relativement_a_n(tmp_path: Path) -> None:
    feuilles = {
        "Paramètres": [["Rubrique", "Valeur"], ["Année N", 2026], ["Date de référence", "31/03/2026"]],
        "Activité": [CLES_ACTIVITE, ["EHPAD1", "N-1", "HP", "Réel"], ["EHPAD1", "2024", "HP", "Réel"]],
    }
    dossier, _ = lire(tmp_path, feuilles)
    assert [ligne.annee for ligne in dossier.activite] == [2025, 2024]


@pytest.mark.parametrize(
    "texte",
    [
        '=HYPERLINK("http://exemple.invalid";"x")',
        "{{ 7*7 }}",
        "<w:p>",
        "../../x",
        "_x000D_ tel quel",
        "emoji 😀👩‍⚕️",
        "deux\nlignes",
        "n’importe « quoi »",
    ],
)
def test_un_texte_hostile_reste_un_texte(tmp_path: Path, texte: str) -> None:
    chemin = tmp_path / "c.xlsx"
    ecrire_classeur(chemin, Dossier(etablissements=[Etablissement(code=texte, nom=texte)]), [])
    dossier, _ = lire_classeur(chemin)
    assert (dossier.etablissements[0].code, dossier.etablissements[0].nom) == (texte, texte)


def test_un_texte_de_quarante_mille_caracteres_est_lu_en_entier(tmp_path: Path) -> None:
    long = "é" * 40_000
    chemin = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(chemin) as livre:
        page = livre.add_worksheet("Établissements")
        page.write_row(0, 0, ["Code", "Nom"])
        page.write_string(1, 0, "A")
        page.write_string(1, 1, "remplacé")
    octets = chemin.read_bytes()
    archive = lire_archive(octets, "long.xlsx")
    textes = archive.lire("xl/sharedStrings.xml").replace("remplacé".encode(), long.encode())
    chemin.write_bytes(archive.recomposer({"xl/sharedStrings.xml": textes}))
    dossier, _ = lire_classeur(chemin)
    assert dossier.etablissements[0].nom == long


def test_un_caractere_invisible_est_signale_et_le_texte_garde(tmp_path: Path) -> None:
    chemin = un_classeur(
        tmp_path, {"Établissements": [["Code", "Nom"], ["A", "avant_x0007_après"], ["B", "deux\nlignes"]]}
    )
    dossier, anomalies = lire_classeur(chemin)
    assert dossier.etablissements[0].nom == "avant\x07après"
    assert [a.sources[0].cellule for a in anomalies if a.code == "LC-15"] == ["B2"]
