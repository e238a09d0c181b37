"""Les vues : des lignes calculées à partir des lignes saisies, sans rien retenir de plus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.vues import activite, budget, patrimoine, rh
from cpomdocs.modeles.vues.activite import ActiviteTotale
from cpomdocs.modeles.vues.budget import (
    ComptesChapitre,
    ComptesGestionnaire,
    ComptesRacine,
    ComptesSynthese,
    DotationsSynthese,
)
from cpomdocs.modeles.vues.diagnostic import axes, mesures, raci, seuils
from cpomdocs.modeles.vues.diagnostic.axes import Axe
from cpomdocs.modeles.vues.diagnostic.mesures import Mesure, MesureGestionnaire
from cpomdocs.modeles.vues.diagnostic.raci import ActeurRaci, LigneRaci
from cpomdocs.modeles.vues.diagnostic.seuils import RepereRetenu
from cpomdocs.modeles.vues.methode import criteres, echeances, preparation, references, retroplanning, suivi
from cpomdocs.modeles.vues.methode.criteres import Critere
from cpomdocs.modeles.vues.methode.echeances import Echeance
from cpomdocs.modeles.vues.methode.preparation import Preparation
from cpomdocs.modeles.vues.methode.references import ComparaisonReference
from cpomdocs.modeles.vues.methode.retroplanning import EtapeRetroplanning, JourFerie
from cpomdocs.modeles.vues.methode.suivi import SuiviIndicateur
from cpomdocs.modeles.vues.patrimoine import BilanSynthese, FinancementsSynthese
from cpomdocs.modeles.vues.rh import EffectifsCategorie, EffectifsFiliere, EffectifsSynthese
from cpomdocs.modeles.vues.scenarios import (
    consolidation,
    moyens,
    offre,
    pgfp,
    pgfp_etablissements,
    projections,
    synthese,
    taux,
)
from cpomdocs.modeles.vues.scenarios.consolidation import ProjectionGestionnaire
from cpomdocs.modeles.vues.scenarios.moyens import ActionChiffree, MoyensAction
from cpomdocs.modeles.vues.scenarios.offre import OffreEvolution, OffreSynthese
from cpomdocs.modeles.vues.scenarios.pgfp import PgfpRetenu, PgfpScenario
from cpomdocs.modeles.vues.scenarios.pgfp_etablissements import PgfpEtablissement
from cpomdocs.modeles.vues.scenarios.projections import Projection
from cpomdocs.modeles.vues.scenarios.synthese import ScenarioSynthese
from cpomdocs.modeles.vues.scenarios.taux import TauxAppliques

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

VUES: dict[str, type[Entite]] = {
    "activite_totale": ActiviteTotale,
    "effectifs_synthese": EffectifsSynthese,
    "effectifs_categories": EffectifsCategorie,
    "effectifs_filieres": EffectifsFiliere,
    "comptes_synthese": ComptesSynthese,
    "comptes_chapitres": ComptesChapitre,
    "comptes_racines": ComptesRacine,
    "comptes_gestionnaire": ComptesGestionnaire,
    "dotations_synthese": DotationsSynthese,
    "financements_synthese": FinancementsSynthese,
    "bilan_synthese": BilanSynthese,
    "projections": Projection,
    "projections_gestionnaire": ProjectionGestionnaire,
    "scenarios_synthese": ScenarioSynthese,
    "offre_synthese": OffreSynthese,
    "offre_evolution": OffreEvolution,
    "pgfp_scenarios": PgfpScenario,
    "taux_appliques": TauxAppliques,
    "pgfp_retenu": PgfpRetenu,
    "pgfp_etablissements": PgfpEtablissement,
    "actions_chiffrees": ActionChiffree,
    "moyens_actions": MoyensAction,
    "comparaisons_references": ComparaisonReference,
    "suivi_indicateurs": SuiviIndicateur,
    "mesures": Mesure,
    "mesures_gestionnaire": MesureGestionnaire,
    "reperes_retenus": RepereRetenu,
    "axes": Axe,
    "raci": LigneRaci,
    "acteurs_raci": ActeurRaci,
    "retroplanning": EtapeRetroplanning,
    "jours_feries": JourFerie,
    "echeances": Echeance,
    "preparation": Preparation,
    "criteres": Critere,
}
"""Le nom de chaque vue et l’entité de ses lignes."""

ORIGINES: dict[str, str] = {
    "activite_totale": "activite",
    "effectifs_synthese": "effectifs",
    "effectifs_categories": "effectifs",
    "effectifs_filieres": "effectifs",
    "comptes_synthese": "comptes",
    "comptes_chapitres": "comptes",
    "comptes_racines": "comptes",
    "comptes_gestionnaire": "comptes",
    "dotations_synthese": "dotations",
    "financements_synthese": "financements",
    "bilan_synthese": "bilan",
    "projections": "comptes",
    "projections_gestionnaire": "scenarios",
    "scenarios_synthese": "scenarios",
    "offre_synthese": "offre",
    "offre_evolution": "offre",
    "pgfp_scenarios": "scenarios",
    "taux_appliques": "scenarios",
    "pgfp_retenu": "scenarios",
    "pgfp_etablissements": "comptes",
    "actions_chiffrees": "choix_actions",
    "moyens_actions": "choix_actions",
    "comparaisons_references": "etablissements",
    "suivi_indicateurs": "indicateurs",
    "mesures": "etablissements",
    "mesures_gestionnaire": "etablissements",
    "reperes_retenus": "reperes",
    "axes": "constats",
    "raci": "taches",
    "acteurs_raci": "taches",
    "retroplanning": "jalons",
    "jours_feries": "jalons",
    "echeances": "etablissements",
    "preparation": "etablissements",
    "criteres": "etablissements",
}
"""La collection saisie dont chaque vue est calculée."""

_CONSTRUCTEURS: dict[str, Callable[[Dossier, Sequence[Entite]], Sequence[Entite]]] = {
    "activite_totale": activite.activite_totale,
    "effectifs_synthese": rh.effectifs_synthese,
    "effectifs_categories": rh.effectifs_categories,
    "effectifs_filieres": rh.effectifs_filieres,
    "comptes_synthese": budget.comptes_synthese,
    "comptes_chapitres": budget.comptes_chapitres,
    "comptes_racines": budget.comptes_racines,
    "comptes_gestionnaire": budget.comptes_gestionnaire,
    "dotations_synthese": budget.dotations_synthese,
    "financements_synthese": patrimoine.financements_synthese,
    "bilan_synthese": patrimoine.bilan_synthese,
    "projections": projections.projections,
    "projections_gestionnaire": consolidation.projections_gestionnaire,
    "scenarios_synthese": synthese.scenarios_synthese,
    "offre_synthese": offre.offre_synthese,
    "offre_evolution": offre.offre_evolution,
    "pgfp_scenarios": pgfp.pgfp_scenarios,
    "taux_appliques": taux.taux_appliques,
    "pgfp_retenu": pgfp.pgfp_retenu,
    "pgfp_etablissements": pgfp_etablissements.pgfp_etablissements,
    "actions_chiffrees": moyens.actions_chiffrees,
    "moyens_actions": moyens.moyens_actions,
    "comparaisons_references": references.comparaisons,
    "suivi_indicateurs": suivi.suivi_indicateurs,
    "mesures": mesures.mesures,
    "mesures_gestionnaire": mesures.mesures_gestionnaire,
    "reperes_retenus": seuils.reperes_retenus,
    "axes": axes.axes,
    "raci": raci.raci,
    "acteurs_raci": raci.acteurs_raci,
    "retroplanning": retroplanning.retroplanning,
    "jours_feries": retroplanning.jours_feries,
    "echeances": echeances.echeances,
    "preparation": preparation.preparations,
    "criteres": criteres.criteres,
}


def construire(vue: str, dossier: Dossier, lignes: Sequence[Entite]) -> list[Entite]:
    """Les lignes d’une vue qui résument ces lignes de sa collection d’origine."""
    return list(_CONSTRUCTEURS[vue](dossier, lignes))
