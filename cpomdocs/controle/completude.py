"""La complétude : pour chaque établissement et chaque formulaire, combien de données sont là."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cpomdocs.modeles.chemins import Valeur

GESTIONNAIRE = "Gestionnaire"


@dataclass(frozen=True)
class Completude:
    """Les données renseignées et attendues d’un document, ou de plusieurs."""

    renseignees: int
    attendues: int

    @property
    def taux(self) -> float:
        """La part renseignée, de 0 à 1 ; 1 quand rien n’est attendu."""
        return self.renseignees / self.attendues if self.attendues else 1.0

    def __add__(self, autre: Completude) -> Completude:
        """Les données des deux, réunies."""
        return Completude(self.renseignees + autre.renseignees, self.attendues + autre.attendues)


def mesurer(valeurs: Iterable[Valeur]) -> Completude:
    """La complétude d’un document ; « sans objet » compte comme renseigné."""
    etats = [valeur.etat for valeur in valeurs if valeur.etat != "non_attendu"]
    return Completude(sum(etat != "vide" for etat in etats), len(etats))
