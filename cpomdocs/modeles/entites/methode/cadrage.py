"""Ce que l’autorité impose au départ, et ce que le diagnostic met en évidence."""

from __future__ import annotations

from typing import ClassVar

from cpomdocs.modeles.base import Entite, Feuille, champ
from cpomdocs.modeles.entites.methode.diagnostic import ParAxe
from cpomdocs.modeles.entites.reperes import commentaire, source
from cpomdocs.modeles.types import Annee, Date, Entier, Nombre, OuiNon, Texte, TexteLong


class Contrainte(Entite):
    """Une contrainte posée par l’autorité : calendrier, trames, moyens, offre."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Contraintes",
        "Ce que l’autorité impose : calendrier, trames, moyens constants, évolution de l’offre.",
    )

    code: Texte = champ("Code de la contrainte", cle=True, exemple="C1")
    type: Texte = champ("Type de contrainte", obligatoire=True, liste="types_contrainte", exemple="moyens")
    partie: Texte = champ("Posée par", liste="parties", exemple="ars")
    intitule: TexteLong = champ("Contrainte", obligatoire=True)
    date_connue: Date = champ("Connue le")
    reference: Texte = champ("Document", exemple="Courrier de lancement du 12/01/2026")
    consequence: TexteLong = champ("Conséquence pour l’association")
    reponse: TexteLong = champ("Réponse préparée")
    commentaire: TexteLong = commentaire()


class AxeRetenu(Entite):
    """Un axe du diagnostic tel que l’autorité le nomme et l’ordonne."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Axes", "Les axes du diagnostic que l’autorité retient, dans son ordre et avec ses mots."
    )

    axe: Texte = champ("Axe", cle=True, liste="axes", exemple="activite")
    intitule: Texte = champ("Intitulé de l’autorité", exemple="Adapter l’offre aux besoins")
    ordre: Entier = champ("Ordre", exemple=1)
    retenu: OuiNon = champ("Retenu", exemple="oui")
    commentaire: TexteLong = commentaire()


class Problematique(ParAxe):
    """Un problème que le diagnostic fait apparaître, et auquel des objectifs répondent."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Problématiques", "Les problèmes tirés du diagnostic : chaque objectif dit auquel il répond."
    )

    code: Texte = champ("Code de la problématique", cle=True, exemple="P1")
    axe: Texte = champ("Axe", obligatoire=True, liste="axes", exemple="activite")
    intitule: TexteLong = champ("Problématique", obligatoire=True)
    constats: TexteLong = champ("Constats à l’appui")
    priorite: Texte = champ("Priorité", liste="priorites", exemple="prioritaire")
    etablissements: Texte = champ(
        "Établissements concernés",
        exemple="EHPAD1, SAVS",
        aide="Codes séparés par des virgules ; vide : tous.",
    )
    source: Texte = source()
    commentaire: TexteLong = commentaire()


class Reference(Entite):
    """Les valeurs d’un indicateur dans un groupe comparable, données par la personne."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Références", "Quartiles et médiane d’établissements comparables, pour appuyer une proposition."
    )

    indicateur: Texte = champ(
        "Indicateur", cle=True, liste="indicateurs_reference", exemple="taux_occupation"
    )
    categorie: Texte = champ("Catégorie", cle=True, liste="categories_finess", exemple="500")
    territoire: Texte = champ("Territoire", cle=True, exemple="Région")
    annee: Annee = champ("Année", cle=True, exemple=2024)
    q1: Nombre = champ("Premier quartile", aide="Un taux s’écrit en fraction : 0,95 ou 95 %.")
    mediane: Nombre = champ("Médiane", obligatoire=True)
    q3: Nombre = champ("Troisième quartile")
    effectif: Entier = champ("Établissements comparés")
    source: Texte = source()
