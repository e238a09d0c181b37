"""Les champs de formulaire d’autrefois : texte, case à cocher, liste."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from cpomdocs.remplissage.word.genres.controles import Reponse, cocher, plat, texte_de_saisie
from cpomdocs.remplissage.word.ooxml import (
    PPR,
    RPR,
    Element,
    P,
    PartieOuverte,
    R,
    active,
    porte_un_objet,
    retirer,
    texte_de,
    valeur,
    w,
)
from cpomdocs.remplissage.word.texte import CaseRefusee, creer_passage, extrait, verifier_texte
from cpomdocs.saisies import Saisie

CHAMP = w("fldChar")
_TYPE, _CODE, _DONNEES = w("fldCharType"), w("instrText"), w("ffData")
_CALCULES = ("calculated", "currentDate", "currentTime")
_IMBRIQUES = 16
"""Nombre de champs suivis l’un dans l’autre ; au-delà, celui du dehors est abandonné."""
_ETENDUE = 20
"""Nombre de paragraphes où la fin d’un champ est cherchée après le sien."""
_FORMULAIRE = re.compile(r"^\s*(FORMTEXT|FORMCHECKBOX|FORMDROPDOWN)\b")


@dataclass(frozen=True)
class Champ:
    """Un champ de formulaire : son code, et ses passages du début à la fin ; `separe` : rang du milieu."""

    code: str
    debut: Element
    passages: tuple[Element, ...]
    separe: int | None

    @property
    def nom(self) -> str:
        """Le nom que l’auteur du formulaire lui a donné, s’il y en a un."""
        return valeur(self.debut.find(f"{_DONNEES}/{w('name')}")) or ""

    @property
    def resultat(self) -> tuple[Element, ...]:
        """Les passages qui montrent la réponse."""
        return () if self.separe is None else self.passages[self.separe + 1 : -1]


def champs_de(racine: Element) -> Iterator[Champ]:
    """Les champs de formulaire d’une partie, dans l’ordre, d’un paragraphe ou de plusieurs qui se suivent."""
    vus: set[Element] = set()
    for paragraphe in racine.iter(P):
        if paragraphe not in vus and next(paragraphe.iter(CHAMP), None) is not None:
            yield from _du_paragraphe(paragraphe, vus)


def _du_paragraphe(paragraphe: Element, vus: set[Element] | None = None) -> Iterator[Champ]:
    """Ceux qui s’ouvrent dans ce paragraphe. `vus` : complété des paragraphes où ils se poursuivent."""
    ouverts: list[list[Element]] = []
    for suivant in (paragraphe, *islice(paragraphe.itersiblings(), _ETENDUE)):
        if not isinstance(suivant.tag, str):
            continue
        if suivant is not paragraphe and (not ouverts or suivant.tag != P or _a_part(suivant)):
            return
        if vus is not None:
            vus.add(suivant)
        for passage in suivant.iter(R):
            if next(passage.iterancestors(P)) is not suivant:
                continue
            marque = passage.find(CHAMP)
            genre = None if marque is None else marque.get(_TYPE)
            if genre == "begin":
                ouverts = [*ouverts[-_IMBRIQUES:], []]
            for passages in ouverts:
                passages.append(passage)
            if genre == "end" and ouverts:
                champ = _lire(ouverts.pop())
                if champ is not None:
                    yield champ


def _a_part(paragraphe: Element) -> bool:
    """Vrai si joindre ce paragraphe au précédent perdrait une section ou une révision."""
    return (
        next(paragraphe.iter(w("sectPr"), w("ins"), w("del"), w("moveFrom"), w("moveTo")), None) is not None
    )


def _lire(passages: list[Element]) -> Champ | None:
    code = _FORMULAIRE.match("".join(t.text or "" for r in passages for t in r.iter(_CODE)))
    debut = passages[0].find(CHAMP)
    genres = [None if (m := r.find(CHAMP)) is None else m.get(_TYPE) for r in passages]
    parents = {r.getparent() for r in passages}
    etale = len(parents) > 1 and any(p is None or p.tag != P for p in parents)
    if code is None or debut is None or genres.count("begin") != 1 or etale:
        return None
    if len(parents) > 1 and (code[1] != "FORMTEXT" or any(map(_porte_autre_chose, passages))):
        return None
    return Champ(code[1], debut, tuple(passages), genres.index("separate") if "separate" in genres else None)


def _porte_autre_chose(passage: Element) -> bool:
    return passage.find(CHAMP) is None and porte_un_objet(passage)


def champ_de(debut: Element) -> Champ:
    """Le champ que cette marque ouvre."""
    paragraphe = next(debut.iterancestors(P))
    return next(champ for champ in _du_paragraphe(paragraphe) if champ.debut is debut)


def passages_du_champ(debut: Element) -> list[Element]:
    """Tous les passages du champ que cette marque ouvre ; le sien seul si ce n’est pas un champ à remplir."""
    passage = debut.getparent()
    champ = next((c for c in _du_paragraphe(next(debut.iterancestors(P))) if c.debut is debut), None)
    if champ is not None:
        return list(champ.passages)
    return [] if passage is None else [passage]


def verifier_champ(champ: Champ, nom: str) -> None:
    """Lève `CaseRefusee` si l’autorité ne laisse pas remplir ce champ."""
    donnees = champ.debut.find(_DONNEES)
    if donnees is None:
        return
    possible = donnees.find(w("enabled"))
    calcule = valeur(donnees.find(f"{w('textInput')}/{w('type')}")) in _CALCULES
    if calcule or (possible is not None and not active(possible)):
        raise CaseRefusee(
            "RW-04",
            f"L’autorité ne laisse pas remplir le champ « {extrait(nom)} ».",
            "Retirer cette case de la correspondance.",
        )


def repondre_au_champ(champ: Champ, saisie: Saisie) -> Reponse:
    """La réponse de la saisie dans ce champ. Lève `CaseRefusee` si elle ne lui convient pas."""
    if champ.code == "FORMCHECKBOX":
        return cocher(saisie)
    texte = verifier_texte(texte_de_saisie(saisie))
    if champ.code == "FORMDROPDOWN":
        return _choisir(champ, texte)
    limite = valeur(champ.debut.find(f"{_DONNEES}/{w('textInput')}/{w('maxLength')}")) or ""
    if limite.isascii() and limite.isdigit() and 0 < int(limite) < len(texte):
        raise CaseRefusee(
            "RW-08",
            f"« {extrait(texte)} » a {len(texte)} caractères ; ce champ du formulaire en admet {limite}.",
            "Raccourcir le texte dans le classeur maître.",
        )
    return Reponse(texte, texte)


def _choisir(champ: Champ, texte: str) -> Reponse:
    entrees = [valeur(e) or "" for e in champ.debut.iterfind(f"{_DONNEES}/{w('ddList')}/{w('listEntry')}")]
    for rang, entree in enumerate(entrees):
        if plat(entree) == plat(texte):
            return Reponse(entree, str(rang))
    admis = " ; ".join(f"« {entree} »" for entree in entrees[:12]) or "aucune valeur"
    raise CaseRefusee(
        "RW-05",
        f"« {extrait(texte)} » n’est pas dans la liste du formulaire, qui propose {admis}.",
        "Corriger la valeur, ou la traduire dans les mots du formulaire (« valeurs » de la correspondance).",
    )


def ecrire_champ(ouverte: PartieOuverte, rang: int, reponse: Reponse) -> None:
    """Met la réponse dans le champ qui commence à ce rang."""
    champ = champ_de(ouverte.elements[rang])
    if champ.code == "FORMCHECKBOX":
        boite = champ.debut.find(f"{_DONNEES}/{w('checkBox')}")
        _marquer(boite, "checked", "1" if reponse.coche else "0", en_tete=False)
    elif champ.code == "FORMDROPDOWN":
        _marquer(champ.debut.find(f"{_DONNEES}/{w('ddList')}"), "result", reponse.stocke, en_tete=True)
    if champ.code == "FORMTEXT" or champ.resultat:
        _remplacer(champ, reponse.texte)


def _marquer(parent: Element | None, nom: str, contenu: str, en_tete: bool) -> None:
    if parent is None:
        return
    marque = parent.find(w(nom))
    if marque is None:
        marque = etree.Element(w(nom))
        parent.insert(0 if en_tete else len(parent), marque)
    marque.set(w("val"), contenu)


def _remplacer(champ: Champ, texte: str) -> None:
    fin = champ.passages[-1]
    modele = next((r for r in champ.resultat if texte_de(r)), champ.passages[0])
    neuf = creer_passage(texte, modele.find(RPR))
    if champ.separe is None:
        separateur = creer_passage("", champ.passages[0].find(RPR))
        etree.SubElement(separateur, CHAMP).set(_TYPE, "separate")
        fin.addprevious(separateur)
    for passage in champ.resultat:
        parent = passage.getparent()
        if parent is not None:
            parent.remove(passage)
    _reunir(champ.passages[0], fin)
    fin.addprevious(neuf)


def _reunir(premier: Element, fin: Element) -> None:
    """Un champ qui couvrait plusieurs paragraphes n’en garde qu’un, comme quand on y retape un texte."""
    hote, dernier = premier.getparent(), fin.getparent()
    if hote is None or dernier is None:
        return
    while hote is not dernier:
        suivant = next(hote.itersiblings(P))
        hote.extend([e for e in suivant if e.tag != PPR])
        retirer(suivant)
        if suivant is dernier:
            return
