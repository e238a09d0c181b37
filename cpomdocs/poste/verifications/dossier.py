"""Le dossier : son classeur, ses boutons, le droit d’y écrire, OneDrive, le réseau."""

from __future__ import annotations

import secrets
from pathlib import Path

from cpomdocs.erreurs import ErreurCpomdocs, motif
from cpomdocs.poste import onedrive
from cpomdocs.poste.enregistrement import a_des_macros, lire_poste
from cpomdocs.poste.machine import Machine
from cpomdocs.poste.reparation import script_mac
from cpomdocs.poste.verifications.constats import Constat, attention, bon, mauvais
from cpomdocs.veille.montages import est_en_reseau

_REPARER = "Fermer le classeur, puis lancer « cpomdocs poste reparer » dans ce dossier."


def boutons(classeur: Path, machine: Machine) -> Constat:
    """Les boutons du classeur lancent-ils l’installation de ce poste."""
    try:
        if not a_des_macros(classeur):
            return attention(
                "Boutons",
                f"« {classeur.name} » n’a pas de boutons.",
                "Se servir de la surveillance (« cpomdocs veiller ») : enregistrer le classeur vaut un clic.",
            )
        connus = lire_poste(classeur).interpreteurs
    except ErreurCpomdocs as erreur:
        return mauvais("Boutons", erreur.message, erreur.remede)
    script, contenu = script_mac(machine)
    if machine.systeme == "darwin" and not (script.is_file() and script.read_bytes() == contenu):
        return mauvais("Boutons", "Le script qu’Excel pour Mac appelle n’est pas installé.", _REPARER)
    if next((c for c in connus if Path(c).is_file()), None) == machine.interpreteur:
        return bon("Boutons", "Ils lancent l’installation de ce poste.")
    return mauvais("Boutons", "Ils lancent une autre installation, ou une qui n’existe plus.", _REPARER)


def ecriture(dossier: Path) -> Constat:
    """Peut-on écrire dans le dossier."""
    essai = dossier / f".{secrets.token_hex(6)}.cpomdocs"
    try:
        essai.write_bytes(b"")
        essai.unlink()
    except OSError as erreur:
        remede = "Demander les droits d’écriture sur ce dossier, ou le copier dans « Documents »."
        return mauvais("Écriture", f"« {dossier} » ne peut pas être écrit : {motif(erreur)}.", remede)
    return bon("Écriture", f"On peut écrire dans « {dossier} ».")


def partage(dossier: Path, machine: Machine) -> Constat:
    """Le dossier est-il sur OneDrive ou sur le réseau."""
    if any(racine in (dossier, *dossier.parents) for racine in onedrive.racines_onedrive(machine)):
        return attention(
            "Où est le dossier",
            "sur OneDrive",
            "Clic droit sur le dossier, « Toujours conserver sur cet appareil » ; ouvrir le classeur depuis "
            "l’Explorateur ou le Finder. Une seule personne à la fois.",
        )
    if est_en_reseau(dossier):
        return attention(
            "Où est le dossier",
            "sur un partage du réseau",
            "Une seule personne à la fois ; chaque poste lance une fois « cpomdocs poste reparer ». Demander "
            "à l’informatique d’approuver ce partage.",
        )
    return bon("Où est le dossier", "sur ce poste")
