"""Écrire le classeur maître d’après les modèles : mode d’emploi, paramètres, une feuille par entité."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from cpomdocs.classeur.besoins import FormulaireResume, a_remettre, modele_de
from cpomdocs.classeur.feuilles.accueil import ecrire_accueil
from cpomdocs.classeur.feuilles.controle import ecrire_feuille_de_controle
from cpomdocs.classeur.feuilles.elements import ACCUEIL, Atelier
from cpomdocs.classeur.feuilles.fiches import ecrire_fiche, ecrire_parametres
from cpomdocs.classeur.feuilles.listes import ecrire_listes
from cpomdocs.classeur.feuilles.pilotage import PILOTAGE, ecrire_pilotage
from cpomdocs.classeur.feuilles.poste import ecrire_poste
from cpomdocs.classeur.feuilles.styles import Styles
from cpomdocs.classeur.feuilles.tableaux import ecrire_liste
from cpomdocs.classeur.macros.projet import embarquer
from cpomdocs.controle.feuille import CONTROLE
from cpomdocs.erreurs import ErreurEcriture
from cpomdocs.modeles.dossier import FICHES, ORDRE_DES_FEUILLES, Dossier
from cpomdocs.modeles.entites.parametres import FormulaireDemande

REGLAGES = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "dd/mm/yyyy",
}
"""Les réglages de XlsxWriter : un texte reste un texte."""
_CREATION = datetime.datetime(2026, 1, 1)
"""Date de création écrite dans le fichier : fixe, pour que les mêmes données donnent les mêmes octets."""


def ecrire_classeur(
    cible: Path | BinaryIO,
    dossier: Dossier | None,
    formulaires: Sequence[FormulaireResume],
    interpreteurs: Sequence[str] | None = None,
    completer: Callable[[Workbook], None] | None = None,
) -> None:
    """Écrit le classeur maître dans un fichier ou un flux, vide ou avec les données d’un dossier.

    `interpreteurs` : ceux que ses boutons lanceront, le premier d’abord ; le classeur est alors un .xlsm.
    Sans eux, un .xlsx : ni boutons, ni feuille « Pilotage ».
    `completer` : appelé avant la fermeture, pour ajouter au classeur ce que le dossier ne porte pas.
    Lève `ErreurEcriture` si le fichier ne peut pas être écrit ou si un texte dépasse une cellule d’Excel.
    """
    choisis = a_remettre(formulaires, dossier)
    donnees = _avec_formulaires(dossier or Dossier(), choisis)
    classeur = Workbook(str(cible) if isinstance(cible, Path) else cible, REGLAGES)
    classeur.set_properties({"title": "Classeur maître du CPOM", "author": "cpomdocs", "created": _CREATION})
    atelier = Atelier(classeur, Styles(classeur), choisis, boutons=interpreteurs is not None)
    _ecrire_feuilles(atelier, donnees)
    if interpreteurs is not None:
        ecrire_poste(classeur, interpreteurs)
    if completer is not None:
        completer(classeur)
    if interpreteurs is not None:
        embarquer(classeur)  # une fois toutes les feuilles là
    try:
        classeur.close()
    except FileCreateError as erreur:
        raise ErreurEcriture(
            f"Le classeur « {cible} » ne peut pas être écrit.",
            "Le fermer dans Excel, et vérifier que le dossier accepte les fichiers.",
        ) from erreur


def _ecrire_feuilles(atelier: Atelier, dossier: Dossier) -> None:
    ecrire_accueil(atelier, atelier.classeur.add_worksheet(ACCUEIL))
    if atelier.boutons:
        ecrire_pilotage(atelier, atelier.classeur.add_worksheet(PILOTAGE), dossier.etablissements)
    ecrire_feuille_de_controle(atelier, atelier.classeur.add_worksheet(CONTROLE))
    for collection in ORDRE_DES_FEUILLES:
        entete = modele_de(collection).feuille
        if entete is None or collection == "formulaires":
            continue
        feuille = atelier.classeur.add_worksheet(entete.nom)
        if collection == "parametres":
            ecrire_parametres(atelier, feuille, dossier)
        elif collection in FICHES:
            ecrire_fiche(atelier, feuille, collection, getattr(dossier, collection))
        else:
            ecrire_liste(atelier, feuille, collection, getattr(dossier, collection))
    ecrire_listes(atelier.classeur, atelier.formulaires, dossier.parametres.annee_n)


def _avec_formulaires(dossier: Dossier, choisis: Sequence[FormulaireResume]) -> Dossier:
    """Le même dossier, avec une ligne par formulaire connu."""
    presents = {demande.nom for demande in dossier.formulaires}
    nouveaux = [
        FormulaireDemande(nom=f.nom, libelle=f.libelle, a_remettre=f.a_remettre)
        for f in choisis
        if f.nom not in presents
    ]
    return dossier.model_copy(update={"formulaires": [*dossier.formulaires, *nouveaux]})
