"""Ce qu’il faut savoir d’une feuille avant de la confier au lecteur rapide, et ce que ce lecteur tait.

Deux cellules aux coins opposés d’une feuille lui feraient réserver des centaines de gigaoctets et
arrêteraient le programme sans recours ; il rend vides les cellules en erreur et les formules jamais
calculées. Tout se voit dans les octets de la feuille.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from cpomdocs.office.adresses import ecrire_cellule, numero_colonne

MAX_CELLULES = 3_000_000
"""Surface maximale d’une feuille, de A1 à sa dernière cellule."""

_LOIN = re.compile(rb"""\sr\s*=\s*["'](?:[A-Z]{3}|[C-Z][A-Z][0-9]|[A-Z]{1,2}[0-9]{5}|[0-9]{5})""")
_ADRESSE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,9})["']""")
_CELLULE = re.compile(rb"""<(?:\w+:)?c\b([^>]*)(?<!/)>(.*?)</(?:\w+:)?c>""", re.DOTALL)
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_VALEUR = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_FORMULE = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ERREUR = re.compile(rb"""\bt\s*=\s*["']e["']""")


class Place(NamedTuple):
    """Une cellule par ses rangs, à partir de 0."""

    ligne: int
    colonne: int

    @property
    def adresse(self) -> str:
        """L’adresse d’Excel : (3, 1) donne « B4 »."""
        return ecrire_cellule(self.ligne + 1, self.colonne + 1)


@dataclass(frozen=True)
class Constats:
    """Les cellules que le lecteur rapide tait : celles en erreur et les formules jamais calculées."""

    erreurs: dict[Place, str]
    sans_resultat: frozenset[Place]


def est_demesuree(feuille: bytes) -> bool:
    """Vrai si la surface de la feuille dépasse `MAX_CELLULES`."""
    if _LOIN.search(feuille) is None:
        return False
    derniere_colonne = derniere_ligne = 0
    for lettres, chiffres in set(_ADRESSE.findall(feuille)):
        derniere_colonne = max(derniere_colonne, numero_colonne(lettres.decode()))
        derniere_ligne = max(derniere_ligne, int(chiffres))
    return derniere_colonne * derniere_ligne > MAX_CELLULES


def constater(feuille: bytes) -> Constats:
    """Les cellules en erreur et les formules sans résultat de la feuille."""
    formules = _FORMULE.search(feuille) is not None
    if not formules and _ERREUR.search(feuille) is None:
        return Constats({}, frozenset())
    erreurs: dict[Place, str] = {}
    sans_resultat: set[Place] = set()
    for attributs, contenu in _CELLULE.findall(feuille):
        reference = _REFERENCE.search(attributs)
        if reference is None:
            continue
        genre = _TYPE.search(attributs)
        valeur = _VALEUR.search(contenu)
        place = Place(int(reference[2]) - 1, numero_colonne(reference[1].decode()) - 1)
        if genre is not None and genre[1] == b"e":
            erreurs[place] = valeur[1].decode("utf-8", "replace") if valeur else "#ERREUR"
        elif valeur is None and _FORMULE.search(contenu) and (genre is None or genre[1] != b"str"):
            sans_resultat.add(place)
    return Constats(erreurs, frozenset(sans_resultat))
