"""Les feuilles d’un gabarit dont le texte est en mémoire : peu à la fois, il pèse plus que le fichier."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from cpomdocs.office.archive import GARDEE, Archive
from cpomdocs.office.classeur import FeuilleClasseur
from cpomdocs.office.feuille import FeuilleOctets

MEMOIRE = 512 * 1024
"""Octets de texte gardés ; la dernière feuille ouverte l’est toujours."""


@dataclass
class TextesOuverts:
    """De quoi ouvrir les feuilles d’un gabarit ; la plus anciennement lue rend son texte s’il y en a trop."""

    archive: Archive
    _feuilles: dict[str, FeuilleOctets] = field(default_factory=dict, repr=False)
    _tailles: dict[str, int] = field(default_factory=dict, repr=False)

    def ouvrir(self, fiche: FeuilleClasseur) -> FeuilleOctets:
        """La feuille, relue quand il le faut. Lève `ErreurFichier` si sa forme interdit de l’épisser."""
        octets = self._lire(fiche.partie)
        feuille = FeuilleOctets(octets, fiche.nom, partial(self._lire, fiche.partie))
        self._feuilles[fiche.partie] = feuille
        return feuille

    def _lire(self, partie: str) -> bytes:
        octets = self.archive.lire(partie)
        self._tailles[partie] = len(octets)
        trop = sum(self._tailles.values()) - MEMOIRE
        for autre in list(self._tailles)[:-1]:
            if trop > 0:
                trop -= self._tailles.pop(autre)
                if autre in self._feuilles:
                    self._feuilles[autre].oublier()
        return octets

    def oublier(self) -> None:
        """Fait rendre son texte à toute feuille que l’archive n’a pas déjà gardée, étant petite."""
        for partie in [partie for partie, taille in self._tailles.items() if taille > GARDEE]:
            del self._tailles[partie]
            self._feuilles[partie].oublier()
