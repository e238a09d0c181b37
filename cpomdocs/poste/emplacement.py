"""Le classeur d’où vient un clic : sa copie locale s’il est sur OneDrive, et le dossier où il doit être."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from cpomdocs.erreurs import ErreurDossier
from cpomdocs.poste import onedrive
from cpomdocs.poste.enregistrement import lire_poste
from cpomdocs.poste.machine import Machine
from cpomdocs.poste.registre import registre_du_poste
from cpomdocs.reglages import CLASSEURS, FICHIER, PRIVE, lire_reglages

_ATTENTE_ONEDRIVE, _PAS = 45.0, 0.5
_TEMOINS = (FICHIER, "gabarits", PRIVE)


def trouver(adresse: str, jeton: str, dire: Callable[[str], None]) -> Path:
    """Le fichier du classeur ; d’une adresse OneDrive, la copie locale, une fois qu’elle porte ce jeton.

    Lève `ErreurDossier` si elle manque ou tarde, `ErreurClasseur` si elle ne se lit pas.
    """
    if not onedrive.est_une_adresse(adresse):
        return Path(adresse)
    racines = onedrive.racines_onedrive(Machine.actuelle())
    fichier = onedrive.chemin_local(adresse, racines, onedrive.espaces_synchronises(registre_du_poste()))
    limite = time.monotonic() + _ATTENTE_ONEDRIVE
    while jeton and lire_poste(fichier).jeton != jeton:
        dire("cpomdocs : attente de OneDrive…")
        if time.monotonic() > limite:
            raise ErreurDossier(
                "OneDrive n’a pas encore déposé sur ce poste la version que vous venez d’enregistrer.",
                "Attendre que l’icône du classeur soit verte dans l’Explorateur, puis recommencer.",
            )
        time.sleep(_PAS)
    return fichier


def verifier(classeur: Path) -> None:
    """Lève `ErreurDossier` si le classeur est hors d’un dossier, ou n’est qu’une copie du classeur maître."""
    dossier, nom = classeur.parent, classeur.name
    voulu = lire_reglages(dossier).classeur
    attendus = (voulu,) if voulu else CLASSEURS
    if nom.casefold() in {attendu.casefold() for attendu in attendus}:
        return
    present = next((attendu for attendu in attendus if (dossier / attendu).is_file()), None)
    if present is not None:
        raise ErreurDossier(
            f"« {nom} » est une copie : le classeur maître de ce dossier est « {present} ».",
            f'Ouvrir « {present} », ou écrire classeur = "{nom}" dans {FICHIER}.',
        )
    if not any((dossier / temoin).exists() for temoin in _TEMOINS):
        raise ErreurDossier(
            f"« {nom} » n’est pas dans un dossier cpomdocs : rien n’a été produit.",
            "Le remettre dans son dossier, à côté de « gabarits », ou l’appeler « classeur-maitre.xlsm ».",
        )
