"""De petits classeurs pour les tests de lecture : les seules feuilles et colonnes que le test montre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.rapport import Anomalie

ETABLISSEMENTS = [["Code", "Nom"], ["EHPAD1", "EHPAD Les Tilleuls"], ["IME", "IME Les Érables"]]
CLES_ACTIVITE = ["Établissement", "Année", "Modalité d’accueil", "Version"]


def un_classeur(repertoire: Path, feuilles: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """Un classeur de ces feuilles, chacune donnée par ses lignes à partir de A1."""
    livre = openpyxl.Workbook()
    livre.remove(livre.active)
    for nom, lignes in feuilles.items():
        page = livre.create_sheet(nom)
        for ligne in lignes:
            page.append(list(ligne))
    chemin = repertoire / "classeur.xlsx"
    livre.save(chemin)
    return chemin


def lire(repertoire: Path, feuilles: Mapping[str, Sequence[Sequence[Any]]]) -> tuple[Dossier, list[Anomalie]]:
    """Ce que la lecture tire d’un classeur de ces feuilles, établissements ajoutés s’ils manquent."""
    return lire_classeur(un_classeur(repertoire, {"Établissements": ETABLISSEMENTS, **feuilles}))


def celles(anomalies: Sequence[Anomalie], *codes: str) -> list[Anomalie]:
    """Les anomalies de ces codes."""
    return [a for a in anomalies if a.code in codes]


def cellules(anomalie: Anomalie) -> list[str]:
    """Les cellules d’une anomalie, écrites « Feuille!A1 »."""
    return [f"{source.feuille}!{source.cellule}" for source in anomalie.sources]
