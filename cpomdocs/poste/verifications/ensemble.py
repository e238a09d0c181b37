"""Toutes les vérifications, dans l’ordre où elles se lisent."""

from __future__ import annotations

from pathlib import Path

from cpomdocs.erreurs import ErreurDossier
from cpomdocs.poste.machine import Machine
from cpomdocs.poste.registre import Registre, registre_du_poste
from cpomdocs.poste.verifications import dossier as du_dossier
from cpomdocs.poste.verifications import macros, programmes
from cpomdocs.poste.verifications.constats import Constat, attention
from cpomdocs.reglages import lire_reglages, trouver_classeur


def verifier_poste(
    dossier: Path, machine: Machine | None = None, registre: Registre | None = None
) -> list[Constat]:
    """Ce qu’il en est de ce poste et, s’il porte un classeur maître, de ce dossier."""
    machine, registre = machine or Machine.actuelle(), registre or registre_du_poste()
    constats = [
        programmes.python(machine),
        programmes.lancement(machine),
        programmes.excel(machine, registre),
        programmes.xlwings(machine),
        programmes.libre_office(),
    ]
    if machine.systeme == "win32":
        constats += [macros.reglage(registre), macros.processus_enfants(registre)]
    return constats + _du_dossier(dossier, machine, registre)


def _du_dossier(dossier: Path, machine: Machine, registre: Registre) -> list[Constat]:
    try:
        classeur = trouver_classeur(dossier, lire_reglages(dossier)).resolve()
    except ErreurDossier as erreur:
        remede = f"{erreur.remede} Relancer dans le dossier du CPOM vérifie aussi ses boutons.".strip()
        return [attention("Dossier", erreur.message, remede)]
    ou = classeur.parent
    constats = [
        du_dossier.boutons(classeur, machine),
        du_dossier.ecriture(ou),
        du_dossier.partage(ou, machine),
    ]
    if machine.systeme == "win32":
        constats += [macros.marque_du_web(classeur), macros.emplacement(registre, ou)]
    return constats
