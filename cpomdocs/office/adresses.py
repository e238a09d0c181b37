"""Adresses de cellules et de plages : `C4` ↔ (4, 3), `$A$1:B3`, `A:A`, `3:5`. On compte à partir de 1."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

LIGNES = 1_048_576
COLONNES = 16_384
_CELLULE = re.compile(r"^\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
_BORNE = re.compile(r"^\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?$")


class Plage(NamedTuple):
    """Un rectangle de cellules, bornes comprises."""

    haut: int
    gauche: int
    bas: int
    droite: int

    def contient(self, ligne: int, colonne: int) -> bool:
        """Vrai si la cellule est dans la plage."""
        return self.haut <= ligne <= self.bas and self.gauche <= colonne <= self.droite

    def __str__(self) -> str:
        debut, fin = ecrire_cellule(self.haut, self.gauche), ecrire_cellule(self.bas, self.droite)
        return debut if debut == fin else f"{debut}:{fin}"


@lru_cache(maxsize=65_536)
def numero_colonne(lettres: str) -> int:
    """Le numéro d’une colonne : A → 1, AA → 27."""
    numero = 0
    for lettre in lettres.upper():
        numero = numero * 26 + ord(lettre) - 64
    return numero


@lru_cache(maxsize=COLONNES)
def lettres_colonne(numero: int) -> str:
    """Les lettres d’une colonne : 1 → A, 27 → AA."""
    lettres = ""
    while numero:
        numero, reste = divmod(numero - 1, 26)
        lettres = chr(65 + reste) + lettres
    return lettres


def lire_cellule(texte: str) -> tuple[int, int] | None:
    """(ligne, colonne) d’une adresse, `None` si elle est mal écrite ou hors de la feuille."""
    forme = _CELLULE.match(texte)
    if forme is None:
        return None
    ligne, colonne = int(forme[2]), numero_colonne(forme[1])
    return (ligne, colonne) if 1 <= ligne <= LIGNES and colonne <= COLONNES else None


def ecrire_cellule(ligne: int, colonne: int) -> str:
    """L’adresse d’une cellule, sans `$`."""
    return f"{lettres_colonne(colonne)}{ligne}"


def lire_plage(texte: str) -> Plage | None:
    """La plage écrite `A1`, `A1:B3`, `A:C` ou `2:5`, avec ou sans `$` ; `None` si elle est mal écrite."""
    debut, deux, fin = texte.strip().partition(":")
    bornes = [_BORNE.match(borne) for borne in (debut, fin if deux else debut)]
    if not all(bornes) or not (debut and (fin or not deux)):
        return None
    un, autre = ((b[1], b[2]) for b in bornes if b)
    if (un[0] is None) != (autre[0] is None) or (un[1] is None) != (autre[1] is None):
        return None
    if not deux and None in un:
        return None
    lignes = sorted((int(un[1] or 1), int(autre[1] or LIGNES)))
    colonnes = sorted((numero_colonne(un[0] or "A"), numero_colonne(autre[0] or "XFD")))
    if lignes[0] < 1 or lignes[1] > LIGNES or colonnes[1] > COLONNES:
        return None
    return Plage(lignes[0], colonnes[0], lignes[1], colonnes[1])


def lire_plages(texte: str) -> tuple[Plage, ...]:
    """Les plages d’une liste séparée par des blancs (`sqref`) ; celles qui sont mal écrites sont laissées."""
    return tuple(plage for morceau in texte.split() if (plage := lire_plage(morceau)) is not None)
