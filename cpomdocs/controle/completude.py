"""La complétude : pour chaque établissement et chaque formulaire, combien de données sont là."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cpomdocs.plan import DocumentPrevu

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


def mesurer(prevus: Iterable[DocumentPrevu]) -> dict[tuple[str, str], Completude]:
    """La complétude par (établissement, formulaire) ; « sans objet » compte comme renseigné."""
    comptes: dict[tuple[str, str], list[int]] = {}
    for prevu in prevus:
        compte = comptes.setdefault((prevu.etablissement or GESTIONNAIRE, prevu.formulaire.nom), [0, 0])
        for valeur in prevu.valeurs:
            if valeur.etat != "non_attendu":
                compte[0] += valeur.etat != "vide"
                compte[1] += 1
    return {cle: Completude(*compte) for cle, compte in comptes.items()}
