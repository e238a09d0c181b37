"""Isoler une balise dans son propre passage, pour que `{{r … }}` et `{%r … %}` le remplacent."""

from __future__ import annotations

import copy

from lxml import etree

from cpomdocs.remplissage.word.ooxml import RPR, Element
from cpomdocs.remplissage.word.texte import ajouter_texte


def isoler(porteur: Element, debut: int, fin: int) -> tuple[Element, Element | None]:
    """Coupe le passage de ce texte autour des caractères [début, fin[.

    Rend le passage du milieu, et le texte de ce qui suit (`None` s’il n’y a plus de texte après la balise).
    Les trois passages gardent le format d’origine.
    """
    passage = porteur.getparent()
    if passage is None:
        raise ValueError("un texte est toujours dans un passage")
    texte = porteur.text or ""
    suivants = list(porteur.itersiblings())
    milieu = _semblable(passage)
    ajouter_texte(milieu, texte[debut:fin])
    passage.addnext(milieu)
    suite = None
    if texte[fin:] or suivants:
        apres = _semblable(passage)
        if texte[fin:]:
            suite = ajouter_texte(apres, texte[fin:])
        apres.extend(suivants)
        milieu.addnext(apres)
    porteur.text = texte[:debut]
    if not porteur.text:
        passage.remove(porteur)
    conteneur = passage.getparent()
    if conteneur is not None and all(enfant.tag == RPR for enfant in passage):
        conteneur.remove(passage)
    return milieu, suite


def _semblable(passage: Element) -> Element:
    """Un passage vide du même format."""
    neuf = etree.Element(passage.tag)
    for nom, valeur in passage.attrib.items():
        neuf.set(nom, valeur)
    proprietes = passage.find(RPR)
    if proprietes is not None:
        neuf.append(copy.deepcopy(proprietes))
    return neuf
