"""Les valeurs qu’une balise manipule : textes, nombres et dates qui savent de quel champ ils viennent.

Elles se comparent et se calculent comme des valeurs ordinaires, et s’écrivent en français par leur nature.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from cpomdocs.formats import date_longue, formater
from cpomdocs.modeles.base import Entite, InfoChamp, cles
from cpomdocs.modeles.chemins import ELEMENTS, Chemin, Valeur, valeur_du_champ
from cpomdocs.modeles.dossier import FICHES
from cpomdocs.modeles.types import Nature

SANS_OBJET = "Sans objet"


class Origine(NamedTuple):
    """D’où vient une valeur lue : la ligne, et la racine par laquelle le document l’a atteinte."""

    ligne: Entite
    racine: str

    def valeur(self, info: InfoChamp) -> Valeur:
        """La valeur de ce champ de la ligne, son chemin, son état ; présente, sa première cellule."""
        return valeur_du_champ(self.ligne, info, str(self.chemin(info.nom)), abrege=True)

    def chemin(self, champ: str) -> Chemin:
        """Le chemin de ce champ de la ligne, par ses clés."""
        if self.racine in FICHES or self.racine in ELEMENTS:
            return Chemin(self.racine, (), champ)
        valeurs = ((cle, getattr(self.ligne, cle)) for cle in cles(type(self.ligne)))
        selecteurs = tuple((c, "-" if v in (None, "") else str(v)) for c, v in valeurs)
        return Chemin(self.racine, selecteurs, champ)


class Lue:
    """Ce qui est commun aux valeurs lues : leur champ, et leur origine (`None` pour un calcul)."""

    __slots__ = ()
    info: InfoChamp
    origine: Origine | None


class TexteLu(Lue, str):
    """Un texte."""

    __slots__ = ("info", "origine")


class EntierLu(Lue, int):
    """Un nombre entier ou une année."""


class NombreLu(Lue, Decimal):
    """Un nombre décimal, un montant, un taux."""

    __slots__ = ("info", "origine")


class JourLu(Lue, datetime.date):
    """Une date."""

    __slots__ = ("info", "origine")


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

    def __init__(self, info: InfoChamp | None = None, origine: Origine | None = None) -> None:
        self.champ = info
        self.origine = origine

    @property
    def sans_objet(self) -> bool:
        """Vrai si la donnée a été déclarée sans objet."""
        if self.origine is None or self.champ is None:
            return False
        return self.origine.ligne.etat(self.champ.nom) == "sans_objet"

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


def envelopper(brute: object, info: InfoChamp, origine: Origine | None) -> Lue:
    """La valeur d’un champ, prête pour une balise."""
    lue: Lue
    if brute is None:
        return Manque(info, origine)
    if isinstance(brute, str):
        lue = TexteLu(brute)
    elif isinstance(brute, bool):
        lue = BooleenLu(brute)
    elif isinstance(brute, Decimal):
        lue = NombreLu(brute)
    elif isinstance(brute, int):
        lue = EntierLu(brute)
    elif isinstance(brute, datetime.date):
        lue = JourLu(brute.year, brute.month, brute.day)
    else:
        raise TypeError(f"{info.nom} n’est pas une valeur simple")
    lue.info, lue.origine = info, origine
    return lue


def est_une_annee(objet: object) -> bool:
    """Vrai pour une année : N - 1 en est une autre, N - M n’est qu’un nombre."""
    return isinstance(objet, EntierLu | NombreLu) and objet.info.nature.nom == "annee"


def de_meme_nature(nombre: Decimal, modele: object) -> Decimal:
    """Le résultat d’un calcul, présenté comme le champ dont il vient."""
    if not isinstance(modele, EntierLu | NombreLu):
        return nombre
    calcule = NombreLu(nombre)
    calcule.info, calcule.origine = modele.info, None
    return calcule


_DECIMAL = Nature("decimal")


def texte_francais(objet: object) -> str:
    """Le texte français d’une valeur ou d’un calcul. Lève `TypeError` si ce n’est pas une valeur."""
    ecrire = _TEXTES.get(type(objet))
    if ecrire is None:
        raise TypeError("ce n’est pas une valeur")
    texte: str = ecrire(objet)
    return texte


def _texte_d_un_nombre(nombre: EntierLu | NombreLu) -> str:
    return formater(nombre, nombre.info.nature, nombre.info.unite)


def _texte_d_un_calcul(nombre: int | Decimal) -> str:
    return formater(nombre, _DECIMAL)


_TEXTES: dict[type, Callable[[Any], str]] = {
    str: str,
    TexteLu: str.__str__,
    Manque: lambda manque: SANS_OBJET if manque.sans_objet else "",
    EntierLu: _texte_d_un_nombre,
    NombreLu: _texte_d_un_nombre,
    BooleenLu: lambda booleen: formater(booleen.oui, _DECIMAL),
    JourLu: date_longue,
    bool: _texte_d_un_calcul,
    int: _texte_d_un_calcul,
    Decimal: _texte_d_un_calcul,
    datetime.date: date_longue,
}
