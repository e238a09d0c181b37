"""Lire une feuille pour la comparer : cellules, formules développées, verrous, entourage."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from cpomdocs.certificat.comparaison.excel.formules import constante
from cpomdocs.office.adresses import Plage, ecrire_cellule, lire_cellule, lire_plage
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.cadre import Cadre, lire_cadre
from cpomdocs.office.classeur import Classeur, FeuilleClasseur
from cpomdocs.office.feuille import FeuilleOctets
from cpomdocs.office.styles import NS, entier, vrai
from cpomdocs.office.valeurs import decoder_texte, texte_riche

Place = tuple[int, int]
_BLANCS = re.compile(r"\s+")


@dataclass(frozen=True)
class Case:
    """Une cellule : son contenu (`None` si elle est vide), sa formule éventuelle, son style.

    `depuis` : la cellule où la formule partagée est écrite.
    """

    valeur: str | float | bool | None = None
    erreur: bool = False
    formule: str | None = None
    depuis: Place | None = None
    style: int | None = None


@dataclass
class Feuille:
    """Une feuille lue : ses cellules non vides par place, son cadre, le reste en arbre XML sans cellules."""

    classeur: Classeur
    fiche: FeuilleClasseur
    racine: etree._Element
    cadre: Cadre
    cases: dict[Place, Case] = field(default_factory=dict)
    calculees: list[Plage] = field(default_factory=list)
    """Les plages que remplit une formule écrite ailleurs (matricielle, dynamique, table de données)."""
    lignes_masquees: set[int] = field(default_factory=set)
    lignes_groupees: set[int] = field(default_factory=set)
    """Celles d’un plan, que chacun replie et déplie."""
    styles_lignes: dict[int, int] = field(default_factory=dict)
    styles_vides: dict[Place, int] = field(default_factory=dict)
    situer: Callable[[Plage], Plage] = lambda plage: plage
    """La plage du gabarit qui répond à une plage de cette feuille, où des lignes ont pu être insérées."""
    reecrire: Callable[[str], str] = lambda formule: formule
    """Une formule de cette feuille, ses références comptées comme au gabarit."""

    @property
    def nom(self) -> str:
        """Le nom de l’onglet."""
        return self.fiche.nom

    def verrouillee(self, place: Place) -> bool:
        """Vrai si la feuille, protégée, interdit d’écrire dans cette cellule."""
        if not self.cadre.protegee or any(p.contient(*place) for p in self.cadre.plages_permises):
            return False
        return self.verrou(place)

    def verrou(self, place: Place) -> bool:
        """Le verrou que le style de la cellule (sinon de sa ligne ou de sa colonne) demande."""
        case = self.cases.get(place)
        style = case.style if case is not None else self.styles_vides.get(place)
        if style is None:
            style = self.styles_lignes.get(place[0], self.cadre.style_colonne(place[1]))
        return self.classeur.style(style).verrouillee

    def calculee(self, place: Place) -> bool:
        """Vrai si la valeur de cette cellule vient d’une formule écrite ailleurs."""
        return any(plage.contient(*place) for plage in self.calculees)

    def textes(self) -> set[str]:
        """Les textes de la feuille, qui la font reconnaître sous un autre nom."""
        return {c.valeur for c in self.cases.values() if isinstance(c.valeur, str) and c.formule is None}


def lire_feuille(classeur: Classeur, fiche: FeuilleClasseur) -> Feuille:
    """La feuille. Lève `ErreurFichier` si elle est mal formée."""
    octets = classeur.archive.lire(fiche.partie)
    racine = analyser_xml(octets, f"feuille {fiche.nom}")
    cadre = lire_cadre(classeur, fiche, FeuilleOctets(octets, fiche.nom))
    feuille = Feuille(classeur, fiche, racine, cadre)
    partagees: dict[str, tuple[str, Place]] = {}
    for numero, ligne in _lignes(racine):
        if vrai(ligne.get("hidden")):
            feuille.lignes_masquees.add(numero)
        if entier(ligne.get("outlineLevel")):
            feuille.lignes_groupees.add(numero)
        if vrai(ligne.get("customFormat")):
            feuille.styles_lignes[numero] = entier(ligne.get("s"))
        for place, cellule in _cellules(ligne, numero):
            case = _case(feuille, cellule, place, partagees)
            if case.valeur is None and case.formule is None and not case.erreur:
                feuille.styles_vides[place] = case.style or 0
            else:
                feuille.cases[place] = case
    donnees = racine.find(f"{NS}sheetData")
    if donnees is not None:
        donnees.clear()
    return feuille


def _lignes(racine: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    numero = 0
    for ligne in racine.iterfind(f"{NS}sheetData/{NS}row"):
        numero = entier(ligne.get("r"), numero + 1)
        yield numero, ligne


def _cellules(ligne: etree._Element, numero: int) -> Iterator[tuple[Place, etree._Element]]:
    colonne = 0
    for cellule in ligne.iterfind(f"{NS}c"):
        place = lire_cellule(cellule.get("r", "")) or (numero, colonne + 1)
        colonne = place[1]
        yield place, cellule


def _case(
    feuille: Feuille, cellule: etree._Element, place: Place, partagees: dict[str, tuple[str, Place]]
) -> Case:
    style = entier(cellule.get("s"))
    valeur = _valeur(cellule, feuille.classeur.chaines)
    erreur = cellule.get("t") == "e"
    element = cellule.find(f"{NS}f")
    if element is None:
        return Case(valeur, erreur, style=style)
    texte, genre, rang = (element.text or "").strip(), element.get("t"), element.get("si", "")
    depuis = place
    if genre == "shared" and texte:
        partagees[rang] = texte, place
    elif genre == "shared":
        texte, depuis = partagees.get(rang, ("", place))
    elif genre in ("array", "dataTable"):
        plage = lire_plage(element.get("ref", ""))
        feuille.calculees += [plage] if plage and str(plage) != ecrire_cellule(*place) else []
        texte = texte or (f"TABLE({element.get('r1', '')})" if genre == "dataTable" else "")
    if (ecrite := constante(texte)) is not None:
        return Case(ecrite, isinstance(ecrite, str), style=style)
    return Case(valeur, erreur, texte or None, depuis if depuis != place else None, style)


def _valeur(cellule: etree._Element, chaines: tuple[str, ...]) -> str | float | bool | None:
    genre = cellule.get("t", "n")
    if genre == "inlineStr":
        riche = cellule.find(f"{NS}is")
        return (_texte(texte_riche(riche)) or None) if riche is not None else None
    lu = cellule.findtext(f"{NS}v")
    if lu is None or not lu.strip():
        return None
    if genre == "s":
        rang = entier(lu, -1)
        return (_texte(chaines[rang]) or None) if 0 <= rang < len(chaines) else None
    if genre == "b":
        return lu.strip() in ("1", "true")
    if genre == "n":
        try:
            return float(lu)
        except ValueError:
            return lu
    return _texte(decoder_texte(lu)) or None


def _texte(texte: str) -> str:
    """Le texte sans différences de fins de ligne ni de blancs, que les logiciels réécrivent."""
    return _BLANCS.sub(" ", texte).strip()
