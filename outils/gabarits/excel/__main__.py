"""Construit les cadres Excel d’exemple : `python -m outils.gabarits.excel`, à la racine du dépôt.

Deux exécutions donnent les mêmes octets. L’empreinte de chaque cadre est recopiée dans sa
`correspondance.toml`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from outils.gabarits.excel import activite, effectifs, eprd
from outils.gabarits.excel.methode import gantt
from outils.gabarits.excel.methode.indicateurs import livre
from outils.gabarits.excel.methode.projections import pgfp, scenarios
from outils.gabarits.excel.methode.suivi import objectifs

RACINE = Path(__file__).parents[3] / "gabarits"
CADRES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "annexe-activite": (activite.FICHIER, activite.construire),
    "tableau-effectifs": (effectifs.FICHIER, effectifs.construire),
    "eprd-simplifie": (eprd.FICHIER, eprd.construire),
    "methode-pgfp": (pgfp.FICHIER, pgfp.construire),
    "methode-scenarios": (scenarios.FICHIER, scenarios.construire),
    "methode-gantt": (gantt.FICHIER, gantt.construire),
    "methode-suivi-objectifs": (objectifs.FICHIER, objectifs.construire),
    "methode-indicateurs": (livre.FICHIER, livre.construire),
}
"""Répertoire → nom du fichier, fonction qui rend ses octets."""


def construire_tous(racine: Path = RACINE) -> list[Path]:
    """Écrit tous les cadres sous `racine` ; rend leurs chemins."""
    chemins = []
    for repertoire, (fichier, construire) in CADRES.items():
        chemin = racine / repertoire / fichier
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(construire())
        chemins.append(chemin)
    return chemins


def noter_empreinte(gabarit: Path) -> str:
    """Écrit l’empreinte du cadre dans la correspondance voisine ; rend l’empreinte."""
    empreinte = hashlib.sha256(gabarit.read_bytes()).hexdigest()
    correspondance = gabarit.with_name("correspondance.toml")
    texte = correspondance.read_text(encoding="utf-8")
    nouveau = re.sub(r'(?m)^(empreinte\s*=\s*)"[^"]*"', rf'\g<1>"sha256:{empreinte}"', texte)
    correspondance.write_text(nouveau, encoding="utf-8", newline="\n")
    return f"sha256:{empreinte}"


if __name__ == "__main__":
    for cadre in construire_tous():
        print(f"{cadre.relative_to(RACINE.parent)}  {noter_empreinte(cadre)}")
