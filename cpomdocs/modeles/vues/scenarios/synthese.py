"""Comparer : une ligne par scénario."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import quotient, somme
from cpomdocs.modeles.base import Entite, calcul
from cpomdocs.modeles.entites.methode.scenarios import Scenario
from cpomdocs.modeles.types import Nature
from cpomdocs.modeles.vues.scenarios.du_scenario import DuScenario

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_EUROS, _ANNEE = Nature("montant", "€"), Nature("annee")
_TEXTE, _ENTIER = Nature("texte"), Nature("entier")
_ZERO = Decimal(0)


class ScenarioSynthese(DuScenario):
    """Un scénario sur toute sa durée : de quoi le comparer aux autres."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "scenarios",
        "annees": "projections_gestionnaire",
        "chiffrees": "actions_chiffrees",
    }

    @property
    def annees(self) -> list[Entite]:
        """Ses années projetées, dans l’ordre."""
        return [
            p
            for p in self.dossier.lignes("projections_gestionnaire")
            if getattr(p, "scenario", None) == self.scenario
        ]

    @property
    def _derniere(self) -> list[Entite]:
        return self.annees[-1:]

    @property
    def chiffrees(self) -> list[Entite]:
        """Les actions qu’il retient."""
        actions = self.dossier.lignes("actions_chiffrees")
        return [a for a in actions if getattr(a, "scenario", None) == self.scenario]

    @property
    @calcul("Description du scénario", Nature("texte_long"), entrees=("lignes.description",))
    def description(self) -> str | None:
        """Ce que le scénario suppose et fait."""
        return next((getattr(s, "description", None) for s in self.lignes), None)

    @property
    @calcul("Motif du choix (scénario)", Nature("texte_long"), entrees=("lignes.motif",))
    def motif(self) -> str | None:
        """Pourquoi il est retenu ou écarté."""
        return next((getattr(s, "motif", None) for s in self.lignes), None)

    @property
    @calcul("Scénario (nom)", _TEXTE, entrees=("lignes.intitule",))
    def nom(self) -> str | None:
        """« B – Moyens constants »."""
        return " – ".join(mot for mot in (self.scenario, self.intitule) if mot) or None

    @property
    @calcul("Actions retenues", _ENTIER, entrees=("chiffrees.action",))
    def nombre_actions(self) -> int:
        """Le nombre d’actions qu’il retient."""
        return len(self.chiffrees)

    @property
    @calcul("Intitulé", _TEXTE, entrees=("lignes.intitule",))
    def intitule(self) -> str | None:
        """Le nom du scénario."""
        return next((getattr(s, "intitule", None) for s in self.lignes), None)

    @property
    @calcul("Résultat cumulé", _EUROS, entrees=("annees.resultat",))
    def resultat_cumule(self) -> Decimal | None:
        """Σ des résultats projetés, en euros."""
        return somme(self.annees, "resultat")

    @property
    @calcul("Résultat de la dernière année", _EUROS, entrees=("annees.resultat",))
    def resultat_final(self) -> Decimal | None:
        """Le résultat de N+5, en euros."""
        return somme(self._derniere, "resultat")

    @property
    @calcul("CAF moyenne", _EUROS, entrees=("annees.caf",))
    def caf_moyenne(self) -> Decimal | None:
        """Moyenne des CAF projetées, en euros."""
        return quotient(somme(self.annees, "caf"), len(self.annees))

    @property
    @calcul("FRNG de la dernière année", _EUROS, entrees=("annees.frng",))
    def frng_final(self) -> Decimal | None:
        """Le FRNG de N+5, en euros."""
        return somme(self._derniere, "frng")

    @property
    @calcul("Dotation de la dernière année", _EUROS, entrees=("annees.dotation",))
    def dotation_finale(self) -> Decimal | None:
        """Les produits de la tarification de N+5, en euros."""
        return somme(self._derniere, "dotation")

    @property
    @calcul("Évolution de la dotation depuis N", _EUROS, entrees=("annees.evolution_dotation",))
    def evolution_dotation(self) -> Decimal | None:
        """Dotation de N+5 − dotation de N, en euros ; négative, la dotation baisse."""
        return somme(self._derniere, "evolution_dotation")

    @property
    @calcul("Première baisse de la dotation", _ANNEE, entrees=("annees.evolution_dotation",))
    def annee_baisse(self) -> int | None:
        """La première année où la dotation est sous celle de N ; aucune sinon."""
        for projection in self.annees:
            evolution = getattr(projection, "evolution_dotation", None)
            if evolution is not None and evolution < 0:
                return getattr(projection, "annee", None)
        return None

    @property
    @calcul("Plus bas résultat", _EUROS, entrees=("annees.resultat",))
    def resultat_plancher(self) -> Decimal | None:
        """Le plus bas des résultats projetés, en euros."""
        resultats = [getattr(projection, "resultat", None) for projection in self.annees]
        connus = [r for r in resultats if r is not None]
        return min(connus) if connus and len(connus) == len(resultats) else None

    @property
    @calcul("Autofinancement", _EUROS, entrees=("annees.autofinancement",))
    def autofinancement(self) -> Decimal | None:
        """Σ de ce que l’autofinancement couvre, en euros."""
        return somme(self.annees, "autofinancement")

    @property
    @calcul("Charges nouvelles", _EUROS, entrees=("annees.charges_nouvelles",))
    def charges_nouvelles(self) -> Decimal | None:
        """Σ des charges des actions retenues, en euros."""
        return somme(self.annees, "charges_nouvelles")

    @property
    @calcul("Redéploiement", _EUROS, entrees=("annees.redeploiement",))
    def redeploiement(self) -> Decimal | None:
        """Σ de ce que le redéploiement couvre, en euros."""
        return somme(self.annees, "redeploiement")

    @property
    @calcul("Hors moyens constants", _EUROS, entrees=("annees.hors_moyens_constants",))
    def hors_moyens_constants(self) -> Decimal | None:
        """Σ des crédits demandés, en euros ; zéro : le scénario tient à moyens constants."""
        return somme(self.annees, "hors_moyens_constants")

    @property
    @calcul("À moyens constants", _TEXTE, entrees=("hors_moyens_constants",))
    def moyens_constants(self) -> str | None:
        """« oui », ou « non » quand des crédits sont demandés."""
        depassement = self.hors_moyens_constants
        return None if depassement is None else "oui" if depassement == 0 else "non"

    @property
    @calcul("Année d’équilibre", _ANNEE, entrees=("annees.resultat",))
    def annee_equilibre(self) -> int | None:
        """La première année à partir de laquelle le résultat reste positif ou nul ; aucune sinon."""
        equilibre: int | None = None
        for projection in reversed(self.annees):
            resultat = getattr(projection, "resultat", None)
            if resultat is None or resultat < 0:
                break
            equilibre = getattr(projection, "annee", None)
        return equilibre


def scenarios_synthese(dossier: Dossier, lignes: Sequence[Entite]) -> list[ScenarioSynthese]:
    """Une ligne par scénario."""
    vues = []
    for scenario in lignes:
        if isinstance(scenario, Scenario) and scenario.code:
            vue = ScenarioSynthese(scenario=scenario.code)
            vue.resumer([scenario])
            vues.append(vue)
    return vues
