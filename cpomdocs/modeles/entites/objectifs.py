"""Les engagements : objectifs, actions, indicateurs et leurs valeurs (`domaine` § 1.3, § 1.13)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from cpomdocs.modeles.arithmetique import difference, quotient, somme, somme_des_champs
from cpomdocs.modeles.base import Entite, Feuille, calcul, champ
from cpomdocs.modeles.entites.methode.diagnostic import ParAxe
from cpomdocs.modeles.entites.reperes import (
    cle_annee,
    cle_objectif,
    commentaire,
    etablissement_facultatif,
    source,
)
from cpomdocs.modeles.types import Annee, Date, Etp, Montant, Nature, Nombre, OuiNon, Texte, TexteLong


class Objectif(ParAxe):
    """Un objectif du contrat, support d’une fiche objectif."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Objectifs", "Une ligne par objectif ; un nombre resserré d’objectifs se suit mieux."
    )

    numero: Texte = champ("Numéro", cle=True, exemple="1.2")
    axe: Texte = champ("Axe", obligatoire=True, liste="axes", exemple="activite")
    objectif_general: TexteLong = champ("Objectif général", obligatoire=True)
    objectif_operationnel: TexteLong = champ("Objectif opérationnel")
    orientation: Texte = champ("Orientation", reference="orientations", exemple="PRS-3")
    constat: TexteLong = champ("Constat du diagnostic")
    problematique: Texte = champ("Problématique", reference="problematiques", exemple="P1")
    negociabilite: Texte = champ("Négociable", liste="negociabilite", exemple="veut")
    provisoire: OuiNon = champ(
        "Provisoire", exemple="non", aide="Oui tant que le diagnostic n’est pas validé."
    )
    priorite: Texte = champ("Priorité", liste="priorites", exemple="prioritaire")
    etablissements: Texte = champ(
        "Établissements concernés",
        exemple="EHPAD1, SAVS",
        aide="Codes séparés par des virgules ; vide : tous.",
    )
    public_concerne: Texte = champ("Public concerné")
    pilote: Texte = champ("Pilote", obligatoire=True)
    partenaires: TexteLong = champ("Acteurs et partenaires")
    date_debut: Date = champ("Début")
    date_fin: Date = champ("Échéance", obligatoire=True)
    engagement_autorite: TexteLong = champ("Engagement de l’autorité")
    vigilance: TexteLong = champ("Points de vigilance")
    facteurs_reussite: TexteLong = champ("Facteurs de réussite")
    avancement: Texte = champ("Avancement", liste="avancements", exemple="en_cours")
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Établissements nommés", Nature("texte"), entrees=("etablissements",))
    def etablissements_nommes(self) -> str | None:
        """Les noms courts des établissements concernés ; tous quand aucun n’est cité."""
        codes = [code.strip() for code in (self.etablissements or "").split(",") if code.strip()]
        if not codes:
            return "Tous les établissements" if self.numero else None
        fiches = [(code, self.dossier.etablissement(code)) for code in codes]
        return ", ".join((fiche.nom_usuel if fiche else None) or code for code, fiche in fiches)


_MOYENS = ("moyens_redeploiement", "moyens_autofinancement", "moyens_cnr", "moyens_perennes")


class Action(Entite):
    """Une action d’un objectif, avec ses moyens à dotation constante ou demandés."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Actions", "Une ligne par action d’un objectif : calendrier, pilote et moyens."
    )

    objectif: Texte = cle_objectif()
    numero: Texte = champ("Numéro de l’action", cle=True, exemple="1.2.1")
    intitule: Texte = champ("Action", obligatoire=True)
    cadre: Texte = champ("Cadre", liste="cadres_action", exemple="dans")
    description: TexteLong = champ("Description et étapes")
    responsable: Texte = champ("Responsable")
    partenaires: TexteLong = champ("Partenaires associés")
    date_debut: Date = champ("Début")
    date_fin: Date = champ("Fin")
    moyens_humains: Etp = champ("Moyens humains", exemple="0,50")
    moyens_materiels: TexteLong = champ("Moyens matériels")
    moyens_redeploiement: Montant = champ("Redéploiement")
    moyens_autofinancement: Montant = champ("Autofinancement")
    moyens_cnr: Montant = champ("CNR demandés", aide="Crédits non reconductibles.")
    moyens_perennes: Montant = champ("Crédits pérennes demandés")
    avancement: Texte = champ("Avancement", liste="avancements", exemple="en_cours")
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Total des moyens", Nature("montant", "€"), entrees=_MOYENS)
    def moyens_total(self) -> Decimal | None:
        """Redéploiement + autofinancement + CNR + crédits pérennes, en euros (FI-18)."""
        return somme_des_champs(self, *_MOYENS)


class Indicateur(Entite):
    """Un indicateur d’un objectif et son mode de calcul."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Indicateurs", "Une ligne par indicateur : ce qu’on mesure, comment, et la cible finale."
    )

    objectif: Texte = cle_objectif()
    code: Texte = champ("Code de l’indicateur", cle=True, exemple="I1")
    libelle: Texte = champ("Indicateur", obligatoire=True, exemple="Taux d’occupation de l’hébergement")
    type: Texte = champ("Type d’indicateur", liste="types_indicateur", exemple="resultat")
    mode_calcul: TexteLong = champ("Mode de calcul", exemple="Journées réalisées / journées théoriques")
    unite: Texte = champ("Unité", obligatoire=True, exemple="%")
    source: Texte = champ("Source", obligatoire=True, exemple="Tableau de bord ESMS")
    disponible: OuiNon = champ("Déjà disponible", exemple="oui", aide="L’indicateur est déjà suivi.")
    periodicite: Texte = champ("Périodicité", liste="periodicites", exemple="annuelle")
    annee_initiale: Annee = champ("Année de référence", exemple=2025)
    valeur_initiale: Nombre = champ("Valeur initiale", obligatoire=True, exemple="94,5")
    cible_finale: Nombre = champ("Cible finale", obligatoire=True, exemple="97")
    sens_cible: Texte = champ(
        "Sens de la cible",
        liste="sens_cible",
        exemple="au_moins",
        aide="Vide : au plus la cible si elle est sous la valeur initiale, au moins sinon.",
    )
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Sens retenu", Nature("texte"), entrees=("valeur_initiale", "cible_finale"))
    def sens_retenu(self) -> str | None:
        """Le sens saisi ; à défaut « au_plus » quand la cible finale est sous la valeur initiale."""
        ecart = difference(self.cible_finale, self.valeur_initiale)
        if self.sens_cible or ecart is None:
            return self.sens_cible
        return "au_plus" if ecart < 0 else "au_moins"


class ValeurIndicateur(Entite):
    """La cible ou la valeur réalisée d’un indicateur, une année."""

    liens: ClassVar[dict[str, str]] = {"cibles": "valeurs_indicateurs", "fiches": "indicateurs"}

    feuille: ClassVar[Feuille | None] = Feuille(
        "Valeurs des indicateurs", "Une ligne par indicateur, année et version : cible ou valeur réalisée."
    )

    objectif: Texte = cle_objectif()
    indicateur: Texte = champ("Code de l’indicateur", cle=True, exemple="I1")
    etablissement: Texte = etablissement_facultatif("Vide : valeur de l’ensemble du gestionnaire.", cle=True)
    annee: Annee = cle_annee()
    version: Texte = champ("Version", cle=True, liste="versions_indicateur", exemple="cible")
    valeur: Nombre = champ("Valeur", obligatoire=True, exemple="95")
    numerateur: Nombre = champ("Numérateur")
    denominateur: Nombre = champ("Dénominateur")
    avancement: Texte = champ("Avancement", liste="avancements", exemple="en_cours")
    preuve: TexteLong = champ("Éléments de preuve")
    source: Texte = source()
    commentaire: TexteLong = commentaire()

    @property
    def cibles(self) -> list[Entite]:
        """La cible de la même année, pour le même indicateur et le même établissement."""
        return [
            ligne
            for ligne in self.dossier.lignes("valeurs_indicateurs", self.etablissement or "")
            if isinstance(ligne, ValeurIndicateur) and ligne.version == "cible" and self._meme_mesure(ligne)
        ]

    def _meme_mesure(self, autre: ValeurIndicateur) -> bool:
        return (autre.objectif, autre.indicateur, autre.annee) == (self.objectif, self.indicateur, self.annee)

    @property
    def fiches(self) -> list[Entite]:
        """L’indicateur mesuré, qui dit le sens de sa cible."""
        return [
            i
            for i in self.dossier.lignes("indicateurs")
            if isinstance(i, Indicateur) and (i.objectif, i.code) == (self.objectif, self.indicateur)
        ]

    @property
    @calcul("Taux d’atteinte", Nature("taux", "%"), entrees=("valeur", "cibles.valeur"))
    def taux_atteinte(self) -> Decimal | None:
        """Valeur réalisée ÷ cible de l’année (`domaine` § 1.13), en fraction ; rien pour une cible.

        Quand la cible est un plafond, cible ÷ valeur réalisée : 100 % dit toujours « atteinte ».
        """
        if self.version == "cible":
            return None
        cible = somme(self.cibles, "valeur")
        if any(fiche.sens_retenu == "au_plus" for fiche in self.fiches if isinstance(fiche, Indicateur)):
            return quotient(cible, self.valeur)
        return quotient(self.valeur, cible)
