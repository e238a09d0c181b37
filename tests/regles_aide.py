"""De quoi écrire les cas des règles : un petit dossier fautif, le même juste, ce que le message doit dire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cpomdocs.modeles import FICHES, SAISIES, Dossier, Entite, Source, infos
from cpomdocs.modeles.regles import REGLES, Regle, Seuils
from cpomdocs.rapport import Anomalie

Donnees = dict[str, Any]


@dataclass(frozen=True)
class Cas:
    """Un cas d’une règle : ce qui la fait parler, ce qui la fait taire, un morceau du message attendu."""

    code: str
    fautif: Donnees
    juste: Donnees
    message: str
    nombre: int = 1
    gravite: str | None = None
    seuils: Seuils | None = None


def dossier_de(donnees: Donnees) -> Dossier:
    """Le dossier de ces données ; chaque champ saisi vient d’une cellule qui porte son nom."""
    dossier = Dossier.model_validate(donnees)
    for nom in FICHES:
        _situer(nom, getattr(dossier, nom), "")
    for nom in SAISIES:
        for rang, ligne in enumerate(getattr(dossier, nom), start=1):
            _situer(nom, ligne, str(rang))
    return dossier


def _situer(feuille: str, ligne: Entite, rang: str) -> None:
    saisis = (info.nom for info in infos(type(ligne)).values() if not info.calcule)
    ligne.situer({nom: Source(feuille=feuille, cellule=f"{nom}{rang}") for nom in saisis})


def regle(code: str) -> Regle:
    """La règle de ce code."""
    return next(regle for regle in REGLES if regle.code == code)


def anomalies(code: str, donnees: Donnees, seuils: Seuils | None = None) -> list[Anomalie]:
    """Les anomalies d’une seule règle."""
    return regle(code).manquements(dossier_de(donnees), seuils or Seuils())
