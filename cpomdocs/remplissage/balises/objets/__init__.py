"""Ce qu’une balise écrit d’autre qu’un texte simple : texte enrichi, image, document inséré."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cpomdocs.remplissage.balises.gabarit.dialecte import Balise
    from cpomdocs.remplissage.balises.langage.etat import Etat


class Objet(ABC):
    """Une valeur qui sait s’écrire en XML de Word, à la place d’un passage ou d’un paragraphe."""

    @abstractmethod
    def passages(self, etat: Etat, balise: Balise) -> str:
        """Le XML à mettre entre deux passages (`w:r`) d’un paragraphe."""

    def paragraphes(self, etat: Etat, balise: Balise) -> str:
        """Le XML à mettre à la place d’un paragraphe."""
        return f"<w:p>{balise.paragraphe}{self.passages(etat, balise)}</w:p>"
