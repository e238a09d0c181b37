"""Fabrique les gabarits Word d’exemple : `python -m outils.gabarits.word`, à la racine du dépôt.

Deux exécutions donnent les mêmes octets. L’empreinte de chaque gabarit est recopiée dans sa
`correspondance.toml`. Avec `--verifier`, chaque champ et chaque case des correspondances sont contrôlés.
"""

from __future__ import annotations

import sys
from pathlib import Path

from outils.gabarits.word import contrat, fiche, trame
from outils.gabarits.word.briques.paquet import noter_empreinte
from outils.gabarits.word.methode.conduite import copil, lettre_mission, preparation, raci, retroplanning
from outils.gabarits.word.methode.constats import rapport, synthese
from outils.gabarits.word.methode.echanges import (
    fiche_objectif,
    negociation,
    note_comparative,
    objectifs,
    releve_decisions,
)
from outils.gabarits.word.methode.projections import note_scenarios

RACINE = Path(__file__).parents[3] / "gabarits"
FABRIQUES = {
    "fiche-signaletique": fiche.construire,
    "trame-diagnostic": trame.construire,
    "contrat-cpom": contrat.construire,
    "methode-copil": copil.construire,
    "methode-lettre-mission": lettre_mission.construire,
    "methode-raci": raci.construire,
    "methode-rapport-diagnostic": rapport.construire,
    "methode-synthese-diagnostic": synthese.construire,
    "methode-fiche-objectif": fiche_objectif.construire,
    "methode-objectifs": objectifs.construire,
    "methode-note-comparative": note_comparative.construire,
    "methode-note-scenarios": note_scenarios.construire,
    "methode-releve-decisions": releve_decisions.construire,
    "methode-negociation": negociation.construire,
    "methode-retroplanning": retroplanning.construire,
    "methode-preparation": preparation.construire,
}


def construire_tous(racine: Path = RACINE) -> list[Path]:
    """Écrit les gabarits sous `racine` ; rend leurs chemins."""
    return [construire(racine / nom) for nom, construire in FABRIQUES.items()]


def principal(arguments: list[str]) -> int:
    """Rend 0, ou 1 si une correspondance a un défaut."""
    for gabarit in construire_tous():
        print(f"{gabarit.relative_to(RACINE.parent)}  {noter_empreinte(gabarit)}")
    if "--verifier" not in arguments:
        return 0
    from outils.gabarits.word.verification import defauts  # fabriquer ne demande pas cpomdocs

    trouves = [f"{nom} : {defaut}" for nom in FABRIQUES for defaut in defauts(RACINE / nom)]
    print("\n".join(trouves) or "Aucun défaut.")
    return 1 if trouves else 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
