"""Rapprocher deux versions : leurs articles, leurs alinéas, leurs mots."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from cpomdocs.contrats.texte import Article, aplatir

_MEME_ARTICLE = 62
_MEME_ALINEA = 55
_MOTS = re.compile(r"\s+|\d+(?:[.,]\d+)+|[\w’'-]+|[^\w\s]")
_TITRE_NUMEROTE = re.compile(r"^(?:titre|chapitre|article|annexe)\s+\S+\s*")

Signe = Literal["=", "-", "+"]


class Mot(NamedTuple):
    """Un morceau de texte gardé (=), retiré (-) ou ajouté (+)."""

    signe: Signe
    texte: str


def rapprocher_articles(
    anciens: Sequence[Article], nouveaux: Sequence[Article]
) -> list[tuple[Article | None, Article | None]]:
    """Les articles deux à deux, dans l’ordre du nouveau ; ceux qui n’ont pas de pendant vont avec `None`."""
    pendants = _pendants(anciens, nouveaux)
    paires: list[tuple[Article | None, Article | None]] = [
        (anciens[pendants[rang]] if rang in pendants else None, nouveau)
        for rang, nouveau in enumerate(nouveaux)
    ]
    for rang in sorted(set(range(len(anciens))) - set(pendants.values()), reverse=True):
        suivants = [nouveau for nouveau, ancien in pendants.items() if ancien > rang]
        place = (
            paires.index((anciens[pendants[min(suivants)]], nouveaux[min(suivants)]))
            if suivants
            else len(paires)
        )
        paires.insert(place, (anciens[rang], None))
    return paires


def _pendants(anciens: Sequence[Article], nouveaux: Sequence[Article]) -> dict[int, int]:
    """Le rang de l’ancien article de chaque nouveau : même titre, sinon même numéro, sinon texte voisin."""
    pendants: dict[int, int] = {}
    libres = list(range(len(anciens)))
    for accepte in (_meme_titre, _meme_numero):
        for rang, nouveau in enumerate(nouveaux):
            trouve = next((a for a in libres if rang not in pendants and accepte(anciens[a], nouveau)), None)
            if trouve is not None:
                pendants[rang] = trouve
                libres.remove(trouve)
    for rang, nouveau in enumerate(nouveaux):
        notes = [(_ressemblance(anciens[a], nouveau), -a) for a in libres] if rang not in pendants else []
        if notes and max(notes)[0] >= _MEME_ARTICLE:
            pendants[rang] = -max(notes)[1]
            libres.remove(pendants[rang])
    return pendants


def _sans_numero(article: Article) -> str:
    return _TITRE_NUMEROTE.sub("", aplatir(article.titre)).strip()


def _meme_titre(ancien: Article, nouveau: Article) -> bool:
    return aplatir(ancien.titre) == aplatir(nouveau.titre) or (
        _sans_numero(ancien) != "" and _sans_numero(ancien) == _sans_numero(nouveau)
    )


def _meme_numero(ancien: Article, nouveau: Article) -> bool:
    if ancien.numero is None or ancien.numero != nouveau.numero:
        return False
    titres = fuzz.token_set_ratio(_sans_numero(ancien), _sans_numero(nouveau))
    return max(titres, _ressemblance(ancien, nouveau)) >= _MEME_ARTICLE


def _ressemblance(ancien: Article, nouveau: Article) -> float:
    if not ancien.alineas or not nouveau.alineas:
        return fuzz.ratio(_sans_numero(ancien), _sans_numero(nouveau))
    return fuzz.token_sort_ratio(aplatir(ancien.texte), aplatir(nouveau.texte))


def rapprocher_alineas(
    anciens: Sequence[str], nouveaux: Sequence[str]
) -> Iterator[tuple[str | None, str | None]]:
    """Les alinéas qui diffèrent, deux à deux, dans l’ordre ; une différence de typographie est tue."""
    a, b = [aplatir(x) for x in anciens], [aplatir(x) for x in nouveaux]
    for genre, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if genre == "equal":
            continue
        if genre == "replace":
            yield from _apparier(anciens[i1:i2], nouveaux[j1:j2])
        else:
            yield from ((alinea, None) for alinea in anciens[i1:i2])
            yield from ((None, alinea) for alinea in nouveaux[j1:j2])


def _apparier(anciens: Sequence[str], nouveaux: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Dans l’ordre, chaque ancien alinéa avec le premier nouveau qui lui ressemble assez."""
    prochain = 0
    for ancien in anciens:
        notes = [fuzz.ratio(aplatir(ancien), aplatir(nouveau)) for nouveau in nouveaux[prochain:]]
        if notes and max(notes) >= _MEME_ALINEA:
            trouve = prochain + notes.index(max(notes))
            yield from ((None, nouveau) for nouveau in nouveaux[prochain:trouve])
            yield ancien, nouveaux[trouve]
            prochain = trouve + 1
        else:
            yield ancien, None
    yield from ((None, nouveau) for nouveau in nouveaux[prochain:])


def mots_changes(ancien: str, nouveau: str) -> list[Mot]:
    """Les mots gardés, retirés, ajoutés, dans l’ordre de lecture."""
    a, b = _MOTS.findall(ancien), _MOTS.findall(nouveau)
    mots: list[Mot] = []
    for genre, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if genre == "equal":
            mots.append(Mot("=", "".join(a[i1:i2])))
            continue
        mots += [Mot("-", "".join(a[i1:i2]))] if i2 > i1 else []
        mots += [Mot("+", "".join(b[j1:j2]))] if j2 > j1 else []
    return mots
