"""Le texte français d’une valeur, tel que Word le montre : « 1 234,56 € », « 45,2 % », « 1er mars 2026 ».

Séparateur des milliers : espace fine insécable ; espace insécable devant « € » et « % » (usages de la langue
dans le référentiel CLDR). Les unités qui sont des mots (places, journées…) sont déjà dans le formulaire :
elles ne s’écrivent pas.
"""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from babel import Locale

from cpomdocs.modeles.types import Nature, ValeurSimple

LANGUE = "fr"
_LOCALE = Locale(LANGUE)
_SIGNES = _LOCALE.number_symbols["latn"]
_SEPARATEURS = str.maketrans({",": _SIGNES["group"], ".": _SIGNES["decimal"]})
_MOIS = _LOCALE.months["format"]["wide"]
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
    return f"{'1er' if valeur.day == 1 else valeur.day} {_MOIS[valeur.month]} {valeur.year}"


def euros(valeur: Decimal | int) -> str:
    """« 1 234,56 € », toujours à deux décimales."""
    return f"{_au_centime(Decimal(valeur))}{_INSECABLE}€"


def pourcent(fraction: Decimal | int) -> str:
    """« 45,2 % » pour 0,452 ; deux décimales au plus."""
    cent_fois = Decimal(fraction).scaleb(2, _EXACT)
    return f"{_au_plus_court(_arrondi(cent_fois))}{_INSECABLE}%"


def _nombre(valeur: Decimal, nature: Nature, unite: str | None) -> str:
    if nature.nom == "taux":
        return pourcent(valeur)
    if nature.nom == "montant" and unite in (None, "€"):
        return euros(valeur)
    if nature.nom == "montant" or unite == "ETP":
        texte = _au_centime(valeur)
    else:
        texte = _au_plus_court(_sans_excedent(valeur))
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


def _au_centime(valeur: Decimal) -> str:
    return f"{_arrondi(valeur):,f}".translate(_SEPARATEURS)


def _au_plus_court(valeur: Decimal) -> str:
    """Sans zéro inutile."""
    return f"{valeur.normalize(_EXACT):,f}".translate(_SEPARATEURS)
