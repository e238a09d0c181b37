"""Remettre à jour, dans un classeur existant, ce qui montre les feuilles et les colonnes demandées.

Une marque n’est posée que là où il y en avait une : une ligne ou une colonne que quelqu’un a prise pour autre
chose reste à lui.
"""

from __future__ import annotations

from collections.abc import Sequence

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur import marques
from cpomdocs.classeur.besoins import (
    CLE,
    CLE_FACULTATIVE,
    FACULTATIF,
    PUCE,
    FormulaireResume,
    champs_saisis,
    modele_de,
)
from cpomdocs.classeur.chantier import Chantier
from cpomdocs.classeur.feuilles.elements import ACCUEIL
from cpomdocs.classeur.marques import Marque
from cpomdocs.lecture.garde import Place
from cpomdocs.lecture.grilles import ClasseurLu, Grille
from cpomdocs.lecture.localisation import trouver_fiche, trouver_nom, trouver_tableau
from cpomdocs.modeles.dossier import FICHES, ORDRE_DES_FEUILLES
from cpomdocs.remplissage.excel_cellules import Place as Adresse

_ONGLETS = (d.ONGLET_DEMANDE, d.ONGLET_FACULTATIF)
_REPOS = frozenset({"", CLE, CLE_FACULTATIVE, FACULTATIF})
_DEMANDE_DE_FICHE = 3
"""Décalage de la colonne « Demandé par » d’une fiche, depuis celle des libellés."""


def grille_de(lu: ClasseurLu, collection: str) -> Grille | None:
    """La grille de la feuille d’une entité, ou `None` si elle n’est plus dans le classeur."""
    feuille = modele_de(collection).feuille
    nom = trouver_nom(feuille.nom, lu.feuilles) if feuille else None
    return lu.grille(nom) if nom is not None else None


def marquer(chantier: Chantier, lu: ClasseurLu, formulaires: Sequence[FormulaireResume]) -> list[str]:
    """Remet marques, drapeaux et onglets à jour ; rend une phrase si quelque chose a changé."""
    if marques.FEUILLE_LISTES not in lu.feuilles:
        return []
    drapeaux = {
        (marques.PREMIER_DRAPEAU + rang, 1): marques.drapeau(formulaire)
        for rang, formulaire in enumerate(formulaires)
    }
    changees = chantier.marquer(chantier.exiger(marques.FEUILLE_LISTES), drapeaux)
    for collection in ORDRE_DES_FEUILLES:
        grille = grille_de(lu, collection) if collection != "formulaires" else None
        if grille is None:
            continue
        feuille = chantier.exiger(grille.nom)
        reperer = _dans_une_fiche if collection in FICHES else _dans_une_liste
        changees += chantier.marquer(feuille, reperer(formulaires, collection, grille))
        demandee = marques.marque_de_feuille(formulaires, collection).active
        changees += chantier.colorer(feuille, d.onglet(collection, demandee), _ONGLETS)
    changees += _marquer_le_sommaire(chantier, lu, formulaires)
    return ["Feuilles et colonnes demandées : marques et couleurs mises à jour"] if changees else []


def _dans_une_liste(
    formulaires: Sequence[FormulaireResume], collection: str, grille: Grille
) -> dict[Adresse, Marque]:
    """Les marques d’une liste, au-dessus de ses en-têtes."""
    champs = champs_saisis(collection)
    tableau = trouver_tableau(grille, champs)
    if tableau is None or tableau.ligne == 0:
        return {}
    dessus = grille.lignes[tableau.ligne - 1]
    if not all(_est_une_marque(dessus[colonne]) for colonne in tableau.colonnes.values()):
        return {}
    return _titre(formulaires, collection, grille) | {
        (tableau.ligne, tableau.colonnes[info.nom] + 1): marques.marque_de_colonne(
            formulaires, collection, info
        )
        for info in champs
        if info.nom in tableau.colonnes
    }


def _dans_une_fiche(
    formulaires: Sequence[FormulaireResume], collection: str, grille: Grille
) -> dict[Adresse, Marque]:
    """Les marques d’une fiche, dans sa colonne « Demandé par »."""
    champs = champs_saisis(collection)
    fiche = trouver_fiche(grille, champs)
    if fiche is None:
        return {}
    colonne = fiche.colonne_libelles + _DEMANDE_DE_FICHE
    if not all(_est_une_marque(_case(grille, Place(rang, colonne))) for rang in fiche.lignes.values()):
        return {}
    return _titre(formulaires, collection, grille) | {
        (fiche.lignes[info.nom] + 1, colonne + 1): marques.marque_de_colonne(formulaires, collection, info)
        for info in champs
        if info.nom in fiche.lignes
    }


def _titre(formulaires: Sequence[FormulaireResume], collection: str, grille: Grille) -> dict[Adresse, Marque]:
    """La phrase « Demandée par », si elle est encore à sa place."""
    if not _commence(grille, Place(d.LIGNE_DEMANDE, 0), marques.DEBUTS_DE_TITRE):
        return {}
    return {(d.LIGNE_DEMANDE + 1, 1): marques.marque_de_feuille(formulaires, collection)}


def _marquer_le_sommaire(chantier: Chantier, lu: ClasseurLu, formulaires: Sequence[FormulaireResume]) -> int:
    """Les formulaires de chaque feuille, dans le sommaire de la première."""
    if ACCUEIL not in lu.feuilles:
        return 0
    noms = {f.nom: c for c in ORDRE_DES_FEUILLES if c != "formulaires" and (f := modele_de(c).feuille)}
    places: dict[Adresse, Marque] = {}
    grille = lu.grille(ACCUEIL)
    for rang, ligne in enumerate(grille.lignes):
        for colonne, cellule in enumerate(ligne[:-2]):
            if cellule in noms and _commence(grille, Place(rang, colonne + 2), (PUCE, "facultative")):
                marque = marques.marque_de_sommaire(formulaires, noms[str(cellule)])
                places[(rang + 1, colonne + 3)] = marque
    return chantier.marquer(chantier.exiger(ACCUEIL), places)


def _case(grille: Grille, place: Place) -> object:
    if place.ligne >= len(grille.lignes) or place.colonne >= len(grille.lignes[place.ligne]):
        return ""
    return grille.lignes[place.ligne][place.colonne]


def _commence(grille: Grille, place: Place, debuts: tuple[str, ...]) -> bool:
    """Vrai si la cellule commence ainsi, ou si sa formule attend d’être recalculée."""
    texte = _case(grille, place)
    return place in grille.constats.sans_resultat or (isinstance(texte, str) and texte.startswith(debuts))


def _est_une_marque(cellule: object) -> bool:
    return isinstance(cellule, str) and (cellule in _REPOS or cellule.startswith(PUCE))
