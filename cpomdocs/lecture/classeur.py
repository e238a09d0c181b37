"""Lire le classeur maître : des feuilles au dossier, sans s’arrêter à la première anomalie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cpomdocs.erreurs import ErreurClasseur, ErreurFichier
from cpomdocs.lecture import structure
from cpomdocs.lecture.balances import COLLECTION, est_une_balance, lire_balance
from cpomdocs.lecture.coherence import doublons, rapprocher
from cpomdocs.lecture.fabrique import Endroits, champs_saisis
from cpomdocs.lecture.fiches import lire_fiche
from cpomdocs.lecture.garde import Place
from cpomdocs.lecture.grilles import ClasseurLu, Grille, ouvrir_classeur
from cpomdocs.lecture.lignes import Colonne, LecteurDeLignes, Lecture
from cpomdocs.lecture.localisation import Tableau, trouver_fiche, trouver_nom, trouver_tableau
from cpomdocs.lecture.ramassage import sans_ramassage
from cpomdocs.lecture.valeurs.conversion import Attente
from cpomdocs.lecture.valeurs.listes import liste
from cpomdocs.modeles.base import Entite, Feuille, InfoChamp, Source
from cpomdocs.modeles.dossier import FICHES, ORDRE_DES_FEUILLES, SAISIES, Dossier
from cpomdocs.office.adresses import lettres_colonne
from cpomdocs.rapport import Anomalie


def lire_classeur(chemin: Path) -> tuple[Dossier, list[Anomalie]]:
    """Le dossier que porte le classeur maître, et tout ce qui n’a pas pu en être compris.

    Lève `ErreurClasseur` si le classeur entier ne peut pas servir : absent, chiffré, abîmé, étranger.
    """
    with sans_ramassage():
        return _lire(_Lecteur(ouvrir_classeur(chemin)))


def _lire(lecteur: _Lecteur) -> tuple[Dossier, list[Anomalie]]:
    donnees: dict[str, Any] = {}
    for collection in ORDRE_DES_FEUILLES:
        lire = lecteur.fiche if collection in FICHES else lecteur.liste
        donnees[collection] = lire(collection)
    donnees[COLLECTION] += lecteur.balances(donnees["etablissements"])
    lignes = {collection: donnees[collection] for collection in SAISIES}
    lecteur.exiger_un_etablissement(donnees["etablissements"])
    anomalies = lecteur.anomalies + rapprocher(lignes) + doublons(lignes)
    dossier = Dossier(**donnees)
    for collection, endroits in lecteur.emplacements.items():
        dossier.situer_collection(collection, endroits)
    return dossier, anomalies


def feuille_de(collection: str) -> Feuille:
    """La feuille qui porte une fiche ou une collection saisie."""
    feuille = (FICHES.get(collection) or SAISIES[collection]).feuille
    if feuille is None:
        raise LookupError(f"« {collection} » n’a pas de feuille")
    return feuille


class _Lecteur:
    """Une lecture en cours : les anomalies relevées, et où se tape chaque champ."""

    def __init__(self, classeur: ClasseurLu) -> None:
        self.anomalies: list[Anomalie] = []
        self.emplacements: dict[str, Mapping[str, Source]] = {}
        self._classeur = classeur
        self._annee_n: int | None = None
        voulues = {feuille_de(collection).nom for collection in ORDRE_DES_FEUILLES}
        trouvees = {nom: trouver_nom(nom, classeur.feuilles) for nom in voulues}
        self._feuilles = {voulue: nom for voulue, nom in trouvees.items() if nom is not None}
        self._inconnues = [nom for nom in classeur.feuilles if nom not in self._feuilles.values()]
        if not self._feuilles:
            raise ErreurClasseur(
                f"« {classeur.nom} » n’est pas un classeur maître : aucune de ses feuilles n’est connue.",
                "Choisir le classeur maître du dossier, ou en créer un avec « cpomdocs nouveau ».",
            )

    def fiche(self, collection: str) -> Entite:
        """Lit une fiche ; vide, mais située, si sa feuille manque."""
        modele = FICHES[collection]
        champs = champs_saisis(modele)
        grille = self._grille(collection)
        trouvee = trouver_fiche(grille, champs) if grille is not None else None
        if grille is None or trouvee is None:
            entite = modele()
            entite.situer(self._introuvable(collection, grille, champs))
            return entite
        entite, endroits, anomalies = lire_fiche(collection, modele, champs, grille, trouvee, self._attendre)
        self.anomalies += anomalies
        self.emplacements[collection] = endroits
        annee = getattr(entite, "annee_n", None)
        self._annee_n = annee if isinstance(annee, int) else self._annee_n
        return entite

    def liste(self, collection: str) -> list[Entite]:
        """Lit les lignes d’une collection ; aucune si sa feuille ou une clé manque."""
        modele = SAISIES[collection]
        champs = champs_saisis(modele)
        grille = self._grille(collection)
        tableau = trouver_tableau(grille, champs) if grille is not None else None
        if grille is None or tableau is None:
            self._introuvable(collection, grille, champs)
            return []
        presents = [info for info in champs if info.nom in tableau.colonnes]
        entete = Place(tableau.ligne, min(tableau.colonnes.values())).adresse
        cellules = {info.nom: entete for info in champs}
        cellules |= {nom: lettres_colonne(rang + 1) for nom, rang in tableau.colonnes.items()}
        self._verifier_colonnes(collection, Source(feuille=grille.nom, cellule=entete), tableau, champs)
        lecture = Lecture(libre=tableau.ligne + 2)
        if all(info in presents for info in champs if info.cle and info.obligatoire):
            colonnes = [Colonne(i, self._attendre(i), tableau.colonnes[i.nom], {}) for i in presents]
            lecture = LecteurDeLignes(collection, modele, grille, colonnes, cellules).lire(tableau.ligne + 1)
        self.anomalies += lecture.anomalies
        self.emplacements[collection] = Endroits(grille.nom, cellules, lecture.libre)
        return lecture.lignes

    def balances(self, etablissements: Sequence[Entite]) -> list[Entite]:
        """Lit les comptes des feuilles « Balance… » que la personne a ajoutées."""
        codes = [str(code) for ligne in etablissements if (code := getattr(ligne, "code", None))]
        champs = champs_saisis(SAISIES[COLLECTION])
        comptes: list[Entite] = []
        for nom in filter(est_une_balance, self._inconnues):
            try:
                lecture = lire_balance(self._classeur.grille(nom), champs, self._attendre, codes)
            except ErreurFichier as erreur:
                relevee = structure.feuille_illisible(COLLECTION, nom, erreur.message, erreur.remede)
                lecture = Lecture(anomalies=[relevee])
            self.anomalies += lecture.anomalies
            comptes += lecture.lignes
        return comptes

    def exiger_un_etablissement(self, lus: Sequence[Entite]) -> None:
        """Relève l’absence de tout établissement, si rien ne l’a encore dit."""
        bloquantes = (a.champ or "" for a in self.anomalies if a.gravite == "bloquante")
        if not lus and not any(champ.startswith("etablissements") for champ in bloquantes):
            ou = self.emplacements["etablissements"]["code"]
            self.anomalies.append(structure.aucun_etablissement(ou))

    def _attendre(self, info: InfoChamp) -> Attente:
        return Attente(info, liste(info.liste) if info.liste else None, self._annee_n)

    def _grille(self, collection: str) -> Grille | None:
        """La grille d’une entité ; sinon l’anomalie est relevée, une fois par feuille."""
        voulue = feuille_de(collection).nom
        nom = self._feuilles.get(voulue)
        try:
            if nom is not None:
                return self._classeur.grille(nom)
            relevee = structure.feuille_absente(collection, voulue, self._inconnues)
        except ErreurFichier as erreur:
            relevee = structure.feuille_illisible(collection, voulue, erreur.message, erreur.remede)
        if not any(a.code == relevee.code and a.sources == relevee.sources for a in self.anomalies):
            self.anomalies.append(relevee)
        return None

    def _introuvable(
        self, collection: str, grille: Grille | None, champs: Sequence[InfoChamp]
    ) -> Mapping[str, Source]:
        """L’emplacement, à défaut de mieux, d’une entité dont la feuille ou les en-têtes manquent."""
        nom = feuille_de(collection).nom if grille is None else grille.nom
        if grille is not None:
            self.anomalies.append(structure.entetes_absents(collection, nom, champs))
        endroits = Endroits(nom, {info.nom: "A1" for info in champs}, 1)
        self.emplacements[collection] = endroits
        return endroits

    def _verifier_colonnes(
        self, collection: str, entete: Source, tableau: Tableau, champs: Sequence[InfoChamp]
    ) -> None:
        absents = [info for info in champs if info.nom not in tableau.colonnes]
        self.anomalies += structure.colonnes_absentes(collection, entete, absents, tableau.inconnus)
        connus = {info.nom: info for info in champs}
        for nom, lue, ignoree in tableau.doubles:
            gardee, perdue = (
                Source(feuille=entete.feuille, cellule=Place(tableau.ligne, rang).adresse)
                for rang in (lue, ignoree)
            )
            self.anomalies.append(structure.colonne_double(collection, connus[nom], gardee, perdue))
