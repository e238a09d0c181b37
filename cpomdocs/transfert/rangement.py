"""Ranger un classeur à côté de celui qui le remplace."""

from __future__ import annotations

from pathlib import Path

from cpomdocs.ecriture.depot import poser_ou_refuser


def ranger_a_cote(chemin: Path, octets: bytes, mention: str) -> Path:
    """Écrit ces octets à côté du classeur, sous un nom qui porte la mention, et libre ; rend ce chemin.

    Lève `ErreurEcriture` si le disque refuse.
    """
    rang, a_cote = 1, chemin.with_name(f"{chemin.stem} ({mention}){chemin.suffix}")
    while a_cote.exists():
        rang += 1
        a_cote = chemin.with_name(f"{chemin.stem} ({mention}, {rang}){chemin.suffix}")
    poser_ou_refuser(a_cote, octets, "Vérifier la place libre et les droits du dossier.")
    return a_cote
