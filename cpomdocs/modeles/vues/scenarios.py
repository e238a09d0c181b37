"""Comparer : une ligne par scénario, et l’offre avant et après."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import difference, quotient, somme
from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.methode.scenarios import Scenario
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue, resumer

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_EUROS, _ANNEE = Nature("montant", "€"), Nature("annee")
_PLACES, _TEXTE = Nature("entier", "places"), Nature("texte")
_ZERO = Decimal(0)


class ScenarioSynthese(Vue):
    """Un scénario sur toute sa durée : de quoi le comparer aux autres."""

    liens: ClassVar[dict[str, str]] = {"lignes": "scenarios", "annees": "projections_gestionnaire"}

    scenario: Texte = champ("Scénario", cle=True, reference="scenarios", exemple="A")

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


class OffreSynthese(Vue):
    """Les places d’une modalité, une année : autorisées, demandées, proposées."""

    liens: ClassVar[dict[str, str]] = {"lignes": "offre", "autorisees": "autorisations"}

    etablissement: Texte = cle_etablissement()
    modalite: Texte = champ("Modalité d’accueil", cle=True, liste="modalites", exemple="HP")
    annee: Annee = cle_annee()

    @property
    def autorisees(self) -> list[Entite]:
        """L’autorisation en vigueur de cette modalité."""
        lignes = self.dossier.lignes("autorisations", self.etablissement)
        return [a for a in lignes if getattr(a, "modalite", None) == self.modalite]

    @property
    @calcul("Places autorisées", _PLACES, entrees=("autorisees.capacite_autorisee",))
    def places_autorisees(self) -> int | None:
        """Les places autorisées aujourd’hui."""
        total = somme(self.autorisees, "capacite_autorisee", _ZERO)
        return None if total is None else int(total)

    @property
    @calcul("Évolution proposée", _PLACES, entrees=("lignes.places_proposees", "places_autorisees"))
    def evolution_proposee(self) -> int | None:
        """Places proposées − places autorisées."""
        ecart = difference(somme(self.lignes, "places_proposees"), self.places_autorisees)
        return None if ecart is None else int(ecart)

    @property
    @calcul("Écart avec la demande", _PLACES, entrees=("lignes.places_proposees", "lignes.places_demandees"))
    def ecart_demande(self) -> int | None:
        """Places proposées − places demandées par l’autorité."""
        ecart = difference(somme(self.lignes, "places_proposees"), somme(self.lignes, "places_demandees"))
        return None if ecart is None else int(ecart)


def scenarios_synthese(dossier: Dossier, lignes: Sequence[Entite]) -> list[ScenarioSynthese]:
    """Une ligne par scénario."""
    vues = []
    for scenario in lignes:
        if isinstance(scenario, Scenario) and scenario.code:
            vue = ScenarioSynthese(scenario=scenario.code)
            vue.resumer([scenario])
            vues.append(vue)
    return vues


def offre_synthese(dossier: Dossier, lignes: Sequence[Entite]) -> list[OffreSynthese]:
    """Une ligne par établissement, modalité et année."""
    return resumer(OffreSynthese, lignes, ("etablissement", "modalite", "annee"))
