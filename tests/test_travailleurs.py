"""Plusieurs travailleurs : mêmes octets qu’à un seul, même si l’un d’eux meurt en chemin."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from retouches_dossier import donnees_de_demonstration, ecrire

from cpomdocs import generer
from cpomdocs.formulaires.catalogue import repertoire_livre
from cpomdocs.rapport import DocumentProduit, Rapport

distributed = pytest.importorskip("distributed", reason="l’extra [dask] n’est pas installé")

FORMULAIRES = (
    "annexe-activite",
    "contrat-cpom",
    "eprd-simplifie",
    "fiche-signaletique",
    "methode-fiche-objectif",
    "methode-note-scenarios",
    "tableau-effectifs",
    "trame-diagnostic",
)


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Un dossier de deux établissements, jamais généré : chaque genre de document, et des graphiques."""
    dossier = tmp_path_factory.mktemp("modele") / "dossier"
    for formulaire in FORMULAIRES:
        shutil.copytree(repertoire_livre() / formulaire, dossier / "gabarits" / formulaire)
    ecrire(donnees_de_demonstration(), dossier / "classeur-maitre.xlsx")
    return dossier


@pytest.fixture(scope="module")
def seul(modele: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Rapport, dict[str, bytes]]:
    """Ce que ce programme produit seul."""
    dossier = copier(modele, tmp_path_factory.mktemp("seul"))
    return generer(dossier, travailleurs=1), sorties(dossier)


def copier(modele: Path, ou: Path) -> Path:
    return Path(shutil.copytree(modele, ou / "dossier"))


def sorties(dossier: Path) -> dict[str, bytes]:
    fichiers = (f for f in (dossier / "sorties").rglob("*") if f.is_file())
    return {f.relative_to(dossier).as_posix(): f.read_bytes() for f in fichiers}


class Faucheur:
    """Un suivi qui tue un travailleur une fois, après quelques documents."""

    def __init__(self, apres: int, travailleurs: Callable[[], list[int]]) -> None:
        self.tues: list[int] = []
        self._reste = apres
        self._travailleurs = travailleurs

    def debut(self, total: int, quoi: str = "Documents") -> None:
        """Rien."""

    def avance(self, document: DocumentProduit) -> None:
        """Un document de plus : le moment venu, un travailleur meurt."""
        self._reste -= 1
        pids = self._travailleurs() if self._reste <= 0 and not self.tues else []
        if pids:
            os.kill(pids[0], signal.SIGKILL)
            self.tues.append(pids[0])


def enfants() -> list[int]:
    """Les processus de travail lancés par ce programme."""
    trouves = psutil.Process().children(recursive=True)
    return [p.pid for p in trouves if "spawn_main" in " ".join(p.cmdline())]


def test_des_processus_donnent_les_memes_octets(
    modele: Path, seul: tuple[Rapport, dict[str, bytes]], tmp_path: Path
) -> None:
    dossier = copier(modele, tmp_path)
    faucheur = Faucheur(1, enfants)
    rapport = generer(dossier, travailleurs=2, suivi=faucheur)
    assert faucheur.tues, "aucun processus n’a été tué : l’essai ne prouve rien"
    assert sorties(dossier) == seul[1]
    assert rapport == seul[0]
    assert generer(dossier).resume.documents == {"inchange": len(rapport.documents)}


@pytest.fixture
def cluster() -> Iterator[distributed.LocalCluster]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


def test_un_cluster_dask_donne_les_memes_octets(
    modele: Path,
    seul: tuple[Rapport, dict[str, bytes]],
    cluster: distributed.LocalCluster,
    tmp_path: Path,
) -> None:
    """Le même plan sur un cluster, dont un travailleur est tué en chemin."""
    dossier = copier(modele, tmp_path)
    faucheur = Faucheur(1, lambda: [w.pid for w in cluster.workers.values() if w.pid])
    rapport = generer(dossier, dask=cluster.scheduler_address, suivi=faucheur)
    assert faucheur.tues
    assert sorties(dossier) == seul[1]
    assert rapport == seul[0]


def test_un_cluster_absent_se_dit(modele: Path) -> None:
    fait = subprocess.run(
        [sys.executable, "-m", "cpomdocs", "generer", modele, "--a-blanc", "--dask", "tcp://127.0.0.1:1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == 2
    assert "ne répond pas" in fait.stderr
    assert "Traceback" not in fait.stderr


_INTERRUPTIBLE = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("cpomdocs", run_name="__main__", alter_sys=True)
"""
"""La commande, qui entend Ctrl+C même quand les essais ont été lancés en arrière-plan, où il s’ignore."""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C ne s’envoie pas ainsi sous Windows")
def test_ctrl_c_arrete_tout_proprement(tmp_path: Path) -> None:
    """Interrompue, la commande s’arrête sans trace ni processus perdu ; la suivante finit le travail.

    Tous les formulaires livrés : il reste bien des secondes de travail quand le premier document paraît.
    """
    dossier = tmp_path / "dossier"
    shutil.copytree(repertoire_livre(), dossier / "gabarits")
    ecrire(donnees_de_demonstration(), dossier / "classeur-maitre.xlsx")
    commande = [sys.executable, "-c", _INTERRUPTIBLE, "generer", str(dossier), "--travailleurs", "2"]
    lancee = subprocess.Popen(
        commande, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    limite = time.monotonic() + 120
    while not any(dossier.glob("sorties/*/*.*")) and time.monotonic() < limite:
        time.sleep(0.01)
    travailleurs = psutil.Process(lancee.pid).children(recursive=True)
    os.killpg(lancee.pid, signal.SIGINT)
    _, erreurs = lancee.communicate(timeout=60)
    assert lancee.returncode == 130, erreurs
    assert erreurs.startswith("Interrompu")
    assert "Traceback" not in erreurs
    _, restants = psutil.wait_procs(travailleurs, timeout=10)
    assert not restants
    faits = sorties(dossier)
    documents = generer(dossier).documents
    assert len(faits) < len(documents)
    assert {d.statut for d in documents} <= {"cree", "inchange"}
    assert all((dossier / d.chemin).is_file() for d in documents)
