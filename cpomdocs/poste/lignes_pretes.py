"""Les lignes attendues, à poser par la macro dans le classeur ouvert.

Le classeur enregistré est préparé dans une copie, comme par `cpomdocs classeur preparer` ; ce qui s’y est
ajouté est rendu, cellule par cellule. Rien n’est écrit dans le dossier.
"""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cpomdocs.classeur.besoins import modele_de
from cpomdocs.classeur.preparation import preparer_classeur
from cpomdocs.formulaires.besoins import resumer
from cpomdocs.formulaires.catalogue import charger_formulaires, repertoire_des_formulaires
from cpomdocs.lecture import lire_classeur
from cpomdocs.lecture.grilles import ClasseurLu, ouvrir_classeur
from cpomdocs.modeles.dossier import ORDRE_DES_FEUILLES
from cpomdocs.poste.reponse import Extension, Pose
from cpomdocs.remplissage.excel_valeurs import numero_date


def attendues(dossier: Path, classeur: Path) -> tuple[list[str], list[Pose], list[Extension]]:
    """Ce qui a été ajouté, en phrases ; les cellules à poser ; les tableaux à agrandir.

    Lève `ErreurClasseur` si le classeur ne se lit pas.
    """
    formulaires, _ = charger_formulaires(repertoire_des_formulaires(dossier))
    with tempfile.TemporaryDirectory(prefix="cpomdocs-") as repertoire:
        copie = Path(repertoire) / classeur.name
        shutil.copyfile(classeur, copie)
        avant = ouvrir_classeur(copie)
        donnees, _ = lire_classeur(copie)
        faits = preparer_classeur(copie, donnees, resumer(formulaires, donnees))
        poses = list(_ajouts(avant, ouvrir_classeur(copie))) if faits else []
    if not poses:
        return [], [], []
    return [f for f in faits if "ajouté" in f], poses, list(_extensions(poses))


def _ajouts(avant: ClasseurLu, apres: ClasseurLu) -> Iterator[Pose]:
    """Les cellules vides avant et remplies après ; les marques, des formules, n’en sont pas."""
    for nom in apres.feuilles:
        anciennes = avant.grille(nom).lignes
        for rang, ligne in enumerate(apres.grille(nom).lignes):
            ancienne = anciennes[rang] if rang < len(anciennes) else ()
            for colonne, valeur in enumerate(ligne):
                vide = colonne >= len(ancienne) or ancienne[colonne] == ""
                posee = _posable(valeur) if vide else None
                if posee is not None:
                    yield Pose(nom, rang + 1, colonne + 1, posee)


def _posable(valeur: object) -> str | float | None:
    """Ce que la macro pose : un texte, un nombre, le numéro d’une date ; rien pour une cellule vide."""
    if isinstance(valeur, datetime.date):
        return float(numero_date(valeur, date1904=False))
    if isinstance(valeur, int | float):
        return float(valeur)
    return valeur if isinstance(valeur, str) and valeur else None


def _extensions(poses: list[Pose]) -> Iterator[Extension]:
    """Les tableaux où des lignes sont posées, jusqu’à la dernière."""
    dernieres: dict[str, int] = {}
    for pose in poses:
        dernieres[pose.feuille] = max(dernieres.get(pose.feuille, 0), pose.ligne)
    for collection in ORDRE_DES_FEUILLES:
        entete = modele_de(collection).feuille
        if entete is not None and entete.nom in dernieres:
            yield Extension(entete.nom, f"T_{collection}", dernieres[entete.nom])
