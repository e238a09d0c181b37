"""Deux versions d’un contrat : ce que l’autorité a changé, article par article."""

from cpomdocs.contrats.comparaison import Changement, ComparaisonDeContrats, comparer_contrats

__all__ = ["Changement", "ComparaisonDeContrats", "comparer_contrats"]
