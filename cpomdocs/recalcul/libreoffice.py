"""LibreOffice, référence indépendante : il recalcule un gabarit qui ne garde aucun résultat d’Excel."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from cpomdocs.libreoffice import convertir, programme
from cpomdocs.recalcul.formules import inventorier
from cpomdocs.recalcul.moteur import Lieu, MoteurEnEchec, Resultat

_TOUJOURS = {("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode"): "0"}
"""Recalculer toujours : par défaut, LibreOffice garde les résultats d’Excel."""


def recalculer(octets: bytes, lieux: Iterable[Lieu], langue: str) -> dict[Lieu, Resultat]:
    """Les résultats de ces cellules selon LibreOffice. Lève `MoteurEnEchec` s’il n’y arrive pas."""
    soffice = programme()
    if soffice is None:
        raise MoteurEnEchec("LibreOffice n’est pas installé.")
    with tempfile.TemporaryDirectory() as provisoire:
        dossier = Path(provisoire)
        source = dossier / "gabarit.xlsx"
        source.write_bytes(octets)
        sortie = dossier / "sortie"
        (_, rendu), *_ = convertir(soffice, [source], "xlsx", sortie, langue=langue, reglages=_TOUJOURS)
        if rendu is None:
            raise MoteurEnEchec("LibreOffice n’a pas su recalculer ce classeur.")
        return inventorier(rendu.read_bytes(), "classeur recalculé").resultats_de(lieux)
