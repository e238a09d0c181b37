"""Les résultats des formules : retirés dès qu’une valeur est écrite, Excel recalcule à l’ouverture."""

from __future__ import annotations

import re

from cpomdocs.office.feuille import Cellule, FeuilleOctets
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
    """Les épissures qui ôtent leur résultat, et son type, aux cellules calculées."""
    epissures: list[Epissure] = []
    for cellule in _calculees(feuille):
        resultat = _RESULTAT.search(feuille.octets, cellule.contenu, cellule.fin_contenu)
        if resultat is None:
            continue
        genre = _TYPE.search(feuille.octets, cellule.debut, cellule.contenu)
        if genre is not None:
            epissures.append((genre.start(), genre.end(), b""))
        epissures.append((resultat.start(), resultat.end(), b""))
    return epissures


def _calculees(feuille: FeuilleOctets) -> list[Cellule]:
    """Les cellules à formule et celles où une formule déborde."""
    if not feuille.matrices:
        return feuille.formules
    calculees = {cellule.debut: cellule for cellule in feuille.formules}
    for matrice in feuille.matrices:
        calculees |= {cellule.debut: cellule for cellule in feuille.dans(matrice.plage)}
    return [calculees[debut] for debut in sorted(calculees)]


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
