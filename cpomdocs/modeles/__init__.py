"""Les modèles d’un CPOM : fiches, lignes saisies, vues calculées, et le dossier qui les réunit."""

from cpomdocs.modeles.base import Entite, Feuille, InfoChamp, Source, cles, infos
from cpomdocs.modeles.dossier import COLLECTIONS, FICHES, ORDRE_DES_FEUILLES, SAISIES, Dossier
from cpomdocs.modeles.entites.activite import Activite, AnneeExercice, Dependance, Public
from cpomdocs.modeles.entites.budget import Affectation, Compte, Dotation, Resultat
from cpomdocs.modeles.entites.contrat import Contrat, Instance, Jalon, Membre, Orientation, Signataire
from cpomdocs.modeles.entites.documents import Complement, DocumentAttendu
from cpomdocs.modeles.entites.identite import Autorisation, Etablissement, Gestionnaire
from cpomdocs.modeles.entites.objectifs import Action, Indicateur, Objectif, ValeurIndicateur
from cpomdocs.modeles.entites.parametres import FormulaireDemande, Parametres
from cpomdocs.modeles.entites.patrimoine import (
    Emprunt,
    Financement,
    Investissement,
    LignePgfp,
    PosteBilan,
    QuotePartSiege,
)
from cpomdocs.modeles.entites.qualite import Constat, Immobilier, Partenariat, Qualite
from cpomdocs.modeles.entites.rh import Effectif, RhIndicateur

__all__ = [
    "COLLECTIONS",
    "FICHES",
    "ORDRE_DES_FEUILLES",
    "SAISIES",
    "Action",
    "Activite",
    "Affectation",
    "AnneeExercice",
    "Autorisation",
    "Complement",
    "Compte",
    "Constat",
    "Contrat",
    "Dependance",
    "DocumentAttendu",
    "Dossier",
    "Dotation",
    "Effectif",
    "Emprunt",
    "Entite",
    "Etablissement",
    "Feuille",
    "Financement",
    "FormulaireDemande",
    "Gestionnaire",
    "Immobilier",
    "Indicateur",
    "InfoChamp",
    "Instance",
    "Investissement",
    "Jalon",
    "LignePgfp",
    "Membre",
    "Objectif",
    "Orientation",
    "Parametres",
    "Partenariat",
    "PosteBilan",
    "Public",
    "Qualite",
    "QuotePartSiege",
    "Resultat",
    "RhIndicateur",
    "Signataire",
    "Source",
    "ValeurIndicateur",
    "cles",
    "infos",
]
