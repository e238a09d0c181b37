"""Ajouter des lignes à un tableau, des éléments à une section : des copies du dernier, encore vide."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable

from cpomdocs.remplissage.word.ooxml import (
    CONTENU,
    SDT,
    SDTPR,
    TBL,
    TR,
    W14,
    W15,
    Element,
    Partie,
    PartieOuverte,
    w,
)
from cpomdocs.remplissage.word.texte import CaseRefusee

_SANS_COPIE = ("tbl", "drawing", "pict", "object", "ins", "del", "footnoteReference", "endnoteReference")
_LIAISONS = (w("dataBinding"), f"{{{W15}}}dataBinding")
_REPERES = ("bookmark", "commentRange", "perm", "moveFromRange", "moveToRange", "customXml")
_REPERES_DEUX_BOUTS = [w(f"{nom}{bout}") for nom in _REPERES for bout in ("Start", "End")]
_PLAFOND = 2**31 - 1


def ligne_modele(cellule: Element) -> Element:
    """Ce qu’on copie pour ajouter une ligne : la ligne de cette cellule, ou l’élément répété qui la tient."""
    ligne = next(cellule.iterancestors(TR))
    contenu = ligne.getparent()
    sdt = contenu.getparent() if contenu is not None and contenu.tag == CONTENU else None
    repete = None if sdt is None else sdt.find(f"{SDTPR}/{{{W15}}}repeatingSectionItem")
    return ligne if sdt is None or contenu is None or repete is None or len(contenu) != 1 else sdt


def verifier_modele(modele: Element) -> None:
    """Lève `CaseRefusee` si copier cette ligne copierait autre chose que des cellules à remplir."""
    tableaux = modele.tag == SDT and next(modele.iterancestors(TBL), None) is None
    genants = [w(nom) for nom in _SANS_COPIE if not (nom == "tbl" and tableaux)]
    if next(modele.iter(*genants, *_LIAISONS), None) is not None:
        raise CaseRefusee(
            "RW-07",
            "Ce qui servirait de modèle (ligne, élément) contient un tableau, une image, une révision, une "
            "note ou une donnée liée : on ne peut pas en ajouter de semblable.",
            "Retirer « ajouter » de ce tableau de la correspondance, ou ne remplir que ce qui est déjà là.",
        )


def identifiants(racines: Iterable[Element]) -> set[int]:
    """Les identifiants des contrôles de toutes les parties."""
    numeros = (e.get(w("val")) or "" for racine in racines for e in racine.iterfind(f".//{SDTPR}/{w('id')}"))
    return {int(n) for n in numeros if re.fullmatch("-?[0-9]{1,10}", n)}


def copier(partie: Partie, rang: int, pris: set[int]) -> PartieOuverte:
    """Une copie neuve du modèle (ligne, élément répété) ; ce qu’elle contient garde son rang du gabarit.

    `pris` : les identifiants de contrôles déjà employés, complété de ceux de la copie.
    """
    copie = copy.deepcopy(partie.elements[rang])
    copie.tail = None
    elements = dict(enumerate(copie.iter(), start=rang))
    _renouveler(copie, pris)
    return PartieOuverte(partie, copie, elements)


def _renouveler(copie: Element, pris: set[int]) -> None:
    """Ôte ce qui doit rester unique dans le document ; donne un nouvel identifiant aux contrôles."""
    for element in list(copie.iter(*_REPERES_DEUX_BOUTS, w("commentReference"))):
        ote = element.getparent() if element.tag == w("commentReference") else element
        parent = None if ote is None else ote.getparent()
        if ote is not None and parent is not None:
            parent.remove(ote)
    for element in copie.iter():
        for nom in ("paraId", "textId"):
            element.attrib.pop(f"{{{W14}}}{nom}", "")
    for numero in copie.iterfind(f".//{SDTPR}/{w('id')}"):
        neuf = max(pris, default=0) + 1
        while neuf in pris or neuf > _PLAFOND:
            neuf = 1 + (neuf % _PLAFOND)
        pris.add(neuf)
        numero.set(w("val"), str(neuf))
