"""Les valeurs qu’une balise manipule : textes, nombres et dates qui savent de quel champ ils viennent.

Elles se comparent et se calculent comme des valeurs ordinaires, et s’écrivent en français par leur nature.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from cpomdocs.formats import formater
from cpomdocs.modeles.chemins import Valeur
from cpomdocs.modeles.types import Nature

SANS_OBJET = "Sans objet"


class Lue:
    """Ce qui est commun aux valeurs lues : leur provenance."""

    provenance: Valeur


class TexteLu(Lue, str):
    """Un texte."""


class EntierLu(Lue, int):
    """Un nombre entier ou une année."""


class NombreLu(Lue, Decimal):
    """Un nombre décimal, un montant, un taux."""


class JourLu(Lue, datetime.date):
    """Une date."""


class BooleenLu(Lue):
    """Oui ou non."""

    def __init__(self, oui: bool) -> None:
        self.oui = oui

    def __bool__(self) -> bool:
        return self.oui

    def __eq__(self, autre: object) -> bool:
        return self.oui == (autre.oui if isinstance(autre, BooleenLu) else autre)

    def __hash__(self) -> int:
        return hash(self.oui)


class Manque(Lue):
    """Une donnée vide ou sans objet : fausse, différente de tout, sans élément ; n’écrit rien."""

    def __init__(self, provenance: Valeur | None) -> None:
        self.manque = provenance

    def __bool__(self) -> bool:
        return False

    def __eq__(self, autre: object) -> bool:
        return autre is None or isinstance(autre, Manque)

    def __hash__(self) -> int:
        return 0

    def __lt__(self, autre: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __contains__(self, element: object) -> bool:
        return False


def envelopper(valeur: Valeur) -> Lue:
    """La valeur d’un champ, prête pour une balise."""
    brute = valeur.valeur
    lue: Lue
    if brute is None:
        return Manque(valeur)
    if isinstance(brute, bool):
        lue = BooleenLu(brute)
    elif isinstance(brute, datetime.date):
        lue = JourLu(brute.year, brute.month, brute.day)
    elif isinstance(brute, Decimal):
        lue = NombreLu(brute)
    elif isinstance(brute, int):
        lue = EntierLu(brute)
    else:
        lue = TexteLu(brute)
    lue.provenance = valeur
    return lue


def est_une_annee(objet: object) -> bool:
    """Vrai pour une année : N - 1 en est une autre, N - M n’est qu’un nombre."""
    return isinstance(objet, EntierLu | NombreLu) and objet.provenance.nature.nom == "annee"


def de_meme_nature(nombre: Decimal, modele: object) -> Decimal:
    """Le résultat d’un calcul, présenté comme le champ dont il vient."""
    if not isinstance(modele, EntierLu | NombreLu):
        return nombre
    calcule = NombreLu(nombre)
    calcule.provenance = replace(modele.provenance, champ="", valeur=nombre, sources=())
    return calcule


def texte_francais(objet: object) -> str:
    """Le texte français d’une valeur ou d’un calcul. Lève `TypeError` si ce n’est pas une valeur."""
    if isinstance(objet, Manque):
        return SANS_OBJET if objet.manque is not None and objet.manque.etat == "sans_objet" else ""
    if isinstance(objet, Lue):
        return formater(objet.provenance.valeur, objet.provenance.nature, objet.provenance.unite)
    if isinstance(objet, str):
        return str(objet)
    if isinstance(objet, bool | int | Decimal):
        return formater(objet, Nature("decimal"))
    if isinstance(objet, datetime.date):
        return formater(objet, Nature("date"))
    raise TypeError("ce n’est pas une valeur")
