"""Construit les cadres Excel d’exemple : `python -m outils.gabarits.excel`.

Chaque cadre va dans son répertoire de `gabarits/`, et son empreinte dans `correspondance.toml`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from outils.gabarits.excel import activite, effectifs, eprd

RACINE = Path(__file__).parents[3] / "gabarits"
CADRES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "annexe-activite": (activite.FICHIER, activite.construire),
    "tableau-effectifs": (effectifs.FICHIER, effectifs.construire),
    "eprd-simplifie": (eprd.FICHIER, eprd.construire),
}
"""Répertoire → nom du fichier, fonction qui rend ses octets."""


def principal() -> None:
    """Écrit les cadres et met à jour leurs empreintes."""
    for repertoire, (fichier, construire) in CADRES.items():
        octets = construire()
        (RACINE / repertoire).mkdir(parents=True, exist_ok=True)
        (RACINE / repertoire / fichier).write_bytes(octets)
        empreinte = hashlib.sha256(octets).hexdigest()
        _reporter(RACINE / repertoire / "correspondance.toml", empreinte)
        print(f"{repertoire}/{fichier} : {len(octets):,} octets, sha256:{empreinte[:12]}…")


def _reporter(correspondance: Path, empreinte: str) -> None:
    if correspondance.exists():
        texte = correspondance.read_text(encoding="utf-8")
        nouveau = re.sub(r'(?m)^(empreinte\s*=\s*)"[^"]*"', rf'\g<1>"sha256:{empreinte}"', texte)
        correspondance.write_text(nouveau, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    principal()
