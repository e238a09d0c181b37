"""Les résultats des formules : retirés dès qu’une valeur est écrite, Excel recalcule à l’ouverture."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from typing import NamedTuple

from cpomdocs.office.feuille import FeuilleOctets

Bornes = tuple[int, int]
_TYPE = re.compile(rb"(?<!\s)\s++t\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_RESULTAT = re.compile(rb"<((?:\w+:)?v)(?:\s[^>]*)?(?:/>|>[^<]*</\1>)")
_CALCUL = re.compile(rb"<(?:\w+:)?calcPr(?=[\s/>])(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*+/?>")
_DEMANDE = re.compile(rb"\sfullCalcOnLoad\s*=\s*[\"']([^\"']*)[\"']")
_AVANT_CALCUL = re.compile(
    rb"(?:</(?:\w+:)?|<(?:\w+:)?(?=[\w]+\s*/>))"
    rb"(?:sheets|functionGroups|externalReferences|definedNames)\s*/?>"
)


class Retraits(NamedTuple):
    """Les intervalles d’octets toujours retirés, en ordre : où ils commencent, où ils finissent."""

    debuts: array[int]
    fins: array[int]

    def appliquer(self, octets: bytes, debut: int, fin: int) -> bytes:
        """L’intervalle [debut, fin[ sans ce qui en est retiré."""
        morceaux: list[bytes] = []
        position = debut
        for rang in range(bisect_left(self.debuts, debut), bisect_left(self.debuts, fin)):
            morceaux.append(octets[position : self.debuts[rang]])
            position = self.fins[rang]
        morceaux.append(octets[position:fin])
        return b"".join(morceaux)


def retraits(feuille: FeuilleOctets) -> Retraits:
    """Ce qui ôte leur résultat, et son type, aux cellules calculées."""
    octets, fermante = feuille.octets, b"</" + feuille.prefixe + b"c>"
    bornes: list[Bornes] = []
    for cellule, formule, debut, fin in feuille.formules:
        if debut >= 0:
            bornes.append((debut, fin))
            if octets.find(b"t", cellule + 2, formule) >= 0:
                bornes += _sans_type(octets, cellule, formule)
        else:
            bornes += _sans_resultat(octets, cellule, formule, octets.find(fermante, formule))
    for matrice in feuille.matrices:
        for case in feuille.dans(matrice.plage):
            if not feuille.a_formule(case):
                bornes += _sans_resultat(octets, case.debut, case.contenu, case.fin_contenu)
    bornes.sort()
    return Retraits(array("i", [debut for debut, _ in bornes]), array("i", [fin for _, fin in bornes]))


def _sans_resultat(octets: bytes, debut: int, contenu: int, fin: int) -> list[Bornes]:
    """Ce qui ôte le résultat d’une cellule, où qu’il soit dans son contenu."""
    resultat = _RESULTAT.search(octets, contenu, fin)
    return [] if resultat is None else [resultat.span(), *_sans_type(octets, debut, contenu)]


def _sans_type(octets: bytes, debut: int, fin: int) -> list[Bornes]:
    genre = _TYPE.search(octets, debut, fin)
    return [genre.span()] if genre else []


def demander_recalcul(classeur: bytes) -> bytes:
    """`xl/workbook.xml` où `calcPr/@fullCalcOnLoad` vaut 1 ; l’élément est créé à sa place s’il manque."""
    calcul = _CALCUL.search(classeur)
    if calcul is None:
        fin = max(m.end() for m in _AVANT_CALCUL.finditer(classeur))
        prefixe = re.search(rb"<(\w+:)?workbook[\s>]", classeur)
        element = b"<" + (prefixe[1] or b"" if prefixe else b"") + b'calcPr fullCalcOnLoad="1"/>'
        return classeur[:fin] + element + classeur[fin:]
    demande = _DEMANDE.search(classeur, calcul.start(), calcul.end())
    if demande is not None:
        return classeur[: demande.start(1)] + b"1" + classeur[demande.end(1) :]
    apres = classeur.index(b"calcPr", calcul.start()) + len(b"calcPr")
    return classeur[:apres] + b' fullCalcOnLoad="1"' + classeur[apres:]
