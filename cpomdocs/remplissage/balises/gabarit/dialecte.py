"""Le dialecte de docxtpl, lu sur l’arbre de la partie : chaque balise y devient un repère numéroté.

`{%p %}`, `{%tr %}`, `{%tc %}`, `{%r %}` prennent la place du paragraphe, de la ligne, de la cellule ou du
passage qui les porte ; `{% colspan %}`, `{% cellbg %}`, `{% vm %}`, `{% hm %}` règlent leur cellule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.gabarit import cellules
from cpomdocs.remplissage.balises.gabarit.lieux import Lieu, Reperes
from cpomdocs.remplissage.balises.gabarit.passages import isoler
from cpomdocs.remplissage.balises.gabarit.recollage import BALISE, bornes_des_balises, porteurs_par_paragraphe
from cpomdocs.remplissage.word.ooxml import PPR, RPR, TC, TR, Element, P, R, T, w
from cpomdocs.remplissage.word.texte import extrait

Genre = Literal["valeur", "bloc"]
Endroit = Literal["texte", "attribut", "passage", "paragraphe", "couleur", "nombre", "ailleurs"]

CIBLE = "cpomdocs-balise"
"""Le nom de l’instruction qui tient la place d’une balise entre deux éléments."""
OUVRANT, FERMANT = "\ufdd0", "\ufdd1"
"""Ce qui entoure le numéro d’une balise dans un texte ; aucun texte ne les emploie (Unicode, § 23.7)."""
_HOTE = re.compile(r"-?(tr|tc|p|r)\s+(\S.*)", re.DOTALL)
_CELLULE = re.compile(r"-?\s*(colspan|cellbg|vm|hm)\b(.*?)-?", re.DOTALL)
_HOTES = {"tr": TR, "tc": TC, "p": P, "r": R}
_FERMANTS = {"'": "'", '"': '"', "“": "”", "‘": "’"}
_DROITS = {"'": "'", '"': '"', "”": '"', "’": "'"}
_AVANT = 20
"""Nombre de signes montrés avant la balise dont un message parle."""


@dataclass(frozen=True)
class Balise:
    """Une balise : une valeur à écrire ou une instruction, son texte, son endroit, son lieu.

    `passage`, `paragraphe` : le XML des formats (`w:rPr`, `w:pPr`) où elle se trouve.
    """

    genre: Genre
    corps: str
    endroit: Endroit
    lieu: Lieu
    passage: str = ""
    paragraphe: str = ""


class Releve:
    """Les balises d’une partie, par numéro ; `colonnes` : le nombre de cellules d’une ligne peut changer."""

    def __init__(self, racine: Element, reperes: Reperes) -> None:
        self.racine = racine
        self.reperes = reperes
        self.balises: list[Balise] = []
        self.colonnes = False
        porteurs = porteurs_par_paragraphe(racine)
        self._textes = {p: "".join(t.text or "" for t in groupe) for p, groupe in porteurs.items()}

    def noter(self, genre: Genre, corps: str, endroit: Endroit, ou: Element) -> str:
        """Le numéro de la balise, retenue avec son lieu et les formats où elle se trouve."""
        passage = ou if ou.tag == R else next(ou.iterancestors(R), None)
        paragraphe = ou if ou.tag == P else next(ou.iterancestors(P), None)
        formats = (self._format(passage, RPR), self._format(paragraphe, PPR))
        self.balises.append(Balise(genre, redresser(corps), endroit, self.situer(ou, corps), *formats))
        return str(len(self.balises) - 1)

    def jeton(self, genre: Genre, corps: str, endroit: Endroit, ou: Element) -> str:
        """Le repère de la balise, à mettre dans un texte ou un attribut."""
        return f"{OUVRANT}{self.noter(genre, corps, endroit, ou)}{FERMANT}"

    def instruction(self, genre: Genre, corps: str, endroit: Endroit, ou: Element) -> Element:
        """Le repère de la balise, à mettre entre deux éléments."""
        return etree.ProcessingInstruction(CIBLE, self.noter(genre, corps, endroit, ou))

    def situer(self, ou: Element, corps: str = "") -> Lieu:
        """Le lieu d’un élément, avec le texte du gabarit autour de la balise."""
        paragraphe = ou if ou.tag == P else next(ou.iterancestors(P), None)
        texte = "" if paragraphe is None else self._textes.get(paragraphe, "")
        debut = texte.rfind(" ", 0, max(0, texte.find(corps) - _AVANT)) + 1
        return self.reperes.situer(ou, texte[debut:] or f"{{{{{corps}}}}}")

    def _format(self, porteur: Element | None, nom: str) -> str:
        proprietes = None if porteur is None else porteur.find(nom)
        if proprietes is None:
            return ""
        texte = str(etree.tostring(proprietes, encoding="unicode", with_tail=False))
        for prefixe, adresse in self.racine.nsmap.items():
            texte = texte.replace(f' xmlns:{prefixe}="{adresse}"', "", 1)
        return texte


def relever(racine: Element, reperes: Reperes, *, word: bool) -> Releve:
    """Remplace chaque balise par son repère. Lève `ErreurFormulaire` en nommant celle qui est mal placée."""
    releve = Releve(racine, reperes)
    if word:
        for genre in _HOTES:
            _hisser(releve, genre)
        for porteur in list(racine.iter(T)):
            if "{%" in (porteur.text or ""):
                _regler_cellule(releve, porteur)
        for porteur in racine.iter(T):
            porteur.text = _remplacer(releve, porteur.text, porteur, "texte")
    for element in racine.iter(etree.Element):
        if element.tag != T or not word:
            element.text = _remplacer(releve, element.text, element, "ailleurs" if word else "attribut")
        for nom, valeur in element.attrib.items():
            if "{" in valeur:
                endroit: Endroit = "ailleurs" if nom == w("instr") else "attribut"
                element.set(nom, _remplacer(releve, str(valeur), element, endroit) or "")
    return releve


def _remplacer(releve: Releve, texte: str | None, ou: Element, endroit: Endroit) -> str | None:
    """Le texte dont les balises sont des repères ; les remarques disparaissent."""
    if texte is None or "{" not in texte:
        return texte

    if bornes_des_balises(texte) is None:
        lieu = releve.situer(ou, extrait(texte))
        raise ErreurFormulaire(f"Une balise n’est pas fermée, {lieu}.", "La fermer dans Word.")

    def repere(balise: re.Match[str]) -> str:
        if balise[0].startswith("{#"):
            return ""
        return releve.jeton(_genre(balise[0]), balise[0][2:-2], endroit, ou)

    return BALISE.sub(repere, texte)


def _genre(balise: str) -> Genre:
    return "valeur" if balise.startswith("{{") else "bloc"


def _hisser(releve: Releve, genre: str) -> None:
    """Met chaque `{%genre … %}` à la place de l’élément de ce genre qui la porte."""
    hotes: dict[Element, list[tuple[Genre, str] | None]] = {}
    for porteur in list(releve.racine.iter(T)):
        position = 0
        while "{" in (porteur.text or ""):
            balise = BALISE.search(porteur.text or "", position)
            if balise is None:
                break
            position = balise.end()
            hote = _HOTE.match(balise[0][2:-2])
            if hote is None or hote[1] != genre:
                continue
            cadre, reste = _cadre(releve, porteur, genre, balise)
            contenu = None if balise[0].startswith("{#") else (_genre(balise[0]), hote[2])
            hotes.setdefault(cadre, []).append(contenu)
            if reste is None:
                continue
            porteur, position = reste, 0
    for cadre, contenus in hotes.items():
        _remplacer_element(releve, cadre, genre, [c for c in contenus if c is not None])
    releve.colonnes |= genre == "tc" and bool(hotes)


def _cadre(
    releve: Releve, porteur: Element, genre: str, balise: re.Match[str]
) -> tuple[Element, Element | None]:
    """L’élément que la balise remplace ; pour un passage, isolé, et le texte qui le suit."""
    if genre == "r":
        isole, suite = isoler(porteur, *balise.span())
        return isole, suite
    cadre = next(porteur.iterancestors(_HOTES[genre]), None)
    if cadre is None:
        lieu = releve.situer(porteur, balise[0])
        raise ErreurFormulaire(f"La balise « {balise[0]} » n’est pas dans un tableau, {lieu}.", "L’y mettre.")
    return cadre, None


def _remplacer_element(releve: Releve, cadre: Element, genre: str, contenus: list[tuple[Genre, str]]) -> None:
    endroit: Endroit = "paragraphe" if genre == "p" else "passage" if genre == "r" else "ailleurs"
    conteneur = cadre.getparent()
    if conteneur is None:
        return
    for nature, corps in contenus:
        cadre.addprevious(releve.instruction(nature, corps, endroit, cadre))
    conteneur.remove(cadre)


def _regler_cellule(releve: Releve, porteur: Element) -> None:
    """Fait jouer les balises qui règlent la cellule du texte, et les en retire."""
    texte = porteur.text or ""
    regles = []
    for balise in BALISE.findall(texte):
        regle = _CELLULE.fullmatch(balise[2:-2]) if balise.startswith("{%") else None
        if regle is not None:
            texte = texte.replace(balise, "", 1)
            regles.append((balise, regle[1], regle[2].strip()))
    cellule = next(porteur.iterancestors(TC), None)
    if regles and cellule is None:
        lieu = releve.situer(porteur, regles[0][0])
        raise ErreurFormulaire(f"« {regles[0][0]} » n’est pas dans un tableau, {lieu}.", "L’y mettre.")
    porteur.text = texte
    for _, regle_de_cellule, expression in regles:
        if cellule is not None:
            cellules.regler(releve, cellule, regle_de_cellule, expression)


def redresser(corps: str) -> str:
    """L’intérieur de la balise, guillemets courbes redressés là où ils entourent un texte."""
    if not any(signe in corps for signe in "“”‘’"):
        return corps
    sortie, fermant, droit = [], "", ""
    for signe in corps:
        if not fermant:
            fermant = _FERMANTS.get(signe, "")
            droit = _DROITS.get(fermant, "")
            sortie.append(droit or signe)
        elif signe == fermant:
            sortie.append(droit)
            fermant = ""
        else:
            sortie.append(f"\\{signe}" if signe == droit else signe)
    return "".join(sortie)
