"""Compléter le classeur maître : les lignes attendues, les formulaires nouveaux, les marques.

Rien de ce qu’une personne a mis n’est réécrit, et rien n’est proposé deux fois.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cpomdocs.classeur.besoins import FormulaireResume, a_remettre, champs_saisis
from cpomdocs.classeur.chantier import Chantier
from cpomdocs.classeur.marquage import grille_de, marquer
from cpomdocs.classeur.valeurs import en_cellule
from cpomdocs.ecriture.depot import poser, sauvegarder
from cpomdocs.ecriture.verrous import verrou_office
from cpomdocs.erreurs import ErreurClasseur, ErreurEcriture, ErreurFichier, motif
from cpomdocs.lecture.grilles import Grille, ouvrir_classeur
from cpomdocs.lecture.localisation import Tableau, trouver_tableau
from cpomdocs.modeles.base import InfoChamp
from cpomdocs.modeles.dossier import ORDRE_DES_FEUILLES, Dossier
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.remplissage.excel_cellules import Place as Adresse


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
            f"Le classeur « {chemin.name} » n’a pas pu être écrit : {motif(erreur)}.",
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
        self._lu = ouvrir_classeur(chemin)
        self.chantier = Chantier(self._lu.archive)
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
        return faits + marquer(self.chantier, self._lu, self._formulaires)

    def _ajouter(self, collection: str, lignes: Sequence[Mapping[str, ValeurSimple]]) -> str | None:
        """Ajoute des lignes sous celles d’une collection ; `None` s’il n’y a rien à y ajouter."""
        grille = grille_de(self._lu, collection)
        champs = champs_saisis(collection)
        tableau = trouver_tableau(grille, champs) if grille is not None and lignes else None
        if grille is None or tableau is None:
            return None
        obligatoires = {info.nom for info in champs if info.cle and info.obligatoire}
        if not obligatoires <= tableau.colonnes.keys():
            return None
        premiere = _premiere_libre(grille, tableau)
        feuille = self.chantier.exiger(grille.nom)
        self.chantier.poser(feuille, _cellules(lignes, champs, tableau, premiere))
        entete = (tableau.ligne + 1, min(tableau.colonnes.values()) + 1)
        self.chantier.agrandir(feuille, entete, premiere + len(lignes) - 1)
        combien = "1 ligne ajoutée" if len(lignes) == 1 else f"{len(lignes)} lignes ajoutées"
        if collection == "formulaires":
            combien = "formulaires ajoutés : " + ", ".join(str(ligne["nom"]) for ligne in lignes)
        return f"{grille.nom} : {combien}"


def _premiere_libre(grille: Grille, tableau: Tableau) -> int:
    """La première ligne, à partir de 1, sous laquelle aucune colonne du tableau ne porte rien."""
    occupees = [place.ligne for place in (*grille.constats.erreurs, *grille.constats.sans_resultat)]
    for rang in range(len(grille.lignes) - 1, tableau.ligne, -1):
        if any(str(grille.lignes[rang][colonne]).strip() for colonne in tableau.colonnes.values()):
            occupees.append(rang)
            break
    return max([tableau.ligne, *occupees]) + 2


def _cellules(
    lignes: Sequence[Mapping[str, ValeurSimple]], champs: Sequence[InfoChamp], tableau: Tableau, premiere: int
) -> dict[Adresse, str | int | float]:
    connus = {info.nom: info for info in champs}
    cellules: dict[Adresse, str | int | float] = {}
    for rang, ligne in enumerate(lignes):
        for nom, valeur in ligne.items():
            ecrit = en_cellule(valeur, connus[nom]) if nom in tableau.colonnes else None
            if isinstance(ecrit, str | int | float):
                cellules[(premiere + rang, tableau.colonnes[nom] + 1)] = ecrit
    return cellules
