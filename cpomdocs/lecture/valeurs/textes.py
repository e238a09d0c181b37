"""Comparer ce que les gens tapent : casse, accents, espaces insécables et ponctuation ne comptent pas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process

_SEPARATEURS = re.compile(r"[^0-9a-z]+")
_SANS_OBJET = frozenset({"so", "s o", "sans objet"})
_SEUIL = 70
_SIGNES = str.maketrans(
    {
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "Æ": "ae",
        "<": " inf ",
        ">": " sup ",
        "≤": " infegal ",
        "≥": " supegal ",
    }
)


@lru_cache(maxsize=50_000)
def normaliser(texte: str) -> str:
    """Le texte en minuscules, sans accent ni ponctuation, mots séparés d’une espace ; « < », « ≥ » gardés."""
    signes = texte.replace(">=", "≥").replace("<=", "≤").translate(_SIGNES)
    decompose = unicodedata.normalize("NFKD", signes)
    plat = "".join(c for c in decompose.casefold() if not unicodedata.combining(c))
    return _SEPARATEURS.sub(" ", plat).strip()


def est_sans_objet(texte: str) -> bool:
    """Vrai pour « SO », « S.O. », « s/o », « sans objet » ; faux si un autre signe s’y perd (« soß »)."""
    if len(texte) > 12:
        return False
    plat = normaliser(texte)
    return plat in _SANS_OBJET and sum(map(str.isalnum, texte)) == len(plat.replace(" ", ""))


def plus_proche(nom: str, connus: Iterable[str]) -> str | None:
    """Le nom connu qui ressemble le plus à celui-ci, ou `None` si aucun ne ressemble assez."""
    return _plus_proche(nom, tuple(connus))


@lru_cache(maxsize=5_000)
def _plus_proche(nom: str, connus: tuple[str, ...]) -> str | None:
    candidats = {connu: normaliser(connu) for connu in connus}
    trouve = process.extractOne(normaliser(nom[:200]), candidats, scorer=fuzz.WRatio, score_cutoff=_SEUIL)
    return None if trouve is None else str(trouve[2])


def montrer(brut: object, limite: int = 60) -> str:
    """Une valeur lue, telle qu’un message peut la citer : courte, sur une ligne, sans caractère invisible."""
    texte = (
        str(int(brut)) if isinstance(brut, float) and brut.is_integer() and abs(brut) < 1e15 else str(brut)
    )
    propre = " ".join("".join(c if c.isprintable() else " " for c in texte[: 4 * limite]).split())
    return propre if len(propre) <= limite else propre[: limite - 1] + "…"
