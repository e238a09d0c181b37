"""Projeter : ce que coûte chaque action, ce que chaque scénario retient, l’offre avant et après."""

from __future__ import annotations

from typing import Any, ClassVar

from cpomdocs.modeles.base import Entite, Feuille, champ
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement, cle_objectif, commentaire
from cpomdocs.modeles.types import Annee, Entier, Etp, Montant, OuiNon, Places, Taux, Texte, TexteLong


def _cle_scenario() -> Any:
    return champ("Scénario", cle=True, reference="scenarios", exemple="A")


class CoutAction(Entite):
    """Ce qu’une action coûte ou rapporte, une année, dans un établissement et un groupe fonctionnel."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Coûts des actions", "Charges et recettes de chaque action, par année, établissement et financement."
    )

    objectif: Texte = cle_objectif()
    action: Texte = champ("Numéro de l’action", cle=True, exemple="1.2.1")
    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    sens: Texte = champ("Charge ou produit", cle=True, liste="sens_compte", exemple="charge")
    groupe: Texte = champ("Groupe fonctionnel", cle=True, liste="groupes_fonctionnels", exemple="II")
    financement: Texte = champ("Financement", cle=True, liste="financements_action", exemple="redeploiement")
    montant: Montant = champ("Montant", obligatoire=True, exemple="12 000,00")
    etp: Etp = champ("ETP", exemple="0,50")
    commentaire: TexteLong = commentaire()


class Scenario(Entite):
    """Un scénario négociable : des actions et des hypothèses."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Scénarios", "Les scénarios à comparer ; un seul est retenu et donne le PGFP."
    )

    code: Texte = champ("Code du scénario", cle=True, exemple="A")
    intitule: Texte = champ("Scénario", obligatoire=True, exemple="Fil de l’eau")
    description: TexteLong = champ("Description")
    retenu: OuiNon = champ("Retenu", exemple="oui")
    motif: TexteLong = champ("Motif du choix", aide="Pourquoi il est retenu, ou écarté.")
    commentaire: TexteLong = commentaire()


class Hypothese(Entite):
    """Les taux d’un scénario, une année ; vides, ceux de la feuille « Années » valent."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Hypothèses", "Taux d’évolution de chaque scénario, par année ; vides, ceux d’« Années » valent."
    )

    scenario: Texte = _cle_scenario()
    annee: Annee = cle_annee()
    taux_dotation: Taux = champ("Évolution des dotations", exemple="1 %")
    taux_autres_produits: Taux = champ("Évolution des autres produits", exemple="1 %")
    taux_gvt: Taux = champ("GVT", exemple="0,8 %", aide="Glissement vieillesse-technicité.")
    taux_salaires: Taux = champ("Évolution générale des salaires", exemple="1 %")
    taux_inflation: Taux = champ("Inflation", exemple="1,8 %")
    taux_activite: Taux = champ(
        "Évolution de l’activité",
        exemple="0 %",
        aide="Sur les produits de l’activité et les charges du groupe I.",
    )
    variation_bfr: Montant = champ(
        "Variation du BFR", exemple="5 000,00", aide="Vide : le BFR reste celui de l’année d’avant."
    )
    commentaire: TexteLong = commentaire()


class ChoixAction(Entite):
    """Une action dans un scénario : retenue ou non, et de combien d’années elle est décalée."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Actions des scénarios", "Les actions que chaque scénario retient, et leur éventuel décalage."
    )

    scenario: Texte = _cle_scenario()
    objectif: Texte = cle_objectif()
    action: Texte = champ("Numéro de l’action", cle=True, exemple="1.2.1")
    retenue: OuiNon = champ("Retenue", obligatoire=True, exemple="oui")
    decalage: Entier = champ("Décalage", exemple=1, aide="Nombre d’années de report ; vide : aucun.")
    commentaire: TexteLong = commentaire()


class PlaceOffre(Entite):
    """L’évolution de l’offre : places demandées par l’autorité et proposées, une année."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Offre", "Places par modalité et année : ce que l’autorité demande, ce que l’association propose."
    )

    etablissement: Texte = cle_etablissement()
    modalite: Texte = champ("Modalité d’accueil", cle=True, liste="modalites", exemple="HP")
    annee: Annee = cle_annee()
    places_demandees: Places = champ("Places demandées par l’autorité", exemple=78)
    places_proposees: Places = champ("Places proposées", obligatoire=True, exemple=80)
    mouvement: Texte = champ("Mouvement", liste="mouvements_offre", exemple="transformation")
    commentaire: TexteLong = commentaire()
