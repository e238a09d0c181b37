"""Où la collecte range ses fichiers, dans le dossier."""

from __future__ import annotations

from pathlib import Path

from cpomdocs.ecriture.noms import LONGUEUR_NOM, defaut_du_nom
from cpomdocs.reglages import PRIVE

RACINE = "collecte"
ENVOIS = f"{RACINE}/a-envoyer"
RETOURS = f"{RACINE}/retours"
RELANCES = f"{RACINE}/relances"
RASSEMBLEMENT = f"{RACINE}/rassemblement.xlsx"
TABLEAU = f"{RACINE}/collecte.xlsx"
GARDES = f"{PRIVE}/retours"
"""Les retours où il reste à décider : une copie, pour ne pas avoir à les redonner."""


def nom_de_fichier(nom: str, suffixe: str) -> str:
    """Un nom de fichier sûr partout : ce qu’un système refuserait devient « - »."""
    propre = "".join(c if c.isalnum() or c in " _-." else "-" for c in nom).strip(" .")
    entier = f"{propre[: LONGUEUR_NOM - len(suffixe)].strip()}{suffixe}"
    return f"part-{entier}" if not propre or defaut_du_nom(entier) else entier


def dossier_de(chemin: Path) -> Path | None:
    """Le dossier qui contient ce chemin : le premier, en remontant, qui a un répertoire privé."""
    entier = chemin.resolve()
    return next((d for d in (entier, *entier.parents) if (d / PRIVE).is_dir()), None)
