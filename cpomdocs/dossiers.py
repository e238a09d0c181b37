"""Créer un dossier (classeur maître, formulaires livrés, réglages), ou celui de la démonstration."""

from __future__ import annotations

import datetime
import io
import shutil
from pathlib import Path

from cpomdocs.classeur.preparation import preparer_classeur
from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.demo import dossier_de_demonstration
from cpomdocs.ecriture.depot import poser, sauvegarder
from cpomdocs.erreurs import ErreurDossier
from cpomdocs.formulaires.besoins import resumer
from cpomdocs.formulaires.catalogue import charger_formulaires, repertoire_des_formulaires, repertoire_livre
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.poste.machine import Machine
from cpomdocs.poste.reparation import installer_script
from cpomdocs.reglages import CLASSEURS, FICHIER, PRIVE, lire_reglages, trouver_classeur
from cpomdocs.transfert import Passage, Transfert, mettre_a_niveau, passer_a_l_annee_suivante

CLASSEUR, CLASSEUR_SANS_MACROS = CLASSEURS
_MARQUE_DEMO = "demonstration"
_REGLAGES = """\
# Réglages techniques du dossier, tous facultatifs : retirer le « # » d’une ligne pour l’employer.
# L’année N, l’autorité et les formulaires à remettre se saisissent dans le classeur maître,
# feuille « Paramètres ».

# classeur = "classeur-maitre.xlsm"
# attente_verrou = 30.0

# [seuils]
# variation_groupe = 0.05
"""


def creer_dossier(dossier: Path, *, macros: bool = True) -> Path:
    """Crée un dossier vide prêt à remplir ; rend le chemin du classeur maître.

    `macros` : un .xlsm, avec ses boutons ; sinon, un .xlsx.

    Lève `ErreurDossier` si le répertoire existe déjà et n’est pas vide.
    """
    if dossier.exists() and (not dossier.is_dir() or any(dossier.iterdir())):
        raise ErreurDossier(f"« {dossier} » existe déjà et n’est pas vide.", "Choisir un autre nom.")
    return _installer(dossier, None, macros)


def creer_demonstration(dossier: Path, *, macros: bool = True) -> Path:
    """Crée, ou remet à neuf, le dossier de démonstration ; rend le chemin du classeur maître.

    Un classeur retouché est d’abord copié dans `.cpomdocs/sauvegardes`. `macros` : comme `creer_dossier`.
    Lève `ErreurDossier` si le répertoire n’est pas une démonstration précédente.
    """
    marque = dossier / PRIVE / _MARQUE_DEMO
    if dossier.exists() and not marque.is_file() and (not dossier.is_dir() or any(dossier.iterdir())):
        raise ErreurDossier(
            f"« {dossier} » n’est pas une démonstration précédente : rien n’y a été touché.",
            "Choisir un autre nom de dossier.",
        )
    marque.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    marque.touch()
    return _installer(dossier, dossier_de_demonstration(), macros)


def _installer(dossier: Path, donnees: Dossier | None, macros: bool) -> Path:
    shutil.copytree(repertoire_livre(), dossier / "gabarits", dirs_exist_ok=True)
    if not (dossier / FICHIER).exists():
        poser(dossier / FICHIER, _REGLAGES.encode())
    formulaires, _ = charger_formulaires(repertoire_des_formulaires(dossier))
    tampon = io.BytesIO()
    machine = Machine.actuelle()
    interpreteurs = [machine.interpreteur] if macros else None
    ecrire_classeur(tampon, donnees, resumer(formulaires, donnees), interpreteurs)
    classeur = dossier / (CLASSEUR if macros else CLASSEUR_SANS_MACROS)
    for ancien in (dossier / nom for nom in CLASSEURS):
        if ancien.is_file() and (ancien != classeur or ancien.read_bytes() != tampon.getvalue()):
            sauvegarder(dossier, ancien)
            ancien.unlink()
    poser(classeur, tampon.getvalue())
    if macros:
        installer_script(machine)
    return classeur


def preparer_dossier(dossier: Path) -> list[str]:
    """Ajoute au classeur maître les lignes attendues et les marques des formulaires ; dit quoi."""
    classeur = trouver_classeur(dossier, lire_reglages(dossier))
    donnees, _ = lire_classeur(classeur)
    formulaires, _ = charger_formulaires(repertoire_des_formulaires(dossier))
    return preparer_classeur(classeur, donnees, resumer(formulaires, donnees))


def mettre_a_niveau_dossier(dossier: Path) -> Transfert:
    """Remplace le classeur maître par un neuf, aux modèles d’aujourd’hui, qui porte tout ce qu’il portait.

    Lève comme `mettre_a_niveau`.
    """
    classeur = trouver_classeur(dossier, lire_reglages(dossier))
    formulaires, _ = charger_formulaires(repertoire_des_formulaires(dossier))
    return mettre_a_niveau(
        classeur,
        lambda donnees: resumer(formulaires, donnees),
        datetime.date.today(),
        [Machine.actuelle().interpreteur] if classeur.suffix == ".xlsm" else None,
    )


def passer_le_dossier_a_l_annee_suivante(dossier: Path) -> Passage:
    """Fait de l’année N du dossier l’année d’après. Lève comme `passer_a_l_annee_suivante`."""
    classeur = trouver_classeur(dossier, lire_reglages(dossier))
    formulaires, _ = charger_formulaires(repertoire_des_formulaires(dossier))
    return passer_a_l_annee_suivante(classeur, lambda donnees: resumer(formulaires, donnees))
