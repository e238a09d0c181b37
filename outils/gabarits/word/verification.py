"""Contrôle d’un gabarit Word d’exemple : sa correspondance tient, et rien d’écrit dans une zone grise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from cpomdocs.formulaires.catalogue import Formulaire, case_de_grille, charger_formulaire
from cpomdocs.formulaires.verification import verifier_formulaire
from cpomdocs.saisies import CaseWord
from outils.gabarits.word.briques.commun import GRIS


def defauts(repertoire: Path) -> Iterator[str]:
    """Les défauts du formulaire, puis les cases d’opérateur oubliées ou placées dans une zone grise."""
    yield from verifier_formulaire(repertoire).defauts
    formulaire = charger_formulaire(repertoire)
    if formulaire.correspondance.genre != "word":
        return
    vises = set(_cellules_visees(formulaire))
    tables = Document(str(repertoire / formulaire.correspondance.formulaire.gabarit)).tables
    for numero, table in enumerate(tables, 1):
        for adresse, tc in _cellules(table._tbl):
            if (str(numero), adresse) in vises and _est_grise(tc):
                yield f"tableau:{numero}!{adresse} est dans une zone réservée à l’autorité."
    visees = {case.nom for case in _cases(formulaire) if case.genre == "controle"}
    yield from (f"controle:{nom} est réservé à l’autorité." for nom in visees if nom.startswith("reserve_"))


def _cases(formulaire: Formulaire) -> Iterator[CaseWord]:
    yield from (a.case for a in formulaire.attributions if isinstance(a.case, CaseWord))
    for tableau in formulaire.correspondance.tableaux:
        for rang in range(tableau.lignes):
            for colonne in tableau.colonnes:
                case = case_de_grille(None, tableau.tableau, f"{colonne}{tableau.premiere_ligne + rang}")
                if isinstance(case, CaseWord):
                    yield case


def _cellules_visees(formulaire: Formulaire) -> Iterator[tuple[str, str]]:
    yield from ((case.nom, case.cellule) for case in _cases(formulaire) if case.genre == "tableau")


def _cellules(table: BaseOxmlElement) -> Iterator[tuple[str, BaseOxmlElement]]:
    for ligne, rangee in enumerate(table.findall(qn("w:tr")), 1):
        colonne = 0
        for tc in rangee.iter(qn("w:tc")):
            yield f"{chr(ord('A') + colonne)}{ligne}", tc
            largeur = tc.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            colonne += 1 if largeur is None else int(largeur.get(qn("w:val")))


def _est_grise(tc: BaseOxmlElement) -> bool:
    fond = tc.find(f"{qn('w:tcPr')}/{qn('w:shd')}")
    return fond is not None and fond.get(qn("w:fill")) == GRIS
