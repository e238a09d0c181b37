"""Qui fait quoi : rôles, formations, circuit de validation, tâches par étape (`domaine` § 4.2)."""

from __future__ import annotations

from typing import ClassVar

from cpomdocs.modeles.base import Entite, Feuille, champ
from cpomdocs.modeles.entites.reperes import commentaire, etablissement_facultatif
from cpomdocs.modeles.types import Date, Entier, Texte, TexteLong


class Role(Entite):
    """Le rôle d’une personne dans la démarche ; une personne peut en avoir plusieurs."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Rôles", "Référent, équipe projet, négociateurs, gouvernance, CSE, CVS : une ligne par rôle tenu."
    )

    nom: Texte = champ("Nom", cle=True, exemple="Camille Exemple")
    role: Texte = champ("Rôle dans la démarche", cle=True, liste="roles_cpom", exemple="referent_technique")
    fonction: Texte = champ("Fonction", exemple="Directrice qualité")
    structure: Texte = champ("Structure", exemple="Association Les Tilleuls")
    etablissement: Texte = etablissement_facultatif("Vide : pour l’ensemble du gestionnaire.")
    missions: TexteLong = champ("Missions", aide="Une par ligne : elles passent dans la lettre de mission.")
    depuis: Date = champ("Depuis le")
    telephone: Texte = champ("Téléphone")
    courriel: Texte = champ("Courriel")
    commentaire: TexteLong = commentaire()


class Formation(Entite):
    """Une formation à la démarche ou à la négociation."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Formations", "Qui se forme à la démarche et à la négociation, quand, et si c’est fait."
    )

    personne: Texte = champ("Personne", cle=True, exemple="Camille Exemple")
    theme: Texte = champ("Thème", cle=True, exemple="Négocier un CPOM")
    organisme: Texte = champ("Organisme")
    date_prevue: Date = champ("Date prévue")
    date_realisee: Date = champ("Date réalisée")
    commentaire: TexteLong = commentaire()


class Validation(Entite):
    """Une étape du circuit de validation, en interne ou avec les financeurs."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Validations", "Le circuit de validation de chaque livrable : qui, dans quel ordre, quand, quel avis."
    )

    objet: Texte = champ("Objet validé", cle=True, liste="objets_validation", exemple="diagnostic")
    rang: Entier = champ("Rang", cle=True, exemple=1, aide="L’ordre dans le circuit.")
    instance: Texte = champ("Instance", obligatoire=True, reference="instances", exemple="copil")
    circuit: Texte = champ("Circuit", liste="circuits_validation", exemple="interne")
    date_prevue: Date = champ("Date prévue", obligatoire=True)
    date_avis: Date = champ("Date de l’avis")
    avis: Texte = champ("Avis", liste="avis_validation", exemple="valide")
    reserves: TexteLong = champ("Réserves")
    commentaire: TexteLong = commentaire()


class Tache(Entite):
    """La part d’un acteur dans une tâche d’une étape : la matrice RACI."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Tâches", "Qui réalise, approuve, est consulté ou informé, tâche par tâche, étape par étape."
    )

    phase: Texte = champ("Phase", cle=True, liste="phases", exemple="diagnostic")
    tache: Texte = champ("Tâche", cle=True, exemple="Collecter les données d’activité")
    acteur: Texte = champ("Acteur", cle=True, liste="roles_cpom", exemple="referent_technique")
    part: Texte = champ("Part", obligatoire=True, liste="parts_raci", exemple="R")
    commentaire: TexteLong = commentaire()
