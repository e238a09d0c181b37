"""Le texte français d’une valeur, tel que Word le montre : « 1 234,56 € », « 45,2 % », « 1er mars 2026 ».

Séparateur des milliers : espace fine insécable ; espace insécable devant « € » et « % » (usages de la langue
dans le référentiel CLDR). Les unités qui sont des mots (places, journées…) sont déjà dans le formulaire :
elles ne s’écrivent pas.
"""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from babel.dates import format_date
from babel.numbers import format_decimal

from cpomdocs.modeles.types import Nature, ValeurSimple

LANGUE = "fr"
_INSECABLE = "\N{NO-BREAK SPACE}"
_CENTIEME = Decimal("0.01")
_EXACT = Context(prec=400)
"""Assez de chiffres pour qu’aucun arrondi n’ait lieu ailleurs qu’aux décimales."""
_DECIMALES_SAISIES = 4
"""Jusqu’à ce nombre de décimales, un nombre a été saisi : on le rend entier ; au-delà, c’est un calcul."""


def formater(valeur: ValeurSimple | None, nature: Nature, unite: str | None = None) -> str:
    """Le texte français de la valeur selon sa nature et son unité ; une chaîne vide pour `None`.

    Montant : deux décimales et « € ». Taux : la fraction en pour cent, deux décimales au plus. ETP : deux
    décimales. Année : sans séparateur. Les arrondis se font au plus proche, la moitié vers le haut.
    """
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime.date):
        return date_longue(valeur)
    if isinstance(valeur, str):
        return valeur
    if nature.nom == "annee":
        return str(valeur)
    return _nombre(Decimal(valeur), nature, unite or nature.unite)


def date_longue(valeur: datetime.date) -> str:
    """« 31 décembre 2026 » ; le premier du mois est « 1er »."""
    mois = format_date(valeur, "MMMM yyyy", locale=LANGUE)
    return f"{'1er' if valeur.day == 1 else valeur.day} {mois}"


def euros(valeur: Decimal | int) -> str:
    """« 1 234,56 € », toujours à deux décimales."""
    return f"{_decimal(_arrondi(Decimal(valeur)), '#,##0.00')}{_INSECABLE}€"


def pourcent(fraction: Decimal | int) -> str:
    """« 45,2 % » pour 0,452 ; deux décimales au plus."""
    cent_fois = Decimal(fraction).scaleb(2, _EXACT)
    return f"{_decimal(_arrondi(cent_fois), '#,##0.##')}{_INSECABLE}%"


def _nombre(valeur: Decimal, nature: Nature, unite: str | None) -> str:
    if nature.nom == "taux":
        return pourcent(valeur)
    if nature.nom == "montant" and unite in (None, "€"):
        return euros(valeur)
    if nature.nom == "montant" or unite == "ETP":
        texte = _decimal(_arrondi(valeur), "#,##0.00")
    else:
        texte = _decimal(_sans_excedent(valeur), "#,##0.####")
    symbole = unite is not None and not unite[0].isalpha()
    return f"{texte}{_INSECABLE}{unite}" if symbole or nature.nom == "montant" else texte


def _sans_excedent(valeur: Decimal) -> Decimal:
    reduite = valeur.normalize(_EXACT)
    exposant = reduite.as_tuple().exponent
    saisi = isinstance(exposant, int) and -exposant <= _DECIMALES_SAISIES
    return reduite if saisi else _arrondi(valeur)


def _arrondi(valeur: Decimal) -> Decimal:
    """Au centième, sans zéro négatif."""
    arrondie = valeur.quantize(_CENTIEME, ROUND_HALF_UP, _EXACT)
    return abs(arrondie) if arrondie.is_zero() else arrondie


def _decimal(valeur: Decimal, modele: str) -> str:
    with localcontext(_EXACT):
        return format_decimal(valeur, modele, locale=LANGUE)
