"""Où va un geste, et l’élément qu’il fait récrire : calculé une fois par endroit du gabarit."""

from __future__ import annotations

from cpomdocs.remplissage.word.endroits import Endroit, Portion
from cpomdocs.remplissage.word.genres.coches import SYM, Boite
from cpomdocs.remplissage.word.genres.signets import DEBUT, portee_du_signet
from cpomdocs.remplissage.word.ooxml import SDT, Element, P, Partie
from cpomdocs.remplissage.word.recriture.gestes import Lieu


def lieu_de(partie: Partie, endroit: Endroit) -> Lieu:
    """Le lieu de cet endroit de la partie."""
    element, position = _element(endroit), 0
    if isinstance(endroit, Portion):
        position = endroit.debut
    elif isinstance(endroit, Boite):
        position = endroit.position
    connu: Lieu | None = partie.lieux.get((element, position))
    if connu is None:
        autour = frozenset(partie.rangs[sdt] for sdt in _paragraphe(endroit).iterancestors(SDT))
        unite = partie.rangs[_unite(element)]
        connu = Lieu(partie.nom, partie.rangs[element], position, unite, autour)
        partie.lieux[element, position] = connu
    return connu


def _element(endroit: Endroit) -> Element:
    if isinstance(endroit, Portion):
        return endroit.paragraphe
    if isinstance(endroit, Boite):
        return endroit.element if endroit.element.tag == SYM else endroit.paragraphe
    return endroit


def _paragraphe(endroit: Endroit) -> Element:
    return endroit.paragraphe if isinstance(endroit, Portion | Boite) else endroit


def _unite(element: Element) -> Element:
    """Le plus petit élément qui tient tout ce que le geste change."""
    if element.tag == DEBUT:
        return _commun([element, *portee_du_signet(element)])
    if element.tag == P:
        return element
    paragraphe = next(element.iterancestors(P), None)
    return element if paragraphe is None else paragraphe


def _commun(elements: list[Element]) -> Element:
    """L’ancêtre commun le plus proche, paragraphe au moins."""
    for ancetre in elements[0].iterancestors():
        if all(ancetre in element.iterancestors() for element in elements[1:]):
            return next(ancetre.iterancestors(P), ancetre)
    raise ValueError("ces éléments ne sont pas du même document")
