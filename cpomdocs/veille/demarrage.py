"""Lancer la veille avec la session : un fichier que le système lit, écrit et retiré par la commande."""

from __future__ import annotations

import hashlib
import os
import plistlib
import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cpomdocs.ecriture.depot import poser
from cpomdocs.erreurs import ErreurEcriture, motif

_CMD = """\
@echo off
chcp 65001 >nul
if not "%~1"=="reduit" start "cpomdocs" /min cmd /c ""%~f0" reduit" & exit /b
title cpomdocs
:surveiller
"{python}" -m cpomdocs veiller "{dossier}"
if errorlevel 2 (
  timeout /t 60 /nobreak >nul
  goto surveiller
)
"""
_UNITE = """\
[Unit]
Description=cpomdocs : surveillance de {nom}

[Service]
ExecStart={python} -m cpomdocs veiller {dossier}
Restart=on-failure
RestartSec=60

[Install]
WantedBy=default.target
"""


@dataclass(frozen=True)
class Session:
    """La session à équiper : système (`sys.platform`), répertoire personnel, variables, interpréteur."""

    systeme: str
    personnel: Path
    variables: Mapping[str, str]
    python: str

    @classmethod
    def actuelle(cls) -> Session:
        """Celle où tourne ce programme."""
        return cls(sys.platform, Path.home(), os.environ, sys.executable)


@dataclass(frozen=True)
class Lanceur:
    """Un fichier de démarrage : son contenu, le lien qui l’active, comment le lancer sans attendre."""

    chemin: Path
    contenu: bytes
    lien: Path | None
    maintenant: str

    @property
    def fichiers(self) -> list[Path]:
        """Les fichiers que le lanceur pose."""
        return [self.chemin, *([self.lien] if self.lien else [])]

    def installer(self) -> list[Path]:
        """Écrit les fichiers et les rend. Lève `ErreurEcriture` si le système refuse."""
        try:
            poser(self.chemin, self.contenu)
            if self.lien is not None:
                self.lien.parent.mkdir(parents=True, exist_ok=True)
                self.lien.unlink(missing_ok=True)
                self.lien.symlink_to(self.chemin)
        except OSError as erreur:
            raise _refus(self.chemin, erreur) from erreur
        return self.fichiers

    def retirer(self) -> list[Path]:
        """Retire les fichiers ; rend ceux qui étaient là. Lève `ErreurEcriture` si le système refuse."""
        presents = [f for f in self.fichiers if f.is_symlink() or f.exists()]
        try:
            for fichier in presents:
                fichier.unlink()
        except OSError as erreur:
            raise _refus(self.chemin, erreur) from erreur
        return presents


def lanceur(dossier: Path, session: Session) -> Lanceur:
    """Le lanceur de ce dossier pour cette session : raccourci Windows, agent macOS ou unité systemd."""
    identifiant = _identifiant(dossier)
    if session.systeme == "win32":
        return _windows(dossier, identifiant, session)
    if session.systeme == "darwin":
        return _macos(dossier, identifiant, session)
    return _linux(dossier, identifiant, session)


def _windows(dossier: Path, identifiant: str, session: Session) -> Lanceur:
    donnees = session.variables.get("APPDATA")
    racine = Path(donnees) if donnees else session.personnel / "AppData" / "Roaming"
    menu = racine / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
    textes = {"python": session.python, "dossier": str(dossier)}
    contenu = _CMD.format_map({nom: texte.replace("%", "%%") for nom, texte in textes.items()})
    chemin = menu / f"cpomdocs-{identifiant}.cmd"
    return Lanceur(chemin, contenu.replace("\n", "\r\n").encode(), None, f'"{chemin}"')


def _macos(dossier: Path, identifiant: str, session: Session) -> Lanceur:
    nom = f"fr.cpomdocs.veille.{identifiant}"
    contenu = plistlib.dumps(
        {
            "Label": nom,
            "ProgramArguments": [session.python, "-m", "cpomdocs", "veiller", str(dossier)],
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 60,
            "ProcessType": "Background",
        }
    )
    chemin = session.personnel / "Library" / "LaunchAgents" / f"{nom}.plist"
    return Lanceur(chemin, contenu, None, f'launchctl bootstrap gui/$(id -u) "{chemin}"')


def _linux(dossier: Path, identifiant: str, session: Session) -> Lanceur:
    reglages = session.variables.get("XDG_CONFIG_HOME", "")
    racine = Path(reglages) if Path(reglages).is_absolute() else session.personnel / ".config"
    unites = racine / "systemd" / "user"
    nom = f"cpomdocs-{identifiant}.service"
    contenu = _UNITE.format(
        nom=" ".join(dossier.name.split()).replace("%", "%%"),
        python=_argument_systemd(session.python),
        dossier=_argument_systemd(str(dossier)),
    )
    lien = unites / "default.target.wants" / nom
    maintenant = f"systemctl --user daemon-reload && systemctl --user start {nom}"
    return Lanceur(unites / nom, contenu.encode(), lien, maintenant)


def _argument_systemd(texte: str) -> str:
    """Un argument entre guillemets, où `%`, `$`, `"` et `\\` ne veulent rien dire."""
    protege = texte.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    protege = protege.replace("\n", "\\n")
    return f'"{protege}"'


def _identifiant(dossier: Path) -> str:
    """Un nom de fichier court et propre à ce dossier, même si deux dossiers ont le même nom."""
    sans_accents = unicodedata.normalize("NFKD", dossier.name).encode("ascii", "ignore").decode()
    lisible = re.sub(r"[^a-z0-9]+", "-", sans_accents.lower()).strip("-")[:40] or "dossier"
    chemin = unicodedata.normalize("NFC", str(dossier))
    return f"{lisible}-{hashlib.sha256(os.fsencode(chemin)).hexdigest()[:8]}"


def _refus(chemin: Path, erreur: OSError) -> ErreurEcriture:
    return ErreurEcriture(
        f"« {chemin} » n’a pas pu être écrit ou retiré : {motif(erreur)}.",
        "Vérifier les droits sur ce répertoire.",
    )
