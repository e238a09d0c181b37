"""Le suivi d’une génération : le couloir annonce, la porte montre. Rien n’est affiché d’ici."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

from cpomdocs.rapport import DocumentProduit


class Suivi(Protocol):
    """Ce qu’une porte peut montrer pendant le travail."""

    def debut(self, total: int, quoi: str = "Documents") -> None:
        """Le nombre de documents (ou de PDF) à traiter est connu."""

    def avance(self, document: DocumentProduit) -> None:
        """Un document de plus est traité."""


class Muet:
    """Ne montre rien."""

    def debut(self, total: int, quoi: str = "Documents") -> None:
        """Ignore l’annonce."""

    def avance(self, document: DocumentProduit) -> None:
        """Ignore l’annonce."""


class Compteur(ABC):
    """Un suivi qui dit en une phrase où en est le travail : « cpomdocs : Documents 3 / 24 »."""

    _quoi, _total, _faits = "", 0, 0

    @abstractmethod
    def dire(self, texte: str) -> None:
        """Montre une phrase d’avancement."""

    def debut(self, total: int, quoi: str = "Documents") -> None:
        """Suivi du couloir : le nombre de documents, ou de PDF, est connu."""
        self._total, self._faits, self._quoi = total, 0, quoi
        self._compter()

    def avance(self, document: DocumentProduit) -> None:
        """Suivi du couloir : un de plus."""
        self._faits += 1
        self._compter()

    def _compter(self) -> None:
        self.dire(f"cpomdocs : {self._quoi} {self._faits} / {self._total}")


MUET: Suivi = Muet()
