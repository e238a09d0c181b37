"""Embarquer le projet VBA dans un classeur : le projet construit, et le module de chaque feuille.

`outils/macros.py` construit `vbaProject.bin` d’après `Cpomdocs.bas` et `MODULES` ; ici, on le recopie.
"""

from __future__ import annotations

import io
from pathlib import Path

from xlsxwriter import Workbook

from cpomdocs.classeur.besoins import modele_de
from cpomdocs.classeur.feuilles.elements import ACCUEIL
from cpomdocs.classeur.feuilles.pilotage import PILOTAGE
from cpomdocs.classeur.feuilles.poste import POSTE
from cpomdocs.classeur.marques import FEUILLE_LISTES
from cpomdocs.controle.feuille import CONTROLE
from cpomdocs.modeles.dossier import ORDRE_DES_FEUILLES

REPERTOIRE = Path(__file__).parent
PROJET = REPERTOIRE / "vbaProject.bin"
MODULE = "Cpomdocs"
SOURCE = REPERTOIRE / f"{MODULE}.bas"
CLASSEUR = "ThisWorkbook"


def modules() -> dict[str, str]:
    """Le module VBA de chaque feuille du classeur maître, par nom de feuille, dans l’ordre du projet."""
    entites = {
        entete.nom: f"F_{collection}"
        for collection in ORDRE_DES_FEUILLES
        if collection != "formulaires" and (entete := modele_de(collection).feuille) is not None
    }
    return {
        ACCUEIL: "F_accueil",
        PILOTAGE: "F_pilotage",
        CONTROLE: "F_controle",
        **entites,
        FEUILLE_LISTES: "F_listes",
        POSTE: "F_poste",
    }


def embarquer(classeur: Workbook) -> None:
    """Ajoute le projet VBA au classeur et relie chaque feuille à son module.

    Une feuille que le projet ne connaît pas n’annonce aucun module : Excel lui en donne un à l’ouverture.
    """
    classeur.add_vba_project(io.BytesIO(PROJET.read_bytes()), is_stream=True)
    classeur.set_vba_name(CLASSEUR)
    connus = modules()
    for feuille in classeur.worksheets():
        feuille.set_vba_name(connus.get(feuille.get_name(), ""))
