"""Les modèles d’un CPOM : fiches, lignes saisies, vues calculées, et le dossier qui les réunit."""

from cpomdocs.modeles.base import Entite, Feuille, InfoChamp, Source, cles, infos
from cpomdocs.modeles.dossier import COLLECTIONS, FICHES, ORDRE_DES_FEUILLES, SAISIES, Dossier
from cpomdocs.modeles.entites.activite import Activite, AnneeExercice, Dependance, Public
from cpomdocs.modeles.entites.budget import Affectation, Compte, Dotation, Resultat
from cpomdocs.modeles.entites.contrat import Contrat, Instance, Jalon, Membre, Orientation, Signataire
from cpomdocs.modeles.entites.documents import Complement, DocumentAttendu
from cpomdocs.modeles.entites.identite import Autorisation, Etablissement, Gestionnaire
from cpomdocs.modeles.entites.methode.cadrage import AxeRetenu, Contrainte, Problematique, Reference
from cpomdocs.modeles.entites.methode.diagnostic import RepereLecture
from cpomdocs.modeles.entites.methode.negociation import Decision, Engagement, Position, Reunion
from cpomdocs.modeles.entites.methode.roles import Formation, Role, Tache, Validation
from cpomdocs.modeles.entites.methode.scenarios import (
    ChoixAction,
    CoutAction,
    Hypothese,
    PlaceOffre,
    Scenario,
)
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
    "AxeRetenu",
    "ChoixAction",
    "Complement",
    "Compte",
    "Constat",
    "Contrainte",
    "Contrat",
    "CoutAction",
    "Decision",
    "Dependance",
    "DocumentAttendu",
    "Dossier",
    "Dotation",
    "Effectif",
    "Emprunt",
    "Engagement",
    "Entite",
    "Etablissement",
    "Feuille",
    "Financement",
    "Formation",
    "FormulaireDemande",
    "Gestionnaire",
    "Hypothese",
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
    "PlaceOffre",
    "Position",
    "PosteBilan",
    "Problematique",
    "Public",
    "Qualite",
    "QuotePartSiege",
    "Reference",
    "RepereLecture",
    "Resultat",
    "Reunion",
    "RhIndicateur",
    "Role",
    "Scenario",
    "Signataire",
    "Source",
    "Tache",
    "ValeurIndicateur",
    "Validation",
    "cles",
    "infos",
]
