"""Compléter le classeur maître : les lignes attendues, les formulaires nouveaux, les marques.

Rien de ce qu’une personne a mis n’est réécrit, et rien n’est proposé deux fois.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cpomdocs.classeur.besoins import FormulaireResume, a_remettre, champs_saisis
from cpomdocs.classeur.chantier import Chantier
from cpomdocs.classeur.en_place import ajouter_lignes, refuser_ouvert, remplacer
from cpomdocs.classeur.marquage import grille_de, marquer
from cpomdocs.classeur.valeurs import Cellule, en_cellule
from cpomdocs.erreurs import ErreurClasseur, ErreurFichier
from cpomdocs.lecture.grilles import ouvrir_classeur
from cpomdocs.lecture.localisation import trouver_tableau
from cpomdocs.modeles.base import InfoChamp
from cpomdocs.modeles.dossier import ORDRE_DES_FEUILLES, Dossier
from cpomdocs.modeles.types import ValeurSimple


def preparer_classeur(chemin: Path, dossier: Dossier, formulaires: Sequence[FormulaireResume]) -> list[str]:
    """Ajoute au classeur les lignes attendues et les formulaires nouveaux ; rend ce qui a été fait.

    `dossier` est celui qui vient d’être lu dans ce classeur. Une copie du classeur est gardée dans
    `.cpomdocs/sauvegardes/`. Une liste vide : rien à ajouter, le fichier n’est pas touché.
    Lève `ErreurEcriture` si le classeur est ouvert ou ne peut pas être écrit, `ErreurClasseur` s’il est
    illisible.
    """
    refuser_ouvert(chemin)
    try:
        preparation = _Preparation(chemin, dossier, a_remettre(formulaires, dossier))
        faits = preparation.completer()
        octets = preparation.chantier.terminer()
    except ErreurFichier as erreur:
        raise ErreurClasseur(erreur.message, erreur.remede) from erreur
    if octets is None:
        return []
    remplacer(chemin, preparation.lu.archive.octets, octets)
    return faits


class _Preparation:
    """Une préparation en cours : le classeur lu d’un côté, ses retouches de l’autre."""

    def __init__(self, chemin: Path, dossier: Dossier, formulaires: Sequence[FormulaireResume]) -> None:
        self.lu = ouvrir_classeur(chemin)
        self.chantier = Chantier(self.lu.archive)
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
        return faits + marquer(self.chantier, self.lu, self._formulaires)

    def _ajouter(self, collection: str, lignes: Sequence[Mapping[str, ValeurSimple]]) -> str | None:
        """Ajoute des lignes sous celles d’une collection ; `None` s’il n’y a rien à y ajouter."""
        grille = grille_de(self.lu, collection)
        champs = champs_saisis(collection)
        tableau = trouver_tableau(grille, champs) if grille is not None and lignes else None
        if grille is None or tableau is None:
            return None
        obligatoires = {info.nom for info in champs if info.cle and info.obligatoire}
        if not obligatoires <= tableau.colonnes.keys():
            return None
        ajouter_lignes(self.chantier, grille, tableau, en_cellules(lignes, champs))
        combien = "1 ligne ajoutée" if len(lignes) == 1 else f"{len(lignes)} lignes ajoutées"
        if collection == "formulaires":
            combien = "formulaires ajoutés : " + ", ".join(str(ligne["nom"]) for ligne in lignes)
        return f"{grille.nom} : {combien}"


def en_cellules(
    lignes: Sequence[Mapping[str, ValeurSimple]], champs: Sequence[InfoChamp]
) -> list[dict[str, Cellule]]:
    """Ce que les cellules de ces lignes doivent porter."""
    connus = {info.nom: info for info in champs}
    return [
        {
            nom: ecrit
            for nom, valeur in ligne.items()
            if (ecrit := en_cellule(valeur, connus[nom])) is not None
        }
        for ligne in lignes
    ]
