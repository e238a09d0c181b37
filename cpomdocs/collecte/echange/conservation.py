"""Garder des lignes d’un jour à l’autre : en JSON comprimé, chaque donnée avec son genre."""

from __future__ import annotations

import json
import zlib
from typing import Any

from cpomdocs.collecte.echange.donnees import Donnee
from cpomdocs.collecte.echange.releve import Ligne

Tables = dict[str, list[Ligne]]
"""Collection → ses lignes."""


def ecrire_tables(tables: Tables) -> bytes:
    """Les lignes en octets comprimés, sans leurs cellules."""
    simple = {collection: [_ecrire_ligne(ligne) for ligne in lignes] for collection, lignes in tables.items()}
    return zlib.compress(json.dumps(simple, ensure_ascii=False).encode(), 6)


def _ecrire_ligne(ligne: Ligne) -> dict[str, Any]:
    simple: dict[str, Any] = {"d": {nom: _ecrire(lue) for nom, lue in ligne.donnees.items()}}
    if ligne.preparee:
        simple["p"] = 1
    if ligne.envoyees:
        simple["e"] = {nom: _ecrire(lue) for nom, lue in ligne.envoyees.items()}
    return simple


def _ecrire(lue: Donnee | None) -> list[str] | None:
    return None if lue is None else [lue.genre, lue.texte, lue.repere]


def lire_tables(octets: bytes) -> Tables:
    """Les lignes que portent ces octets."""
    simple = json.loads(zlib.decompress(octets))
    return {
        collection: [
            Ligne(
                {nom: Donnee(*lue) for nom, lue in ligne["d"].items()},
                preparee="p" in ligne,
                envoyees={nom: Donnee(*lue) if lue else None for nom, lue in ligne.get("e", {}).items()},
            )
            for ligne in lignes
        ]
        for collection, lignes in simple.items()
    }
