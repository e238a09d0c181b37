"""Le logo de l’autorité fictive, dessiné point par point : mêmes octets à chaque construction."""

from __future__ import annotations

import math
import struct
import zlib
from functools import cache

COTE = 168
"""Largeur et hauteur, en points."""

_FINESSE = 3
_Couleur = tuple[int, int, int]
_BLANC: _Couleur = (255, 255, 255)
_PETALES: tuple[tuple[float, _Couleur], ...] = (
    (-90.0, (31, 78, 121)),
    (30.0, (0, 133, 124)),
    (150.0, (226, 114, 91)),
)


@cache
def logo() -> bytes:
    """Image PNG : trois pétales autour d’une maison blanche. Aucun signe officiel n’y est imité."""
    lignes = b"".join(
        b"\0" + b"".join(bytes(_point(x, y)) for x in range(COTE)) for y in range(COTE)
    )  # \0 : ligne sans filtre
    entete = struct.pack(">IIBBBBB", COTE, COTE, 8, 2, 0, 0, 0)
    # Sans compression : celle du zip du classeur suffit, et les octets ne dépendent d’aucune version de zlib.
    donnees = zlib.compress(lignes, 0)
    return b"\x89PNG\r\n\x1a\n" + _bloc(b"IHDR", entete) + _bloc(b"IDAT", donnees) + _bloc(b"IEND", b"")


def _bloc(nom: bytes, donnees: bytes) -> bytes:
    controle = zlib.crc32(nom + donnees)
    return struct.pack(">I", len(donnees)) + nom + donnees + struct.pack(">I", controle)


def _point(x: int, y: int) -> _Couleur:
    """Moyenne de plusieurs points intérieurs, pour des bords lisses."""
    pas = [(i + 0.5) / _FINESSE for i in range(_FINESSE)]
    couleurs = [_couleur((x + dx) / COTE * 2 - 1, (y + dy) / COTE * 2 - 1) for dy in pas for dx in pas]
    rouge, vert, bleu = (sum(canal) // len(couleurs) for canal in zip(*couleurs, strict=True))
    return rouge, vert, bleu


def _couleur(x: float, y: float) -> _Couleur:
    if _dans_la_maison(x, y):
        return _BLANC
    couches = [couleur for angle, couleur in _PETALES if _dans_le_petale(x, y, math.radians(angle))]
    if not couches:
        return _BLANC
    produit = [255.0, 255.0, 255.0]
    for couleur in couches:
        produit = [p * c / 255 for p, c in zip(produit, couleur, strict=True)]
    rouge, vert, bleu = (round(p) for p in produit)
    return rouge, vert, bleu


def _dans_le_petale(x: float, y: float, angle: float) -> bool:
    return math.hypot(x - 0.4 * math.cos(angle), y - 0.4 * math.sin(angle)) < 0.56


def _dans_la_maison(x: float, y: float) -> bool:
    toit = -0.3 <= y < 0.0 and abs(x) < (y + 0.3) * 1.1
    murs = 0.0 <= y < 0.26 and abs(x) < 0.24
    porte = 0.08 <= y < 0.26 and abs(x) < 0.07
    return (toit or murs) and not porte
