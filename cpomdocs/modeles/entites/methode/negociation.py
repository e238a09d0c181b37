"""Négocier : les réunions, ce qui est demandé, offert et convenu, les positions, les décisions."""

from __future__ import annotations

import re
from typing import ClassVar

from cpomdocs.modeles.base import Entite, Feuille, calcul, champ
from cpomdocs.modeles.entites.reperes import commentaire
from cpomdocs.modeles.types import Date, Nature, Texte, TexteLong
from cpomdocs.nomenclatures import libelle


class Reunion(Entite):
    """Une réunion avec les autorités, ou de préparation."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Réunions", "Les réunions de la négociation : date, objet, participants."
    )

    numero: Texte = champ("Numéro de la réunion", cle=True, exemple="R1")
    date: Date = champ("Date", obligatoire=True)
    phase: Texte = champ("Phase", liste="phases", exemple="objectifs")
    objet: Texte = champ("Objet", obligatoire=True, exemple="Négociation des objectifs")
    lieu: Texte = champ("Lieu")
    participants: TexteLong = champ("Participants", aide="Un par ligne : nom, fonction, structure.")
    synthese: TexteLong = champ("Synthèse des échanges")
    prochaine: Date = champ("Prochaine réunion")


class Engagement(Entite):
    """Un point négocié : ce qui est demandé, ce que l’autre offre, ce qui est convenu."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Engagements", "Chaque point négocié : demandé, offert, convenu."
    )

    code: Texte = champ("Code de l’engagement", cle=True, exemple="E1")
    objet: Texte = champ("Objet", obligatoire=True, exemple="Création d’un PASA")
    objectif: Texte = champ("Objectif", reference="objectifs", exemple="1.2")
    article: Texte = champ("Article du contrat", exemple="4")
    partie: Texte = champ("Demandé par", obligatoire=True, liste="parties", exemple="gestionnaire")
    demande: TexteLong = champ("Demandé", obligatoire=True)
    offert: TexteLong = champ("Offert en réponse")
    convenu: TexteLong = champ("Convenu")
    statut: Texte = champ("Statut", obligatoire=True, liste="statuts_engagement", exemple="ouvert")
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Numéro de l’article", Nature("entier"), entrees=("article",))
    def numero_article(self) -> int | None:
        """Le premier nombre de l’article : 4 pour « 4 », « art. 4.2 » ou « Article 4, modulation »."""
        nombre = re.search(r"\d{1,3}", self.article or "")
        return None if nombre is None else int(nombre[0])


class Position(Entite):
    """La position d’une partie sur un engagement, à une réunion."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Positions", "Ce que chaque partie a dit de chaque engagement, réunion par réunion."
    )

    reunion: Texte = champ("Réunion", cle=True, reference="reunions", exemple="R1")
    engagement: Texte = champ("Engagement", cle=True, reference="engagements", exemple="E1")
    partie: Texte = champ("Partie", cle=True, liste="parties", exemple="ars")
    position: TexteLong = champ("Position", obligatoire=True)
    motif: TexteLong = champ("Motif")


class Decision(Entite):
    """Une décision prise à une réunion."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Décisions", "Le relevé de décisions : quoi, qui, pour quand, où cela en est."
    )

    reunion: Texte = champ("Réunion", cle=True, reference="reunions", exemple="R1")
    numero: Texte = champ("Numéro de la décision", cle=True, exemple="1")
    decision: TexteLong = champ("Décision", obligatoire=True)
    engagement: Texte = champ("Engagement", reference="engagements", exemple="E1")
    responsable: Texte = champ("Responsable")
    echeance: Date = champ("Échéance")
    statut: Texte = champ("Statut", liste="statuts_jalon", exemple="en_cours")
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Situation", Nature("texte"), entrees=("statut", "echeance"))
    def situation(self) -> str | None:
        """« Fait », « En retard » quand l’échéance est passée à la date de référence, sinon l’avancement."""
        jour = self.dossier.parametres.date_reference
        retard = self.statut != "fait" and jour and self.echeance and self.echeance < jour
        return libelle("statuts_jalon", "en_retard" if retard else self.statut)
