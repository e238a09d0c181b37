"""La complétude : pour chaque établissement et chaque formulaire, combien de données sont là."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cpomdocs.modeles.chemins import Valeur
from cpomdocs.rapport import Rapport

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

    @property
    def centiemes(self) -> int:
        """Le taux en centièmes, jamais arrondi vers le haut : 100 veut dire complet."""
        return 100 * self.renseignees // self.attendues if self.attendues else 100

    def __add__(self, autre: Completude) -> Completude:
        """Les données des deux, réunies."""
        return Completude(self.renseignees + autre.renseignees, self.attendues + autre.attendues)


class Matrice(NamedTuple):
    """Une rangée par établissement (`None` : le gestionnaire), une mesure par formulaire s’il le demande."""

    formulaires: list[str]
    rangees: list[tuple[str | None, list[Completude | None]]]


def matrice(rapport: Rapport, etablissements: Iterable[str]) -> Matrice:
    """La complétude des documents du rapport, réunis par établissement, dans cet ordre, et formulaire."""
    mesures: dict[tuple[str | None, str], Completude] = {}
    for d in rapport.documents:
        if d.statut != "orphelin":
            cle = d.etablissement, d.formulaire
            mesure = Completude(d.cases_remplies, d.cases_remplies + d.cases_manquantes)
            mesures[cle] = mesures[cle] + mesure if cle in mesures else mesure
    presents = {etablissement for etablissement, _ in mesures}
    formulaires = list(dict.fromkeys(formulaire for _, formulaire in mesures))
    rangees = [code for code in (*etablissements, None) if code in presents]
    return Matrice(formulaires, [(code, [mesures.get((code, f)) for f in formulaires]) for code in rangees])


def mesurer(valeurs: Iterable[Valeur]) -> Completude:
    """La complétude d’un document ; « sans objet » compte comme renseigné."""
    etats = [valeur.etat for valeur in valeurs if valeur.etat != "non_attendu"]
    return Completude(sum(etat != "vide" for etat in etats), len(etats))
