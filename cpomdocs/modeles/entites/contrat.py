"""Le contrat et ceux qui le font vivre : signataires, instances, calendrier, orientations."""

from __future__ import annotations

from typing import ClassVar

from cpomdocs.modeles.base import Entite, Feuille, Fiche, calcul, champ
from cpomdocs.modeles.entites.reperes import commentaire, source
from cpomdocs.modeles.types import Date, Entier, Montant, Nature, OuiNon, Texte, TexteLong


class Contrat(Fiche):
    """Le CPOM en négociation (`domaine` § 1.4, § 2.12)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Contrat",
        "Le contrat en négociation : dates, parties, clauses ; une seule réponse par ligne.",
        "fiche",
    )

    numero: Texte = champ("Numéro du contrat", exemple="CPOM-2026-01")
    type: Texte = champ("Type de contrat", obligatoire=True, liste="types_cpom", exemple="L313-12-IV-ter")
    intitule: Texte = champ("Intitulé du contrat", exemple="CPOM 2026-2030")
    date_debut: Date = champ("Date d’effet", obligatoire=True, exemple="01/01/2026")
    date_fin: Date = champ("Date de fin", obligatoire=True, exemple="31/12/2030")
    date_signature: Date = champ("Date de signature")
    date_signature_visee: Date = champ(
        "Date de signature visée", aide="Le rétroplanning remonte à partir de cette date."
    )
    mois_diagnostic: Entier = champ(
        "Mois de diagnostic", exemple=10, aide="Vide : la moyenne observée, dix mois."
    )
    mois_negociation: Entier = champ(
        "Mois de négociation", exemple=8, aide="Vide : la moyenne observée, huit mois."
    )
    prorogation: OuiNon = champ("Prorogation", exemple="non")
    prorogation_date_fin: Date = champ("Fin de la prorogation")
    autorites: Texte = champ("Autorités signataires", obligatoire=True, exemple="ARS et département")
    dgc: OuiNon = champ("Dotation globalisée commune", exemple="oui")
    dgc_beneficiaire: Texte = champ("Bénéficiaire de la DGC")
    dgc_montant: Montant = champ("Montant de la DGC", exemple="4 200 000,00")
    dgc_caisse_pivot: Texte = champ("Caisse pivot")
    modalite_evolution: Texte = champ(
        "Modalité d’évolution", liste="modalites_evolution", exemple="taux_regional"
    )
    modalite_evolution_texte: TexteLong = champ("Évolution des dotations (texte)")
    visas: TexteLong = champ("Visas", aide="Articles, PRS, schéma, délibérations.")
    deliberation_date: Date = champ("Date de la délibération")
    deliberation_reference: Texte = champ("Référence de la délibération")
    texte_preambule: TexteLong = champ("Préambule", aide="Contexte et enjeux.")
    synthese_diagnostic: TexteLong = champ("Synthèse du diagnostic")
    clause_modulation: TexteLong = champ("Modulation selon l’activité")
    clause_resultats: TexteLong = champ("Affectation des résultats")
    clause_moyens_constants: TexteLong = champ("Moyens constants")
    clause_siege: TexteLong = champ("Frais de siège")
    clause_investissement: TexteLong = champ("Investissements")
    clause_litiges: TexteLong = champ("Traitement des litiges")
    clause_revision: TexteLong = champ("Révision")
    plan_retour_equilibre: TexteLong = champ("Plan de retour à l’équilibre")
    habilitation_aide_sociale: TexteLong = champ("Habilitation aide sociale")
    articulation_autres_cpom: TexteLong = champ("Articulation avec d’autres CPOM")
    suivi: TexteLong = champ("Suivi et évaluation")
    comite_suivi_an3: Date = champ("Comité de suivi de 3e année")
    comite_suivi_fin: Date = champ("Comité de suivi de fin de contrat")

    @property
    @calcul("Première année du contrat", Nature("annee"), entrees=("date_debut",))
    def premiere_annee(self) -> int | None:
        """L’année de la date d’effet."""
        return self.date_debut.year if self.date_debut else None


class Signataire(Entite):
    """Une personne qui signe le contrat pour une partie."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Signataires", "Les personnes qui signent le contrat, dans l’ordre des signatures."
    )

    nom: Texte = champ("Nom", cle=True, exemple="Camille Exemple")
    qualite: Texte = champ("Qualité", obligatoire=True, exemple="Présidente")
    structure: Texte = champ("Structure", obligatoire=True, exemple="Association Les Tilleuls")
    partie: Texte = champ("Partie", liste="parties", exemple="gestionnaire")
    delegation: Texte = champ("Délégation", exemple="Délibération du 15/01/2026")
    date_signature: Date = champ("Date de signature")


class Instance(Entite):
    """Une instance de la démarche : comité de pilotage, comité de suivi, CSE, CVS…"""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Instances", "Comité de pilotage, négociateurs, comité de suivi, CSE, CVS : rôle et rythme de chacun."
    )

    code: Texte = champ("Code de l’instance", cle=True, exemple="copil")
    libelle: Texte = champ("Instance", obligatoire=True, exemple="Comité de pilotage interne")
    type: Texte = champ("Type d’instance", liste="types_instance", exemple="copil_interne")
    mission: TexteLong = champ("Mission")
    periodicite: Texte = champ("Périodicité", exemple="Trimestrielle")
    prochaine_reunion: Date = champ("Prochaine réunion")
    commentaire: TexteLong = commentaire()


class Membre(Entite):
    """Une personne qui siège dans une instance, ou y tient un rôle."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Membres", "Qui siège où : référent technique ou stratégique, pilotes, négociateurs, représentants."
    )

    instance: Texte = champ("Code de l’instance", cle=True, reference="instances", exemple="copil")
    nom: Texte = champ("Nom", cle=True, exemple="Camille Exemple")
    fonction: Texte = champ("Fonction", exemple="Directrice générale")
    structure: Texte = champ("Structure", exemple="Association Les Tilleuls")
    role: Texte = champ("Rôle", liste="roles_membre", exemple="referent_technique")
    telephone: Texte = champ("Téléphone")
    courriel: Texte = champ("Courriel")


class Jalon(Entite):
    """Une étape du rétroplanning (`domaine` § 4.1)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Jalons", "Le rétroplanning de la négociation : une ligne par étape, dans l’ordre."
    )

    etape: Texte = champ("Étape", cle=True, exemple="Réunion de lancement")
    phase: Texte = champ("Phase", liste="phases", exemple="diagnostic")
    ordre: Entier = champ("Ordre", exemple=1)
    origine: Texte = champ("Origine", liste="origines_jalon", exemple="methode")
    precedent: Texte = champ(
        "Après l’étape",
        aide="L’étape qui doit être finie avant celle-ci ; plusieurs : séparées par « ; ».",
    )
    date_debut: Date = champ("Début prévu")
    date_fin_prevue: Date = champ("Fin prévue", obligatoire=True)
    date_imposee: Date = champ("Date imposée par l’autorité")
    date_proposee: Date = champ("Notre contre-proposition")
    date_fin_reelle: Date = champ("Fin réelle")
    responsable: Texte = champ("Responsable")
    livrable: Texte = champ("Livrable", exemple="Diagnostic partagé validé")
    statut: Texte = champ("Statut", liste="statuts_jalon", exemple="en_cours")
    commentaire: TexteLong = commentaire()

    @property
    def finie(self) -> bool:
        """Vrai si sa fin réelle est saisie, ou son statut « Fait »."""
        return self.etat("date_fin_reelle") != "vide" or self.statut == "fait"

    @property
    def precedents(self) -> tuple[str, ...]:
        """Les étapes qui doivent être finies avant elle."""
        return tuple(filter(None, (nom.strip() for nom in (self.precedent or "").split(";"))))


class Orientation(Entite):
    """Une orientation du PRS, du schéma départemental ou du projet associatif."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Orientations", "Ce à quoi les objectifs répondent : PRS, schéma départemental, projet associatif."
    )

    code: Texte = champ("Code de l’orientation", cle=True, exemple="PRS-3")
    origine: Texte = champ("Origine", obligatoire=True, liste="origines_orientation", exemple="prs")
    intitule: TexteLong = champ("Orientation", obligatoire=True, exemple="Favoriser le maintien à domicile")
    reference: Texte = champ("Référence du document", exemple="PRS 2023-2028, axe 3")
    source: Texte = source()
