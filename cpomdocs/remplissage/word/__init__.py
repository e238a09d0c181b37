"""Remplir un document Word imposé, sans balises : contrôles de contenu, signets, libellés, cellules."""

from cpomdocs.remplissage.word.gabarit import GabaritWord, preparer
from cpomdocs.remplissage.word.remplir import remplir

__all__ = ["GabaritWord", "preparer", "remplir"]
