"""Écrire dans le classeur neuf ce que les modèles ne portent pas : valeurs brutes, formules, notes."""

from __future__ import annotations

import datetime
from typing import Any

from openpyxl.utils.datetime import to_excel
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet


class Plume:
    """Écrit dans un classeur, en ne créant chaque format qu’une fois."""

    def __init__(self, classeur: Workbook) -> None:
        self._classeur = classeur
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def style(self, proprietes: dict[str, Any]) -> Format:
        """Le format de ces propriétés."""
        cle = tuple(sorted(proprietes.items()))
        if cle not in self._formats:
            self._formats[cle] = self._classeur.add_format(proprietes)
        return self._formats[cle]

    @staticmethod
    def valeur(feuille: Worksheet, ligne: int, colonne: int, valeur: object, style: Format) -> None:
        """Écrit une valeur telle quelle, selon son type : un texte n’est jamais pris pour une formule."""
        if isinstance(valeur, bool):
            feuille.write_boolean(ligne, colonne, valeur, style)
        elif isinstance(valeur, int | float):
            feuille.write_number(ligne, colonne, valeur, style)
        elif isinstance(valeur, datetime.date | datetime.time | datetime.timedelta):
            feuille.write_datetime(ligne, colonne, valeur, style)
        elif valeur is None or valeur == "":
            feuille.write_blank(ligne, colonne, None, style)
        else:
            feuille.write_string(ligne, colonne, str(valeur), style)

    @staticmethod
    def formule(
        feuille: Worksheet, ligne: int, colonne: int, formule: str, resultat: object, style: Format
    ) -> None:
        """Écrit une formule avec son dernier résultat."""
        if isinstance(resultat, datetime.date | datetime.time | datetime.timedelta):
            resultat = to_excel(resultat)  # type: ignore[no-untyped-call]
        connu = resultat if isinstance(resultat, str | int | float) else ""
        feuille.write_formula(ligne, colonne, formule, style, connu)

    @staticmethod
    def note(feuille: Worksheet, ligne: int, colonne: int, texte: str, auteur: str) -> None:
        """Pose une note."""
        feuille.write_comment(ligne, colonne, texte, {"author": auteur})
