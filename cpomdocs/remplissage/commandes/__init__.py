"""Les cases à cocher, options et listes posées sur une feuille, remplies par leur cellule liée."""

from cpomdocs.remplissage.commandes.catalogue import Commandes
from cpomdocs.remplissage.commandes.lecture import Commande
from cpomdocs.remplissage.commandes.valeurs import traduire

__all__ = ["Commande", "Commandes", "traduire"]
