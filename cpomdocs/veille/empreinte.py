"""L’empreinte de ce dont les documents dépendent : elle ne change que si les données ont changé.

Enregistrer sans rien saisir, déplacer le curseur, élargir une colonne ou griffonner sur une feuille à soi
change les octets du classeur, pas son empreinte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.lecture.balances import est_une_balance
from cpomdocs.lecture.classeur import feuille_de
from cpomdocs.lecture.grilles import ClasseurLu, ouvrir_classeur
from cpomdocs.lecture.localisation import trouver_nom
from cpomdocs.modeles.dossier import ORDRE_DES_FEUILLES
from cpomdocs.veille.releve import Releve, Signature


class Empreintes:
    """Calcule l’empreinte d’un dossier, sans relire les fichiers dont la signature n’a pas changé."""

    def __init__(self) -> None:
        self._connues: dict[Path, tuple[Signature, str]] = {}

    def du_dossier(self, releve: Releve, classeurs: list[Path]) -> str:
        """L’empreinte des données, des réglages et des formulaires.

        Lève `ErreurClasseur` si un classeur n’est pas un zip entier, `OSError` si un fichier ne se lit pas.
        """
        total = hashlib.sha256()
        for chemin, signe in releve.items():
            total.update(f"{chemin}\0{self._du_fichier(chemin, signe, chemin in classeurs)}\0".encode())
        self._connues = {chemin: vue for chemin, vue in self._connues.items() if chemin in releve}
        return total.hexdigest()

    def _du_fichier(self, chemin: Path, signe: Signature, est_classeur: bool) -> str:
        connue = self._connues.get(chemin)
        if connue is not None and connue[0] == signe:
            return connue[1]
        with chemin.open("rb") as flux:  # un fichier tenu par Office se dit ici, par `PermissionError`
            octets = None if est_classeur else hashlib.file_digest(flux, "sha256")
        empreinte = octets.hexdigest() if octets else empreinte_des_donnees(chemin)
        self._connues[chemin] = (signe, empreinte)
        return empreinte


def empreinte_des_donnees(classeur: Path) -> str:
    """L’empreinte des valeurs des feuilles que cpomdocs lit. Lève `ErreurClasseur` s’il ne se lit pas."""
    lu = ouvrir_classeur(classeur)
    total = hashlib.sha256()
    for nom in _feuilles_lues(lu):
        total.update(f"{nom}\0{_contenu(lu, nom)}\0".encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def _feuilles_lues(classeur: ClasseurLu) -> list[str]:
    voulues = {feuille_de(collection).nom for collection in ORDRE_DES_FEUILLES}
    lues = {trouver_nom(voulue, classeur.feuilles) for voulue in voulues}
    return [nom for nom in classeur.feuilles if nom in lues or est_une_balance(nom)]


def _contenu(classeur: ClasseurLu, nom: str) -> str:
    try:
        grille = classeur.grille(nom)
    except ErreurFichier as erreur:
        return erreur.message
    constats = (sorted(grille.constats.erreurs.items()), sorted(grille.constats.sans_resultat))
    lignes = [_sans_fin_vide(ligne) for ligne in grille.lignes]
    return repr((_sans_fin_vide(lignes), constats))


def _sans_fin_vide(valeurs: Sequence[object]) -> Sequence[object]:
    """La suite sans ses dernières valeurs vides : une mise en forme au-delà des données n’en est pas une."""
    fin = len(valeurs)
    while fin and valeurs[fin - 1] in ("", []):
        fin -= 1
    return valeurs[:fin]
