"""Compléter le classeur d’une personne : lignes ajoutées sous les siennes, fichier remplacé entier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cpomdocs.classeur.chantier import Chantier
from cpomdocs.classeur.valeurs import Cellule
from cpomdocs.ecriture.depot import poser, sauvegarder
from cpomdocs.ecriture.verrous import ouvert_par, verrou_office
from cpomdocs.erreurs import ErreurEcriture, motif
from cpomdocs.lecture.grilles import Grille
from cpomdocs.lecture.localisation import Tableau
from cpomdocs.remplissage.excel_cellules import Place


def ajouter_lignes(
    chantier: Chantier, grille: Grille, tableau: Tableau, lignes: Sequence[Mapping[str, Cellule]]
) -> int:
    """Pose des lignes (champ → valeur) sous celles d’un tableau ; rend le numéro de la première.

    Un champ dont la colonne manque n’est pas posé.
    """
    premiere = premiere_libre(grille, tableau)
    cellules: dict[Place, Cellule | None] = {
        (premiere + rang, tableau.colonnes[nom] + 1): valeur
        for rang, ligne in enumerate(lignes)
        for nom, valeur in ligne.items()
        if nom in tableau.colonnes
    }
    feuille = chantier.exiger(grille.nom)
    chantier.poser(feuille, cellules)
    entete = (tableau.ligne + 1, min(tableau.colonnes.values()) + 1)
    chantier.agrandir(feuille, entete, premiere + len(lignes) - 1)
    return premiere


def premiere_libre(grille: Grille, tableau: Tableau) -> int:
    """La première ligne, à partir de 1, sous laquelle aucune colonne du tableau ne porte rien."""
    occupees = [place.ligne for place in (*grille.constats.erreurs, *grille.constats.sans_resultat)]
    for rang in range(len(grille.lignes) - 1, tableau.ligne, -1):
        if any(str(grille.lignes[rang][colonne]).strip() for colonne in tableau.colonnes.values()):
            occupees.append(rang)
            break
    return max([tableau.ligne, *occupees]) + 2


def refuser_ouvert(chemin: Path) -> None:
    """Lève `ErreurEcriture` si le classeur est ouvert dans Excel ou LibreOffice."""
    verrou = verrou_office(chemin)
    if verrou is not None:
        raise ErreurEcriture(
            f"Le classeur « {chemin.name} » est {ouvert_par(verrou)} (« {verrou.name} » est à côté de lui).",
            "L’enregistrer et le fermer, puis relancer ; si personne ne l’a ouvert, supprimer ce fichier.",
        )


def remplacer(chemin: Path, lu: bytes, octets: bytes) -> None:
    """Remplace le classeur, après l’avoir copié dans `.cpomdocs/sauvegardes/`.

    Lève `ErreurEcriture` s’il est ouvert, s’il n’est plus tel qu’il a été lu, ou si le disque refuse.
    """
    refuser_ouvert(chemin)
    try:
        if chemin.read_bytes() != lu:
            raise ErreurEcriture(
                f"Le classeur « {chemin.name} » a été enregistré pendant ce travail : rien n’y a été écrit.",
                "Le fermer, puis relancer.",
            )
        sauvegarder(chemin.parent, chemin)
        poser(chemin, octets)
    except OSError as erreur:
        raise ErreurEcriture(
            f"Le classeur « {chemin.name} » n’a pas pu être écrit : {motif(erreur)}.",
            "Le fermer dans Excel, vérifier la place libre et les droits du dossier.",
        ) from erreur
