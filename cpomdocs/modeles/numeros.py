"""Les numéros officiels : clé de Luhn, FINESS (Corse comprise), SIREN, SIRET, département. Aucune
donnée, aucun effet."""

from __future__ import annotations

import re

_FINESS = re.compile(r"^(?:[0-9]{2}|2[AB])[0-9]{7}$")
_DEPARTEMENT = re.compile(r"^\s*(97[1-8]|98[678]|2[ABab]|[0-9]{1,2})(?![0-9])")
_SIREN_LA_POSTE = "356000000"
_OUTRE_MER = {"1": "971", "2": "972", "3": "973", "4": "974", "5": "975"}

PREFIXE_FICTIF = "99"
"""Préfixe qu’aucun département ne porte : celui des numéros FINESS inventés."""


def luhn(chiffres: str) -> bool:
    """Vrai si la suite de chiffres, clé comprise, satisfait la clé de Luhn."""
    if not (chiffres.isascii() and chiffres.isdigit()):
        return False
    total = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        valeur = int(chiffre) * (2 if rang % 2 else 1)
        total += valeur - 9 if valeur > 9 else valeur
    return total % 10 == 0


def cle_de_luhn(debut: str) -> str:
    """Le chiffre à ajouter à la fin de `debut` pour que l’ensemble satisfasse la clé de Luhn."""
    return next(cle for cle in "0123456789" if luhn(debut + cle))


def finess_bien_forme(numero: str) -> bool:
    """Vrai si le numéro a la forme d’un FINESS : neuf caractères, 2A ou 2B admis en tête."""
    return _FINESS.match(numero) is not None


def cle_finess_juste(numero: str) -> bool:
    """Vrai si la clé de Luhn d’un FINESS bien formé est juste ; en Corse, A compte pour 1 et B pour 2."""
    return luhn(numero.replace("A", "1", 1).replace("B", "2", 1))


def siren_juste(numero: str) -> bool:
    """Vrai si le numéro a neuf chiffres et une clé de Luhn juste."""
    return len(numero) == 9 and luhn(numero)


def siret_juste(numero: str) -> bool:
    """Vrai si le numéro a quatorze chiffres et une clé juste (La Poste : somme des chiffres multiple de
    5)."""
    if len(numero) != 14 or not (numero.isascii() and numero.isdigit()):
        return False
    if numero.startswith(_SIREN_LA_POSTE):
        return luhn(numero) or sum(map(int, numero)) % 5 == 0
    return luhn(numero)


def departement_du_finess(numero: str) -> str | None:
    """Le département que disent les premiers caractères d’un FINESS ; `None` s’ils n’en disent aucun."""
    if not finess_bien_forme(numero) or numero.startswith(PREFIXE_FICTIF):
        return None
    if numero.startswith("97"):
        return _OUTRE_MER.get(numero[3])
    return "976" if numero.startswith("98") else numero[:2]


def departement_du_code_postal(code: str) -> str | None:
    """Le département que disent les premiers chiffres d’un code postal ; `None` si ce n’en est pas un."""
    if re.fullmatch(r"[0-9]{5}", code) is None:
        return None
    if code.startswith("20"):
        return "2A" if code < "20200" else "2B"
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def code_departement(texte: str) -> str | None:
    """Le code au début d’un département saisi (« 01 », « 1 », « 2A – Corse-du-Sud ») ; `None` sans code."""
    trouve = _DEPARTEMENT.match(texte)
    return None if trouve is None else trouve[1].upper().zfill(2)
