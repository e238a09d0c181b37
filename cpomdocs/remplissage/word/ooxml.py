"""Le vocabulaire de WordprocessingML : noms qualifiés, parties en arbre, textes visibles d’un paragraphe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from cpomdocs.office.analyse import analyser_xml
from cpomdocs.remplissage.word.recriture.decoupe import Decoupe, Reserve

Element = etree._Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
ESPACE = "{http://www.w3.org/XML/1998/namespace}space"


def w(nom: str) -> str:
    """Le nom qualifié d’un élément ou d’un attribut du corps de Word."""
    return f"{{{W}}}{nom}"


P, R, T, TBL, TR, TC, SDT = (w(n) for n in ("p", "r", "t", "tbl", "tr", "tc", "sdt"))
PPR, RPR, SDTPR, CONTENU, VAL = (w(n) for n in ("pPr", "rPr", "sdtPr", "sdtContent", "val"))
ALTERNATIVE, REPLI = f"{{{MC}}}AlternateContent", f"{{{MC}}}Fallback"

SIGNES = {w("tab"): "\t", w("ptab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "-"}
_ENVELOPPES = {SDT, CONTENU, w("customXml"), w("ins"), w("moveTo"), w("smartTag")}
"""Ce qui entoure des paragraphes, des lignes ou des cellules sans compter lui-même."""
HORS_TEXTE = {ALTERNATIVE, PPR, RPR, SDTPR} | {w(n) for n in ("del", "moveFrom", "drawing", "pict", "object")}


@dataclass(frozen=True, eq=False)
class Partie:
    """Une partie XML du gabarit, lue une fois ; ses éléments se désignent par leur rang dans le document."""

    nom: str
    octets: bytes
    racine: Element
    lieux: dict[Any, Any] = field(default_factory=dict, repr=False)
    """Ce que `gestes` sait déjà de chaque endroit."""
    moules: Reserve = field(default_factory=Reserve, repr=False)
    """Ce que `assemblage` a déjà récrit."""

    @classmethod
    def lire(cls, nom: str, octets: bytes) -> Partie:
        """La partie de ce nom, analysée. Lève `ErreurFichier` si son XML est refusé."""
        return cls(nom, octets, analyser_xml(octets, nom))

    @cached_property
    def elements(self) -> list[Element]:
        """Tous les éléments, dans l’ordre du document."""
        return list(self.racine.iter())

    @cached_property
    def rangs(self) -> dict[Element, int]:
        """Le rang de chaque élément."""
        return {element: rang for rang, element in enumerate(self.elements)}

    @cached_property
    def decoupe(self) -> Decoupe:
        """Où chaque élément est dans les octets."""
        return Decoupe(self.octets)


@dataclass(frozen=True)
class PartieOuverte:
    """Une copie modifiable d’un élément, où chacun garde le rang qu’il a dans le gabarit."""

    origine: Partie
    racine: Element
    elements: dict[int, Element]


def valeur(element: Element | None, defaut: str | None = None) -> str | None:
    """L’attribut `w:val` d’un élément."""
    return defaut if element is None else element.get(VAL, defaut)


def active(element: Element | None) -> bool:
    """Vrai si la propriété booléenne est présente et non niée."""
    return element is not None and element.get(VAL, "true").lower() not in ("0", "false", "off")


def descendre(element: Element, cible: str, invites: bool = True) -> Iterator[Element]:
    """Les éléments `cible` que l’élément contient directement ou à travers des enveloppes.

    `invites` : y compris ceux d’un contrôle qui montre son texte d’invite.
    """
    for enfant in element:
        if enfant.tag == cible:
            yield enfant
        elif enfant.tag in _ENVELOPPES and (invites or enfant.tag != SDT or not est_indication(enfant)):
            yield from descendre(enfant, cible, invites)


def est_indication(sdt: Element) -> bool:
    """Vrai si le contrôle montre son texte d’invite (« Cliquez ici… »), qui n’est pas un contenu."""
    return active(sdt.find(f"{SDTPR}/{w('showingPlcHdr')}"))


def morceaux(element: Element, invites: bool = False) -> Iterator[tuple[Element, str]]:
    """Les porteurs de texte visible d’un paragraphe ou d’un passage, avec leur texte, dans l’ordre.

    Les textes d’invite, les suppressions suivies, les zones de texte et les dessins n’en font pas partie.
    `invites` : rend aussi, avec un texte vide, les contrôles qui montrent leur texte d’invite.
    """
    for enfant in element:
        if enfant.tag == T:
            yield enfant, enfant.text or ""
        elif enfant.tag in SIGNES:
            yield enfant, SIGNES[enfant.tag]
        elif enfant.tag == SDT and est_indication(enfant):
            if invites:
                yield enfant, ""
        elif enfant.tag not in HORS_TEXTE:
            yield from morceaux(enfant, invites)


def retirer(element: Element) -> None:
    """Ôte l’élément ; les blancs qui le suivaient restent."""
    parent, precedent, blancs = element.getparent(), element.getprevious(), element.tail
    if parent is None:
        return
    element.tail = None
    parent.remove(element)
    if blancs and precedent is not None:
        precedent.tail = (precedent.tail or "") + blancs
    elif blancs:
        parent.text = (parent.text or "") + blancs


def texte_de(element: Element) -> str:
    """Le texte visible d’un paragraphe ou d’un passage."""
    return "".join(texte for _, texte in morceaux(element))


def texte_de_cellule(cellule: Element) -> str:
    """Le texte visible d’une cellule, une ligne par paragraphe, sans les tableaux qu’elle contient."""
    return "\n".join(texte_de(paragraphe) for paragraphe in descendre(cellule, P, invites=False))


def est_supprimee(element: Element) -> bool:
    """Vrai dans une ligne de tableau supprimée en suivi des modifications, et pas encore acceptée."""
    lignes = (element.iterancestors(TR), [element])
    return any(r.find(f"{w('trPr')}/{w('del')}") is not None for groupe in lignes for r in groupe)


def controle_autour(element: Element) -> Element | None:
    """Le contrôle de contenu dont l’élément est le contenu direct."""
    contenu = element.getparent()
    return contenu.getparent() if contenu is not None and contenu.tag == CONTENU else None


def paragraphes(racine: Element) -> Iterator[Element]:
    """Les paragraphes de la partie, hors invites et rendus de repli (qui répètent des textes)."""
    for paragraphe in racine.iter(P):
        invite = any(est_indication(sdt) for sdt in paragraphe.iterancestors(SDT))
        if not invite and next(paragraphe.iterancestors(REPLI), None) is None:
            yield paragraphe


def jumeau(element: Element) -> Element | None:
    """Dans une zone de texte, le même élément du rendu de repli, que Word récent ne montre pas."""
    alternative = next(element.iterancestors(ALTERNATIVE), None)
    repli = None if alternative is None else alternative.find(REPLI)
    if alternative is None or repli is None:
        return None
    choix = next(a for a in element.iterancestors() if a.getparent() is alternative)
    semblables = list(repli.iter(element.tag))
    rang = list(choix.iter(element.tag)).index(element)
    trouve = semblables[rang] if rang < len(semblables) else None
    return trouve if trouve is not None and texte_de(trouve) == texte_de(element) else None


def passage_a(paragraphe: Element, position: int) -> Element | None:
    """Le passage (`w:r`) qui porte le caractère à cette position du paragraphe."""
    arrivee = 0
    for porteur, texte in morceaux(paragraphe):
        arrivee += len(texte)
        if position < arrivee:
            return next(porteur.iterancestors(R), None)
    return None


def premier_passage(element: Element) -> Element | None:
    """Le premier passage de texte de l’élément."""
    return next((p for p in element.iter(R) if texte_de(p).strip()), None)


def porte_un_objet(element: Element) -> bool:
    """Vrai si l’élément contient autre chose que du texte : dessin, objet, champ, tableau, symbole."""
    objets = ("drawing", "pict", "object", "fldChar", "fldSimple", "tbl", "sym", "sectPr")
    autres = (ALTERNATIVE, "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath")
    return next(element.iter(*(w(n) for n in objets), *autres), None) is not None
