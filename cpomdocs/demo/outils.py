"""Les outils de la démonstration : lecture des tables, arrondis, répartitions. Rien d’aléatoire."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import Any

ANNEE_N = 2026
CLOSES = (2023, 2024, 2025)
"""Les exercices clos, en version réelle."""
ANNEES = (*CLOSES, ANNEE_N)
"""Les exercices clos, puis l’année N, en version prévisionnelle."""
CENTIME = Decimal("0.01")


@cache
def lire(nom: str) -> dict[str, Any]:
    """La table `donnees/<nom>.toml` ; ses nombres à virgule sont des `Decimal`. Ne pas la modifier."""
    fichier = resources.files(__package__) / "donnees" / f"{nom}.toml"
    return tomllib.loads(fichier.read_text(encoding="utf-8"), parse_float=Decimal)


def version(annee: int) -> str:
    """« reel » pour un exercice clos, « previsionnel » pour l’année N."""
    return "reel" if annee in CLOSES else "previsionnel"


def arrondi(valeur: Decimal | int, pas: Decimal = CENTIME) -> Decimal:
    """La valeur arrondie au pas (le centime), au plus proche, les demis vers le haut."""
    return Decimal(valeur).quantize(pas, ROUND_HALF_UP)


def entier(valeur: Decimal | int) -> int:
    """La valeur arrondie à l’entier."""
    return int(arrondi(valeur, Decimal(1)))


def repartir(total: int, poids: Mapping[str, Decimal | int]) -> dict[str, int]:
    """`total` réparti selon les poids, en entiers dont la somme est exacte (plus forts restes)."""
    somme = sum(poids.values())
    parts = {nom: Decimal(total) * Decimal(p) / Decimal(somme) for nom, p in poids.items()}
    entiers = {nom: int(part) for nom, part in parts.items()}
    restes = sorted(parts, key=lambda nom: parts[nom] - entiers[nom], reverse=True)
    for nom in restes[: total - sum(entiers.values())]:
        entiers[nom] += 1
    return entiers


def oscillation(*cle: object) -> Decimal:
    """Un écart stable, entre −1 % et +1 %, propre à la clé : des chiffres moins lisses."""
    empreinte = zlib.crc32("/".join(map(str, cle)).encode())
    return Decimal(empreinte % 201 - 100) / 10000
