"""La porte d’entrée des données : le classeur maître lu en entier avec ses anomalies ; et, pour tout autre
classeur, ses valeurs et leurs adresses (`ouvrir_classeur`)."""

from cpomdocs.lecture.classeur import lire_classeur
from cpomdocs.lecture.grilles import ClasseurLu, Grille, ouvrir_classeur

__all__ = ["ClasseurLu", "Grille", "lire_classeur", "ouvrir_classeur"]
