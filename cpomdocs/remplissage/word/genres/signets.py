"""Les signets : écrire entre leur début et leur fin, en gardant l’un et l’autre."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cpomdocs.remplissage.word.ooxml import (
    PPR,
    RPR,
    SDT,
    TBL,
    Element,
    P,
    PartieOuverte,
    R,
    porte_un_objet,
    retirer,
    w,
)
from cpomdocs.remplissage.word.texte import (
    CaseRefusee,
    creer_passage,
    inserer_en_tete,
    proprietes_du_paragraphe,
)

_ETENDUE = 500
"""Nombre d’éléments où la fin d’un signet est cherchée."""
DEBUT, FIN = w("bookmarkStart"), w("bookmarkEnd")


def verifier_signet(debut: Element, nom: str) -> None:
    """Lève `CaseRefusee` si écrire dans ce signet effacerait autre chose que le texte d’un paragraphe."""
    contenu = _entre(debut)
    hote = _hote(debut, contenu)
    if contenu is None or hote is None or debut.get(w("colFirst")) is not None:
        raise _refus(nom, "n’entoure pas une portion de texte")
    if _dans_un_champ(debut):
        raise _refus(nom, "est à l’intérieur d’un champ")
    suivants = _paragraphes_de_trop(hote, contenu)
    if suivants and not _entiers([hote, *suivants], contenu):
        raise _refus(nom, "couvre des morceaux de plusieurs paragraphes")
    for element in contenu:
        if element.tag in (SDT, TBL):
            raise _refus(nom, "entoure un contrôle ou un tableau")
        if element.tag == R and porte_un_objet(element):
            raise _refus(nom, "entoure un champ ou une image")
        if element.tag == R and element.getparent() not in (hote, debut.getparent(), *suivants):
            raise _refus(nom, "entoure un lien ou une révision")


def ecrire_signet(ouverte: PartieOuverte, rang: int, texte: str) -> None:
    """Remplace le texte du signet qui commence à ce rang."""
    debut = ouverte.elements[rang]
    contenu = _entre(debut) or []
    hote = _hote(debut, contenu)
    if hote is None:
        raise ValueError("signet sans paragraphe")
    suivants = _paragraphes_de_trop(hote, contenu)
    passages = [e for e in contenu if e.tag == R and e.getparent() is not None]
    neuf = creer_passage(texte, _format(debut, hote, passages))
    if passages:
        passages[0].addprevious(neuf)
    elif hote in debut.iterancestors():
        debut.addnext(neuf)
    else:
        inserer_en_tete(hote, neuf)
    for passage in passages:
        parent = passage.getparent()
        if parent is not None:
            parent.remove(passage)
    for paragraphe in suivants:
        _absorber(hote, paragraphe)


def _paragraphes_de_trop(hote: Element, contenu: list[Element]) -> list[Element]:
    """Les paragraphes que le signet couvre après le premier ; pas celui où il ne fait que finir."""
    couverts = [e for e in contenu if e.tag == P and e is not hote]
    derniers = {e.getparent() for e in contenu if e.tag == R}
    if couverts and couverts[-1] not in derniers:
        couverts.pop()
    return couverts


def _entiers(paragraphes: list[Element], contenu: list[Element]) -> bool:
    """Vrai si ces paragraphes se suivent et n’ont pas d’autre passage que ceux du signet."""
    dedans = set(contenu)
    return all(
        paragraphe.getparent() is paragraphes[0].getparent()
        and all(passage in dedans for passage in paragraphe.iter(R))
        and paragraphe.find(f"{PPR}/{w('sectPr')}") is None
        and next(paragraphe.iter(w("ins"), w("del")), None) is None
        for paragraphe in paragraphes
    )


def _absorber(hote: Element, paragraphe: Element) -> None:
    """Ôte un paragraphe vidé ; ses repères passent à la fin de l’hôte."""
    hote.extend([e for e in paragraphe if e.tag != PPR])
    retirer(paragraphe)


def portee_du_signet(debut: Element) -> list[Element]:
    """Les éléments que le signet couvre, et sa fin."""
    contenu = _entre(debut)
    return [] if contenu is None else list(islice(_apres(debut), len(contenu) + 1))


def _entre(debut: Element) -> list[Element] | None:
    """Les éléments entre le début et la fin du signet ; `None` si la fin manque."""
    numero = debut.get(w("id"))
    trouves: list[Element] = []
    for element in islice(_apres(debut), _ETENDUE):
        if element.tag == FIN and element.get(w("id")) == numero:
            return trouves
        trouves.append(element)
    return None


def _apres(element: Element) -> Iterator[Element]:
    """Les éléments qui suivent, dans l’ordre du document, hors de ceux qui contiennent celui-ci."""
    for ancetre in (element, *element.iterancestors()):
        for suivant in ancetre.itersiblings():
            yield from suivant.iter()


def _dans_un_champ(debut: Element) -> bool:
    """Vrai entre l’ouverture et la fermeture d’un champ du même paragraphe."""
    genres = [
        marque.get(w("fldCharType"))
        for avant in debut.itersiblings(R, preceding=True)
        for marque in avant.iter(w("fldChar"))
    ]
    return genres.count("begin") > genres.count("end")


def _hote(debut: Element, contenu: list[Element] | None) -> Element | None:
    """Le paragraphe où le texte du signet s’écrit."""
    dehors = next(debut.iterancestors(P), None)
    if dehors is not None:
        return dehors
    return next((e for e in contenu or () if e.tag == P), None)


def _format(debut: Element, hote: Element, passages: list[Element]) -> Element | None:
    modele = passages[0] if passages else next(debut.itersiblings(R, preceding=True), None)
    if modele is not None:
        return modele.find(RPR)
    return proprietes_du_paragraphe(hote)


def _refus(nom: str, raison: str) -> CaseRefusee:
    return CaseRefusee(
        "RW-07", f"Le signet « {nom} » {raison}.", "Viser un autre endroit, ou le remplir à la main."
    )
