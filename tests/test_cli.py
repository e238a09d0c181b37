"""La porte du terminal, lancée comme une personne la lance : en sous-processus."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from fabriques import RACINE, des_donnees, poser_classeur, poser_formulaire
from filelock import FileLock

from cpomdocs.modeles.entites.identite import Etablissement

CASES = '[cases]\n"Fiche!B1" = "etablissement.finess_et"\n'
COMMANDES = ["demo", "nouveau", "generer", "controler", "veiller", "tableau", "schemas"]
COMMANDES += ["formulaire", "classeur", "contrat", "poste"]


def cpomdocs(*arguments: object, ou: Path | None = None) -> subprocess.CompletedProcess[str]:
    environnement = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "cpomdocs", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ou,
        env=environnement,
        timeout=120,
        check=False,
    )


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    poser_classeur(
        tmp_path, des_donnees(Etablissement(code="TILLEULS", nom="Les Tilleuls", finess_et="010001436"))
    )
    poser_formulaire(tmp_path, "fiche", CASES)
    return tmp_path


def test_l_aide_est_en_francais() -> None:
    aide = cpomdocs("--help").stdout
    assert all(commande in aide for commande in COMMANDES)
    assert "Emploi" in aide and "Commandes" in aide
    assert not [mot for mot in ("Usage", "Commands", "Show this", "Try ") if mot in aide]


@pytest.mark.parametrize("commande", COMMANDES)
def test_chaque_commande_a_son_aide(commande: str) -> None:
    fait = cpomdocs(commande, "--help")
    assert fait.returncode == 0
    assert "Afficher cette aide" in fait.stdout
    assert "[default" not in fait.stdout and "[required]" not in fait.stdout


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        (["gnerer"], "n’existe pas"),
        (["generer", "--etablisement", "x"], "--etablissement"),
        (["nouveau"], "Il manque"),
        (["generer", "a", "b"], "mot de trop"),
        (["generer", "--formulaire"], "Il manque une valeur"),
    ],
)
def test_une_ligne_mal_ecrite_donne_une_phrase(arguments: list[str], attendu: str) -> None:
    fait = cpomdocs(*arguments)
    assert fait.returncode == 2
    assert attendu in fait.stderr
    assert "Traceback" not in fait.stderr


def test_une_ligne_mal_ecrite_donne_aussi_son_json() -> None:
    fait = cpomdocs("generer", "--json", "--forser")
    assert fait.returncode == 2
    assert "--forcer" in json.loads(fait.stdout)["anomalies"][0]["message"]


@pytest.mark.parametrize(
    "commande",
    [[], ["demo"], ["nouveau"], ["generer"], ["controler"], ["schemas"], ["formulaire"], ["classeur"]],
)
def test_aucun_mot_anglais_dans_l_aide(commande: list[str]) -> None:
    aide = cpomdocs(*commande, "--help").stdout
    anglais = ("COMMAND ", "ARGS", "<bool>", "<path>", "<str>", "[[", "{", "default", "required", "Show")
    assert not [mot for mot in anglais if mot in aide]


def test_le_classeur_donne_a_la_place_du_dossier(dossier: Path) -> None:
    fait = cpomdocs("generer", dossier / "classeur-maitre.xlsx")
    assert fait.returncode == 2
    assert "est un fichier, pas un dossier" in " ".join(fait.stderr.split())


def test_rien_n_est_ecrit_dans_un_repertoire_qui_n_est_pas_un_dossier(tmp_path: Path) -> None:
    fait = cpomdocs("generer", ou=tmp_path)
    assert fait.returncode == 2
    assert tmp_path.name in " ".join(fait.stderr.split()).replace(" ", "")
    assert not list(tmp_path.iterdir())


def test_generer_en_json_seul_sur_la_sortie_standard(dossier: Path) -> None:
    fait = cpomdocs("generer", dossier, "--json")
    rapport = json.loads(fait.stdout)
    assert set(rapport) == {"documents", "anomalies", "resume"}
    document = rapport["documents"][0]
    assert set(document) == {
        "cle", "formulaire", "etablissement", "chemin", "statut", "chemin_conflit", "message", "retouches",
        "cases_remplies", "cases_manquantes",
    }  # fmt: skip
    assert document["statut"] == "cree"
    assert document["chemin"] == "sorties/TILLEULS/TILLEULS_fiche.xlsx"
    assert set(rapport["anomalies"][0]) == {
        "code", "gravite", "etablissement", "formulaire", "champ", "libelle", "sources", "message", "remede",
    }  # fmt: skip


def test_sans_argument_le_dossier_courant(dossier: Path) -> None:
    assert "TILLEULS_fiche.xlsx" in cpomdocs("generer", ou=dossier).stdout


@pytest.mark.parametrize("commande", ["generer", "controler"])
def test_dossier_inutilisable_code_2_et_json_tout_de_meme(tmp_path: Path, commande: str) -> None:
    fait = cpomdocs(commande, tmp_path / "absent", "--json")
    assert fait.returncode == 2
    assert json.loads(fait.stdout)["anomalies"][0]["gravite"] == "bloquante"
    assert "Traceback" not in fait.stderr


def test_nouveau_puis_preparer_puis_generer(tmp_path: Path) -> None:
    neuf = tmp_path / "Mon CPOM (été)"
    assert cpomdocs("nouveau", neuf).returncode == 0
    assert {p.name for p in neuf.iterdir()} >= {"classeur-maitre.xlsm", "gabarits", "cpomdocs.toml"}
    assert cpomdocs("classeur", "preparer", neuf).returncode == 0
    fait = cpomdocs("generer", neuf, "--json")
    assert fait.returncode in (0, 1), fait.stderr
    assert cpomdocs("nouveau", neuf).returncode == 2


def test_formulaires_livres_tous_utilisables(tmp_path: Path) -> None:
    fait = cpomdocs("formulaire", "verifier", tmp_path, "--json")
    verdicts = json.loads(fait.stdout)
    livres = {r.name for r in (RACINE / "gabarits").iterdir() if r.is_dir()}
    assert {v["nom"]: v["defauts"] for v in verdicts} == {nom: [] for nom in livres}
    assert fait.returncode == 0


def test_formulaire_fautif_tous_les_defauts_en_une_passe(dossier: Path) -> None:
    suite = """
[cases]
"Fiche!B1" = "etablissement.finesse"
"Feuil9!B1" = "etablissement.nom"
"Fiche!C1" = "truc.nom"
"""
    poser_formulaire(dossier, "fautif", suite)
    fait = cpomdocs("formulaire", "verifier", dossier)
    assert fait.returncode == 1
    sortie = " ".join(fait.stdout.split())
    assert "etablissement.finesse" in sortie and "Vouliez-vous dire « finess_et »" in sortie
    assert "Feuil9" in sortie and "truc" in sortie


def test_demo_refuse_un_repertoire_qui_n_en_est_pas_une(tmp_path: Path) -> None:
    (tmp_path / "précieux.txt").write_text("à garder", encoding="utf-8")
    fait = cpomdocs("demo", tmp_path)
    assert fait.returncode == 2
    assert [p.name for p in tmp_path.iterdir()] == ["précieux.txt"]


@pytest.mark.skipif(os.name == "nt", reason="les signaux de Windows diffèrent")
@pytest.mark.parametrize("attente", [0.0, 0.4, 1.0])
def test_interrompre_ne_laisse_ni_trace_ni_moitie_de_fichier(tmp_path: Path, attente: float) -> None:
    codes = [f"E{rang:02}" for rang in range(40)]
    poser_classeur(tmp_path, des_donnees(*(Etablissement(code=c, nom=c) for c in codes)))
    poser_formulaire(tmp_path, "fiche", CASES)
    travail = subprocess.Popen(
        [sys.executable, "-m", "cpomdocs", "generer", str(tmp_path), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not (tmp_path / ".cpomdocs").exists() and travail.poll() is None:
        time.sleep(0.02)  # avant, Python démarre : l’interruption n’y a rien à laisser à moitié
    time.sleep(attente)
    travail.send_signal(signal.SIGINT)
    _, erreurs = travail.communicate(timeout=60)
    # -SIGINT : le travail était fini, Python se fermait ; le shell y lit 130 aussi.
    assert travail.returncode in (0, 1, 130, -signal.SIGINT)
    assert b"Traceback" not in erreurs
    assert not list(tmp_path.rglob(".*.cpomdocs"))
    produits = [p for p in (tmp_path / "sorties").rglob("*.xlsx") if p.name != "controle.xlsx"]
    assert all(zipfile.is_zipfile(p) for p in produits)
    assert cpomdocs("generer", tmp_path, "--json").returncode in (0, 1)


def test_la_seconde_commande_attend_la_premiere(dossier: Path) -> None:
    prive = dossier / ".cpomdocs"
    prive.mkdir()
    (dossier / "cpomdocs.toml").write_text("attente_verrou = 0.2", encoding="utf-8")
    with FileLock(prive / "verrou"):
        occupe = cpomdocs("generer", dossier, "--json")
    assert occupe.returncode == 2
    assert "Une autre commande" in json.loads(occupe.stdout)["anomalies"][0]["message"]
    assert cpomdocs("generer", dossier).returncode == 0 or (dossier / "sorties").is_dir()
