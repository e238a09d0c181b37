"""Qui est partie au contrat : le gestionnaire, ses établissements, leurs autorisations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from pydantic import model_validator

from cpomdocs.modeles.arithmetique import somme, somme_entiere
from cpomdocs.modeles.base import Entite, Feuille, Fiche, calcul, champ
from cpomdocs.modeles.entites.capacites import CapacitesReunies
from cpomdocs.modeles.entites.reperes import cle_etablissement, commentaire, source
from cpomdocs.modeles.types import (
    Date,
    Entier,
    Jours,
    Nature,
    OuiNon,
    Personnes,
    Places,
    Taux,
    Texte,
    TexteLong,
)
from cpomdocs.nomenclatures import details

_PLACES = Nature("entier", "places")
_DEDUITS = {"categorie_libelle": "libelle", "type": "type", "secteur": "secteur"}
"""Champs d’un établissement déduits de sa catégorie FINESS quand ils sont vides."""


def adresse_complete(
    adresse: str | None, complement: str | None, code: str | None, ville: str | None
) -> str | None:
    """L’adresse sur une ligne ; `None` si l’adresse, le code postal ou la commune manque."""
    if not (adresse and code and ville):
        return None
    return ", ".join(filter(None, (adresse, complement, f"{code} {ville}")))


class Gestionnaire(Fiche):
    """L’entité juridique qui négocie le contrat (fiche signalétique, `domaine` § 1.1 et § 2.1)."""

    liens: ClassVar[dict[str, str]] = {"synthese_effectifs": "effectifs_synthese"}

    feuille: ClassVar[Feuille | None] = Feuille(
        "Gestionnaire",
        "L’association ou l’organisme qui signe le contrat ; une seule réponse par ligne.",
        "fiche",
    )

    raison_sociale: Texte = champ("Raison sociale", obligatoire=True, exemple="Association Les Tilleuls")
    sigle: Texte = champ("Sigle", exemple="ALT")
    finess_ej: Texte = champ("FINESS juridique", obligatoire=True, exemple="990000019")
    siren: Texte = champ("SIREN", obligatoire=True, exemple="732829320")
    siret_siege: Texte = champ("SIRET du siège", exemple="73282932000074")
    statut_juridique_code: Texte = champ(
        "Statut juridique", obligatoire=True, liste="statuts_juridiques", exemple="60"
    )
    code_ape: Texte = champ("Code APE", exemple="8710A")
    adresse: Texte = champ("Adresse", obligatoire=True, exemple="1 rue de l’Exemple")
    complement: Texte = champ("Complément d’adresse")
    code_postal: Texte = champ("Code postal", obligatoire=True, exemple="01000")
    commune: Texte = champ("Commune", obligatoire=True, exemple="Exempleville")
    departement: Texte = champ("Département", exemple="01")
    region: Texte = champ("Région")
    telephone: Texte = champ("Téléphone", exemple="01 00 00 00 00")
    courriel: Texte = champ("Courriel", exemple="contact@exemple.fr")
    site: Texte = champ("Site internet", exemple="www.exemple.fr")
    president: Texte = champ("Président(e)")
    directeur_general: Texte = champ("Directeur(trice) général(e)")
    representant_signataire: Texte = champ("Représentant signataire", obligatoire=True)
    qualite_signataire: Texte = champ("Qualité du signataire", exemple="Présidente")
    delegation_date: Date = champ("Date de la délégation de signature", exemple="15/01/2026")
    referent_cpom_nom: Texte = champ("Référent CPOM", obligatoire=True)
    referent_cpom_fonction: Texte = champ("Fonction du référent CPOM")
    referent_cpom_courriel: Texte = champ("Courriel du référent CPOM", exemple="referent@exemple.fr")
    referent_cpom_tel: Texte = champ("Téléphone du référent CPOM")
    commissaire_aux_comptes: Texte = champ("Commissaire aux comptes")
    expert_comptable: Texte = champ("Expert-comptable")
    ccn: Texte = champ("Convention collective", liste="conventions_collectives", exemple="66")
    federation: Texte = champ("Fédération", exemple="Nexem")
    date_creation: Date = champ("Date de création")
    nb_salaries: Personnes = champ("Nombre de salariés", exemple=240)
    projet_associatif_periode: Texte = champ("Période du projet associatif", exemple="2023-2028")
    projet_associatif_date_validation: Date = champ("Validation du projet associatif")
    cpom_precedent_debut: Date = champ("Début du CPOM précédent")
    cpom_precedent_fin: Date = champ("Fin du CPOM précédent")
    siege_autorise: OuiNon = champ("Frais de siège autorisés", exemple="oui")
    siege_autorite: Texte = champ("Autorité compétente pour le siège")
    siege_date_autorisation: Date = champ("Date d’autorisation du siège")
    siege_reference_autorisation: Texte = champ("Référence de l’autorisation du siège")
    siege_echeance: Date = champ("Échéance de l’autorisation du siège")
    siege_taux: Taux = champ("Taux de frais de siège", exemple="3,5 %")
    siege_prestations: TexteLong = champ("Prestations du siège", aide="Services rendus aux établissements.")
    siege_organisation: TexteLong = champ("Organisation du siège")
    modalites_organisation: TexteLong = champ("Organisation de l’entité juridique")
    activites: TexteLong = champ("Activités de l’entité juridique")
    texte_presentation: TexteLong = champ("Présentation")
    texte_historique: TexteLong = champ("Historique")
    texte_gouvernance: TexteLong = champ("Gouvernance")
    logo_fichier: Texte = champ("Fichier du logo", exemple="logo.png")
    organigramme_fichier: Texte = champ("Fichier de l’organigramme", exemple="organigramme.pdf")

    @property
    @calcul("Adresse complète", Nature("texte"), entrees=("adresse", "code_postal", "commune"))
    def adresse_complete(self) -> str | None:
        """Adresse, complément, code postal et commune, séparés par des virgules."""
        return adresse_complete(self.adresse, self.complement, self.code_postal, self.commune)

    @property
    def synthese_effectifs(self) -> list[Entite]:
        """Les effectifs réalisés de la dernière année close, un par établissement."""
        n = self.dossier.parametres.annee_n
        return [
            ligne
            for ligne in self.dossier.lignes("effectifs_synthese")
            if n is not None
            and getattr(ligne, "annee", None) == n - 1
            and getattr(ligne, "version", None) == "reel"
        ]

    @property
    @calcul("ETP total", Nature("decimal", "ETP"), entrees=("synthese_effectifs.etp_realises",))
    def etp_total(self) -> Decimal | None:
        """Σ des ETP réalisés en N-1 dans tous les établissements (RH-01), en ETP."""
        return somme(self.synthese_effectifs, "etp_realises")


class Etablissement(CapacitesReunies, Entite):
    """Un établissement ou service, avec son numéro FINESS (`domaine` § 1.1 et § 2.2)."""

    liens: ClassVar[dict[str, str]] = {"comptees": "autorisations"}

    feuille: ClassVar[Feuille | None] = Feuille(
        "Établissements", "Une ligne par établissement ou service ; son code court sert partout ailleurs."
    )

    code: Texte = champ("Code", cle=True, exemple="EHPAD1", aide="Nom court, choisi une fois pour toutes.")
    nom: Texte = champ("Nom", obligatoire=True, exemple="EHPAD Les Tilleuls")
    nom_court: Texte = champ("Nom court", exemple="Les Tilleuls")
    finess_et: Texte = champ("FINESS établissement", obligatoire=True, exemple="990000027")
    finess_ej: Texte = champ("FINESS juridique", exemple="990000019")
    siret: Texte = champ("SIRET", exemple="73282932000074")
    finess_principal: Texte = champ("FINESS principal", aide="À remplir pour un établissement secondaire.")
    rang_etablissement: Texte = champ(
        "Principal ou secondaire", liste="rangs_etablissement", exemple="principal"
    )
    mono_etablissement: OuiNon = champ("Mono-établissement", exemple="non")
    categorie_code: Texte = champ(
        "Catégorie FINESS", obligatoire=True, liste="categories_finess", exemple="500"
    )
    categorie_libelle: Texte = champ(
        "Libellé de la catégorie", aide="Déduit de la catégorie s’il reste vide."
    )
    type: Texte = champ(
        "Type",
        liste="types_etablissement",
        exemple="EHPAD",
        aide="Déduit de la catégorie s’il reste vide.",
    )
    secteur: Texte = champ(
        "Secteur", liste="secteurs", exemple="PA", aide="Déduit de la catégorie s’il reste vide."
    )
    adresse: Texte = champ("Adresse", obligatoire=True, exemple="1 rue de l’Exemple")
    complement: Texte = champ("Complément d’adresse")
    code_postal: Texte = champ("Code postal", obligatoire=True, exemple="01000")
    commune: Texte = champ("Commune", obligatoire=True, exemple="Exempleville")
    departement: Texte = champ("Département", exemple="01")
    directeur: Texte = champ("Directeur(trice)", obligatoire=True)
    tel: Texte = champ("Téléphone", exemple="01 00 00 00 00")
    courriel: Texte = champ("Courriel", exemple="ehpad@exemple.fr")
    date_ouverture: Date = champ("Date d’ouverture")
    arrete_autorisation_ref: Texte = champ("Arrêté d’autorisation", exemple="2017-123")
    arrete_autorisation_date: Date = champ("Date de l’autorisation", exemple="03/01/2017")
    arrete_autorisation_echeance: Date = champ("Échéance de l’autorisation", exemple="02/01/2032")
    projets_transformation: TexteLong = champ("Projets de transformation")
    autorite_competente: Texte = champ("Autorité compétente", liste="autorites", exemple="ARS+CD")
    autorite_tarification: Texte = champ("Autorité de tarification", liste="autorites", exemple="ARS+CD")
    mft_code: Texte = champ(
        "Mode de fixation des tarifs", exemple="40", aide="Code MFT du répertoire FINESS."
    )
    cadre_budgetaire: Texte = champ("Cadre budgétaire", liste="cadres_budgetaires", exemple="eprd_complet")
    regime_tarifaire: Texte = champ("Régime tarifaire", liste="regimes_tarifaires", exemple="ternaire")
    habilitation_aide_sociale: Texte = champ(
        "Habilitation aide sociale", liste="habilitations", exemple="partielle"
    )
    places_habilitees: Places = champ("Places habilitées", exemple=20)
    dans_perimetre_cpom: OuiNon = champ("Dans le périmètre du CPOM", exemple="oui")
    type_budget: Texte = champ("Type de budget", liste="types_budget", exemple="principal")
    jours_ouverture_reference: Jours = champ("Jours d’ouverture de référence", exemple=365)
    pui: OuiNon = champ("Pharmacie à usage intérieur", exemple="non")
    tarif_soins: Texte = champ("Tarif soins", liste="tarifs_soins", exemple="partiel")
    ccn: Texte = champ("Convention collective", liste="conventions_collectives", exemple="66")
    statut_occupation: Texte = champ(
        "Statut d’occupation", liste="statuts_occupation", exemple="proprietaire"
    )
    date_projet_etablissement: Date = champ("Date du projet d’établissement")
    date_derniere_evaluation: Date = champ("Dernière évaluation")
    zone_intervention: Texte = champ("Zone d’intervention")
    texte_presentation: TexteLong = champ("Présentation")
    commentaire: TexteLong = commentaire()

    @property
    def nom_usuel(self) -> str | None:
        """Le nom court, à défaut le nom, à défaut le code."""
        return self.nom_court or self.nom or self.code

    @property
    def dans_le_perimetre(self) -> bool:
        """Vrai sauf si l’établissement est déclaré hors du périmètre du CPOM."""
        return self.dans_perimetre_cpom is not False

    @model_validator(mode="before")
    @classmethod
    def _deduire(cls, donnees: Any) -> Any:
        """Complète type, secteur et libellé d’après la catégorie FINESS."""
        if not isinstance(donnees, dict):
            return donnees
        categorie = details("categories_finess").get(str(donnees.get("categorie_code")), {})
        sans_objet = donnees.get("sans_objet") or ()
        deduits = {
            nom: categorie[attribut]
            for nom, attribut in _DEDUITS.items()
            if attribut in categorie and donnees.get(nom) is None and nom not in sans_objet
        }
        return {**donnees, **deduits}

    @property
    def comptees(self) -> list[Entite]:
        """Les autorisations dont les places s’additionnent (PASA et UVP sont comprises dans d’autres)."""
        modalites = details("modalites")
        return [
            ligne
            for ligne in self.dossier.lignes("autorisations", self.code or "")
            if modalites.get(str(getattr(ligne, "modalite", "")), {}).get("comptee", True)
        ]

    @property
    @calcul("Capacité habilitée aide sociale", _PLACES, entrees=("comptees.capacite_habilitee_as",))
    def capacite_habilitee_as(self) -> int | None:
        """Σ des capacités habilitées à l’aide sociale par modalité, en places."""
        return somme_entiere(self.comptees, "capacite_habilitee_as")

    @property
    @calcul("Catégorie complète", Nature("texte"), entrees=("categorie_code", "categorie_libelle"))
    def categorie_complete(self) -> str | None:
        """Code et libellé de la catégorie : « 500 – Établissement d’hébergement… »."""
        if self.categorie_code is None or self.categorie_libelle is None:
            return self.categorie_code
        return f"{self.categorie_code} – {self.categorie_libelle}"

    @property
    @calcul("Adresse complète", Nature("texte"), entrees=("adresse", "code_postal", "commune"))
    def adresse_complete(self) -> str | None:
        """Adresse, complément, code postal et commune, séparés par des virgules."""
        return adresse_complete(self.adresse, self.complement, self.code_postal, self.commune)


class Autorisation(Entite):
    """La capacité autorisée d’un établissement pour une modalité d’accueil (`domaine` § 2.3)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Autorisations", "Une ligne par établissement et par modalité d’accueil, comme dans FINESS."
    )

    etablissement: Texte = cle_etablissement()
    modalite: Texte = champ("Modalité d’accueil", cle=True, liste="modalites", exemple="HP")
    discipline_code: Texte = champ("Discipline", exemple="924", aide="Trois chiffres, répertoire FINESS.")
    fonctionnement_code: Texte = champ(
        "Fonctionnement", liste="modes_fonctionnement", exemple="11", aide="Deux chiffres, répertoire FINESS."
    )
    clientele_code: Texte = champ("Clientèle", exemple="711", aide="Trois chiffres, répertoire FINESS.")
    capacite_autorisee: Places = champ("Capacité autorisée", obligatoire=True, exemple=80)
    capacite_financee: Places = champ("Capacité financée", exemple=80, aide="Autorisée et financée.")
    capacite_installee: Places = champ("Capacité installée", exemple=80)
    capacite_habilitee_as: Places = champ("Capacité habilitée aide sociale", exemple=20)
    age_min: Entier = champ("Âge minimum", unite="ans", exemple=6)
    age_max: Entier = champ("Âge maximum", unite="ans", exemple=20)
    date_autorisation: Date = champ("Date d’autorisation")
    date_installation: Date = champ("Date d’installation")
    reference_arrete: Texte = champ("Référence de l’arrêté")
    jours_ouverture: Jours = champ("Jours d’ouverture", exemple=365)
    source: Texte = source()
