"""Ce qu’une personne choisit pour tout le dossier : année N, autorités, formulaires à remettre."""

from __future__ import annotations

from typing import ClassVar

from cpomdocs.modeles.base import Entite, Feuille, Fiche, champ
from cpomdocs.modeles.types import Annee, Date, OuiNon, Texte


class Parametres(Fiche):
    """Les choix du dossier : ils pilotent toutes les années relatives (N-2, N-1, N) des formulaires."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Paramètres",
        "Choisir ici l’année N, la date de référence, les autorités et les formulaires à remettre.",
        "fiche",
    )

    annee_n: Annee = champ(
        "Année N", obligatoire=True, exemple=2026, aide="Première année du contrat ou année de l’EPRD."
    )
    date_reference: Date = champ(
        "Date de référence",
        obligatoire=True,
        exemple="31/03/2026",
        aide="La seule date que les documents emploient : ils ne changent pas d’un jour à l’autre.",
    )
    campagne: Texte = champ("Campagne", exemple="2026", aide="Année de la campagne budgétaire ou du contrat.")
    autorite: Texte = champ("Autorité (ARS)", exemple="ARS Exemple", aide="Agence régionale de santé.")
    autorite_departement: Texte = champ(
        "Autorité (département)",
        exemple="Département de l’Exemple",
        aide="Conseil départemental compétent.",
    )
    region: Texte = champ("Région", exemple="Pays d’Exemple")
    departement: Texte = champ("Département", exemple="99", aide="Code du département.")


class FormulaireDemande(Entite):
    """Un formulaire, et s’il faut le remettre à l’autorité."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Paramètres", "Répondre « oui » pour chaque formulaire que l’autorité demande cette année."
    )

    nom: Texte = champ("Formulaire", cle=True, exemple="annexe-activite")
    libelle: Texte = champ("Intitulé du formulaire", exemple="Annexe activité prévisionnelle")
    a_remettre: OuiNon = champ("À remettre", exemple="oui")
