"""Les installateurs à double-cliquer, autant que ce système permet de les essayer."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cpomdocs.cli import application
from outils.distribution.__main__ import ICI, SYSTEMES, _scripts

CMD = sorted((ICI / "windows").rglob("*.cmd"))
COMMAND = sorted((ICI / "macos").rglob("*.command"))


def commandes() -> set[str]:
    """Les commandes de premier rang, et les groupes."""
    import typer

    return set(typer.main.get_command(application()).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("script", CMD, ids=lambda s: s.name)
def test_un_script_de_windows_est_en_ascii_et_ses_renvois_existent(script: Path) -> None:
    texte = script.read_text(encoding="ascii")
    etiquettes = set(re.findall(r"^:(\w+)", texte, re.MULTILINE))
    vises = set(re.findall(r"(?:goto|call) :(\w+)", texte))
    assert vises <= etiquettes and etiquettes <= vises | {"echec"}
    assert texte.count("(") == texte.count(")") and texte.startswith("@echo off")
    # Un chemin d’une personne peut contenir des espaces : toute variable de chemin est entre guillemets.
    nues = re.findall(r'(?<!["\w=])%(?:ENV|OU|ICI|CPOM|CPOMDOCS)%', texte)
    assert nues == []


@pytest.mark.parametrize("script", [*CMD, *COMMAND], ids=lambda s: s.name)
def test_chaque_commande_lancee_existe(script: Path) -> None:
    texte = script.read_text(encoding="utf-8")
    lancees = re.findall(r'(?:CPOMDOCS%"|cpomdocs\.exe"|bin/cpomdocs") (\w[\w-]*)', texte)
    assert set(lancees) <= commandes()


@pytest.mark.parametrize("script", COMMAND, ids=lambda s: s.name)
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash n’est pas installé")
def test_un_script_de_macos_est_bien_forme(script: Path) -> None:
    subprocess.run(["bash", "-n", str(script)], check=True, capture_output=True)


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("bash") is None, reason="il faut bash")
def test_sans_python_assez_recent_l_installation_le_dit_et_ne_cree_rien(tmp_path: Path) -> None:
    chemin = tmp_path / "bin"
    chemin.mkdir()
    for outil in ("dirname", "mkdir", "cp"):
        (chemin / outil).symlink_to(str(shutil.which(outil)))
    (chemin / "python3").write_text("#!/bin/sh\nexit 1\n")
    (chemin / "python3").chmod(0o755)
    fait = subprocess.run(
        [str(shutil.which("bash")), str(ICI / "macos" / "Installer-cpomdocs.command")],
        env={"HOME": str(tmp_path), "PATH": str(chemin)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == 1 and "il manque Python 3.11" in fait.stdout
    assert not (tmp_path / "Library").exists()


@pytest.mark.parametrize("systeme", SYSTEMES)
def test_le_zip_a_ses_scripts_et_ses_lanceurs(systeme: str) -> None:
    scripts = dict(_scripts(systeme))
    suffixe = "cmd" if systeme == "windows" else "command"
    attendus = {f"Installer-cpomdocs.{suffixe}", f"Desinstaller-cpomdocs.{suffixe}", "LISEZMOI.txt"}
    assert attendus <= scripts.keys()
    assert {
        f"lanceurs/{nom}.{suffixe}" for nom in ("nouveau-dossier", "surveiller", "tester")
    } <= scripts.keys()
    if systeme == "windows":
        assert all(
            o.count(b"\n") == o.count(b"\r\n") for n, o in scripts.items() if n.endswith((".cmd", ".ps1"))
        )
