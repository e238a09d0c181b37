"""Le tableau de bord : une page qui se suffit, à montrer, imprimer ou envoyer."""

from cpomdocs.tableau.page import ecrire_tableau

__all__ = ["ecrire_tableau"]
