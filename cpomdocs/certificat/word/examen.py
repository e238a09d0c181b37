"""Les deux fichiers qu’on compare : leurs parties mises en arbre, et ce qui a été prévu dans chacune."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from lxml import etree

from cpomdocs.certificat import Ecart
from cpomdocs.certificat.word.lecture import SIGNES, Element, Ligne, W, lignes_de_texte, porteurs
from cpomdocs.formats import formater
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive
from cpomdocs.saisies import Saisie


@dataclass
class Examen:
    """Les deux fichiers, leurs parties mises en arbre, et ce qui a été prévu dans chacune."""

    gabarit: Archive
    document: Archive
    avant: dict[str, Element] = field(default_factory=dict)
    apres: dict[str, Element] = field(default_factory=dict)
    touchees: set[str] = field(default_factory=set)
    ecarts: list[Ecart] = field(default_factory=list)
    lignes: dict[str, list[Ligne]] = field(default_factory=dict)
    textes: dict[Element, list[tuple[Element, int]]] = field(default_factory=dict)

    def lignes_de(self, nom: str) -> list[Ligne]:
        """Les paragraphes de la partie du gabarit."""
        if nom not in self.lignes:
            self.lignes[nom] = lignes_de_texte(self.ouvrir(nom)[0])
        return self.lignes[nom]

    def ouvrir(self, nom: str) -> tuple[Element, Element]:
        """La partie du gabarit et celle du document."""
        if nom not in self.avant:
            self.avant[nom] = analyser_xml(self.gabarit.lire(nom), nom)
            self.apres[nom] = analyser_xml(self.document.lire(nom), nom)
        return self.avant[nom], self.apres[nom]

    def reperer(self, paragraphe: Element) -> None:
        """Retient ce qui porte le texte du paragraphe, avant que des cases y soient effacées."""
        self.textes[paragraphe] = [(p, len(SIGNES[p.tag] or p.text or "")) for p in porteurs(paragraphe)]

    def position(self, paragraphe: Element, fin: int) -> int:
        """Cette position, une fois ôté ce que l’effacement des contrôles et des champs a enlevé."""
        restants, arrivee = 0, 0
        for porteur, longueur in self.textes.get(paragraphe, ()):
            if paragraphe in porteur.iterancestors():
                restants += max(0, min(longueur, fin - arrivee))
            arrivee += longueur
        return restants

    def toucher(self, nom: str, *places: Element | None) -> None:
        """Retient que la partie change ; ce qui entoure ces places n’est plus un texte d’invite."""
        self.touchees.add(nom)
        for place in places:
            for sdt in () if place is None else place.iterancestors(f"{W}sdt"):
                for proprietes in sdt.findall(f"{W}sdtPr"):
                    for marque in proprietes.findall(f"{W}showingPlcHdr"):
                        proprietes.remove(marque)

    def noter(self, nom: str, lieu: object, message: str) -> None:
        """Retient un écart."""
        self.ecarts.append(Ecart(nom, str(lieu), message))


def attendu(saisie: Saisie) -> str:
    """Le texte que la case doit montrer."""
    texte = saisie.texte
    if texte is None:
        texte = formater(saisie.valeur.valeur, saisie.valeur.nature, saisie.valeur.unite)
    return texte.replace("\r\n", "\n").replace("\r", "\n")


def entre_barres(suite: str, saisie: Saisie, attendu: str) -> str:
    """Le texte attendu ; d’une date aux barres déjà tracées, ses chiffres, sauf l’année imprimée."""
    jour = saisie.valeur.valeur
    trace = re.match(r"[\s.…‥_]*[.…‥_]\s?/[\s.…‥_]*/\s?(20)?([12]\d{3}(?!\d)|[.…‥_])", suite)
    if trace is None or saisie.texte is not None or not isinstance(jour, datetime.date):
        return attendu
    chiffres = f"{jour.day:02}/{jour.month:02}"
    return chiffres if trace[2].isdecimal() else f"{chiffres}/{jour.year:04}"


def meme_place(examen: Examen, partie: str, element: Element) -> Element | None:
    """L’élément du document au même endroit de l’arbre que celui du gabarit."""
    rangs: list[int] = []
    courant = element
    parent = courant.getparent()
    while parent is not None:
        rangs.append(parent.index(courant))
        courant, parent = parent, parent.getparent()
    trouve = examen.ouvrir(partie)[1]
    for rang in reversed(rangs):
        if rang >= len(trouve):
            examen.noter(partie, element.tag, "l’endroit prévu n’est plus à sa place")
            return None
        trouve = trouve[rang]
    return trouve


def comparer(examen: Examen, nom: str) -> None:
    """Note ce qui diffère encore dans la partie, une fois les cases effacées."""
    avant, apres = examen.ouvrir(nom)
    if _canonique(avant) == _canonique(apres):
        return
    for ancien, nouveau in zip(avant.iter(), apres.iter(), strict=False):
        if _resume(ancien) != _resume(nouveau):
            lieu = avant.getroottree().getpath(ancien)
            examen.noter(nom, lieu, "autre chose que les cases prévues a changé")
            return
    examen.noter(nom, nom, "autre chose que les cases prévues a changé")


def _resume(element: Element) -> tuple[object, ...]:
    return element.tag, sorted(element.attrib.items()), element.text


def _canonique(racine: Element) -> bytes:
    return bytes(etree.tostring(racine, method="c14n"))
