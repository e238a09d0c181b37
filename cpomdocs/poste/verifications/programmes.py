"""Les programmes : Python, le lancement de cpomdocs, Excel, xlwings, LibreOffice."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

from cpomdocs import __version__, libreoffice
from cpomdocs.poste.machine import Machine
from cpomdocs.poste.registre import Registre
from cpomdocs.poste.verifications.constats import Constat, attention, bon, mauvais

_EXCEL_MAC = Path("/Applications/Microsoft Excel.app")
_DELAI = 60
_SYSTEMES_AVEC_EXCEL = ("win32", "darwin")


def python(machine: Machine) -> Constat:
    """L’interpréteur que les boutons lancent."""
    version = ".".join(str(n) for n in sys.version_info[:3])
    if Path(machine.interpreteur).is_file():
        return bon("Python", f"version {version}, {machine.interpreteur}")
    return mauvais("Python", f"« {machine.interpreteur} » n’existe pas.", "Réinstaller cpomdocs.")


def lancement(machine: Machine) -> Constat:
    """Un vrai lancement de cpomdocs, comme le fait un bouton."""
    point, commande = "Lancement", [str(machine.python), "-P", "-m", "cpomdocs", "--version"]
    try:
        fait = subprocess.run(commande, capture_output=True, timeout=_DELAI, cwd=tempfile.gettempdir())
    except (OSError, subprocess.TimeoutExpired):
        fait = None
    if fait is not None and fait.returncode == 0:
        return bon(point, f"cpomdocs {__version__} se lance.")
    return mauvais(
        point,
        "cpomdocs ne se lance pas par cet interpréteur.",
        "Réinstaller cpomdocs ; si un antivirus l’a bloqué, demander à l’informatique de l’autoriser.",
    )


def excel(machine: Machine, registre: Registre) -> Constat:
    """Microsoft Excel."""
    version = registre.valeur(r"HKCR\Excel.Application\CurVer")
    present = version is not None if machine.systeme == "win32" else _EXCEL_MAC.is_dir()
    if machine.systeme not in _SYSTEMES_AVEC_EXCEL:
        return attention(
            "Excel",
            "Excel n’existe pas sur ce système.",
            "Se servir des boutons dans LibreOffice (en y autorisant les macros de ce dossier), ou de la "
            "surveillance : « cpomdocs veiller ».",
        )
    if present:
        return bon("Excel", str(version or "installé"))
    return mauvais("Excel", "Microsoft Excel est introuvable sur ce poste.", "L’installer, ou LibreOffice.")


def xlwings(machine: Machine) -> Constat:
    """La bibliothèque qui met à jour le classeur ouvert."""
    if importlib.util.find_spec("xlwings") is not None:
        return bon("xlwings", "installé")
    if machine.systeme in _SYSTEMES_AVEC_EXCEL:
        remede = "Réinstaller cpomdocs : xlwings en fait partie sur ce système."
        return attention("xlwings", "absent : les boutons marchent, sans feuille « Contrôle ».", remede)
    return bon("xlwings", "ne sert pas sur ce système")


def libre_office() -> Constat:
    """LibreOffice, pour les PDF."""
    programme = libreoffice.programme()
    if programme is not None:
        return bon("LibreOffice", f"{programme} : les PDF sont possibles.")
    return attention(
        "LibreOffice",
        "absent : le bouton « PDF » ne fera pas de PDF.",
        "L’installer (gratuit), ou enregistrer chaque document en PDF depuis Word ou Excel.",
    )
