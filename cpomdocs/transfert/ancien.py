"""L’ancien classeur : ce que les modèles y reconnaissent, et tout ce que la personne y a mis d’autre."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.workbook.workbook import Workbook

from cpomdocs.classeur.besoins import champs_saisis
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.lecture import lire_classeur
from cpomdocs.lecture.balances import COLLECTION as COMPTES
from cpomdocs.lecture.classeur import feuille_de
from cpomdocs.lecture.garde import Place
from cpomdocs.lecture.grilles import ClasseurLu, Grille, ouvrir_classeur
from cpomdocs.lecture.localisation import trouver_fiche, trouver_nom, trouver_tableau
from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.dossier import FICHES, ORDRE_DES_FEUILLES, Dossier
from cpomdocs.office.adresses import ecrire_cellule, lire_cellule


class Lieu(NamedTuple):
    """Une cellule par sa feuille et ses rangs, à partir de 0."""

    feuille: str
    ligne: int
    colonne: int

    @property
    def adresse(self) -> str:
        """L’adresse d’Excel, sans la feuille."""
        return ecrire_cellule(self.ligne + 1, self.colonne + 1)


@dataclass(frozen=True)
class Region:
    """Une collection retrouvée : la ligne ou la colonne de ses libellés, le rang de chacun de ses champs.

    `rangs` : des colonnes pour une liste, des lignes pour une fiche. `repere` : la ligne des en-têtes d’une
    liste, la colonne des libellés d’une fiche ; `valeurs` : la colonne des valeurs d’une fiche.
    """

    collection: str
    feuille: str
    repere: int
    rangs: Mapping[str, int]
    valeurs: int = 0

    @property
    def est_fiche(self) -> bool:
        """Vrai pour une fiche, une rubrique par ligne."""
        return self.collection in FICHES

    @property
    def entetes(self) -> int:
        """La ligne des en-têtes."""
        return min(self.rangs.values()) - 1 if self.est_fiche else self.repere


class Ancien:
    """Un classeur maître à transférer. Lève `ErreurClasseur` s’il ne peut pas servir."""

    def __init__(self, chemin: Path) -> None:
        self.lu: ClasseurLu = ouvrir_classeur(chemin)
        lu, _ = lire_classeur(chemin)
        self.regions = list(_regions(self.lu))
        self._regions = {region.collection: region for region in self.regions}
        saisis = [compte for compte in lu.comptes if self.rang(compte, COMPTES) is not None]
        self.dossier: Dossier = lu.model_copy(update={COMPTES: saisis})
        self._livre: Workbook | None = None

    @property
    def feuilles_connues(self) -> set[str]:
        """Les feuilles où une collection a été retrouvée."""
        return {region.feuille for region in self.regions}

    def grille(self, feuille: str) -> Grille:
        """Les valeurs d’une feuille."""
        return self.lu.grille(feuille)

    def valeur(self, lieu: Lieu) -> object:
        """La valeur d’une cellule ; une chaîne vide s’il n’y a rien, le texte de l’erreur s’il y en a une."""
        grille = self.grille(lieu.feuille)
        ligne = grille.lignes[lieu.ligne] if lieu.ligne < len(grille.lignes) else ()
        brut = ligne[lieu.colonne] if lieu.colonne < len(ligne) else ""
        return brut if brut != "" else grille.constats.erreurs.get(Place(lieu.ligne, lieu.colonne), "")

    def est_vide(self, lieu: Lieu) -> bool:
        """Vrai si une cellule ne porte rien : ni valeur, ni erreur, ni formule jamais calculée."""
        jamais_calculees = self.grille(lieu.feuille).constats.sans_resultat
        return self.valeur(lieu) == "" and Place(lieu.ligne, lieu.colonne) not in jamais_calculees

    def lieux(self, feuille: str) -> Iterator[Lieu]:
        """Les cellules d’une feuille qui portent quelque chose."""
        grille = self.grille(feuille)
        pleines = {(li, c) for li, ligne in enumerate(grille.lignes) for c, v in enumerate(ligne) if v != ""}
        tues = {*map(tuple, grille.constats.erreurs), *map(tuple, grille.constats.sans_resultat)}
        return (Lieu(feuille, ligne, colonne) for ligne, colonne in sorted(pleines | tues))

    def cellule(self, lieu: Lieu) -> Cell:
        """La cellule avec sa formule, sa note et son format."""
        return self.livre[lieu.feuille][lieu.adresse]  # type: ignore[no-any-return]

    @property
    def livre(self) -> Workbook:
        """Le classeur avec ses formules, ses notes et ses formats : ce que la lecture ordinaire laisse."""
        if self._livre is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # il dit perdre des parties qui ne servent pas ici
                self._livre = openpyxl.load_workbook(io.BytesIO(self.lu.archive.octets))
        return self._livre

    def rang(self, ligne: Entite, collection: str) -> int | None:
        """Le rang, à partir de 0, de la ligne d’où vient cet élément, s’il vient bien de sa feuille."""
        region = self._regions.get(collection)
        for nom in region.rangs if region else ():
            for source in ligne.sources(nom)[:1]:
                trouvee = lire_cellule(source.cellule)
                if region is not None and source.feuille == region.feuille and trouvee is not None:
                    return trouvee[0] - 1
        return None


def _regions(lu: ClasseurLu) -> Iterator[Region]:
    for collection in ORDRE_DES_FEUILLES:
        nom = trouver_nom(feuille_de(collection).nom, lu.feuilles)
        if nom is None:
            continue
        try:
            grille = lu.grille(nom)
        except ErreurFichier:
            continue  # la lecture du dossier l’a déjà dit
        champs = champs_saisis(collection)
        if collection in FICHES:
            fiche = trouver_fiche(grille, champs)
            if fiche is not None:
                yield Region(collection, nom, fiche.colonne_libelles, fiche.lignes, fiche.colonne_valeurs)
            continue
        tableau = trouver_tableau(grille, champs)
        if tableau is not None:
            yield Region(collection, nom, tableau.ligne, tableau.colonnes)
