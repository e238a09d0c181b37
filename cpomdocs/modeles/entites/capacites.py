"""Les capacités réunies de plusieurs modalités, pour un établissement ou pour son activité d’une année."""

from __future__ import annotations

from cpomdocs.modeles.arithmetique import somme_entiere
from cpomdocs.modeles.base import Entite, calcul
from cpomdocs.modeles.types import Nature

_PLACES = Nature("entier", "places")


class CapacitesReunies:
    """Ce que valent ensemble les lignes `comptees`, que chaque entité désigne."""

    @property
    def comptees(self) -> list[Entite]:
        """Les lignes dont les places s’additionnent."""
        raise NotImplementedError

    @property
    @calcul("Capacité autorisée", _PLACES, entrees=("comptees.capacite_autorisee",))
    def capacite_autorisee(self) -> int | None:
        """Σ des capacités autorisées par modalité (AC-02), en places."""
        return somme_entiere(self.comptees, "capacite_autorisee")

    @property
    @calcul("Capacité financée", _PLACES, entrees=("comptees.capacite_financee",))
    def capacite_financee(self) -> int | None:
        """Σ des capacités autorisées et financées par modalité, en places."""
        return somme_entiere(self.comptees, "capacite_financee")

    @property
    @calcul("Capacité installée", _PLACES, entrees=("comptees.capacite_installee",))
    def capacite_installee(self) -> int | None:
        """Σ des capacités installées par modalité, en places."""
        return somme_entiere(self.comptees, "capacite_installee")
