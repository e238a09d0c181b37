"""Additionner et diviser des données qui peuvent manquer : une somme incomplète n’est pas une somme."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

from cpomdocs.modeles.base import Entite

_LARGE = Context(prec=400, rounding=ROUND_HALF_UP)
"""Assez de chiffres pour arrondir même une saisie absurde."""


def arrondir(valeur: Decimal, pas: Decimal) -> Decimal:
    """La valeur au multiple de `pas` (0,01, 1…) le plus proche, la moitié vers le haut."""
    return valeur.quantize(pas, None, _LARGE)


def additionner(termes: Iterable[tuple[Entite, str]], si_aucun: Decimal | None = None) -> Decimal | None:
    """La somme de champs (ligne, nom) ; `None` si l’un est vide ou si tous sont sans objet.

    Un champ sans objet ne compte pas. `si_aucun` : la somme quand il n’y a aucun terme.
    """
    total, comptes, presents = Decimal(0), 0, 0
    for ligne, nom in termes:
        presents += 1
        valeur = getattr(ligne, nom)
        if valeur is not None:
            total += valeur
            comptes += 1
        elif ligne.etat(nom) != "sans_objet":
            return None
    return total if comptes else (None if presents else si_aucun)


def somme(lignes: Iterable[Entite], nom: str, si_aucun: Decimal | None = None) -> Decimal | None:
    """La somme d’un champ sur des lignes, aux règles d’`additionner`."""
    return additionner(((ligne, nom) for ligne in lignes), si_aucun)


def somme_entiere(lignes: Iterable[Entite], nom: str) -> int | None:
    """La somme d’un champ entier sur des lignes (places, journées, personnes)."""
    total = somme(lignes, nom)
    return None if total is None else int(total)


def somme_des_champs(ligne: Entite, *noms: str) -> Decimal | None:
    """La somme de plusieurs champs d’une même ligne."""
    return additionner((ligne, nom) for nom in noms)


def difference(a: Decimal | int | None, b: Decimal | int | None) -> Decimal | None:
    """a − b, ou `None` si l’un manque."""
    return None if a is None or b is None else Decimal(a) - Decimal(b)


def quotient(a: Decimal | int | None, b: Decimal | int | None) -> Decimal | None:
    """a ÷ b, ou `None` si l’un manque ou si b est nul."""
    return None if a is None or b is None or b == 0 else Decimal(a) / Decimal(b)


def produit(a: Decimal | int | None, b: Decimal | int | None) -> Decimal | None:
    """a × b, ou `None` si l’un manque."""
    return None if a is None or b is None else Decimal(a) * Decimal(b)
