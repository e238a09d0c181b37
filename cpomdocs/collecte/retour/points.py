"""Ce qui se décide : un point, ses trois versions, ce que l’on propose, ce que la personne a choisi."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from cpomdocs.collecte.echange.donnees import montrer_donnee
from cpomdocs.collecte.echange.releve import Ligne
from cpomdocs.modeles.base import InfoChamp

Decision = Literal["prendre", "garder"]
PRENDRE: Decision = "prendre"
GARDER: Decision = "garder"


@dataclass(frozen=True)
class Point:
    """Un point à décider. `prendre` : ce qu’ils ont mis ; `garder` : ce que le classeur maître porte.

    `repere` : ne change pas tant que les trois versions sont les mêmes. `propose` : ce qui est prérempli.
    """

    nature: str
    qui: str
    feuille: str
    ligne: str
    donnee: str
    ancien: str
    leur: str
    notre: str
    cellule_leur: str = ""
    cellule_notre: str = ""
    propose: Decision | None = None
    repere: str = ""
    decision: Decision | None = None

    def reperer(self, envoi: str, rang: int) -> Point:
        """Le point avec son repère ; `rang` distingue deux points par ailleurs semblables."""
        versions = (self.nature, self.feuille, self.ligne, self.donnee, self.ancien, self.leur, self.notre)
        empreinte = hashlib.sha256("\x1f".join((envoi, str(rang), *versions)).encode())
        return replace(self, repere=empreinte.hexdigest()[:16])


Decisions = Mapping[str, Decision | None]
"""Repère d’un point déjà montré → ce que la personne a choisi (`None` : rien encore)."""


class Deroulement:
    """Ce qu’une comparaison a donné : points à décider, données prises, constats.

    `origine` : de qui, « EHPAD1 (reponse.xlsx) » ; `bloquee` : des données n’ont pas de place.
    """

    def __init__(self, origine: str, envoi: str, decisions: Decisions) -> None:
        self.origine = origine
        self.points: list[Point] = []
        self.constats: list[str] = []
        self.prises = 0
        self.bloquee = False
        self._envoi = envoi
        self._decisions = decisions
        self._rangs: dict[str, int] = {}

    @property
    def en_attente(self) -> bool:
        """Vrai s’il reste un point sans décision, ou des données sans place."""
        return self.bloquee or any(point.decision is None for point in self.points)

    def demander(self, point: Point) -> Decision | None:
        """Ajoute un point ; rend ce que la personne en a décidé, `None` si elle ne l’a pas fait."""
        commun = point.reperer(self._envoi, 0).repere
        rang = self._rangs[commun] = self._rangs.get(commun, -1) + 1
        repere = point.reperer(self._envoi, rang).repere
        decision = self._decisions.get(repere)
        self.points.append(replace(point, repere=repere, decision=decision))
        return decision


def montrer_cle(ligne: Ligne, champs: list[InfoChamp]) -> str:
    """La clé d’une ligne en mots : « EHPAD1 · 2025 · réel » ; à défaut, ses premières données."""
    cles = [info for info in champs if info.cle] or champs[:3]
    mots = [montrer_donnee(lue, i) for i in cles if (lue := ligne.donnees.get(i.nom)) is not None]
    return " · ".join(mots) or "(sans clé)"


def montrer_ligne(ligne: Ligne, champs: list[InfoChamp]) -> str:
    """Toutes les données d’une ligne, chacune avec son libellé."""
    return " ; ".join(
        f"{info.libelle} : {montrer_donnee(lue, info)}"
        for info in champs
        if (lue := ligne.donnees.get(info.nom)) is not None
    )
