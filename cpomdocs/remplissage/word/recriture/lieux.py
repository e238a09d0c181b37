"""Où va un geste, et l’élément qu’il fait récrire : calculé une fois par endroit du gabarit."""

from __future__ import annotations

from cpomdocs.remplissage.word.endroits import Endroit, Portion
from cpomdocs.remplissage.word.genres.champs import CHAMP, passages_du_champ
from cpomdocs.remplissage.word.genres.coches import SYM, Boite
from cpomdocs.remplissage.word.genres.signets import DEBUT, portee_du_signet
from cpomdocs.remplissage.word.ooxml import SDT, SDTPR, Element, P, Partie, est_indication
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
        premier, dernier = _unite(element)
        unite = partie.rangs[premier], partie.rangs[dernier]
        connu = Lieu(partie.nom, partie.rangs[element], position, unite, autour)
        partie.lieux[element, position] = connu
    return connu


def invites_autour(partie: Partie, endroit: Endroit) -> list[Lieu]:
    """Les propriétés des contrôles qui entourent l’endroit et montrent encore leur texte d’invite."""
    autour = [sdt for sdt in _paragraphe(endroit).iterancestors(SDT) if est_indication(sdt)]
    rangs = [partie.rangs[proprietes] for sdt in autour for proprietes in sdt.iterfind(SDTPR)]
    return [Lieu(partie.nom, rang, 0, (rang, rang)) for rang in rangs]


def _element(endroit: Endroit) -> Element:
    if isinstance(endroit, Portion):
        return endroit.paragraphe
    if isinstance(endroit, Boite):
        return endroit.element if endroit.element.tag == SYM else endroit.paragraphe
    return endroit


def _paragraphe(endroit: Endroit) -> Element:
    return endroit.paragraphe if isinstance(endroit, Portion | Boite) else endroit


def _unite(element: Element) -> tuple[Element, Element]:
    """Le premier et le dernier des éléments voisins qui tiennent tout ce que le geste change."""
    if element.tag == DEBUT:
        return _etendue([element, *portee_du_signet(element)])
    if element.tag == CHAMP:
        return _etendue(passages_du_champ(element))
    paragraphe = element if element.tag == P else next(element.iterancestors(P), element)
    return paragraphe, paragraphe


def _etendue(elements: list[Element]) -> tuple[Element, Element]:
    """Le paragraphe qui les contient tous, sinon ceux de leurs ancêtres qui sont voisins."""
    for ancetre in elements[0].iterancestors():
        if all(ancetre in element.iterancestors() for element in elements[1:]):
            paragraphe = ancetre if ancetre.tag == P else next(ancetre.iterancestors(P), None)
            if paragraphe is not None:
                return paragraphe, paragraphe
            voisins = [_sous(ancetre, element) for element in (elements[0], elements[-1])]
            return voisins[0], voisins[1]
    raise ValueError("ces éléments ne sont pas du même document")


def _sous(parent: Element, element: Element) -> Element:
    """L’enfant de ce parent qui contient l’élément."""
    return (
        element
        if element.getparent() is parent
        else next(ancetre for ancetre in element.iterancestors() if ancetre.getparent() is parent)
    )
