"""Lire un nombre comme on l’écrit en France : « 1 234,56 € », « 45 % », « (1 200) », « 12 places ».

Strict quant au sens : « 1.234 » peut valoir mille ou un, « 12O » n’est pas un nombre ; les deux sont refusés.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite

_ESPACES = " \u00a0\u202f\u2009\u2007"
_GROUPES = re.compile(rf"[0-9]{{1,3}}(?:[{_ESPACES}’'][0-9]{{3}})+")
_SUFFIXE = re.compile(rf"^(.*?[0-9)\-])[{_ESPACES}]*([^0-9{_ESPACES}()\-.,’'][^0-9()]*)$", re.DOTALL)
_SIMPLE = re.compile(r"[0-9]{1,18}(?:[.,][0-9]{1,12})?")
_POINTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,12}")
_VIRGULES = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{1,12}")
_AMBIGU = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_EUROS = frozenset({"€", "eur", "euro", "euros"})


def decimal_de(nombre: float) -> Decimal | None:
    """Le nombre d’une cellule, aux quinze chiffres qu’Excel montre ; `None` s’il n’est pas fini."""
    return Decimal(f"{nombre:.15g}") if isfinite(nombre) else None


def separer_unite(texte: str) -> tuple[str, str]:
    """Le texte d’un nombre et l’unité écrite derrière lui : « 45 % » donne « 45 » et « % »."""
    trouve = _SUFFIXE.match(texte.strip())
    return (trouve[1].strip(), trouve[2].strip().casefold()) if trouve else (texte.strip(), "")


def unite_admise(ecrite: str, unite: str | None) -> bool:
    """Vrai si l’unité écrite est celle du champ, au singulier ou au pluriel."""
    if not ecrite or ecrite == (unite or "").casefold():
        return True
    if unite == "€":
        return ecrite in _EUROS
    return bool(unite) and ecrite.rstrip("s.") == str(unite).casefold().rstrip("s")


def nombre_de_texte(texte: str) -> Decimal | None:
    """Le nombre écrit, sans son unité ; `None` s’il ne se comprend pas, ou de deux façons."""
    nu, signe = _sans_signe(texte.strip())
    nu = _sans_espaces(nu)
    if _AMBIGU.fullmatch(nu):
        return None
    if _SIMPLE.fullmatch(nu):
        ecrit = nu.replace(",", ".")
    elif _POINTS.fullmatch(nu):
        ecrit = nu.replace(".", "").replace(",", ".")
    elif _VIRGULES.fullmatch(nu):
        ecrit = nu.replace(",", "")
    else:
        return None
    return signe * Decimal(ecrit)


def _sans_signe(texte: str) -> tuple[str, int]:
    """Le texte sans son signe : « -12 », « −12 », « 12- » et « (12) » sont négatifs."""
    if texte.startswith("(") and texte.endswith(")"):
        return texte[1:-1].strip(), -1
    if texte.startswith(("-", "−", "–")):
        return texte[1:].strip(), -1
    if texte.endswith("-"):
        return texte[:-1].strip(), -1
    return texte.removeprefix("+").strip(), 1


def _sans_espaces(texte: str) -> str:
    """Le texte sans ses séparateurs de milliers, s’ils séparent bien des groupes de trois chiffres."""
    entier, virgule, decimales = texte.partition(",")
    if not virgule:
        entier, virgule, decimales = texte.partition(".")
    if _GROUPES.fullmatch(entier):
        entier = re.sub(rf"[{_ESPACES}’']", "", entier)
        return entier + virgule.replace(".", ",") + decimales
    return texte
