"""Qualifier les formulaires Excel livrés : `python -m outils.qualifications`.

À refaire quand un gabarit ou le moteur change. Il faut le moteur de calcul (extra recalcul) et LibreOffice.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cpomdocs.recalcul import moteur_disponible, qualifier
from cpomdocs.recalcul.qualification import FICHIER

GABARITS = Path(__file__).parents[1] / "gabarits"


def principal() -> None:
    """Écrit le constat à côté de chaque correspondance. S’arrête si rien ne permet de comparer."""
    moteur = moteur_disponible()
    if moteur is None:
        sys.exit("Le moteur de calcul est absent : pip install .[recalcul]")
    for gabarit in sorted(p for p in GABARITS.glob("*/*.xls[xm]") if not p.name.startswith("~$")):
        constat = qualifier(gabarit.read_bytes(), moteur, "fr-FR")
        if not constat.qualifie:
            sys.exit(f"{gabarit.parent.name} : {constat.resumer()}")
        (gabarit.parent / FICHIER).write_text(constat.model_dump_json(indent=1) + "\n", encoding="utf-8")
        print(f"{gabarit.parent.name} : {constat.resumer()}")


if __name__ == "__main__":
    principal()
