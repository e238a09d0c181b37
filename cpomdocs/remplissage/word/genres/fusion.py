"""Les champs de publipostage (MERGEFIELD) : remplacés par leur valeur, comme le fait Word en fusionnant."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cpomdocs.remplissage.word.genres.controles import date_au_format, texte_de_saisie
from cpomdocs.remplissage.word.ooxml import RPR, Element, P, R, texte_de, w
from cpomdocs.remplissage.word.texte import CaseRefusee, creer_passage, extrait, verifier_texte
from cpomdocs.saisies import Saisie

SIMPLE = w("fldSimple")
_MARQUE, _GENRE = w("fldChar"), w("fldCharType")
_CODE = re.compile(r'^\s*MERGEFIELD\s+(?:"([^"]+)"|(\S+))\s*(.*?)\s*$', re.IGNORECASE | re.DOTALL)
_MISE_EN_FORME = re.compile(r"\\\*\s*(?:MERGEFORMAT|CHARFORMAT)", re.IGNORECASE)
_DATE = re.compile(r'\\@\s*"([^"]*)"')


@dataclass(frozen=True)
class Fusion:
    """Un champ de publipostage : son nom, ses commutateurs, ce qui l’ouvre et ce qu’il faut remplacer."""

    nom: str
    commutateurs: str
    debut: Element
    passages: tuple[Element, ...]


def fusions_de(racine: Element) -> Iterator[Fusion]:
    """Les champs de publipostage d’une partie, dans l’ordre, tenus dans un seul paragraphe."""
    for element in racine.iter(_MARQUE, SIMPLE):
        fusion = fusion_de(element)
        if fusion is not None:
            yield fusion


def fusion_de(element: Element) -> Fusion | None:
    """Le champ de publipostage que cet élément ouvre, s’il en ouvre un."""
    if element.tag == SIMPLE:
        return _lire(element.get(w("instr")) or "", element, (element,))
    passage = element.getparent()
    if element.get(_GENRE) != "begin" or passage is None:
        return None
    passages = [passage]
    for suivant in passage.itersiblings(R):
        passages.append(suivant)
        genres = {marque.get(_GENRE) for marque in suivant.iter(_MARQUE)}
        if "begin" in genres:
            return None
        if "end" in genres:
            code = "".join(t.text or "" for r in passages for t in r.iter(w("instrText")))
            return _lire(code, element, tuple(passages))
    return None


def _lire(code: str, debut: Element, passages: tuple[Element, ...]) -> Fusion | None:
    forme = _CODE.match(code)
    if forme is None or next(debut.iterancestors(P), None) is None:
        return None
    return Fusion(forme[1] or forme[2], forme[3], debut, passages)


def verifier_fusion(fusion: Fusion) -> None:
    """Lève `CaseRefusee` si le champ transforme sa valeur d’une façon qu’on ne sait pas rendre."""
    reste = _DATE.sub("", _MISE_EN_FORME.sub("", fusion.commutateurs)).strip()
    if reste:
        raise CaseRefusee(
            "RW-07",
            f"Le champ de publipostage « {fusion.nom} » porte un commutateur inconnu ({extrait(reste)}).",
            "Remplir cet endroit à la main.",
        )


def texte_de_fusion(fusion: Fusion, saisie: Saisie) -> str:
    """Le texte qui remplace le champ ; une date suit le format que le champ impose."""
    forme, jour = _DATE.search(fusion.commutateurs), saisie.valeur.valeur
    if forme is not None and saisie.texte is None and isinstance(jour, datetime.date):
        return date_au_format(jour, forme[1])
    return verifier_texte(texte_de_saisie(saisie))


def ecrire_fusion(debut: Element, texte: str) -> None:
    """Remplace le champ par ce texte, au format de ce qu’il montrait."""
    fusion = fusion_de(debut)
    if fusion is None:
        raise ValueError("ce n’est pas un champ de publipostage")
    dedans = [r for passage in fusion.passages for r in passage.iter(R)]
    modele = next((r for r in dedans if texte_de(r)), dedans[0] if dedans else None)
    fusion.passages[0].addprevious(creer_passage(texte, None if modele is None else modele.find(RPR)))
    for passage in fusion.passages:
        parent = passage.getparent()
        if parent is not None:
            parent.remove(passage)
