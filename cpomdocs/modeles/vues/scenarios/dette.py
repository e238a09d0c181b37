"""Ce qu’un emprunt rembourse chaque année, quand seule l’année N est saisie : annuités constantes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from cpomdocs.modeles.arithmetique import arrondir
from cpomdocs.modeles.entites.patrimoine import Emprunt

_ZERO, _UN, _CENTIME = Decimal(0), Decimal(1), Decimal("0.01")
_DUREE_MAXIMALE = 100
"""Années : au-delà, c’est sans doute une date d’échéance."""


def rembourses(emprunts: Iterable[Emprunt], annee: int, n: int) -> Decimal | None:
    """Le capital que ces emprunts remboursent dans l’année ; `None` si l’un d’eux ne se calcule pas."""
    total = _ZERO
    for emprunt in emprunts:
        capital = rembourse(emprunt, annee, n)
        if capital is None:
            if emprunt.etat("remboursement_capital") != "sans_objet":
                return None
            capital = _ZERO
        total += capital
    return total


def invraisemblables(emprunt: Emprunt) -> tuple[str, ...]:
    """Ce qu’aucun emprunt ne porte : un taux négatif ou de 100 % et plus, une durée hors de 1 à 100 ans."""
    taux, duree = emprunt.taux, emprunt.duree
    juges = {
        "taux": taux is None or 0 <= taux < 1,
        "duree": duree is None or 1 <= duree <= _DUREE_MAXIMALE,
    }
    return tuple(nom for nom, juste in juges.items() if not juste)


def rembourse(emprunt: Emprunt, annee: int, n: int) -> Decimal | None:
    """Le capital remboursé dans l’année, au centime.

    À annuités constantes, il croît chaque année du taux de l’emprunt : capital remboursé en N × (1 + taux)^k.
    Un emprunt qui ne rembourse pas encore en N commence l’année qui suit son début :
    capital × taux ÷ ((1 + taux)^durée − 1) la première année. Sans taux, le remboursement ne change pas.
    Un taux ou une durée invraisemblables ne se projettent pas (`None`).
    """
    if invraisemblables(emprunt):
        return None
    if emprunt.date_echeance is not None and emprunt.date_echeance.year < annee:
        return _ZERO
    if not emprunt.remboursement_capital and (projete := _a_venir(emprunt, annee, n)) is not None:
        return projete
    if emprunt.remboursement_capital is None:
        return None
    facteur = (_UN + (emprunt.taux or _ZERO)) ** (annee - n)
    return arrondir(emprunt.remboursement_capital * facteur, _CENTIME)


def _a_venir(emprunt: Emprunt, annee: int, n: int) -> Decimal | None:
    """Ce que rembourse un emprunt qui commence en N ou après ; `None` s’il est plus ancien, ou mal connu."""
    debut, capital, duree = emprunt.date_debut, emprunt.capital_initial, emprunt.duree
    if debut is None or capital is None or not duree or debut.year < n:
        return None
    rang, taux = annee - debut.year, emprunt.taux or _ZERO
    if not 1 <= rang <= duree:
        return _ZERO
    premier = capital * taux / ((_UN + taux) ** duree - 1) if taux else capital / duree
    return arrondir(premier * (_UN + taux) ** (rang - 1), _CENTIME)
