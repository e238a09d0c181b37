"""Les résultats des formules : retirés dès qu’une valeur est écrite, Excel recalcule à l’ouverture."""

from __future__ import annotations

import re

from cpomdocs.office.feuille import FeuilleOctets
from cpomdocs.remplissage.excel_cellules import Epissure

_TYPE = re.compile(rb"(?<!\s)\s++t\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_RESULTAT = re.compile(rb"<((?:\w+:)?v)(?:\s[^>]*)?(?:/>|>[^<]*</\1>)")
_CALCUL = re.compile(rb"<(?:\w+:)?calcPr(?=[\s/>])(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*+/?>")
_DEMANDE = re.compile(rb"\sfullCalcOnLoad\s*=\s*[\"']([^\"']*)[\"']")
_AVANT_CALCUL = re.compile(
    rb"(?:</(?:\w+:)?|<(?:\w+:)?(?=[\w]+\s*/>))"
    rb"(?:sheets|functionGroups|externalReferences|definedNames)\s*/?>"
)


def retraits(feuille: FeuilleOctets) -> list[Epissure]:
    """Les épissures qui ôtent leur résultat, et son type, aux cellules calculées ; en ordre."""
    octets, fermante = feuille.octets, b"</" + feuille.prefixe + b"c>"
    epissures: list[Epissure] = []
    for cellule, formule, debut, fin in feuille.formules:
        if debut >= 0:
            epissures.append((debut, fin, b""))
            if octets.find(b"t", cellule + 2, formule) >= 0:
                epissures += _sans_type(octets, cellule, formule)
        else:
            epissures += _sans_resultat(octets, cellule, formule, octets.find(fermante, formule))
    for matrice in feuille.matrices:
        for case in feuille.dans(matrice.plage):
            if not feuille.a_formule(case):
                epissures += _sans_resultat(octets, case.debut, case.contenu, case.fin_contenu)
    epissures.sort()
    return epissures


def _sans_resultat(octets: bytes, debut: int, contenu: int, fin: int) -> list[Epissure]:
    """Ce qui ôte le résultat d’une cellule, où qu’il soit dans son contenu."""
    resultat = _RESULTAT.search(octets, contenu, fin)
    return [] if resultat is None else [(*resultat.span(), b""), *_sans_type(octets, debut, contenu)]


def _sans_type(octets: bytes, debut: int, fin: int) -> list[Epissure]:
    genre = _TYPE.search(octets, debut, fin)
    return [(*genre.span(), b"")] if genre else []


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
