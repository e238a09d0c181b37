"""Ce qu’on attend d’un moteur de calcul de tableur, quel qu’il soit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple, Protocol

from cpomdocs.office.adresses import ecrire_cellule
from cpomdocs.office.valeurs import CodeErreur


class Lieu(NamedTuple):
    """Une cellule d’un classeur ; lignes et colonnes comptent à partir de 1."""

    feuille: str
    ligne: int
    colonne: int

    @property
    def cellule(self) -> str:
        """L’adresse dans la feuille : « C4 »."""
        return ecrire_cellule(self.ligne, self.colonne)

    def __str__(self) -> str:
        return f"{self.feuille}!{self.cellule}"


Resultat = float | str | bool | CodeErreur | None
"""Le résultat d’une formule ; `None` : vide, ou d’un genre qui ne s’écrit pas dans une cellule."""


class MoteurEnEchec(Exception):
    """Le moteur n’a pas su calculer ce classeur : refus, durée ou mémoire dépassée. Le message est pour une
    personne."""


class Seance(Protocol):
    """Un classeur calculé."""

    @property
    def resultats(self) -> Mapping[Lieu, Resultat]:
        """Les résultats des cellules demandées."""

    @property
    def instables(self) -> frozenset[Lieu]:
        """Les cellules dont le résultat change encore d’un calcul à l’autre."""

    def etendue(self, lieu: Lieu) -> tuple[int, int] | None:
        """(lignes, colonnes) du débordement de la formule ; `None` si elle tient dans sa cellule."""

    def dependantes(self, lieux: Iterable[Lieu]) -> set[Lieu]:
        """Les cellules que ces lieux influencent, de proche en proche, eux-mêmes exclus."""


class Moteur(Protocol):
    """Un moteur de calcul. `identite` : son nom et sa version, qui datent une qualification."""

    @property
    def identite(self) -> str:
        """« nom version »."""

    def calculer(
        self, octets: bytes, lieux: Sequence[Lieu], langue: str, maintenant: datetime.datetime
    ) -> Seance:
        """Recalcule tout le classeur et lit ces cellules.

        `langue` : « fr-FR » ; elle décide du sens de TEXTE(…;"JJ/MM/AAAA"). `maintenant` : ce que valent
        MAINTENANT() et AUJOURDHUI(). Lève `MoteurEnEchec`.
        """


def moteur_disponible() -> Moteur | None:
    """Le moteur installé avec cpomdocs[recalcul] ; `None` s’il ne l’est pas ou ne marche pas ici."""
    from cpomdocs.recalcul import formulon

    return formulon.charger()


def moteur_installe() -> str | None:
    """« nom version » du moteur installé, sans le charger ; `None` s’il n’y en a pas."""
    try:
        return f"formulon {version('formulon')}"
    except PackageNotFoundError:
        return None
