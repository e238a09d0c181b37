"""Écrire dans un contrôle de contenu comme le fait Word : format, invite ôtée, état, lignes."""

from __future__ import annotations

import copy

from lxml import etree

from cpomdocs.remplissage.word.genres.controles import (
    Niveau,
    Reponse,
    genre_de,
    liste_qui_se_souvient,
    niveau_de,
    symbole,
)
from cpomdocs.remplissage.word.genres.images import ecrire_image, verifier_image
from cpomdocs.remplissage.word.ooxml import (
    CONTENU,
    PPR,
    RPR,
    SDT,
    SDTPR,
    TC,
    W14,
    Element,
    P,
    R,
    descendre,
    est_indication,
    porte_un_objet,
    w,
)
from cpomdocs.remplissage.word.texte import CaseRefusee, creer_passage, sans

_REPERES = {
    w(n)
    for n in (
        "bookmarkStart",
        "bookmarkEnd",
        "commentRangeStart",
        "commentRangeEnd",
        "permStart",
        "permEnd",
        "proofErr",
    )
}
_SYMBOLES = ("wingdings", "webdings", "symbol")


def verifier_controle(sdt: Element, nom: str) -> None:
    """Lève `CaseRefusee` si écrire dans ce contrôle effacerait autre chose que du texte."""
    contenu = sdt.find(CONTENU)
    if contenu is None:
        raise CaseRefusee("RW-07", f"Le contrôle « {nom} » est incomplet.", "Le remplir à la main.")
    if contenu.find(f".//{SDT}") is not None:
        raise CaseRefusee(
            "RW-07", f"Le contrôle « {nom} » en contient d’autres.", "Viser ceux qu’il contient, un par un."
        )
    niveau = niveau_de(sdt)
    if niveau in ("ligne", "cellule") and len(list(contenu.iter(TC))) != 1:
        raise CaseRefusee(
            "RW-07", f"Le contrôle « {nom} » entoure plusieurs cellules.", "Viser la cellule : « tableau:… »."
        )
    if genre_de(sdt) == "image":
        verifier_image(sdt, nom)
    elif genre_de(sdt) != "case" and porte_un_objet(contenu):
        raise CaseRefusee(
            "RW-07",
            f"Le contrôle « {nom} » contient un tableau, une image ou un champ.",
            "Le remplir à la main.",
        )


def ecrire_controle(
    sdt: Element, reponse: Reponse, styles_invite: frozenset[str], relation: str = ""
) -> None:
    """Met la réponse dans le contrôle. `styles_invite` : identifiants du style « texte d’espace réservé » ;
    `relation` : celle de l’image."""
    if reponse.image is not None:
        ecrire_image(sdt, reponse.image, relation)
        return
    genre, niveau = genre_de(sdt), niveau_de(sdt)
    proprietes = format_du_controle(sdt, styles_invite)
    indication = sdt.find(f"{SDTPR}/{w('showingPlcHdr')}")
    if indication is not None and indication.getparent() is not None:
        _enlever(indication)
    if genre == "case":
        passages = [[_passage_coche(sdt, bool(reponse.coche), proprietes)]]
        _marquer_etat(sdt, bool(reponse.coche))
    else:
        lignes = reponse.texte.split("\n") if genre == "riche" and niveau != "passage" else [reponse.texte]
        passages = [[creer_passage(ligne, proprietes)] if ligne else [] for ligne in lignes]
    if genre == "date":
        _marquer_date(sdt, reponse)
    liste = liste_qui_se_souvient(sdt)
    if liste is not None:
        liste.set(w("lastValue"), reponse.stocke)
    _placer(sdt, niveau, passages)


def format_du_controle(sdt: Element, styles_invite: frozenset[str]) -> Element | None:
    """Le format du texte saisi : celui du texte en place, sinon celui que le contrôle impose."""
    contenu = sdt.find(CONTENU)
    passage = None if contenu is None else next(contenu.iter(R), None)
    en_place = None if passage is None else passage.find(RPR)
    impose = sdt.find(f"{SDTPR}/{RPR}")
    style = None if en_place is None else en_place.find(w("rStyle"))
    invite = est_indication(sdt) or (style is not None and style.get(w("val")) in styles_invite)
    if passage is not None and not invite:
        return None if en_place is None else copy.deepcopy(en_place)
    if impose is not None:
        return copy.deepcopy(impose)
    return None if en_place is None else sans(en_place, "rStyle", "color")


def _placer(sdt: Element, niveau: Niveau, lignes: list[list[Element]]) -> None:
    contenu = sdt.find(CONTENU)
    if contenu is None:
        raise ValueError("contrôle sans contenu")
    if niveau == "passage":
        _remplacer(contenu, [passage for ligne in lignes for passage in ligne])
        return
    cadre = next(contenu.iter(TC)) if niveau in ("cellule", "ligne") else contenu
    paragraphes = list(descendre(cadre, P))
    if not paragraphes:
        paragraphes = [etree.SubElement(cadre, P)]
    premier = paragraphes[0]
    for autre in paragraphes[1:]:
        _enlever(autre)
    precedent = premier
    for ligne in lignes[1:]:
        suivant = _paragraphe_semblable(premier)
        suivant.extend(ligne)
        precedent.addnext(suivant)
        precedent = suivant
    _remplacer(premier, lignes[0] if lignes else [])


def _paragraphe_semblable(modele: Element) -> Element:
    neuf = etree.Element(P)
    proprietes = modele.find(PPR)
    if proprietes is not None:
        neuf.append(copy.deepcopy(proprietes))
    return neuf


def _remplacer(cadre: Element, passages: list[Element]) -> None:
    """Remplace le contenu du cadre, sauf ses propriétés et ses repères (signets, commentaires)."""
    a_oter = [e for e in cadre if e.tag != PPR and e.tag not in _REPERES]
    rang = cadre.index(a_oter[0]) if a_oter else len(cadre)
    for element in a_oter:
        cadre.remove(element)
    for decalage, passage in enumerate(passages):
        cadre.insert(rang + decalage, passage)


def _passage_coche(sdt: Element, coche: bool, proprietes: Element | None) -> Element:
    code, police = symbole(sdt, coche)
    if police.casefold().startswith(_SYMBOLES):
        passage = creer_passage("", proprietes)
        signe = etree.SubElement(passage, w("sym"))
        signe.set(w("font"), police)
        signe.set(w("char"), f"{0xF000 + int(code, 16) % 0x1000:04X}")
        return passage
    passage = creer_passage(chr(int(code, 16)), proprietes)
    format_ = passage.find(RPR)
    if format_ is None:
        format_ = etree.Element(RPR)
        passage.insert(0, format_)
    polices = format_.find(w("rFonts"))
    if polices is None:
        polices = etree.Element(w("rFonts"))
        style = format_.find(w("rStyle"))
        format_.insert(0 if style is None else 1, polices)
    polices.attrib.clear()
    for nom, contenu in (("ascii", police), ("eastAsia", police), ("hAnsi", police), ("hint", "eastAsia")):
        polices.set(w(nom), contenu)
    return passage


def _marquer_etat(sdt: Element, coche: bool) -> None:
    boite = sdt.find(f"{SDTPR}/{{{W14}}}checkbox")
    if boite is None:
        return
    etat = boite.find(f"{{{W14}}}checked")
    if etat is None:
        etat = etree.Element(f"{{{W14}}}checked")
        boite.insert(0, etat)
    etat.set(f"{{{W14}}}val", "1" if coche else "0")


def _marquer_date(sdt: Element, reponse: Reponse) -> None:
    date = sdt.find(f"{SDTPR}/{w('date')}")
    if date is None:
        return
    if reponse.date is None:
        date.attrib.pop(w("fullDate"), "")
    else:
        date.set(w("fullDate"), f"{reponse.date.isoformat()}T00:00:00Z")


def _enlever(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
