"""Le texte français d’une valeur, tel que Word le montre : « 1 234,56 € », « 45,2 % », « 1er mars 2026 ».

Séparateur des milliers : espace fine insécable ; espace insécable devant « € » et « % » (usages de la langue
dans le référentiel CLDR). Les unités qui sont des mots (places, journées…) sont déjà dans le formulaire :
elles ne s’écrivent pas.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale

if TYPE_CHECKING:  # les modèles emploient ce module
    from cpomdocs.modeles.types import Nature, ValeurSimple

LANGUE = "fr"
_LOCALE = Locale(LANGUE)
_SIGNES = _LOCALE.number_symbols["latn"]
_MILLIERS, _VIRGULE = _SIGNES["group"], _SIGNES["decimal"]
_MOIS = _LOCALE.months["format"]["wide"]
_INSECABLE = "\N{NO-BREAK SPACE}"
_CENTIEME, _ZERO = Decimal("0.01"), Decimal("0.00")
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Assez de chiffres pour qu’aucun arrondi n’ait lieu ailleurs qu’aux décimales."""
_DERNIERE_DECIMALE = Decimal("0.0001")
"""Jusqu’à elle, un nombre a été saisi : on le rend entier ; au-delà, c’est un calcul."""


def formater(valeur: ValeurSimple | None, nature: Nature, unite: str | None = None) -> str:
    """Le texte français de la valeur selon sa nature et son unité ; une chaîne vide pour `None`.

    Montant : deux décimales et « € ». Taux : la fraction en pour cent, deux décimales au plus. ETP : deux
    décimales. Année : sans séparateur. Les arrondis se font au plus proche, la moitié vers le haut.
    """
    if isinstance(valeur, Decimal):
        return presentation(nature.nom, unite or nature.unite)(valeur)
    if isinstance(valeur, str):
        return valeur
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, int):
        return presentation(nature.nom, unite or nature.unite)(valeur)
    return "" if valeur is None else date_longue(valeur)


def date_longue(valeur: datetime.date) -> str:
    """« 31 décembre 2026 » ; le premier du mois est « 1er »."""
    return f"{'1er' if valeur.day == 1 else valeur.day} {_MOIS[valeur.month]} {valeur.year}"


def euros(valeur: Decimal | int) -> str:
    """« 1 234,56 € », toujours à deux décimales."""
    return _a_la_francaise(_arrondi(valeur), f"{_INSECABLE}€")


def pourcent(fraction: Decimal | int) -> str:
    """« 45,2 % » pour 0,452 ; deux décimales au plus."""
    cent_fois = Decimal(fraction).scaleb(2, _EXACT)
    return f"{_au_plus_court(_arrondi(cent_fois))}{_INSECABLE}%"


@cache
def presentation(nature: str, unite: str | None) -> Callable[[Decimal | int], str]:
    """Comment s’écrivent les nombres de cette nature, dans cette unité."""
    if nature == "annee":
        return str
    if nature == "taux":
        return pourcent
    if nature == "montant" and unite in (None, "€"):
        return euros
    presenter = _au_centime if nature == "montant" or unite == "ETP" else _exact
    if unite is not None and (nature == "montant" or not unite[0].isalpha()):
        return lambda valeur: f"{presenter(valeur)}{_INSECABLE}{unite}"
    return presenter


def _exact(valeur: Decimal | int) -> str:
    """Tel que saisi, ou arrondi au centième pour un calcul."""
    if isinstance(valeur, int):
        return str(valeur) if -1000 < valeur < 1000 else _a_la_francaise(valeur)
    reduite = valeur.normalize(_EXACT)
    saisi = reduite == reduite.quantize(_DERNIERE_DECIMALE, None, _EXACT)
    return _a_la_francaise(reduite) if saisi else _au_plus_court(_arrondi(valeur))


def _arrondi(valeur: Decimal | int) -> Decimal:
    """Au centième, sans zéro négatif."""
    return _EXACT.quantize(valeur, _CENTIEME) or _ZERO


def _au_centime(valeur: Decimal | int) -> str:
    return _a_la_francaise(_arrondi(valeur))


def _au_plus_court(valeur: Decimal) -> str:
    """Sans zéro inutile."""
    return _a_la_francaise(valeur.normalize(_EXACT))


def _a_la_francaise(valeur: Decimal | int, unite: str = "") -> str:
    texte = f"{valeur:,}" if isinstance(valeur, int) else f"{valeur:,f}"
    return texte.replace(",", _MILLIERS).replace(".", _VIRGULE) + unite
