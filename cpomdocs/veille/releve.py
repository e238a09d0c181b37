"""Ce que la veille regarde sur le disque : classeur maître, réglages, formulaires, images et documents cités.

Un relevé ne lit aucun contenu : taille, date et identité de chaque fichier. C’est lui qui fait foi ; les
événements du système ne servent qu’à le faire plus tôt.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path, PurePath

from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.formulaires.catalogue import repertoire_des_formulaires
from cpomdocs.reglages import CLASSEURS, FICHIER, lire_reglages

Signature = tuple[int, int, int, int]
"""Taille (octets), dates du contenu et de la fiche (nanosecondes), identité d’un fichier.

La date de la fiche trahit un fichier récrit par un outil qui lui rend l’ancienne date de son contenu.
"""
Releve = dict[Path, Signature]

GABARITS = "gabarits"
_DEBUTS_PROVISOIRES = (".", "~")
_FINS_PROVISOIRES = (".tmp", ".temp", ".part", ".partial", ".crdownload", "~", "#")
_SANS_EFFET = (".md", ".txt")
_PIECES = (".png", ".jpg", ".jpeg", ".docx")


def forme(nom: str) -> str:
    """Le nom tel qu’on le compare : accents composés, casse du système."""
    return os.path.normcase(unicodedata.normalize("NFC", nom))


def est_provisoire(nom: str) -> bool:
    """Vrai pour un verrou d’Office ou de LibreOffice, un fichier caché ou un fichier en cours d’écriture."""
    return nom.startswith(_DEBUTS_PROVISOIRES) or nom.lower().endswith(_FINS_PROVISOIRES)


def est_une_piece(nom: str) -> bool:
    """Vrai pour ce qu’un document peut recevoir (un logo, un document à insérer), posé dans le dossier."""
    return nom.lower().endswith(_PIECES) and not est_provisoire(nom)


class Perimetre:
    """Les fichiers dont un dossier dépend. Les noms viennent des réglages, relus quand ils changent."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self._signature_des_reglages: Signature | None = None
        self._classeurs = self._lire_noms()

    def relever(self) -> Releve | None:
        """La signature de chaque fichier surveillé, ou `None` si le dossier est inaccessible."""
        try:
            presents = {forme(chemin.name): chemin for chemin in self.dossier.iterdir()}
            reglages = presents.get(forme(FICHIER))
            self._relire_noms(signature(reglages) if reglages else None)
            voulus = {forme(nom) for nom in (*self._classeurs, FICHIER)}
            chemins = [chemin for nom, chemin in presents.items() if nom in voulus or est_une_piece(nom)]
            chemins += [self.dossier / nom for nom in self._classeurs if Path(nom).name != nom]
            chemins += self._fichiers_des_formulaires()
            signatures = {chemin: signature(chemin) for chemin in chemins}
        except OSError:
            return None
        return {chemin: signe for chemin, signe in sorted(signatures.items()) if signe is not None}

    def classeurs(self, releve: Releve) -> list[Path]:
        """Les classeurs maîtres du relevé : un seul, sauf anomalie."""
        voulus = {forme(str(self.dossier / nom)) for nom in self._classeurs}
        return [chemin for chemin in releve if forme(str(chemin)) in voulus]

    def concerne(self, chemin: str) -> bool:
        """Vrai si un événement sur ce chemin mérite un relevé."""
        try:
            parties = PurePath(chemin).relative_to(self.dossier).parts
        except ValueError:
            return False
        if len(parties) == 1:
            voulus = {forme(nom) for nom in (*self._classeurs, FICHIER, GABARITS)}
            return forme(parties[0]) in voulus or est_une_piece(parties[0])
        return bool(parties) and parties[0] == GABARITS and not est_provisoire(parties[-1])

    def _fichiers_des_formulaires(self) -> list[Path]:
        racine = repertoire_des_formulaires(self.dossier)
        if racine.parent != self.dossier:
            return []
        return [
            Path(repertoire, nom)
            for repertoire, _, noms in os.walk(racine)
            for nom in noms
            if not est_provisoire(nom) and not nom.lower().endswith(_SANS_EFFET)
        ]

    def _relire_noms(self, signe: Signature | None) -> None:
        if signe != self._signature_des_reglages:
            self._signature_des_reglages = signe
            self._classeurs = self._lire_noms()

    def _lire_noms(self) -> tuple[str, ...]:
        try:
            nom = lire_reglages(self.dossier).classeur
        except (ErreurCpomdocs, OSError):
            return CLASSEURS
        return (nom,) if nom else CLASSEURS


def signature(chemin: Path) -> Signature | None:
    """La signature d’un fichier, ou `None` s’il n’est plus là. Lève `OSError` si le disque ne répond pas."""
    try:
        etat = chemin.stat()
    except FileNotFoundError:
        return None
    return (etat.st_size, etat.st_mtime_ns, etat.st_ctime_ns, etat.st_ino)
