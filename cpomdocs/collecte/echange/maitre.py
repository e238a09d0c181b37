"""Le classeur maître ouvert pour y écrire : chaque changement est relevé, puis posé en place et relu.

Les cellules qui ne changent pas gardent leurs octets : macros, formats, notes, filtres.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cpomdocs.classeur.besoins import champs_saisis
from cpomdocs.classeur.chantier import Chantier
from cpomdocs.classeur.en_place import ajouter_lignes, refuser_ouvert, remplacer
from cpomdocs.collecte.echange.donnees import Donnee, montrer_donnee
from cpomdocs.collecte.echange.releve import Ligne, Table, annee_n_de, relever
from cpomdocs.erreurs import ErreurEcriture
from cpomdocs.lecture.grilles import ouvrir_classeur
from cpomdocs.lecture.localisation import trouver_tableau
from cpomdocs.modeles.base import InfoChamp
from cpomdocs.modeles.dossier import ORDRE_DES_FEUILLES
from cpomdocs.office.adresses import ecrire_cellule
from cpomdocs.office.classeur import Classeur, lire_classeur
from cpomdocs.office.feuille import FeuilleOctets
from cpomdocs.remplissage.excel_valeurs import numero_date


@dataclass(frozen=True)
class Inscription:
    """Une ligne du journal : la cellule écrite, ce qu’elle portait, ce qu’elle porte, d’où cela vient."""

    feuille: str
    cellule: str
    libelle: str
    ancien: str
    nouveau: str
    origine: str


@dataclass(frozen=True)
class _Changement:
    collection: str
    ligne: Ligne
    champ: str
    ancien: Donnee | None
    origine: str


class Maitre:
    """Les tables du classeur maître et les changements demandés ; rien n’est écrit avant `enregistrer`."""

    def __init__(self, chemin: Path) -> None:
        """Lève `ErreurClasseur` si le classeur ne peut pas servir."""
        self.chemin = chemin
        self._lu = ouvrir_classeur(chemin)
        self.annee_n = annee_n_de(self._lu)
        self.releve = relever(self._lu, ORDRE_DES_FEUILLES, self.annee_n)
        self._changements: dict[tuple[int, str], _Changement] = {}
        self._ajouts: list[tuple[str, Ligne, str]] = []
        self._octets: dict[str, FeuilleOctets] = {}

    def table(self, collection: str) -> Table | None:
        """La table d’une fiche ou d’une collection ; `None` si sa feuille manque ou ne se lit pas."""
        return self.releve.tables.get(collection)

    def modifier(
        self, collection: str, ligne: Ligne, champ: str, nouvelle: Donnee | None, origine: str
    ) -> None:
        """Change une donnée (`None` : la vide). Lève `KeyError` si la feuille n’a pas cette colonne."""
        if champ not in self.releve.tables[collection].champs:
            raise KeyError(champ)
        ancien = ligne.donnees.get(champ)
        if ancien == nouvelle:
            return
        if ligne.numero is not None or champ in self.releve.tables[collection].places:
            premier = self._changements.get((id(ligne), champ))
            depart = premier.ancien if premier else ancien
            self._changements[id(ligne), champ] = _Changement(collection, ligne, champ, depart, origine)
        if nouvelle is None:
            del ligne.donnees[champ]
        else:
            ligne.donnees[champ] = nouvelle

    def ajouter(self, collection: str, donnees: Mapping[str, Donnee], origine: str) -> Ligne:
        """Ajoute une ligne sous celles de la feuille ; les champs sans colonne n’y vont pas."""
        table = self.releve.tables[collection]
        ligne = Ligne({nom: lue for nom, lue in donnees.items() if nom in table.champs})
        table.lignes.append(ligne)
        self._ajouts.append((collection, ligne, origine))
        return ligne

    def vider(self, collection: str, ligne: Ligne, origine: str) -> None:
        """Vide toutes les cellules d’une ligne, qui n’est plus lue."""
        for champ in list(ligne.donnees):
            self.modifier(collection, ligne, champ, None, origine)
        self.releve.tables[collection].lignes.remove(ligne)
        self._ajouts = [ajout for ajout in self._ajouts if ajout[1] is not ligne]

    def a_formule(self, collection: str, ligne: Ligne, champ: str) -> bool:
        """Vrai si la cellule de cette donnée est calculée par une formule."""
        table = self.releve.tables[collection]
        place = table.place(ligne, champ)
        feuille = self._classeur.feuille(table.feuille)
        if place is None or feuille is None:
            return False
        if table.feuille not in self._octets:
            octets = self._lu.archive.lire(feuille.partie)
            self._octets[table.feuille] = FeuilleOctets(octets, table.feuille)
        lue = self._octets[table.feuille]
        cellule = lue.cellule(*place)
        return cellule is not None and lue.a_formule(cellule)

    @cached_property
    def _classeur(self) -> Classeur:
        return lire_classeur(self._lu.archive)

    def composer(self) -> tuple[bytes, list[Inscription]] | None:
        """Les octets du classeur changé et son journal ; `None` si rien ne change.

        Lève `ErreurEcriture` si la relecture n’y retrouve pas chaque donnée.
        """
        chantier = Chantier(self._lu.archive)
        self._poser_les_ajouts(chantier)
        reels = [c for c in self._changements.values() if c.ligne.donnees.get(c.champ) != c.ancien]
        par_feuille: dict[str, dict[tuple[int, int], str | int | float | None]] = {}
        for changement in reels:
            table = self.releve.tables[changement.collection]
            place = table.place(changement.ligne, changement.champ)
            if place is not None:
                par_feuille.setdefault(table.feuille, {})[place] = self._cellule(
                    changement.collection, changement.ligne, changement.champ
                )
        for nom, cellules in par_feuille.items():
            chantier.poser(chantier.exiger(nom), cellules)
        octets = chantier.terminer()
        if octets is None:
            return None
        self._relire(octets)
        return octets, self._journal(reels)

    def enregistrer(self, octets: bytes) -> None:
        """Remplace le classeur maître, copie gardée. Lève `ErreurEcriture` s’il est ouvert ou a changé."""
        remplacer(self.chemin, self._lu.archive.octets, octets)

    def refuser_ouvert(self) -> None:
        """Lève `ErreurEcriture` si le classeur maître est ouvert."""
        refuser_ouvert(self.chemin)

    def _poser_les_ajouts(self, chantier: Chantier) -> None:
        par_collection: dict[str, list[Ligne]] = {}
        for collection, ligne, _ in self._ajouts:
            if ligne.donnees:
                par_collection.setdefault(collection, []).append(ligne)
        for collection, lignes in par_collection.items():
            grille = self._lu.grille(self.releve.tables[collection].feuille)
            tableau = trouver_tableau(grille, champs_saisis(collection))
            if tableau is None:
                continue
            valeurs = [
                {nom: v for nom in ligne.donnees if (v := self._cellule(collection, ligne, nom)) is not None}
                for ligne in lignes
            ]
            premiere = ajouter_lignes(chantier, grille, tableau, valeurs)
            for rang, ligne in enumerate(lignes):
                ligne.numero = premiere + rang

    def _cellule(self, collection: str, ligne: Ligne, champ: str) -> str | int | float | None:
        lue = ligne.donnees.get(champ)
        ecrit = lue.cellule(_info(collection, champ)) if lue is not None else None
        if isinstance(ecrit, datetime.date):
            return int(numero_date(ecrit, self._classeur.date1904))
        return ecrit

    def _journal(self, reels: list[_Changement]) -> list[Inscription]:
        inscriptions = [self._inscrire(c.collection, c.ligne, c.champ, c.ancien, c.origine) for c in reels]
        inscriptions += [
            self._inscrire(collection, ligne, champ, None, origine)
            for collection, ligne, origine in self._ajouts
            for champ in ligne.donnees
        ]
        return inscriptions

    def _inscrire(
        self, collection: str, ligne: Ligne, champ: str, ancien: Donnee | None, origine: str
    ) -> Inscription:
        table, info = self.releve.tables[collection], _info(collection, champ)
        return Inscription(
            table.feuille,
            table.adresse(ligne, champ),
            info.libelle,
            montrer_donnee(ancien, info),
            montrer_donnee(ligne.donnees.get(champ), info),
            origine,
        )

    def _relire(self, octets: bytes) -> None:
        """Vérifie, avant d’écrire, que la lecture retrouvera les tables changées telles qu’on les veut."""
        touchees = {c.collection for c in self._changements.values()} | {c for c, _, _ in self._ajouts}
        with tempfile.TemporaryDirectory() as provisoire:
            copie = Path(provisoire) / self.chemin.name
            copie.write_bytes(octets)
            relu = relever(ouvrir_classeur(copie), touchees, self.annee_n)
        for collection in touchees:
            table = self.releve.tables[collection]
            voulues = {
                (ligne.numero, champ): lue for ligne in table.lignes for champ, lue in ligne.donnees.items()
            }
            relues = {
                (ligne.numero, champ): lue
                for ligne in relu.tables[collection].lignes
                for champ, lue in ligne.donnees.items()
            }
            ecart = next(iter(voulues.items() ^ relues.items()), None)
            if ecart is not None:
                (numero, champ), _ = ecart
                ou = ecrire_cellule(numero or 1, table.colonnes.get(champ, 1))
                raise ErreurEcriture(
                    f"La relecture de « {table.feuille} » ne retrouve pas {ou} : rien n’a été écrit.",
                    "Taper cette donnée soi-même dans le classeur maître, puis relancer.",
                )


def _info(collection: str, champ: str) -> InfoChamp:
    return next(info for info in champs_saisis(collection) if info.nom == champ)
