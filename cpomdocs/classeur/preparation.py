"""Compléter le classeur maître : les lignes attendues, les formulaires nouveaux, les marques.

Rien de ce qu’une personne a mis n’est réécrit, et rien n’est proposé deux fois.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur import marques
from cpomdocs.classeur.besoins import (
    CLE,
    FACULTATIF,
    PUCE,
    FormulaireResume,
    a_remettre,
    champs_saisis,
    modele_de,
)
from cpomdocs.classeur.chantier import Chantier
from cpomdocs.classeur.feuilles.elements import ACCUEIL
from cpomdocs.classeur.marques import Marque
from cpomdocs.classeur.valeurs import en_cellule
from cpomdocs.ecriture.depot import poser, sauvegarder, verrou_office
from cpomdocs.erreurs import ErreurClasseur, ErreurEcriture, ErreurFichier
from cpomdocs.lecture.grilles import ClasseurLu, Grille, ouvrir_classeur
from cpomdocs.lecture.localisation import Tableau, trouver_fiche, trouver_nom, trouver_tableau
from cpomdocs.modeles.base import InfoChamp
from cpomdocs.modeles.dossier import FICHES, ORDRE_DES_FEUILLES, Dossier
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.office.adresses import lire_cellule
from cpomdocs.office.archive import lire_archive
from cpomdocs.office.classeur import FeuilleClasseur
from cpomdocs.remplissage.excel_cellules import Place

_ONGLETS = (d.ONGLET_DEMANDE, d.ONGLET_FACULTATIF)
_REPOS = frozenset({"", CLE, FACULTATIF})


def preparer_classeur(chemin: Path, dossier: Dossier, formulaires: Sequence[FormulaireResume]) -> list[str]:
    """Ajoute au classeur les lignes attendues et les formulaires nouveaux ; rend ce qui a été fait.

    `dossier` est celui qui vient d’être lu dans ce classeur. Une copie du classeur est gardée dans
    `.cpomdocs/sauvegardes/`. Une liste vide : rien à ajouter, le fichier n’est pas touché.
    Lève `ErreurEcriture` si le classeur est ouvert ou ne peut pas être écrit, `ErreurClasseur` s’il est
    illisible.
    """
    _refuser_ouvert(chemin)
    try:
        preparation = _Preparation(chemin, dossier, a_remettre(formulaires, dossier))
        faits = preparation.completer()
        octets = preparation.chantier.terminer()
    except ErreurFichier as erreur:
        raise ErreurClasseur(erreur.message, erreur.remede) from erreur
    if octets is None:
        return []
    _refuser_ouvert(chemin)
    try:
        sauvegarder(chemin.parent, chemin)
        poser(chemin, octets)
    except OSError as erreur:
        raise ErreurEcriture(
            f"Le classeur « {chemin.name} » n’a pas pu être écrit : {erreur.strerror or erreur}.",
            "Le fermer dans Excel, vérifier la place libre et les droits du dossier.",
        ) from erreur
    return faits


def _refuser_ouvert(chemin: Path) -> None:
    verrou = verrou_office(chemin)
    if verrou is not None:
        raise ErreurEcriture(
            f"Le classeur « {chemin.name} » est ouvert (« {verrou.name} » est à côté de lui).",
            "L’enregistrer et le fermer, puis relancer ; si personne ne l’a ouvert, supprimer ce fichier.",
        )


class _Preparation:
    """Une préparation en cours : le classeur lu d’un côté, ses retouches de l’autre."""

    def __init__(self, chemin: Path, dossier: Dossier, formulaires: Sequence[FormulaireResume]) -> None:
        self.chantier = Chantier(lire_archive(chemin))
        self._lu: ClasseurLu = ouvrir_classeur(chemin)
        self._dossier = dossier
        self._formulaires = formulaires

    def completer(self) -> list[str]:
        """Fait tout ce qui manque ; rend une phrase par feuille complétée."""
        presents = {demande.nom for demande in self._dossier.formulaires}
        nouveaux: list[dict[str, ValeurSimple]] = [
            {"nom": f.nom, "libelle": f.libelle, "a_remettre": f.a_remettre}
            for f in self._formulaires
            if f.nom not in presents
        ]
        attendues: dict[str, list[dict[str, ValeurSimple]]] = {"formulaires": nouveaux}
        attendues |= {
            nom: [dict(ligne) for ligne in lignes] for nom, lignes in self._dossier.lignes_attendues().items()
        }
        faits = [
            phrase
            for collection in ORDRE_DES_FEUILLES
            if (phrase := self._ajouter(collection, attendues.get(collection, [])))
        ]
        return faits + self._marquer()

    def _grille(self, collection: str) -> Grille | None:
        feuille = modele_de(collection).feuille
        nom = trouver_nom(feuille.nom, self._lu.feuilles) if feuille else None
        return self._lu.grille(nom) if nom is not None else None

    def _feuille(self, nom: str) -> FeuilleClasseur:
        feuille = self.chantier.feuille(nom)
        if feuille is None:
            raise ErreurFichier(f"La feuille « {nom} » a disparu.", "Relancer la préparation.")
        return feuille

    def _ajouter(self, collection: str, lignes: Sequence[Mapping[str, ValeurSimple]]) -> str | None:
        """Ajoute des lignes sous celles d’une collection ; `None` s’il n’y a rien à y ajouter."""
        grille = self._grille(collection)
        champs = champs_saisis(collection)
        tableau = trouver_tableau(grille, champs) if grille is not None and lignes else None
        if grille is None or tableau is None:
            return None
        obligatoires = {info.nom for info in champs if info.cle and info.obligatoire}
        if not obligatoires <= tableau.colonnes.keys():
            return None
        premiere = self._premiere_libre(collection, champs, tableau)
        feuille = self._feuille(grille.nom)
        self.chantier.poser(feuille, _cellules(lignes, champs, tableau, premiere))
        entete = (tableau.ligne + 1, min(tableau.colonnes.values()) + 1)
        self.chantier.agrandir(feuille, entete, premiere + len(lignes) - 1)
        combien = "1 ligne ajoutée" if len(lignes) == 1 else f"{len(lignes)} lignes ajoutées"
        if collection == "formulaires":
            combien = "formulaires ajoutés : " + ", ".join(str(ligne["nom"]) for ligne in lignes)
        return f"{grille.nom} : {combien}"

    def _premiere_libre(self, collection: str, champs: Sequence[InfoChamp], tableau: Tableau) -> int:
        """La première ligne libre, à partir de 1 : celle que la lecture a retenue, sous les en-têtes."""
        lieux = self._dossier.emplacement(collection, champs[0].nom)
        place = lire_cellule(lieux[0].cellule) if lieux else None
        return max(tableau.ligne + 2, place[0] if place else 0)

    def _marquer(self) -> list[str]:
        """Remet marques, drapeaux et onglets à jour ; rend une phrase si quelque chose a changé."""
        if trouver_nom(marques.FEUILLE_LISTES, self._lu.feuilles) != marques.FEUILLE_LISTES:
            return []
        listes = self._feuille(marques.FEUILLE_LISTES)
        drapeaux = {
            (marques.PREMIER_DRAPEAU + rang, 1): marques.drapeau(formulaire)
            for rang, formulaire in enumerate(self._formulaires)
        }
        changees = self.chantier.marquer(listes, drapeaux)
        for collection in ORDRE_DES_FEUILLES:
            grille = self._grille(collection) if collection != "formulaires" else None
            if grille is None:
                continue
            feuille = self._feuille(grille.nom)
            places = (
                self._fiche(collection, grille) if collection in FICHES else self._liste(collection, grille)
            )
            changees += self.chantier.marquer(feuille, places)
            marque = marques.marque_de_feuille(self._formulaires, collection)
            changees += self.chantier.colorer(feuille, d.onglet(collection, marque.active), _ONGLETS)
        changees += self._sommaire()
        return ["Feuilles et colonnes demandées : marques et couleurs mises à jour"] if changees else []

    def _liste(self, collection: str, grille: Grille) -> dict[Place, Marque]:
        """Les marques d’une liste, si la ligne au-dessus des en-têtes est encore celle des marques."""
        champs = champs_saisis(collection)
        tableau = trouver_tableau(grille, champs)
        if tableau is None or tableau.ligne == 0:
            return {}
        dessus = grille.lignes[tableau.ligne - 1]
        if not all(_est_une_marque(dessus[colonne]) for colonne in tableau.colonnes.values()):
            return {}
        return self._titre(collection, grille) | {
            (tableau.ligne, tableau.colonnes[info.nom] + 1): marques.marque_de_colonne(
                self._formulaires, collection, info
            )
            for info in champs
            if info.nom in tableau.colonnes
        }

    def _fiche(self, collection: str, grille: Grille) -> dict[Place, Marque]:
        """Les marques d’une fiche, dans sa dernière colonne si c’est encore celle des marques."""
        champs = champs_saisis(collection)
        fiche = trouver_fiche(grille, champs)
        colonne = fiche.colonne_libelles + 3 if fiche else 0
        if fiche is None or not all(
            _est_une_marque(_case(grille, rang, colonne)) for rang in fiche.lignes.values()
        ):
            return {}
        return self._titre(collection, grille) | {
            (fiche.lignes[info.nom] + 1, colonne + 1): marques.marque_de_colonne(
                self._formulaires, collection, info
            )
            for info in champs
            if info.nom in fiche.lignes
        }

    def _titre(self, collection: str, grille: Grille) -> dict[Place, Marque]:
        """La phrase « Demandée par », si elle est encore à sa place."""
        texte = _case(grille, d.LIGNE_DEMANDE, 0)
        if not isinstance(texte, str) or not texte.startswith(marques.DEBUTS_DE_TITRE):
            return {}
        return {(d.LIGNE_DEMANDE + 1, 1): marques.marque_de_feuille(self._formulaires, collection)}

    def _sommaire(self) -> int:
        """Les formulaires de chaque feuille, dans le sommaire de la première."""
        if ACCUEIL not in self._lu.feuilles:
            return 0
        noms = {f.nom: c for c in ORDRE_DES_FEUILLES if c != "formulaires" and (f := modele_de(c).feuille)}
        places: dict[Place, Marque] = {}
        for rang, ligne in enumerate(self._lu.grille(ACCUEIL).lignes):
            for colonne, cellule in enumerate(ligne[:-2]):
                demandeur = ligne[colonne + 2]
                if (
                    cellule in noms
                    and isinstance(demandeur, str)
                    and demandeur.startswith((PUCE, "facultative"))
                ):
                    marque = marques.marque_de_sommaire(self._formulaires, noms[str(cellule)])
                    places[(rang + 1, colonne + 3)] = marque
        return self.chantier.marquer(self._feuille(ACCUEIL), places)


def _cellules(
    lignes: Sequence[Mapping[str, ValeurSimple]], champs: Sequence[InfoChamp], tableau: Tableau, premiere: int
) -> dict[Place, str | int | float]:
    connus = {info.nom: info for info in champs}
    cellules: dict[Place, str | int | float] = {}
    for rang, ligne in enumerate(lignes):
        for nom, valeur in ligne.items():
            ecrit = en_cellule(valeur, connus[nom]) if nom in tableau.colonnes else None
            if isinstance(ecrit, str | int | float):
                cellules[(premiere + rang, tableau.colonnes[nom] + 1)] = ecrit
    return cellules


def _case(grille: Grille, rang: int, colonne: int) -> object:
    if rang >= len(grille.lignes) or colonne >= len(grille.lignes[rang]):
        return ""
    return grille.lignes[rang][colonne]


def _est_une_marque(cellule: object) -> bool:
    return isinstance(cellule, str) and (cellule in _REPOS or cellule.startswith(PUCE))
