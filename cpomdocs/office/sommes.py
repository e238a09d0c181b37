"""La somme CRC-32 d’un assemblage, tirée de celles de ses morceaux sans relire leur texte.

Une somme est un polynôme sur GF(2) modulo celui du zip (APPNOTE § 4.4.7) : faire suivre un texte de n octets
multiplie sa somme par x^8n, calculé une fois par morceau.
"""

from __future__ import annotations

from array import array
from functools import lru_cache

_MODULE = 0xEDB88320
_UN = 0x80000000
"""Le polynôme 1 : les bits sont rangés du plus fort degré au plus faible."""


def avancer(somme: int, taille: int) -> int:
    """La somme, avant que `taille` octets ne la suivent : multipliée par x^8n."""
    for rang in range(taille.bit_length()):
        if taille >> rang & 1:
            somme = _multiplier(somme, _doublement(rang))
    return somme


def tableau(taille: int) -> array[int]:
    """De quoi avancer bien des sommes de `taille` octets : huit tables, une par quartet."""
    return _tableau(avancer(_UN, taille))


def _multiplier(somme: int, facteur: array[int]) -> int:
    return joindre(somme, 0, facteur)


def joindre(somme: int, suivante: int, avances: array[int]) -> int:
    """La somme d’un texte suivi d’un autre, `avances` étant le `tableau` de la taille du second."""
    t = avances
    return (
        suivante
        ^ t[somme & 15]
        ^ t[16 + (somme >> 4 & 15)]
        ^ t[32 + (somme >> 8 & 15)]
        ^ t[48 + (somme >> 12 & 15)]
        ^ t[64 + (somme >> 16 & 15)]
        ^ t[80 + (somme >> 20 & 15)]
        ^ t[96 + (somme >> 24 & 15)]
        ^ t[112 + (somme >> 28)]
    )


def _tableau(facteur: int) -> array[int]:
    """Les produits du facteur par chaque quartet, à chacune de ses huit places."""
    bits = [facteur]
    for _ in range(31):
        bits.append(bits[-1] >> 1 ^ _MODULE if bits[-1] & 1 else bits[-1] >> 1)
    produits = array("I")
    for place in range(0, 32, 4):
        huit, quatre, deux, un = bits[28 - place : 32 - place]
        trois, douze = un ^ deux, quatre ^ huit
        produits.extend((0, un, deux, trois, quatre, un ^ quatre, deux ^ quatre, trois ^ quatre))
        produits.extend((huit, un ^ huit, deux ^ huit, trois ^ huit))
        produits.extend((douze, un ^ douze, deux ^ douze, trois ^ douze))
    return produits


@lru_cache(maxsize=32)
def _doublement(rang: int) -> array[int]:
    """Le tableau de x^(8·2^rang)."""
    if rang == 0:
        return _tableau(_UN >> 8)
    precedent = _doublement(rang - 1)
    return _tableau(_multiplier(_multiplier(_UN, precedent), precedent))
