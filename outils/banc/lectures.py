"""Lire un classeur de vingt feuilles : notre lecteur devant openpyxl en lecture seule."""

from __future__ import annotations

import datetime
import warnings
from functools import partial
from pathlib import Path

import openpyxl
import xlsxwriter

from cpomdocs.lecture import ouvrir_classeur
from outils.banc.mesures import Action, alterner, comparer

FEUILLES, COLONNES = 20, 10
_LIGNES = (250, 5_000)
_ORIGINE = datetime.datetime(2026, 1, 1)


def mesurer(dossier: Path, fois: int) -> str:
    """Un tableau par taille ; `dossier` reçoit les classeurs."""
    return "\n".join(_mesurer_taille(dossier, lignes, fois if lignes < 1_000 else 2) for lignes in _LIGNES)


def _mesurer_taille(dossier: Path, lignes: int, fois: int) -> str:
    chemin = dossier / f"{lignes}.xlsx"
    _fabriquer(chemin, lignes)
    if _lire(chemin) != _lire_openpyxl(chemin):
        raise SystemExit("Le banc est faux : les deux lecteurs ne lisent pas les mêmes valeurs.")
    actions: dict[str, Action] = {
        "openpyxl, lecture seule : toutes les valeurs": partial(_parcourir_openpyxl, chemin),
        "notre lecteur : valeurs, erreurs et formules sans résultat": partial(_parcourir, chemin),
    }
    titre = f"Lecture, {FEUILLES} feuilles de {lignes} lignes × {COLONNES} colonnes"
    return comparer(titre, "devant openpyxl", alterner(actions, fois))


def _fabriquer(chemin: Path, lignes: int) -> None:
    """Des textes, des nombres, une date et un total par ligne, comme une feuille de saisie."""
    ouvrage = xlsxwriter.Workbook(str(chemin))
    date = ouvrage.add_format({"num_format": "dd/mm/yyyy"})
    for numero in range(FEUILLES):
        feuille = ouvrage.add_worksheet(f"Feuille {numero + 1}")
        for ligne in range(lignes):
            feuille.write_string(ligne, 0, f"ETAB{ligne % 40}")
            feuille.write_number(ligne, 1, 2020 + ligne % 6)
            feuille.write_string(ligne, 2, f"Libellé n° {ligne * 7 % 1000} de la ligne")
            feuille.write_datetime(ligne, 3, _ORIGINE + datetime.timedelta(days=ligne % 700), date)
            for colonne in range(4, COLONNES - 1):
                feuille.write_number(ligne, colonne, ligne * colonne * 7919 % 100_003 / 100)
            feuille.write_formula(ligne, COLONNES - 1, f"=SUM(E{ligne + 1}:I{ligne + 1})", None, 123.5)
    ouvrage.close()


def _parcourir(chemin: Path) -> None:
    classeur = ouvrir_classeur(chemin)
    for nom in classeur.feuilles:
        classeur.grille(nom)


def _parcourir_openpyxl(chemin: Path) -> None:
    classeur = _ouvrir_openpyxl(chemin)
    for feuille in classeur.worksheets:
        for _ in feuille.iter_rows(values_only=True):
            pass


def _lire(chemin: Path) -> list[object]:
    """Les valeurs de la première feuille, pour vérifier que les deux lecteurs disent la même chose."""
    grille = ouvrir_classeur(chemin).grille("Feuille 1")
    return [cellule for ligne in grille.lignes for cellule in ligne]


def _lire_openpyxl(chemin: Path) -> list[object]:
    feuille = _ouvrir_openpyxl(chemin).worksheets[0]
    valeurs = (valeur for ligne in feuille.iter_rows(values_only=True) for valeur in ligne)
    return [v.date() if isinstance(v, datetime.datetime) else v for v in valeurs]


def _ouvrir_openpyxl(chemin: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(chemin, read_only=True, data_only=True)
