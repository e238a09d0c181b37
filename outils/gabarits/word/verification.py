"""Contrôle d’un gabarit Word d’exemple : correspondance juste et complète, zones grises laissées vides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docx.oxml.ns import qn
from lxml import etree

from cpomdocs.formulaires.attributions import case_de_grille
from cpomdocs.formulaires.catalogue import Formulaire, charger_formulaire
from cpomdocs.formulaires.verification import verifier_formulaire
from cpomdocs.remplissage.word import GabaritWord
from cpomdocs.remplissage.word.endroits import Portion
from cpomdocs.saisies import CaseWord
from outils.gabarits.word.briques.commun import GRIS

RESERVE = "reserve_"
_LIES_A_UN_AUTRE = {"entete_nom"}
_TC = qn("w:tc")


def defauts(repertoire: Path) -> Iterator[str]:
    """Les défauts du formulaire, puis les endroits oubliés et ceux que l’autorité se réserve."""
    yield from verifier_formulaire(repertoire).defauts
    formulaire = charger_formulaire(repertoire)
    gabarit = formulaire.gabarit
    if not isinstance(gabarit, GabaritWord):
        return
    cases = list(_cases(formulaire))
    visees = {tc for case in cases for tc in _cellules_touchees(gabarit, case)}
    yield from (f"Cellule réservée visée : « {_voisinage(tc)} »." for tc in visees if _fond(tc) == GRIS)
    for tc in gabarit.parties[gabarit.principale].racine.iter(_TC):
        if tc not in visees and _fond(tc) is None and not _texte(tc) and not _prolonge(tc):
            yield f"Cellule de l’opérateur oubliée : « {_voisinage(tc)} »."
    nommes = {case.nom for case in cases if case.genre == "controle"}
    existants = set(_balises(gabarit))
    yield from (f"Contrôle réservé visé : {nom}." for nom in nommes if nom.startswith(RESERVE))
    oublies = (nom for nom in existants - nommes - _LIES_A_UN_AUTRE if not nom.startswith(RESERVE))
    yield from (f"Contrôle oublié : {nom}." for nom in sorted(oublies))


def _cases(formulaire: Formulaire) -> Iterator[CaseWord]:
    yield from (a.case for a in formulaire.attributions if isinstance(a.case, CaseWord))
    for tableau in formulaire.correspondance.tableaux:
        for rang in range(tableau.lignes):
            for colonne in tableau.colonnes:
                case = case_de_grille(None, tableau.tableau, f"{colonne}{tableau.premiere_ligne + rang}")
                if isinstance(case, CaseWord):
                    yield case


def _cellules_touchees(gabarit: GabaritWord, case: CaseWord) -> Iterator[etree._Element]:
    for cible in gabarit.localiser(case):
        element = cible.endroit.paragraphe if isinstance(cible.endroit, Portion) else cible.endroit
        dedans = next(element.iterancestors(_TC), None)
        yield from element.iter(_TC) if dedans is None else (dedans,)


def _balises(gabarit: GabaritWord) -> Iterator[str]:
    for partie in gabarit.parties.values():
        yield from (element.get(qn("w:val"), "") for element in partie.racine.iter(qn("w:tag")))


def _fond(tc: etree._Element) -> str | None:
    trame = tc.find(f"{qn('w:tcPr')}/{qn('w:shd')}")
    return None if trame is None else trame.get(qn("w:fill"))


def _prolonge(tc: etree._Element) -> bool:
    fusion = tc.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return fusion is not None and fusion.get(qn("w:val"), "continue") == "continue"


def _texte(tc: etree._Element) -> str:
    return "".join(element.text or "" for element in tc.iter(qn("w:t"))).strip()


def _voisinage(tc: etree._Element) -> str:
    rangee = next(tc.iterancestors(qn("w:tr")))
    return " | ".join(_texte(voisine) or "…" for voisine in rangee.iter(_TC))
