"""Ajouter des lignes sous un tableau Excel : la dernière copiée, le reste prolongé, rien au milieu."""

from cpomdocs.remplissage.croissance.cases import Ajout, lire_ajout
from cpomdocs.remplissage.croissance.feuille import Croissances

__all__ = ["Ajout", "Croissances", "lire_ajout"]
