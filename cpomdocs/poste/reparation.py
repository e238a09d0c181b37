"""Relier les boutons à ce poste : l’interpréteur du classeur et, sur un Mac, le script d’Excel."""

from __future__ import annotations

from pathlib import Path

from cpomdocs.ecriture.depot import poser
from cpomdocs.erreurs import ErreurEcriture, motif
from cpomdocs.poste.enregistrement import reparer
from cpomdocs.poste.machine import Machine
from cpomdocs.reglages import lire_reglages, trouver_classeur

_MODELE = Path(__file__).parent / "cpomdocs.applescript"
_SCRIPTS = ("Library", "Application Scripts", "com.microsoft.Excel")


def reparer_dossier(dossier: Path, machine: Machine | None = None) -> list[str]:
    """Relie les boutons du classeur maître à l’interpréteur de ce poste ; dit ce qui a été fait.

    Lève `ErreurDossier`, `ErreurClasseur` ou `ErreurEcriture`.
    """
    machine = machine or Machine.actuelle()
    classeur = trouver_classeur(dossier, lire_reglages(dossier))
    change = reparer(classeur, machine.interpreteur)
    phrase = "Les boutons lanceront" if change else "Les boutons lançaient déjà"
    return [f"{phrase} : {machine.interpreteur}", *installer_script(machine)]


def script_mac(machine: Machine) -> tuple[Path, bytes]:
    """Où Excel pour Mac cherche le script qui lance cpomdocs, et son contenu."""
    chemin = machine.personnel.joinpath(*_SCRIPTS, _MODELE.name)
    protege = machine.interpreteur.replace("\\", "\\\\").replace('"', '\\"')
    return chemin, _MODELE.read_text(encoding="utf-8").replace("INTERPRETEUR", protege).encode()


def installer_script(machine: Machine) -> list[str]:
    """Sur un Mac, pose le script que les boutons appellent ; rien ailleurs. Lève `ErreurEcriture`."""
    if machine.systeme != "darwin":
        return []
    chemin, contenu = script_mac(machine)
    try:
        if chemin.is_file() and chemin.read_bytes() == contenu:
            return []
        poser(chemin, contenu)
    except OSError as erreur:
        raise ErreurEcriture(
            f"Le script d’Excel « {chemin} » n’a pas pu être écrit : {motif(erreur)}.",
            "Vérifier les droits sur ce répertoire, puis relancer « cpomdocs poste reparer ».",
        ) from erreur
    return [f"Script d’Excel installé : {chemin}"]
