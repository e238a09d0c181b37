"""Où se trouve une balise, pour la personne qui la cherche dans Word : « le corps, tableau 3, ligne 2 »."""

from __future__ import annotations

from dataclasses import dataclass

from cpomdocs.remplissage.word.ooxml import TBL, TR, Element, P
from cpomdocs.remplissage.word.texte import extrait

_NOMS = {
    "document": "le corps",
    "header": "un en-tête",
    "footer": "un pied de page",
    "core": "les propriétés",
}
_EXTRAIT = 60


@dataclass(frozen=True)
class Lieu:
    """L’endroit d’une balise : la partie, le tableau et sa ligne ou le paragraphe, le texte voisin."""

    partie: str
    endroit: str = ""
    voisinage: str = ""

    def __str__(self) -> str:
        pres = f"près de « {extrait(self.voisinage, _EXTRAIT)} »" if self.voisinage.strip() else ""
        return f"dans {', '.join(filter(None, (self.partie, self.endroit, pres)))}"


class Reperes:
    """Le rang de chaque paragraphe, tableau et ligne d’une partie, relevé avant toute transformation."""

    def __init__(self, racine: Element, nom: str) -> None:
        self.partie = nommer_partie(nom)
        self._endroits: dict[Element, str] = {}
        tableaux: dict[Element, int] = {}
        lignes: dict[Element, int] = {}
        paragraphes = 0
        for element in racine.iter(TBL, TR, P):
            if element.tag == TBL:
                tableaux[element] = len(tableaux) + 1
                lignes[element] = 0
                continue
            tableau = next(element.iterancestors(TBL), None)
            if element.tag == TR and tableau is not None:
                lignes[tableau] += 1
            elif element.tag == P and tableau is not None:
                self._endroits[element] = f"tableau {tableaux[tableau]}, ligne {lignes[tableau]}"
            elif element.tag == P:
                paragraphes += 1
                self._endroits[element] = f"paragraphe {paragraphes}"

    def situer(self, element: Element, voisinage: str = "") -> Lieu:
        """Le lieu d’un élément de la partie."""
        paragraphe = element if element.tag == P else next(element.iterancestors(P), None)
        endroit = "" if paragraphe is None else self._endroits.get(paragraphe, "")
        return Lieu(self.partie, endroit, voisinage)


def nommer_partie(nom: str) -> str:
    """« le corps », « un en-tête (word/header2.xml) »…"""
    court = nom.rpartition("/")[2].removesuffix(".xml")
    genre = _NOMS.get(court.rstrip("0123456789"), "les notes")
    return genre + (f" ({nom})" if court[-1:].isdigit() else "")
