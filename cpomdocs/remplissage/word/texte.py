"""Écrire un texte dans Word : toujours du texte, jamais du balisage ; lignes et tabulations comprises.

Les refus ont des codes stables :
RW-01 case absente du gabarit            RW-06 caractère interdit
RW-02 libellé ambigu                     RW-07 case d’un genre non pris en charge
RW-03 case déjà remplie                  RW-08 valeur qui ne convient pas à la case
RW-04 case verrouillée                   RW-09 deux valeurs pour la même case
RW-05 valeur hors de la liste du formulaire
"""

from __future__ import annotations

import copy
import re
import unicodedata

from lxml import etree

from cpomdocs.remplissage.word.ooxml import ESPACE, PPR, RPR, Element, R, T, morceaux, w

_INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECOUPE = re.compile("([\n\t])")
_SUIVI = ("ins", "del", "moveFrom", "moveTo", "rPrChange")
_GRAS = ("b", "bCs", "u")


class CaseRefusee(Exception):
    """Une saisie que le gabarit n’accepte pas ; devient un `Refus` de la saisie."""

    def __init__(self, code: str, message: str, remede: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remede = remede


def extrait(texte: str, longueur: int = 40) -> str:
    """Le début d’un texte, sur une ligne, pour un message."""
    ligne = " ".join(texte.split())
    return ligne if len(ligne) <= longueur else ligne[: longueur - 1] + "…"


def verifier_texte(texte: str) -> str:
    """Le texte, fins de ligne unifiées. Lève `CaseRefusee` si XML ne peut pas en écrire un caractère."""
    interdit = _INTERDITS.search(texte)
    if interdit:
        raise CaseRefusee(
            "RW-06",
            f"Le texte contient un caractère de commande invisible (U+{ord(interdit[0]):04X}), "
            f"après « {texte[max(0, interdit.start() - 20) : interdit.start()]} ».",
            "Effacer ce caractère dans le classeur maître, ou retaper le texte.",
        )
    return texte.replace("\r\n", "\n").replace("\r", "\n")


def normaliser(texte: str) -> str:
    """Un libellé ramené à ses mots : sans casse, blancs unifiés, apostrophes droites, « : » final ôté."""
    uni = unicodedata.normalize("NFC", texte).replace("’", "'").replace("ʼ", "'").casefold()
    return " ".join(uni.split()).rstrip(" :")


def creer_passage(texte: str, proprietes: Element | None) -> Element:
    """Un passage (`w:r`) qui porte ce texte, au format donné."""
    passage = etree.Element(R)
    if proprietes is not None:
        passage.append(copy.deepcopy(proprietes))
    for morceau in _DECOUPE.split(texte):
        if morceau == "\n":
            etree.SubElement(passage, w("br"))
        elif morceau == "\t":
            etree.SubElement(passage, w("tab"))
        elif morceau:
            ajouter_texte(passage, morceau)
    return passage


def ajouter_texte(passage: Element, texte: str) -> Element:
    """Ajoute au passage un `w:t` dont les blancs sont gardés."""
    porteur = etree.SubElement(passage, T)
    porteur.set(ESPACE, "preserve")
    porteur.text = texte
    return porteur


def proprietes_du_paragraphe(paragraphe: Element) -> Element | None:
    """Le format de la marque de paragraphe, sans ses marques de révision."""
    marque = paragraphe.find(f"{PPR}/{RPR}")
    return None if marque is None else sans(marque, *_SUIVI)


def sans(proprietes: Element, *noms: str) -> Element | None:
    """Une copie de ces propriétés de passage sans celles nommées ; `None` s’il ne reste rien."""
    copie = copy.deepcopy(proprietes)
    for nom in noms:
        for enfant in copie.findall(w(nom)):
            copie.remove(enfant)
    return copie if len(copie) else None


def format_du_libelle(passage: Element | None) -> Element | None:
    """Le format d’un libellé, sans gras ni soulignement : celui de la réponse qui le suit."""
    proprietes = None if passage is None else passage.find(RPR)
    return None if proprietes is None else sans(proprietes, *_GRAS, *_SUIVI)


def police_de(passage: Element | None) -> Element | None:
    """La police, la taille et la langue d’un passage, sans rien d’autre de son format."""
    proprietes = None if passage is None else passage.find(RPR)
    if proprietes is None:
        return None
    gardes = {w(n) for n in ("rFonts", "sz", "szCs", "lang")}
    autres = [e.tag.removeprefix(w("")) for e in proprietes if isinstance(e.tag, str) and e.tag not in gardes]
    return sans(proprietes, *autres)


def remplacer_portion(
    paragraphe: Element, debut: int, fin: int, texte: str, proprietes: Element | None
) -> Element:
    """Remplace les caractères [début, fin[ du texte visible par un passage neuf ; rend ce passage.

    Les passages coupés gardent leur format de part et d’autre. Une portion vide insère.
    """
    _separer(paragraphe, fin)
    _separer(paragraphe, debut)
    neuf = creer_passage(texte, proprietes)
    position, ancre, otes = 0, None, []
    for porteur, contenu in morceaux(paragraphe):
        position += len(contenu)
        if position <= debut:
            ancre = porteur
        elif position <= fin:
            otes.append(porteur)
    if otes:
        _passage_de(otes[0]).addprevious(neuf)
    elif ancre is not None:
        _sortir(_passage_de(ancre), paragraphe).addnext(neuf)
    else:
        inserer_en_tete(paragraphe, neuf)
    for porteur in otes:
        _oter(porteur)
    return neuf


def _separer(paragraphe: Element, position: int) -> None:
    """Coupe le passage qui chevauche cette position, pour qu’elle tombe entre deux passages."""
    arrivee = 0
    for porteur, contenu in morceaux(paragraphe):
        depart, arrivee = arrivee, arrivee + len(contenu)
        if depart < position <= arrivee:
            suite = contenu[position - depart :]
            if suite:
                porteur.text = contenu[: position - depart]
                porteur.set(ESPACE, "preserve")
            if suite or porteur.getnext() is not None:
                _couper(porteur, suite)
            return


def _couper(porteur: Element, suite: str) -> None:
    """Déplace cette suite, et ce qui suit le porteur, dans un passage de même format placé juste après."""
    passage = _passage_de(porteur)
    second = etree.Element(passage.tag)
    for nom, contenu in passage.attrib.items():
        second.set(nom, contenu)
    proprietes = passage.find(RPR)
    if proprietes is not None:
        second.append(copy.deepcopy(proprietes))
    if suite:
        ajouter_texte(second, suite)
    for frere in list(porteur.itersiblings()):
        second.append(frere)
    passage.addnext(second)


def _passage_de(porteur: Element) -> Element:
    passage = porteur.getparent()
    if passage is None:
        raise ValueError("un texte est toujours dans un passage")
    return passage


def _sortir(passage: Element, paragraphe: Element) -> Element:
    """Le plus haut élément que ce passage termine : on écrit après un lien ou un contrôle, pas dedans."""
    parent = passage.getparent()
    while parent is not None and parent is not paragraphe and passage.getnext() is None:
        passage, parent = parent, parent.getparent()
    return passage


def _oter(porteur: Element) -> None:
    passage = _passage_de(porteur)
    passage.remove(porteur)
    if all(enfant.tag == RPR for enfant in passage):
        conteneur = passage.getparent()
        if conteneur is not None:
            conteneur.remove(passage)


def inserer_en_tete(paragraphe: Element, neuf: Element) -> None:
    """Met le passage au début du paragraphe, après ses propriétés."""
    proprietes = paragraphe.find(PPR)
    if proprietes is not None:
        proprietes.addnext(neuf)
    else:
        paragraphe.insert(0, neuf)
