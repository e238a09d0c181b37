"""Comparer deux feuilles : cases prévues et résultats mis à part, elles sont identiques."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from cpomdocs.certificat import CADRES_PERMIS, RESULTATS_PERMIS, Ecart
from cpomdocs.certificat.excel_valeurs import NS

_ADRESSE = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
_CELLULE = f"{NS}c"
_ELEMENTS_PERMIS = frozenset(f"{NS}{permis}" for permis in RESULTATS_PERMIS)
_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
_MONTRES = 20
Rectangle = tuple[int, int, int, int]
"""(haut, gauche, bas, droite)"""
_NOMS = {
    "sheetPr": "les propriétés de la feuille",
    "sheetViews": "l’affichage de la feuille",
    "sheetFormatPr": "les hauteurs et largeurs par défaut",
    "cols": "les colonnes",
    "sheetProtection": "la protection de la feuille",
    "protectedRanges": "les plages modifiables",
    "autoFilter": "le filtre",
    "mergeCells": "les cellules fusionnées",
    "conditionalFormatting": "les mises en forme conditionnelles",
    "dataValidations": "les listes déroulantes et contrôles de saisie",
    "hyperlinks": "les liens",
    "pageMargins": "les marges",
    "pageSetup": "la mise en page",
    "headerFooter": "les en-têtes et pieds de page",
    "drawing": "les dessins et graphiques",
    "legacyDrawing": "les commentaires et boutons",
    "controls": "les boutons et cases à cocher",
    "tableParts": "les tableaux",
    "extLst": "les extensions (listes déroulantes d’une autre feuille, barres de données…)",
}


class Feuille(NamedTuple):
    """Une feuille dépouillée : ce qui doit rester identique, et à part les cellules prévues, par adresse."""

    racine: etree._Element
    prevues: dict[str, etree._Element]
    formules_sans_resultat: int


def adresse(ligne: int, colonne: int) -> str:
    """L’adresse d’une cellule, sans `$`."""
    lettres = ""
    while colonne:
        colonne, reste = divmod(colonne - 1, 26)
        lettres = chr(65 + reste) + lettres
    return f"{lettres}{ligne}"


def coordonnees(texte: str) -> tuple[int, int] | None:
    """(ligne, colonne) d’une adresse, `None` si ce n’en est pas une."""
    forme = _ADRESSE.match(texte.replace("$", "").upper())
    if forme is None:
        return None
    colonne = 0
    for lettre in forme[1]:
        colonne = colonne * 26 + ord(lettre) - 64
    return int(forme[2]), colonne


def plages(texte: str) -> list[Rectangle]:
    """Les rectangles (haut, gauche, bas, droite) d’une liste d’adresses séparées par des blancs."""
    rectangles = []
    for morceau in texte.split():
        debut, _, fin = morceau.partition(":")
        coins = coordonnees(debut), coordonnees(fin or debut)
        if coins[0] and coins[1]:
            rectangles.append((*coins[0], *coins[1]))
    return rectangles


def dans(place: tuple[int, int], rectangles: list[Rectangle]) -> bool:
    """Vrai si la place est dans l’un des rectangles."""
    return any(h <= place[0] <= b and g <= place[1] <= d for h, g, b, d in rectangles)


def plages_a_liste(racine: etree._Element) -> list[Rectangle]:
    """Les plages qui ont une liste déroulante, ordinaire ou prise sur une autre feuille."""
    ordinaires = racine.iterfind(f"{NS}dataValidations/{NS}dataValidation")
    rectangles = [p for e in ordinaires if e.get("type") == "list" for p in plages(e.get("sqref", ""))]
    for element in racine.iter(f"{_X14}dataValidation"):
        if element.get("type") == "list":
            rectangles += plages(element.findtext(f"{_XM}sqref") or "")
    return rectangles


def debordements(racine: etree._Element) -> list[Rectangle]:
    """Les plages remplies par une seule formule (matricielle, dynamique, table de données)."""
    formules = racine.iter(f"{NS}f")
    return [p for f in formules if f.get("t") in ("array", "dataTable") for p in plages(f.get("ref", ""))]


def depouiller(racine: etree._Element, prevues: Collection[str], calculees: list[Rectangle]) -> Feuille:
    """La feuille sans cellules prévues, résultats de formule ni étendues. La racine est modifiée."""
    sans_resultat = 0
    for formule in racine.iter(f"{NS}f"):
        cellule = formule.getparent()
        if cellule is not None and cellule.tag == _CELLULE:
            sans_resultat += cellule.find(f"{NS}v") is None
            _oublier_resultat(cellule)
    voulues = [place for place in map(coordonnees, prevues) if place]
    numeros = {ligne for ligne, _ in voulues}
    a_part: dict[str, etree._Element] = {}
    for numero, ligne in _lignes(racine):
        for permis in CADRES_PERMIS:
            oublier_attribut(ligne, permis)
        if numero not in numeros and not any(h <= numero <= b for h, _, b, _ in calculees):
            continue
        cellules = _cellules_de(ligne, numero)
        rangees = _en_ordre([place for place, _ in cellules]) and all(p[0] == numero for p, _ in cellules)
        for place, cellule in cellules:
            if rangees and adresse(*place) in prevues:
                a_part[adresse(*place)] = cellule
                ligne.remove(cellule)
            elif calculees and dans(place, calculees):
                _oublier_resultat(cellule)
    for permis in CADRES_PERMIS:
        for element in racine.findall(f"{NS}{permis}"):
            oublier_attribut(element, "ref")
    return Feuille(racine, a_part, sans_resultat)


def _en_ordre(places: list[tuple[int, int]]) -> bool:
    """Vrai si chaque place suit la précédente, sans répétition."""
    return all(une < autre for une, autre in pairwise(places))


def _lignes(racine: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Les lignes écrites et leur numéro, déduit de la précédente s’il manque."""
    numero = 0
    for ligne in racine.iterfind(f"{NS}sheetData/{NS}row"):
        numero = int(ligne.get("r", numero + 1))
        yield numero, ligne


def _cellules_de(ligne: etree._Element, numero: int) -> list[tuple[tuple[int, int], etree._Element]]:
    """Les cellules d’une ligne et leur place, déduite de la précédente si elle manque."""
    cellules = []
    colonne = 0
    for cellule in ligne:
        place = coordonnees(cellule.get("r", "")) or (numero, colonne + 1)
        colonne = place[1]
        cellules.append((place, cellule))
    return cellules


def _oublier_resultat(cellule: etree._Element) -> None:
    for permis in RESULTATS_PERMIS:
        oublier_attribut(cellule, permis)
    for element in list(cellule):
        if element.tag in _ELEMENTS_PERMIS:
            cellule.remove(element)


def oublier_attribut(element: etree._Element, nom: str) -> None:
    """Retire l’attribut s’il est là."""
    if nom in element.attrib:
        del element.attrib[nom]


def oublier_lignes_creees(avant: etree._Element, apres: etree._Element) -> None:
    """Retire du document les lignes vides que le gabarit n’avait pas : elles ne portaient que des cases."""
    connues = {ligne.get("r") for ligne in avant.iterfind(f"{NS}sheetData/{NS}row")}
    if not _en_ordre([(numero, 0) for numero, _ in _lignes(apres)]):
        return
    donnees = apres.find(f"{NS}sheetData")
    for ligne in list(donnees if donnees is not None else ()):
        if len(ligne) == 0 and set(ligne.keys()) == {"r"} and ligne.get("r") not in connues:
            ligne.getparent().remove(ligne)  # type: ignore[union-attr]


def comparer(partie: str, nom: str, avant: Feuille, apres: Feuille) -> list[Ecart]:
    """Les écarts entre deux feuilles dépouillées, avec leur lieu."""
    oublier_lignes_creees(avant.racine, apres.racine)
    if etree.tostring(avant.racine) == etree.tostring(apres.racine):
        return []
    if _canonique(avant.racine) == _canonique(apres.racine):
        return []
    ecarts = _comparer_entourage(partie, nom, avant.racine, apres.racine)
    ecarts += _comparer_cellules(partie, nom, avant.racine, apres.racine)
    return ecarts or [Ecart(partie, nom, "la feuille a changé hors des cases prévues")]


def _comparer_entourage(partie: str, nom: str, avant: etree._Element, apres: etree._Element) -> list[Ecart]:
    ecarts = []
    deux = _enfants(avant), _enfants(apres)
    for genre in dict.fromkeys([*deux[0], *deux[1]]):
        ancien, nouveau = deux[0].get(genre, []), deux[1].get(genre, [])
        if genre == "sheetData" or [_canonique(e) for e in ancien] == [_canonique(e) for e in nouveau]:
            continue
        nombres = sum(len(e) or 1 for e in ancien), sum(len(e) or 1 for e in nouveau)
        combien = f" ({nombres[0]} → {nombres[1]})" if nombres[0] != nombres[1] else ""
        ecarts.append(Ecart(partie, nom, f"{_NOMS.get(genre, genre)} : contenu différent{combien}"))
    return ecarts


def _enfants(racine: etree._Element) -> dict[str, list[etree._Element]]:
    enfants: dict[str, list[etree._Element]] = {}
    for enfant in racine:
        if isinstance(enfant.tag, str):
            enfants.setdefault(etree.QName(enfant).localname, []).append(enfant)
    return enfants


def _comparer_cellules(partie: str, nom: str, avant: etree._Element, apres: etree._Element) -> list[Ecart]:
    anciennes, nouvelles = _cellules(avant), _cellules(apres)
    ecarts = []
    for lieu in dict.fromkeys([*anciennes, *nouvelles]):
        ancienne, nouvelle = anciennes.get(lieu), nouvelles.get(lieu)
        if ancienne is None or nouvelle is None or _canonique(ancienne) != _canonique(nouvelle):
            ecarts.append(Ecart(partie, f"{nom}!{lieu}", _difference(ancienne, nouvelle)))
    if len(ecarts) > _MONTRES:
        reste = len(ecarts) - _MONTRES
        ecarts[_MONTRES:] = [Ecart(partie, nom, f"et {reste} autres cellules différentes")]
    return ecarts


def _cellules(racine: etree._Element) -> dict[str, etree._Element]:
    """Les cellules par adresse ; les balises de ligne y sont aussi, par numéro."""
    cellules: dict[str, etree._Element] = {}
    for numero, ligne in _lignes(racine):
        cellules[f"ligne {numero}"] = _balise_seule(ligne)
        cellules |= {adresse(*place): cellule for place, cellule in _cellules_de(ligne, numero)}
    return cellules


def _balise_seule(element: etree._Element) -> etree._Element:
    seule = etree.Element(element.tag)
    for cle, valeur in element.items():
        seule.set(cle, valeur)
    return seule


def _difference(ancienne: etree._Element | None, nouvelle: etree._Element | None) -> str:
    if ancienne is None:
        return "absent du gabarit, ajouté sans être prévu"
    if nouvelle is None:
        return "a disparu du document"
    avait, a = (c.find(f"{NS}f") is not None for c in (ancienne, nouvelle))
    if avait and not a:
        return "la formule a été écrasée"
    if a and not avait:
        return "une formule a été ajoutée"
    if avait:
        return "la formule ou le style de la cellule a changé"
    return (
        "le style a changé"
        if ancienne.get("s") != nouvelle.get("s")
        else "le contenu a changé sans être prévu"
    )


def _canonique(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", with_tail=False)
