"""L’inventaire d’un dossier : ses fiches, ses collections saisies et ses vues, et l’ordre des feuilles."""

from __future__ import annotations

from cpomdocs.modeles.base import Entite
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
from cpomdocs.modeles.vues import VUES

FICHES: dict[str, type[Entite]] = {
    "parametres": Parametres,
    "gestionnaire": Gestionnaire,
    "contrat": Contrat,
}
"""Les entités qui n’ont qu’une valeur par dossier."""

SAISIES: dict[str, type[Entite]] = {
    "formulaires": FormulaireDemande,
    "etablissements": Etablissement,
    "autorisations": Autorisation,
    "annees": AnneeExercice,
    "activite": Activite,
    "publics": Public,
    "dependance": Dependance,
    "effectifs": Effectif,
    "rh_indicateurs": RhIndicateur,
    "comptes": Compte,
    "dotations": Dotation,
    "resultats": Resultat,
    "affectations": Affectation,
    "bilan": PosteBilan,
    "financements": Financement,
    "pgfp": LignePgfp,
    "emprunts": Emprunt,
    "investissements": Investissement,
    "siege": QuotePartSiege,
    "qualite": Qualite,
    "immobilier": Immobilier,
    "partenariats": Partenariat,
    "reperes": RepereLecture,
    "constats": Constat,
    "signataires": Signataire,
    "instances": Instance,
    "membres": Membre,
    "jalons": Jalon,
    "orientations": Orientation,
    "objectifs": Objectif,
    "actions": Action,
    "indicateurs": Indicateur,
    "valeurs_indicateurs": ValeurIndicateur,
    "documents": DocumentAttendu,
    "complements": Complement,
    "roles": Role,
    "formations": Formation,
    "validations": Validation,
    "taches": Tache,
    "contraintes": Contrainte,
    "axes_retenus": AxeRetenu,
    "problematiques": Problematique,
    "references": Reference,
    "couts_actions": CoutAction,
    "scenarios": Scenario,
    "hypotheses": Hypothese,
    "choix_actions": ChoixAction,
    "offre": PlaceOffre,
    "reunions": Reunion,
    "engagements": Engagement,
    "positions": Position,
    "decisions": Decision,
}
"""Les collections que l’on tape, une feuille chacune."""

COLLECTIONS: dict[str, type[Entite]] = {**SAISIES, **VUES}
"""Les collections saisies et les vues calculées."""

ORDRE_DES_FEUILLES: tuple[str, ...] = (
    "parametres",
    "formulaires",
    "gestionnaire",
    "etablissements",
    "autorisations",
    "annees",
    "instances",
    "membres",
    "roles",
    "formations",
    "taches",
    "validations",
    "contraintes",
    "jalons",
    "documents",
    "activite",
    "publics",
    "dependance",
    "effectifs",
    "rh_indicateurs",
    "comptes",
    "dotations",
    "resultats",
    "affectations",
    "bilan",
    "financements",
    "pgfp",
    "emprunts",
    "investissements",
    "siege",
    "qualite",
    "immobilier",
    "partenariats",
    "reperes",
    "axes_retenus",
    "constats",
    "problematiques",
    "references",
    "orientations",
    "objectifs",
    "actions",
    "indicateurs",
    "valeurs_indicateurs",
    "couts_actions",
    "scenarios",
    "hypotheses",
    "choix_actions",
    "offre",
    "reunions",
    "engagements",
    "positions",
    "decisions",
    "contrat",
    "signataires",
    "complements",
)
"""Fiches et collections saisies, dans l’ordre où une personne travaille : cadrage, collecte, diagnostic,
objectifs, contrat."""
