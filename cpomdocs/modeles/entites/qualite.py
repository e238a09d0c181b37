"""La qualité, les murs, les partenaires, le diagnostic."""

from __future__ import annotations

from typing import ClassVar

from cpomdocs.modeles.base import Entite, Feuille, champ
from cpomdocs.modeles.entites.methode.diagnostic import ParAxe
from cpomdocs.modeles.entites.reperes import cle_etablissement, commentaire, etablissement_facultatif, source
from cpomdocs.modeles.types import Annee, Date, Entier, Nombre, OuiNon, Texte, TexteLong


class Qualite(Entite):
    """Outils de la loi 2002-2, évaluation, événements, inspections (`domaine` § 1.2, § 2.11)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Qualité", "Une ligne par établissement : outils 2002-2, évaluation, événements et inspections."
    )

    etablissement: Texte = cle_etablissement()
    livret_accueil: OuiNon = champ("Livret d’accueil")
    livret_accueil_date: Date = champ("Date du livret d’accueil")
    reglement_fonctionnement: OuiNon = champ("Règlement de fonctionnement")
    reglement_fonctionnement_date: Date = champ("Date du règlement")
    contrat_sejour: OuiNon = champ("Contrat de séjour ou DIPC")
    contrat_sejour_date: Date = champ("Date du contrat de séjour")
    projet_etablissement: OuiNon = champ("Projet d’établissement")
    projet_etablissement_date: Date = champ("Date du projet d’établissement")
    projets_personnalises: OuiNon = champ("Projets personnalisés")
    cvs: OuiNon = champ("CVS ou autre participation")
    cvs_date: Date = champ("Dernière réunion du CVS")
    cvs_reunions: Entier = champ("Réunions du CVS dans l’année", unite="réunions", exemple=3)
    personne_qualifiee: OuiNon = champ("Personne qualifiée affichée")
    charte_droits: OuiNon = champ("Charte des droits et libertés")
    charte_droits_date: Date = champ("Date de la charte")
    evaluation_date: Date = champ("Date de l’évaluation HAS")
    evaluation_organisme: Texte = champ("Organisme évaluateur")
    evaluation_chapitre1: Nombre = champ("Cotation chapitre 1", exemple="3,4", aide="La personne, de 1 à 4.")
    evaluation_chapitre2: Nombre = champ(
        "Cotation chapitre 2", exemple="3,2", aide="Les professionnels, de 1 à 4."
    )
    evaluation_chapitre3: Nombre = champ("Cotation chapitre 3", exemple="3,1", aide="L’ESSMS, de 1 à 4.")
    criteres_imperatifs: Entier = champ("Critères impératifs < 4", unite="critères", exemple=1)
    plan_action: OuiNon = champ("Plan d’action après évaluation")
    nb_eig: Entier = champ("EIG déclarés", unite="événements", exemple=4)
    nb_eigs: Entier = champ("EIGS déclarés", unite="événements", exemple=0)
    nb_reclamations: Entier = champ("Réclamations", unite="réclamations", exemple=3)
    inspection_date: Date = champ("Dernière inspection")
    inspection_nature: Texte = champ("Nature de l’inspection")
    nb_injonctions: Entier = champ("Injonctions", unite="injonctions", exemple=0)
    nb_prescriptions: Entier = champ("Prescriptions", unite="prescriptions", exemple=2)
    nb_recommandations: Entier = champ("Recommandations", unite="recommandations", exemple=5)
    inspection_suites: TexteLong = champ("Suites de l’inspection")
    paq: OuiNon = champ("Plan d’amélioration de la qualité")
    paq_date: Date = champ("Date du plan qualité")
    duerp_date: Date = champ("Date du DUERP")
    rgpd: OuiNon = champ("Registre RGPD")
    plan_bleu: OuiNon = champ("Plan bleu")
    plan_bleu_date: Date = champ("Date du plan bleu")
    commission_securite_date: Date = champ("Commission de sécurité")
    commission_securite_avis: Texte = champ(
        "Avis de la commission", liste="avis_securite", exemple="favorable"
    )
    systeme_information: TexteLong = champ("Dossier de l’usager et SI")
    source: Texte = source()
    commentaire: TexteLong = commentaire()


class Immobilier(Entite):
    """Les locaux d’un établissement (`domaine` § 1.2, § 2.11)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Immobilier", "Une ligne par établissement : propriété, surfaces, chambres, accessibilité, travaux."
    )

    etablissement: Texte = cle_etablissement()
    statut_occupation: Texte = champ(
        "Statut d’occupation", liste="statuts_occupation", exemple="proprietaire"
    )
    proprietaire: Texte = champ("Propriétaire ou bailleur")
    surface: Nombre = champ("Surface", unite="m²", exemple=3200)
    annee_construction: Annee = champ("Année de construction", exemple=1998)
    annee_renovation: Annee = champ("Année de rénovation", exemple=2015)
    nb_chambres_simples: Entier = champ("Chambres simples", unite="chambres", exemple=70)
    nb_chambres_doubles: Entier = champ("Chambres doubles", unite="chambres", exemple=5)
    sanitaires_privatifs: Entier = champ("Sanitaires privatifs", unite="chambres", exemple=75)
    accessibilite: OuiNon = champ("Accessibilité conforme")
    adap_date: Date = champ("Date de l’Ad’AP")
    dpe: Texte = champ("Classe DPE", liste="classes_dpe", exemple="C")
    vetuste: Texte = champ("Vétusté des locaux", liste="niveaux_vetuste", exemple="moyen")
    commission_securite_date: Date = champ("Commission de sécurité")
    travaux: TexteLong = champ("Travaux à prévoir")
    source: Texte = source()
    commentaire: TexteLong = commentaire()


class Partenariat(Entite):
    """Une convention ou une coopération (`domaine` § 1.2, § 2.11)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Partenariats", "Une ligne par partenaire : objet, date de la convention, actions menées."
    )

    etablissement: Texte = etablissement_facultatif("Vide : partenariat du gestionnaire.", cle=True)
    partenaire: Texte = champ("Partenaire", cle=True, exemple="Centre hospitalier d’Exempleville")
    type: Texte = champ("Type de partenaire", liste="types_partenaire", exemple="sanitaire")
    objet: TexteLong = champ("Objet", obligatoire=True, exemple="Télémédecine")
    date_convention: Date = champ("Date de la convention")
    effectif: OuiNon = champ("Partenariat effectif", exemple="oui")
    nb_actions: Entier = champ("Actions menées", unite="actions", exemple=4)
    source: Texte = source()


class Constat(ParAxe):
    """Un constat du diagnostic, commun au gestionnaire ou propre à un établissement (`domaine` § 2.11)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Constats", "Diagnostic : forces, faiblesses, opportunités, menaces et enjeux, par axe."
    )

    axe: Texte = champ("Axe", obligatoire=True, liste="axes", exemple="rh")
    portee: Texte = champ("Portée", obligatoire=True, liste="portees_constat", exemple="specifique")
    etablissement: Texte = etablissement_facultatif("Vide : constat commun à tous les établissements.")
    type: Texte = champ("Type de constat", obligatoire=True, liste="types_constat", exemple="force")
    texte: TexteLong = champ("Constat", obligatoire=True, exemple="Équipe stable et qualifiée.")
    priorite: Texte = champ("Priorité", liste="priorites", exemple="prioritaire")
    annee: Annee = champ("Année", exemple=2025)
    source: Texte = source()
