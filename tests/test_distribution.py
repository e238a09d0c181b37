"""Ce qui s’installe ailleurs : la roue porte formulaires et schémas, et sert d’un répertoire vide."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fabriques import RACINE

FORMULAIRES = {p.name for p in (RACINE / "gabarits").iterdir() if p.is_dir()}


def lancer(*commande: object, ou: Path, **environnement: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, commande)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ou,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environnement},
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def roue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """La roue, construite hors ligne avec les outils de l’environnement courant."""
    pytest.importorskip("hatchling", reason="hatchling n’est pas installé")
    ou = tmp_path_factory.mktemp("roue")
    construite = lancer(
        *("-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"),
        *("--disable-pip-version-check", "--wheel-dir", ou, RACINE),
        ou=ou,
    )
    assert construite.returncode == 0, construite.stderr
    return next(ou.glob("*.whl"))


@pytest.fixture(scope="module")
def installe(roue: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Un répertoire où seule la roue est installée."""
    cible = tmp_path_factory.mktemp("installe")
    posee = lancer(
        *("-m", "pip", "install", "--no-deps", "--no-index", "--disable-pip-version-check"),
        *("--target", cible, roue),
        ou=cible,
    )
    assert posee.returncode == 0, posee.stderr
    return cible


def cpomdocs(installe: Path, ou: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return lancer("-m", "cpomdocs", *arguments, ou=ou, PYTHONPATH=str(installe), NO_COLOR="1")


def test_la_roue_porte_chaque_fichier_livre(roue: Path) -> None:
    with zipfile.ZipFile(roue) as archive:
        noms = set(archive.namelist())
        for source, cible in (("gabarits", "_gabarits"), ("schemas", "_schemas")):
            for fichier in (p for p in (RACINE / source).rglob("*") if p.is_file()):
                nom = f"cpomdocs/{cible}/{fichier.relative_to(RACINE / source).as_posix()}"
                assert archive.read(nom) == fichier.read_bytes()
    donnees = {p.relative_to(RACINE).as_posix() for p in (RACINE / "cpomdocs").rglob("*.toml")}
    assert donnees and donnees <= noms


def test_rien_de_la_machine_ni_des_essais_dans_la_roue(roue: Path) -> None:
    with zipfile.ZipFile(roue) as archive:
        racines = {nom.split("/")[0] for nom in archive.namelist()}
        assert {r.split("-")[0] for r in racines} == {"cpomdocs"}
        assert not [nom for nom in archive.namelist() if nom.endswith((".pyc", "~")) or "/~$" in nom]


def test_d_un_repertoire_vide_nouveau_puis_formulaire_verifier(installe: Path, tmp_path: Path) -> None:
    vu = lancer("-c", "import cpomdocs; print(cpomdocs.__file__)", ou=tmp_path, PYTHONPATH=str(installe))
    assert Path(vu.stdout.strip()).is_relative_to(installe)
    fait = cpomdocs(installe, tmp_path, "nouveau", "mon-cpom")
    assert fait.returncode == 0, fait.stderr
    assert {p.name for p in (tmp_path / "mon-cpom/gabarits").iterdir()} == FORMULAIRES
    for ou in (tmp_path, tmp_path / "mon-cpom"):
        verifie = cpomdocs(installe, ou, "formulaire", "verifier", "--json")
        assert verifie.returncode == 0, verifie.stderr
        verdicts = json.loads(verifie.stdout)
        assert {v["nom"] for v in verdicts} == FORMULAIRES
        assert not any(v["defauts"] for v in verdicts)
