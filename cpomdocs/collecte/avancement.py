"""Où en est chaque part : demandée, reçue, complète ; les mêmes règles que le contrôle."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cpomdocs.classeur.besoins import modele_de
from cpomdocs.collecte.envoi.parts import ETABLISSEMENT, Part
from cpomdocs.collecte.registre import Envoi, Registre, RetourConnu, ouvrir_registre
from cpomdocs.controle.completude import Completude
from cpomdocs.formulaires.catalogue import charger_formulaires, repertoire_des_formulaires
from cpomdocs.formulaires.verification import ecarter_les_fautifs
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles.chemins import Valeur
from cpomdocs.plan import DocumentPrevu, planifier
from cpomdocs.reglages import PRIVE, lire_reglages, trouver_classeur

_Donnee = tuple[str, str]
"""Un champ et l’établissement du document qui le montre : la même donnée ne compte qu’une fois."""


@dataclass(frozen=True)
class EtatDePart:
    """Une part : son envoi, ses retours, ses données attendues et celles qui manquent encore."""

    envoi: Envoi
    retours: tuple[RetourConnu, ...]
    completude: Completude
    manques: tuple[Valeur, ...]
    aujourd_hui: datetime.date

    @property
    def recu_le(self) -> datetime.date | None:
        """La date du dernier retour rassemblé ou à décider."""
        return max((retour.recu for retour in self.retours), default=None)

    @property
    def a_decider(self) -> bool:
        """Vrai si un retour attend une décision dans « Rassemblement »."""
        return any(retour.en_attente for retour in self.retours)

    @property
    def complete(self) -> bool:
        """Vrai si tout ce que les formulaires attendent de cette part est dans le classeur maître."""
        return not self.manques

    @property
    def en_retard(self) -> bool:
        """Vrai si l’échéance est passée et que des données manquent."""
        echeance = self.envoi.echeance
        return echeance is not None and self.aujourd_hui > echeance and not self.complete

    @property
    def statut(self) -> str:
        """L’état en un mot, pour le tableau."""
        if self.a_decider:
            return "à décider"
        if self.complete:
            return "complet"
        if self.en_retard:
            return "en retard"
        return "reçu, incomplet" if self.retours else "attendu"


def etats_des_parts(racine: Path, registre: Registre, aujourd_hui: datetime.date) -> list[EtatDePart]:
    """L’état de chaque part, d’après son dernier envoi et le classeur maître tel qu’il est."""
    derniers = registre.derniers()
    if not derniers:
        return []
    prevus = _prevus(racine)
    references: dict[tuple[str, str], set[str]] = {}
    for envoi in registre.envois():
        references.setdefault((envoi.part.genre, envoi.part.code), set()).add(envoi.reference)
    retours = registre.retours()
    etats = []
    for envoi in derniers:
        donnees = _donnees(envoi.part, envoi.formulaires, prevus)
        manques = [valeur for valeur in donnees.values() if valeur.etat == "vide"]
        siens = references[envoi.part.genre, envoi.part.code]
        etats.append(
            EtatDePart(
                envoi,
                tuple(retour for retour in retours if retour.envoi in siens),
                Completude(len(donnees) - len(manques), len(donnees)),
                tuple(manques),
                aujourd_hui,
            )
        )
    return etats


def part_collectee(racine: Path) -> Completude | None:
    """La part des données demandées qui sont collectées ; `None` tant que rien n’a été réparti.

    Une donnée demandée à deux personnes ne compte qu’une fois. Lève comme `lire_classeur`.
    """
    if not (racine / PRIVE).is_dir():
        return None
    with ouvrir_registre(racine / PRIVE) as registre:
        derniers = registre.derniers()
    if not derniers:
        return None
    prevus = _prevus(racine)
    donnees: dict[_Donnee, Valeur] = {}
    for envoi in derniers:
        donnees |= _donnees(envoi.part, envoi.formulaires, prevus)
    vides = sum(valeur.etat == "vide" for valeur in donnees.values())
    return Completude(len(donnees) - vides, len(donnees))


def _prevus(racine: Path) -> list[DocumentPrevu]:
    dossier, _ = lire_classeur(trouver_classeur(racine, lire_reglages(racine)))
    formulaires, _ = charger_formulaires(repertoire_des_formulaires(racine))
    utilisables, _ = ecarter_les_fautifs(formulaires)
    return planifier(dossier, utilisables)


def _donnees(
    part: Part, formulaires: Sequence[str], prevus: Sequence[DocumentPrevu]
) -> dict[_Donnee, Valeur]:
    """Les données attendues des formulaires demandés, quand elles se tapent dans une feuille de la part."""
    feuilles = {feuille.nom for c in part.collections if (feuille := modele_de(c).feuille)}
    donnees: dict[_Donnee, Valeur] = {}
    for prevu in prevus:
        if prevu.formulaire.nom not in formulaires:
            continue
        if part.genre == ETABLISSEMENT and prevu.etablissement != part.code:
            continue
        for valeur in prevu.valeurs:
            attendue = valeur.etat != "non_attendu" and any(s.feuille in feuilles for s in valeur.sources)
            if attendue:
                donnees.setdefault((valeur.champ, prevu.etablissement or ""), valeur)
    return donnees
