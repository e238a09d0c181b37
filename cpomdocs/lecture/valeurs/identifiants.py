"""Les numéros qu’Excel abîme : FINESS, SIREN, SIRET, code postal, téléphone lus comme des nombres.

Un zéro initial perdu se restaure et se signale ; une notation scientifique a perdu des chiffres : elle est
refusée (domaine, règle ID-05).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cpomdocs.rapport import Gravite

_SCIENTIFIQUE = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
_SEPARATEURS = re.compile(r"[\s\u00a0\u202f.\-]+")


@dataclass(frozen=True)
class Forme:
    """La forme d’un numéro : le nom que la personne connaît et sa longueur."""

    nom: str
    longueur: int


@dataclass(frozen=True)
class NumeroLu:
    """Le numéro lu (`None` : irrécupérable) et, s’il a fallu le réparer ou le refuser, qu’en dire."""

    valeur: str | None
    gravite: Gravite = "avertissement"
    constat: str = ""
    remede: str = ""


_FINESS, _SIREN, _SIRET = Forme("numéro FINESS", 9), Forme("numéro SIREN", 9), Forme("numéro SIRET", 14)
_POSTAL, _TELEPHONE = Forme("code postal", 5), Forme("numéro de téléphone", 10)
_FORMES = {"finess": _FINESS, "siren": _SIREN, "siret": _SIRET, "code_postal": _POSTAL}
_MOTS = {"tel": _TELEPHONE, "telephone": _TELEPHONE, "portable": _TELEPHONE, "fax": _TELEPHONE}


@cache
def forme(champ: str) -> Forme | None:
    """La forme du numéro que porte un champ, d’après son nom (`finess_et`, `siret_siege`), ou `None`."""
    for debut, trouvee in _FORMES.items():
        if champ == debut or champ.startswith(f"{debut}_"):
            return trouvee
    return next((_MOTS[mot] for mot in champ.split("_") if mot in _MOTS), None)


def lire(ecrit: str, attendue: Forme) -> NumeroLu:
    """Le numéro lu dans la cellule, sans séparateur ; un numéro d’une autre forme est rendu tel quel."""
    if _SCIENTIFIQUE.fullmatch(ecrit.strip()):
        return NumeroLu(
            None,
            "bloquante",
            f"« {ecrit.strip()} » est un {attendue.nom} qu’Excel a transformé : des chiffres sont perdus.",
            "Mettre la cellule au format Texte, puis taper le numéro en entier.",
        )
    serre = _SEPARATEURS.sub("", ecrit)
    if not (serre.isascii() and serre.isalnum()):
        return NumeroLu(ecrit.strip())
    if not serre.isdigit():
        return NumeroLu(ecrit.strip() if attendue is _TELEPHONE else serre.upper())
    if len(serre) == attendue.longueur - 1:
        restaure = f"0{serre}"
        constat = f"Le {attendue.nom} « {serre} » a perdu son zéro initial ; il est lu « {restaure} »."
        return NumeroLu(
            restaure, "avertissement", constat, f"Mettre la cellule au format Texte et taper {restaure}."
        )
    return NumeroLu(ecrit.strip() if attendue is _TELEPHONE else serre)
