"""Retrouver les feuilles et les colonnes par leur nom, où qu’elles soient : déplacées, masquées…

Rien n’est deviné : un nom approchant n’est pas lu, il est proposé dans l’anomalie.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cpomdocs.lecture.grilles import Grille
from cpomdocs.lecture.valeurs.textes import normaliser
from cpomdocs.modeles.base import InfoChamp

_PROFONDEUR = 25
"""Nombre de lignes du haut d’une feuille où l’on cherche les en-têtes."""
_LIBELLE_MAXIMAL = 300
_VALEUR = "valeur"


@dataclass(frozen=True)
class Tableau:
    """Un tableau trouvé, par rangs à partir de 0 : sa ligne d’en-têtes, la colonne de chaque champ.

    `doubles` : (champ, colonne lue, colonne ignorée). `inconnus` : les en-têtes qui ne sont à personne.
    """

    ligne: int
    colonnes: Mapping[str, int]
    doubles: tuple[tuple[str, int, int], ...] = ()
    inconnus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fiche:
    """Une fiche trouvée, par rangs à partir de 0 : ses deux colonnes, la ligne de chaque champ."""

    colonne_libelles: int
    colonne_valeurs: int
    lignes: Mapping[str, int]
    inconnus: tuple[str, ...] = ()


def trouver_nom(voulu: str, noms: Iterable[str]) -> str | None:
    """Le nom identique à la casse, aux accents et aux espaces près ; l’identique d’abord."""
    connus = list(noms)
    if voulu in connus:
        return voulu
    normal = normaliser(voulu)
    return next((nom for nom in connus if normaliser(nom) == normal), None)


def trouver_tableau(
    grille: Grille, champs: Sequence[InfoChamp], synonymes: Mapping[str, str] | None = None
) -> Tableau | None:
    """La ligne d’en-têtes qui porte le plus de libellés de ces champs ; `None` si aucune n’en porte assez.

    Il en faut un tiers, ou toutes les clés : une ligne de données ne passe pas pour des en-têtes. Avec des
    synonymes (forme normalisée → champ), deux en-têtes suffisent.
    """
    voulus = {normaliser(info.libelle): info for info in champs}
    if synonymes:
        par_nom = {info.nom: info for info in champs}
        voulus = {libelle: par_nom[nom] for libelle, nom in synonymes.items()} | voulus
    cles = {info.nom for info in champs if info.cle}
    candidats = [_tableau(rang, ligne, voulus) for rang, ligne in enumerate(grille.lignes[:_PROFONDEUR])]
    meilleur = max(candidats, key=lambda tableau: len(tableau.colonnes), default=None)
    if meilleur is None or not meilleur.colonnes:
        return None
    suffisant = 3 * len(meilleur.colonnes) >= len(champs) or (bool(cles) and cles <= meilleur.colonnes.keys())
    suffisant = suffisant or (synonymes is not None and len(meilleur.colonnes) > 1)
    return meilleur if suffisant else None


def _tableau(rang: int, ligne: Sequence[object], voulus: Mapping[str, InfoChamp]) -> Tableau:
    colonnes: dict[str, int] = {}
    doubles: list[tuple[str, int, int]] = []
    inconnus: list[str] = []
    for colonne, cellule in enumerate(ligne):
        info = voulus.get(_libelle(cellule))
        if info is None:
            inconnus += [str(cellule)] if _libelle(cellule) else []
        elif info.nom in colonnes:
            doubles.append((info.nom, colonnes[info.nom], colonne))
        else:
            colonnes[info.nom] = colonne
    return Tableau(rang, colonnes, tuple(doubles), tuple(inconnus))


def _libelle(cellule: object) -> str:
    """La forme comparable d’une cellule qui pourrait être un libellé, ou une chaîne vide."""
    return normaliser(cellule) if isinstance(cellule, str) and len(cellule) <= _LIBELLE_MAXIMAL else ""


def trouver_fiche(grille: Grille, champs: Sequence[InfoChamp]) -> Fiche | None:
    """La colonne qui porte le plus de libellés de ces champs, et la colonne « Valeur » à sa droite."""
    voulus = {normaliser(info.libelle): info.nom for info in champs}
    par_colonne: dict[int, dict[str, int]] = {}
    for rang, ligne in enumerate(grille.lignes):
        for colonne, cellule in enumerate(ligne):
            nom = voulus.get(_libelle(cellule))
            if nom is not None:
                par_colonne.setdefault(colonne, {}).setdefault(nom, rang)
    if not par_colonne:
        return None
    libelles = max(par_colonne, key=lambda colonne: len(par_colonne[colonne]))
    lignes = par_colonne[libelles]
    debut = min(lignes.values())
    inconnus = [str(ligne[libelles]) for ligne in grille.lignes[debut:] if _inconnu(ligne[libelles], voulus)]
    return Fiche(libelles, _colonne_valeurs(grille, libelles, debut), lignes, tuple(inconnus))


def _inconnu(cellule: object, voulus: Mapping[str, str]) -> bool:
    libelle = _libelle(cellule)
    return bool(libelle) and libelle not in voulus


def _colonne_valeurs(grille: Grille, libelles: int, premiere: int) -> int:
    for ligne in reversed(grille.lignes[:premiere]):
        for colonne in range(libelles + 1, len(ligne)):
            if _libelle(ligne[colonne]) == _VALEUR:
                return colonne
    return libelles + 1
