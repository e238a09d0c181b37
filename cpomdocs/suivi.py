"""Le suivi d’une génération : le couloir annonce, la porte montre. Rien n’est affiché d’ici."""

from __future__ import annotations

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


MUET: Suivi = Muet()
