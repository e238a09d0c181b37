"""L’adresse d’une cellule dans une ligne ajoutée : `B41+2`, la deuxième ligne ajoutée sous la ligne 41."""

from __future__ import annotations

import re
from typing import NamedTuple

from cpomdocs.office.adresses import LIGNES, lire_cellule

_AJOUT = re.compile(r"^([A-Z]{1,3}[1-9][0-9]{0,6})\+([1-9][0-9]{0,4})$")


class Ajout(NamedTuple):
    """Une cellule ajoutée : celle qu’elle copie, et le rang de sa ligne dessous (1 : la première)."""

    modele: tuple[int, int]
    rang: int

    @property
    def place(self) -> tuple[int, int]:
        """Où la cellule sera dans la feuille agrandie."""
        return self.modele[0] + self.rang, self.modele[1]


def lire_ajout(cellule: str) -> Ajout | None:
    """L’ajout que cette adresse désigne ; `None` pour une adresse ordinaire ou hors de la feuille."""
    forme = _AJOUT.match(cellule)
    modele = lire_cellule(forme[1]) if forme else None
    if forme is None or modele is None or modele[0] + int(forme[2]) > LIGNES:
        return None
    return Ajout(modele, int(forme[2]))
