"""Un petit dossier à boutons : deux établissements, un formulaire Excel, un classeur .xlsm."""

from __future__ import annotations

import sys
from pathlib import Path

from fabriques import des_donnees, poser_formulaire

from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.formulaires.besoins import resumer
from cpomdocs.formulaires.catalogue import charger_formulaires, repertoire_des_formulaires
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.identite import Etablissement

CASES = '[cases]\n"Fiche!B1" = "etablissement.finess_et"\n"Fiche!B2" = "etablissement.nom"\n'
PREMIERE, SECONDE = "sorties/A/A_fiche.xlsx", "sorties/B/B_fiche.xlsx"


def deux_etablissements(nom: str = "Les Tilleuls") -> Dossier:
    """Deux établissements, A et B ; le premier porte ce nom."""
    return des_donnees(
        Etablissement(code="A", nom=nom, finess_et="990000027"),
        Etablissement(code="B", nom="Les Ormes", finess_et="990000035"),
    )


def poser_dossier(
    dossier: Path,
    donnees: Dossier | None = None,
    nom: str = "classeur-maitre.xlsm",
    python: str = sys.executable,
) -> Path:
    """Écrit le dossier ; rend le chemin de son classeur, dont les boutons lancent cet interpréteur."""
    poser_formulaire(dossier, "fiche", CASES)
    classeur = dossier / nom
    ecrire(classeur, donnees or deux_etablissements(), python)
    return classeur


def ecrire(classeur: Path, donnees: Dossier, python: str = sys.executable) -> None:
    """Écrit le classeur maître, avec ses boutons."""
    formulaires, _ = charger_formulaires(repertoire_des_formulaires(classeur.parent))
    with classeur.open("wb") as flux:
        ecrire_classeur(flux, donnees, resumer(formulaires, donnees), [python])
