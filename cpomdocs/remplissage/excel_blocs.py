"""Une feuille comprimée par morceaux : ce qu’aucune valeur ne change l’est une fois pour tous les documents.

Le découpage ne dépend que du gabarit et des places à remplir : mêmes valeurs, mêmes octets, que le morceau
soit neuf ou gardé.
"""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from zlib_ng import zlib_ng as zlib

from cpomdocs.office.feuille import FeuilleOctets
from cpomdocs.office.recomposition import Comprime, deflate
from cpomdocs.remplissage.excel_cellules import Amenagement, Ecriture, Epissure, Place, Trou, garnir
from cpomdocs.remplissage.excel_resultats import Retraits

TAILLE_BLOC = 64 * 1024
"""Taille visée d’un bloc (octets de XML) : se comprime bien, se refait vite."""
ECART = 192
"""Entre deux cases, un texte plus court (octets) est redit avec elles : il ne vaut pas un morceau."""
STOCKE = 1024
"""Un texte variable plus long (octets) est comprimé ; plus court, il est écrit tel quel."""
MORCEAUX = 4096
"""Morceaux gardés par feuille ; au-delà, ils sont oubliés et refaits."""
_NIVEAU = 3
_STOCKE = struct.Struct("<BHH")
"""Dernier bloc ou non, taille, son complément (RFC 1951, § 3.2.4)."""
_CLOTURE = b"\x03\x00"
"""Le dernier bloc, vide, d’un flux deflate."""


class Morceau(NamedTuple):
    """Un texte comprimé indépendamment des autres : ses octets, la taille et la somme de son texte."""

    comprime: bytes
    taille: int
    somme: int


class Fixe(NamedTuple):
    """Les morceaux comprimés entre deux cases ; `taille` et `somme` sont celles de leur texte."""

    morceaux: list[bytes]
    longueur: int
    taille: int
    somme: int


@dataclass
class Trace:
    """Une feuille dont les places à remplir sont connues : il ne manque que leurs valeurs."""

    tete: Fixe
    suites: list[tuple[list[bytes | Trou], Fixe]]

    def __post_init__(self) -> None:
        fixes = [self.tete, *(fixe for _, fixe in self.suites)]
        self._longueur = sum(fixe.longueur for fixe in fixes) + len(_CLOTURE)
        self._taille = sum(fixe.taille for fixe in fixes)

    def remplir(self, ecritures: Mapping[Place, Ecriture]) -> Comprime:
        """La partie remplie, comprimée ; sa somme se tire de celles des morceaux, sans les relire."""
        morceaux = [*self.tete.morceaux]
        longueur, taille, somme = self._longueur, self._taille, self.tete.somme
        for variables, fixe in self.suites:
            texte = garnir(variables, ecritures)
            ici = len(texte)
            variable = _entete_stocke(ici) + texte if ici <= STOCKE else _comprimer(texte)
            morceaux.append(variable)
            morceaux += fixe.morceaux
            longueur += len(variable)
            taille += ici
            somme = zlib.crc32_combine(zlib.crc32(texte, somme), fixe.somme, fixe.taille)
        morceaux.append(_CLOTURE)
        return Comprime(morceaux, longueur, somme, taille)


@dataclass
class FeuilleParBlocs:
    """La feuille d’un gabarit, prête à recevoir des valeurs.

    Un bloc commence avec une ligne. `retraits` : ce qui n’est dans aucun document.
    """

    feuille: FeuilleOctets
    retraits: Retraits
    _gardes: dict[tuple[int, int], Morceau] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._debuts = [0]
        for place in self.feuille.debuts_de_lignes:
            if place - self._debuts[-1] >= TAILLE_BLOC:
                self._debuts.append(place)

    def tracer(self, amenagements: Sequence[Amenagement]) -> Trace:
        """La feuille où ces places sont à remplir ; à place égale, l’ordre donné est gardé."""
        if len(self._gardes) > MORCEAUX:
            self._gardes.clear()
        bornes = [0]
        groupes: list[list[bytes | Trou]] = []
        for debut, fin, morceaux in sorted(amenagements, key=lambda a: a[:2]):
            if groupes and debut - bornes[-1] < ECART:
                groupes[-1] += [self._texte(bornes.pop(), debut), *morceaux]
            else:
                groupes.append([*morceaux])
                bornes.append(debut)
            bornes.append(fin)
        bornes.append(len(self.feuille.octets))
        fixes = [self._fixe(*bornes[rang : rang + 2]) for rang in range(0, len(bornes), 2)]
        return Trace(fixes[0], list(zip(groupes, fixes[1:], strict=True)))

    def _fixe(self, debut: int, fin: int) -> Fixe:
        """L’intervalle, coupé aux blocs : ceux que rien ne touche servent à tous les tracés."""
        coupes = self._debuts[bisect_right(self._debuts, debut) : bisect_left(self._debuts, fin)]
        morceaux = [self._morceau(*paire) for paire in zip([debut, *coupes], [*coupes, fin], strict=True)]
        somme = taille = 0
        for morceau in morceaux:
            somme = zlib.crc32_combine(somme, morceau.somme, morceau.taille)
            taille += morceau.taille
        comprimes = [morceau.comprime for morceau in morceaux]
        return Fixe(comprimes, sum(map(len, comprimes)), taille, somme)

    def _morceau(self, debut: int, fin: int) -> Morceau:
        morceau = self._gardes.get((debut, fin))
        if morceau is None:
            texte = self._texte(debut, fin)
            morceau = self._gardes[debut, fin] = Morceau(_comprimer(texte), len(texte), zlib.crc32(texte))
        return morceau

    def _texte(self, debut: int, fin: int) -> bytes:
        """L’intervalle d’octets sans ce qui est toujours retiré."""
        return self.retraits.appliquer(self.feuille.octets, debut, fin)


@cache
def _entete_stocke(taille: int) -> bytes:
    """L’en-tête d’un bloc deflate non comprimé de cette taille."""
    return _STOCKE.pack(0, taille, taille ^ 0xFFFF)


def _comprimer(texte: bytes) -> bytes:
    """Le texte en blocs deflate qui n’empruntent rien à ce qui précède et finissent sur un octet."""
    return deflate(texte, _NIVEAU, zlib.Z_FULL_FLUSH)


def appliquer(octets: bytes, debut: int, fin: int, epissures: Sequence[Epissure]) -> bytes:
    """L’intervalle d’octets où chaque épissure est faite ; à place égale, l’ordre donné est gardé."""
    morceaux: list[bytes] = []
    position = debut
    for place, suite, remplacement in sorted(epissures, key=lambda e: (e[0], e[1])):
        morceaux += (octets[position:place], remplacement)
        position = suite
    return b"".join([*morceaux, octets[position:fin]])
