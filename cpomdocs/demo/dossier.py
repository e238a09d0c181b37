"""Le dossier de démonstration : les collections sont bâties, puis les anomalies voulues y sont posées."""

from __future__ import annotations

from decimal import Decimal

from cpomdocs.demo import activite, contrat, diagnostic, effectifs, identite, methode
from cpomdocs.demo import objectifs as objectifs_du_contrat
from cpomdocs.demo.anomalies import alterer
from cpomdocs.demo.finances import budget, dotations, emprunts, patrimoine
from cpomdocs.demo.outils import CLOSES
from cpomdocs.modeles import Compte, Dossier, Entite


def dossier_de_demonstration() -> Dossier:
    """Un CPOM fictif : cinq établissements, trois exercices clos, une prévision, neuf anomalies voulues.

    Toujours le même : ni hasard, ni date du jour, ni disque hors du paquet.
    """
    activites = alterer("activite", activite.activites())
    emplois = alterer("effectifs", effectifs.effectifs())
    indicateurs_rh = effectifs.indicateurs_rh()
    financements = dotations.dotations()
    comptes = alterer("comptes", budget.comptes())
    resultats = budget.resultats(comptes)
    affectations = budget.affectations(resultats)
    bilans = patrimoine.bilans(comptes, affectations)
    donnees = objectifs_du_contrat.Donnees(activites, emplois, indicateurs_rh)
    return Dossier(
        parametres=identite.parametres(),
        gestionnaire=identite.gestionnaire(),
        contrat=contrat.contrat(financements),
        formulaires=identite.formulaires(),
        etablissements=alterer("etablissements", identite.etablissements()),
        autorisations=alterer("autorisations", identite.autorisations()),
        annees=identite.annees(),
        activite=activites,
        publics=alterer("publics", activite.publics()),
        dependance=activite.dependances(),
        effectifs=emplois,
        rh_indicateurs=indicateurs_rh,
        comptes=comptes,
        dotations=financements,
        resultats=resultats,
        affectations=affectations,
        bilan=patrimoine.postes(bilans),
        financements=patrimoine.financements(comptes),
        pgfp=patrimoine.pgfp(_plan_retenu(comptes, bilans), comptes, bilans[CLOSES[-1]], affectations),
        emprunts=emprunts.emprunts(),
        investissements=patrimoine.investissements(),
        siege=budget.sieges(),
        qualite=alterer("qualite", diagnostic.qualites()),
        immobilier=diagnostic.immobiliers(),
        partenariats=diagnostic.partenariats(),
        constats=diagnostic.constats(),
        signataires=contrat.signataires(),
        instances=contrat.instances(),
        membres=contrat.membres(),
        jalons=contrat.jalons(),
        orientations=objectifs_du_contrat.orientations(),
        objectifs=objectifs_du_contrat.objectifs(),
        actions=objectifs_du_contrat.actions(),
        indicateurs=objectifs_du_contrat.indicateurs(donnees),
        valeurs_indicateurs=objectifs_du_contrat.valeurs(donnees),
        documents=contrat.documents(),
        complements=contrat.complements(),
        roles=methode.roles(),
        formations=methode.formations(),
        taches=methode.taches(),
        validations=methode.validations(),
        contraintes=methode.contraintes(),
        axes_retenus=methode.axes_retenus(),
        reperes=methode.reperes(),
        problematiques=methode.problematiques(),
        references=methode.references(),
        couts_actions=methode.couts_actions(),
        scenarios=methode.scenarios(),
        hypotheses=methode.hypotheses(),
        offre=methode.offre(),
        reunions=methode.reunions(),
        engagements=methode.engagements(),
        positions=methode.positions(),
        decisions=methode.decisions(),
        choix_actions=methode.choix_actions(objectifs_du_contrat.actions()),
    )


def _plan_retenu(comptes: list[Compte], bilans: dict[int, dict[str, Decimal]]) -> list[Entite]:
    """Le plan de financement du scénario retenu, calculé par les modèles sur une copie des données."""
    seul = Dossier(
        parametres=identite.parametres(),
        etablissements=identite.etablissements(),
        annees=identite.annees(),
        comptes=[compte.model_copy() for compte in comptes],
        bilan=patrimoine.postes(bilans),
        emprunts=emprunts.emprunts(),
        investissements=patrimoine.investissements(),
        couts_actions=methode.couts_actions(),
        scenarios=methode.scenarios(),
        hypotheses=methode.hypotheses(),
        choix_actions=methode.choix_actions(objectifs_du_contrat.actions()),
    )
    return seul.lignes("pgfp_retenu")
