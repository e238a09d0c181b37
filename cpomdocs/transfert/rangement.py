"""Ranger un classeur à côté de celui qui le remplace."""

from __future__ import annotations

from pathlib import Path

from cpomdocs.ecriture.depot import poser
from cpomdocs.erreurs import ErreurEcriture, motif


def ranger_a_cote(chemin: Path, octets: bytes, mention: str) -> Path:
    """Écrit ces octets à côté du classeur, sous un nom qui porte la mention, et libre ; rend ce chemin.

    Lève `ErreurEcriture` si le disque refuse.
    """
    rang, a_cote = 1, chemin.with_name(f"{chemin.stem} ({mention}){chemin.suffix}")
    while a_cote.exists():
        rang += 1
        a_cote = chemin.with_name(f"{chemin.stem} ({mention}, {rang}){chemin.suffix}")
    try:
        poser(a_cote, octets)
    except OSError as erreur:
        raise ErreurEcriture(
            f"« {a_cote.name} » n’a pas pu être écrit : {motif(erreur)}.",
            "Vérifier la place libre et les droits du dossier.",
        ) from erreur
    return a_cote
