"""Des chemins de sortie qui conviennent à tous les systèmes, Windows compris (contrat § 9)."""

from __future__ import annotations

import re
import unicodedata

_INTERDITS = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVES = {"CON", "PRN", "AUX", "NUL"} | {f"{nom}{n}" for nom in ("COM", "LPT") for n in range(1, 10)}
LONGUEUR_NOM = 120
LONGUEUR_CHEMIN = 200
"""Longueur d’un chemin relatif au dossier, en caractères : Windows refuse 260 au total."""


def defaut_du_nom(nom: str) -> str | None:
    """Pourquoi ce nom de fichier ou de répertoire ne convient pas, ou `None` s’il convient."""
    if not nom.strip():
        return "il est vide"
    interdits = sorted(set(_INTERDITS.findall(nom)))
    if interdits:
        return "il contient " + ", ".join(_montrer(c) for c in interdits)
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in nom):
        return "il contient un caractère invisible"
    if nom != nom.strip() or nom.endswith("."):
        return "il commence ou finit par une espace, ou finit par un point"
    if nom.split(".")[0].upper() in _RESERVES:
        return "ce nom est réservé par Windows"
    if len(nom) > LONGUEUR_NOM:
        return f"il dépasse {LONGUEUR_NOM} caractères"
    return None


def _montrer(caractere: str) -> str:
    return f"« {caractere} »" if caractere.isprintable() else "un caractère de contrôle"


def cle_de_collision(chemin: str) -> str:
    """Deux chemins de même clé désignent le même fichier sur un disque sans casse ni accents distincts."""
    decompose = unicodedata.normalize("NFKD", chemin.casefold())
    return "".join(c for c in decompose if not unicodedata.combining(c))
