"""Ce qu’une cellule douteuse rend douteux : la fermeture des dépendances, tableaux nommés compris."""

from __future__ import annotations

from collections.abc import Iterable

from cpomdocs.recalcul.formules import Inventaire, cite
from cpomdocs.recalcul.moteur import Lieu, Seance


def influencees(seance: Seance, inventaire: Inventaire, lieux: Iterable[Lieu]) -> set[Lieu]:
    """Les cellules calculées que ces lieux influencent, de proche en proche, eux compris.

    Le moteur suit les adresses, les noms et INDIRECT ; les tableaux cités par leur nom sont suivis ici.
    """
    atteintes: set[Lieu] = set()
    nouvelles = set(lieux)
    while nouvelles:
        atteintes |= nouvelles | seance.dependantes(nouvelles)
        nouvelles = _par_tableaux(inventaire, atteintes) - atteintes
    return atteintes


def _par_tableaux(inventaire: Inventaire, lieux: set[Lieu]) -> set[Lieu]:
    """Les formules qui citent un tableau dont une cellule est parmi ces lieux."""
    touches = {
        nom
        for nom, (feuille, tableau) in inventaire.tableaux.items()
        if any(x.feuille == feuille and tableau.plage.contient(x.ligne, x.colonne) for x in lieux)
    }
    if not touches:
        return set()
    cites = touches | _noms_citant(inventaire, touches)
    return {lieu for lieu, formule in inventaire.formules.items() if cite(formule, cites)}


def _noms_citant(inventaire: Inventaire, noms: set[str]) -> set[str]:
    """Les noms définis qui citent ces noms, de proche en proche."""
    citants = set(noms)
    while True:
        autres = {nom for (nom, _), formule in inventaire.classeur.noms.items() if cite(formule, citants)}
        if autres <= citants:
            return citants
        citants |= autres
