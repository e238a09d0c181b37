"""Une feuille comprimée par blocs : ceux qu’aucune case ne touche le sont une fois pour tous les documents.

Le découpage ne dépend que du gabarit : mêmes valeurs, mêmes octets, que le bloc soit neuf ou gardé.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cpomdocs.office.recomposition import Comprime
from cpomdocs.remplissage.excel_cellules import Epissure

TAILLE_BLOC = 8 * 1024
"""Taille visée d’un bloc (octets de XML) : se comprime bien, se refait vite."""
_NIVEAU = 4
_CLOTURE = b"\x03\x00"
"""Le dernier bloc, vide, d’un flux deflate."""


class Bloc(NamedTuple):
    """Un morceau de la feuille : son XML et sa forme comprimée, indépendante des autres blocs."""

    texte: bytes
    comprime: bytes


class FeuilleParBlocs:
    """La feuille d’un gabarit, prête à recevoir des valeurs."""

    def __init__(self, octets: bytes, coupures: Iterable[int], retraits: Sequence[Epissure]) -> None:
        """`coupures` : où un bloc peut commencer, en ordre ; `retraits` : les épissures constantes."""
        self._octets = octets
        self._debuts = [0]
        for place in coupures:
            if place - self._debuts[-1] >= TAILLE_BLOC:
                self._debuts.append(place)
        self._retraits = self._repartir(retraits)
        self._gardes: dict[int, Bloc] = {}

    def comprimer(self, epissures: Sequence[Epissure]) -> Comprime:
        """La partie remplie, comprimée."""
        par_bloc = self._repartir(epissures)
        somme = taille = 0
        morceaux: list[bytes] = []
        for rang in range(len(self._debuts)):
            bloc = self._bloc(rang, par_bloc[rang]) if rang in par_bloc else self._garde(rang)
            somme = zlib.crc32(bloc.texte, somme)
            taille += len(bloc.texte)
            morceaux.append(bloc.comprime)
        return Comprime(b"".join([*morceaux, _CLOTURE]), somme, taille)

    def _garde(self, rang: int) -> Bloc:
        if rang not in self._gardes:
            self._gardes[rang] = self._bloc(rang, [])
        return self._gardes[rang]

    def _bloc(self, rang: int, epissures: list[Epissure]) -> Bloc:
        debut = self._debuts[rang]
        fin = self._debuts[rang + 1] if rang + 1 < len(self._debuts) else len(self._octets)
        texte = appliquer(self._octets, debut, fin, [*self._retraits.get(rang, []), *epissures])
        compresseur = zlib.compressobj(_NIVEAU, zlib.DEFLATED, -15)
        return Bloc(texte, compresseur.compress(texte) + compresseur.flush(zlib.Z_FULL_FLUSH))

    def _repartir(self, epissures: Sequence[Epissure]) -> dict[int, list[Epissure]]:
        """Les épissures par rang de bloc ; une insertion à une coupure va au bloc qui commence là."""
        par_bloc: dict[int, list[Epissure]] = {}
        for epissure in epissures:
            par_bloc.setdefault(bisect_right(self._debuts, epissure[0]) - 1, []).append(epissure)
        return par_bloc


def appliquer(octets: bytes, debut: int, fin: int, epissures: list[Epissure]) -> bytes:
    """L’intervalle d’octets où chaque épissure est faite ; à place égale, l’ordre donné est gardé."""
    morceaux: list[bytes] = []
    position = debut
    for place, suite, remplacement in sorted(epissures, key=lambda e: (e[0], e[1])):
        morceaux += (octets[position:place], remplacement)
        position = suite
    return b"".join([*morceaux, octets[position:fin]])
