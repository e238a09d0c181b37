"""La seule porte d’entrée des données : le classeur maître, lu en entier, avec ses anomalies."""

from cpomdocs.lecture.classeur import lire_classeur

__all__ = ["lire_classeur"]
