"""Une case fixe et le champ qui y va ; celles d’une grille, croisées de ses lignes et de ses colonnes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cpomdocs.formulaires.correspondance import GrilleDeFeuille, Placement
from cpomdocs.formulaires.entetes import annees_des_entetes
from cpomdocs.modeles.chemins import Chemin, lire_chemin
from cpomdocs.remplissage.moteurs import Gabarit
from cpomdocs.saisies import Case, CaseExcel, CaseWord

Axe = dict[str, dict[str, str]]
"""Ligne ou colonne → clé → valeur."""


@dataclass(frozen=True)
class Attribution:
    """Une case fixe du formulaire et le champ qui y va."""

    case: Case
    chemin: Chemin
    placement: Placement


def croiser(
    grille: GrilleDeFeuille, feuille: str | None, tableau: int | None, gabarit: Gabarit
) -> Iterator[Attribution]:
    """Les cases de la grille. Lève `ErreurFormulaire` si ses en-têtes ne disent pas les années."""
    base = lire_chemin(grille.champ)
    placement = Placement(
        champ=grille.champ,
        obligatoire=grille.obligatoire,
        valeurs=grille.valeurs,
        unite=grille.unite,
        oppose=grille.oppose,
    )
    lignes, colonnes = _axe(grille.lignes), _axe(grille.colonnes)
    if grille.annees is not None and feuille is not None:
        en_lignes, annees = annees_des_entetes(gabarit, feuille, grille.annees)
        axe = lignes if en_lignes else colonnes
        for adresse, annee in annees.items():
            axe.setdefault(adresse, {})["annee"] = annee
    for ligne, cles_ligne in lignes.items():
        for colonne, cles_colonne in colonnes.items():
            cles = cles_ligne | cles_colonne
            champ = cles.pop("champ", None)
            case = case_de_grille(feuille, tableau, f"{colonne}{ligne}")
            yield Attribution(case, base.avec(cles.items(), champ), placement)


def _axe(axe: dict[str, dict[str, str | int]]) -> Axe:
    """Les clés de chaque ligne (ou colonne), à partir des lignes de chaque clé."""
    adresses: Axe = {}
    for cle, valeurs in axe.items():
        for adresse, valeur in valeurs.items():
            adresses.setdefault(adresse, {})[cle] = str(valeur)
    return adresses


def case_de_grille(feuille: str | None, tableau: int | None, cellule: str) -> Case:
    """La case d’une grille ou d’un tableau, dans une feuille Excel ou un tableau Word."""
    return CaseExcel(feuille, cellule) if feuille is not None else CaseWord("tableau", str(tableau), cellule)
