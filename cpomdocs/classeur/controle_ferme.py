"""La feuille « Contrôle » d’un classeur fermé : récrite en place, tout le reste garde ses octets."""

from __future__ import annotations

import datetime
from pathlib import Path

from cpomdocs.classeur.chantier import Chantier
from cpomdocs.classeur.en_place import refuser_ouvert, remplacer
from cpomdocs.classeur.marques import Marque
from cpomdocs.controle import feuille as modele
from cpomdocs.erreurs import ErreurClasseur
from cpomdocs.lecture import lire_classeur
from cpomdocs.lecture.grilles import ouvrir_classeur
from cpomdocs.rapport import Rapport

_VIDE = Marque('=""', "")
"""Ce qui remplace un lien devenu inutile : une formule reste une formule, la chaîne de calcul reste juste."""


def ecrire_dans_le_classeur(classeur: Path, rapport: Rapport) -> None:
    """Écrit le contrôle dans sa feuille ; une copie du classeur est gardée dans `.cpomdocs/sauvegardes/`.

    Lève `ErreurClasseur` si cette feuille manque, `ErreurEcriture` si le classeur est ouvert ou si le disque
    refuse.
    """
    refuser_ouvert(classeur)
    lu = ouvrir_classeur(classeur)
    if modele.CONTROLE not in lu.feuilles:
        raise ErreurClasseur(
            f"« {classeur.name} » n’a pas de feuille « {modele.CONTROLE} ».",
            "Lancer « cpomdocs classeur mettre-a-niveau », ou lire sorties/controle.xlsx.",
        )
    donnees, _ = lire_classeur(classeur)
    codes = [etablissement.code for etablissement in donnees.etablissements if etablissement.code]
    contenu = modele.composer(rapport, codes, lu.feuilles, datetime.datetime.now())
    chantier = Chantier(lu.archive)
    feuille = chantier.exiger(modele.CONTROLE)
    occupees = {
        (rang + 1, colonne + 1)
        for rang, ligne in enumerate(lu.grille(modele.CONTROLE).lignes)
        for colonne, brut in enumerate(ligne)
        if brut != ""
    }
    liens = {
        (rang, colonne): Marque(case.formule, case.texte)
        for rang, ligne in enumerate(contenu.cases, start=1)
        for colonne, case in enumerate(ligne, start=1)
        if isinstance(case, modele.Lien)
    }
    textes = {
        (rang, colonne): case
        for rang, ligne in enumerate(contenu.cases, start=1)
        for colonne, case in enumerate(ligne, start=1)
        if not isinstance(case, modele.Lien)
    }
    formules = chantier.formules(feuille, occupees)
    a_vider = occupees - liens.keys() - formules
    chantier.poser(
        feuille, {place: textes.get(place) for place in sorted(a_vider | (textes.keys() - formules))}
    )
    perdues = formules - liens.keys()
    chantier.marquer(feuille, {**{place: _marque(textes.get(place)) for place in perdues}, **liens})
    octets = chantier.terminer()
    if octets is not None:
        remplacer(classeur, lu.archive.octets, octets)


def _marque(case: modele.Case) -> Marque:
    """Un texte là où il y avait un lien : une formule qui le donne."""
    if case is None or case == "" or isinstance(case, modele.Lien):
        return _VIDE
    texte = str(case)
    return Marque('="' + texte.replace('"', '""')[:250] + '"', texte[:250])
