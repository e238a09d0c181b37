"""Ce qu’un document lit : s’il relit la même chose d’un même gabarit, il n’a pas à être refait."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from cpomdocs import __version__
from cpomdocs.formats import formater
from cpomdocs.modeles.chemins import Valeur
from cpomdocs.plan.documents import DocumentPrevu
from cpomdocs.saisies import Annexe, Image, Saisie

_MONTREES = 3


class Lecture(NamedTuple):
    """Une valeur lue : case, champ, forme canonique (1 et « 1 » diffèrent), texte, cellule."""

    case: str
    champ: str
    valeur: str
    texte: str
    cellule: str


def lectures(prevu: DocumentPrevu) -> list[Lecture]:
    """Les valeurs que le document lit, absences comprises : ses cases, ses comparaisons, ses balises."""
    saisies = [_de_la_case(saisie) for saisie in (*prevu.saisies, *prevu.comparaisons)]
    balises = [_lecture(valeur.champ, valeur, None) for valeur in prevu.lues]
    return [*saisies, *balises, *(_du_fichier(nom, fichier) for nom, fichier in prevu.images)]


def empreinte_des_lectures(prevu: DocumentPrevu, lues: Sequence[Lecture], contexte: str) -> str:
    """L’empreinte de tout ce dont le document dépend : programme, gabarit, correspondance, valeurs lues.

    `contexte` : ce dont il dépend encore (moteur de calcul, date).
    """
    formulaire = prevu.formulaire
    reste = (__version__, contexte, formulaire.empreinte, prevu.chemin)
    contenu = json.dumps([*reste, *([*ligne[:3]] for ligne in lues)], ensure_ascii=False)
    return hashlib.sha256(contenu.encode("utf-8", "surrogatepass")).hexdigest()


def differences(anciennes: Sequence[Lecture], nouvelles: Sequence[Lecture]) -> str:
    """Ce qui a changé, en une phrase : « champ : avant → après (cellule) »."""
    changees = list(_changees(anciennes, nouvelles))
    montrees = " ; ".join(changees[:_MONTREES])
    reste = len(changees) - _MONTREES
    return montrees + (f" ; et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else "")


def _changees(anciennes: Sequence[Lecture], nouvelles: Sequence[Lecture]) -> Iterator[str]:
    avant = {lue.case: lue for lue in anciennes}
    for lue in nouvelles:
        ancienne = avant.pop(lue.case, None)
        if ancienne is None or ancienne.valeur != lue.valeur:
            vieux = (ancienne.texte if ancienne else "") or "vide"
            yield f"{lue.champ} : {vieux} → {lue.texte or 'vide'}{lue.cellule}"
    for lue in avant.values():
        yield f"{lue.champ} : {lue.texte or 'vide'} → retiré"


def _de_la_case(saisie: Saisie) -> Lecture:
    lecture = _lecture(str(saisie.case), saisie.valeur, saisie.texte)
    if saisie.image is None:
        return lecture
    return lecture._replace(valeur=f"{lecture.valeur}|{hashlib.sha256(saisie.image.octets).hexdigest()}")


def _du_fichier(nom: str, fichier: Image | Annexe) -> Lecture:
    return Lecture(nom, nom, hashlib.sha256(fichier.octets).hexdigest(), nom, "")


def _lecture(case: str, valeur: Valeur, impose: str | None) -> Lecture:
    sources = [f"{s.feuille}!{s.cellule}" for s in valeur.sources[:1]]
    texte = impose or ("" if valeur.valeur is None else formater(valeur.valeur, valeur.nature, valeur.unite))
    forme = f"{valeur.etat}|{_canonique(valeur.valeur)}|{impose!r}"
    return Lecture(case, valeur.champ, forme, texte, f" ({sources[0]})" if sources else "")


def _canonique(valeur: object) -> str:
    if isinstance(valeur, bool):
        return f"b{valeur}"
    if isinstance(valeur, Decimal):
        return f"n{valeur.normalize()}"
    if isinstance(valeur, int):
        return f"n{Decimal(valeur).normalize()}"
    if isinstance(valeur, datetime.date):
        return f"d{valeur.isoformat()}"
    return "" if valeur is None else f"t{valeur}"
