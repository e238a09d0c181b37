"""Les hypothèses qui s’appliquent à un scénario, une année : celles saisies, à défaut celles d’« Années »."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.base import Entite, calcul
from cpomdocs.modeles.entites.methode.scenarios import Scenario
from cpomdocs.modeles.entites.reperes import cle_annee
from cpomdocs.modeles.types import Annee, Nature
from cpomdocs.modeles.vues.scenarios.du_scenario import DuScenario
from cpomdocs.modeles.vues.scenarios.projections import HORIZON, TAUX_A_DEFAUT

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_TAUX, _EUROS, _ENTIER = Nature("taux", "%"), Nature("montant", "€"), Nature("entier")
_ZERO = Decimal(0)


class TauxAppliques(DuScenario):
    """Les taux qu’une projection applique, une année, dans un scénario."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "scenarios",
        "saisies": "hypotheses",
        "communs": "annees",
    }

    annee: Annee = cle_annee()

    @property
    def saisies(self) -> list[Entite]:
        """Les hypothèses du scénario pour l’année."""
        return self._hypotheses(self.annee)

    @property
    def communs(self) -> list[Entite]:
        """L’année de la feuille « Années »."""
        return self.dossier.lignes("annees", annee=self.annee)

    def _appliquer(self, nom: str) -> Decimal:
        """Le taux saisi, à défaut le taux commun, à défaut zéro."""
        saisi = next((v for h in self.saisies if (v := getattr(h, nom)) is not None), None)
        if saisi is None and nom in TAUX_A_DEFAUT:
            saisi = next((getattr(a, TAUX_A_DEFAUT[nom], None) for a in self.communs), None)
        return saisi if isinstance(saisi, Decimal) else _ZERO

    @property
    @calcul(
        "Évolution des dotations appliquée",
        _TAUX,
        entrees=("saisies.taux_dotation", "communs.taux_actualisation_ars"),
    )
    def taux_dotation(self) -> Decimal:
        """Sur les produits du groupe I, en fraction ; à défaut, le taux d’actualisation de l’ARS."""
        return self._appliquer("taux_dotation")

    @property
    @calcul("Évolution des autres produits appliquée", _TAUX, entrees=("saisies.taux_autres_produits",))
    def taux_autres_produits(self) -> Decimal:
        """Sur les produits du groupe II, en fraction ; vide : zéro."""
        return self._appliquer("taux_autres_produits")

    @property
    @calcul("GVT appliqué", _TAUX, entrees=("saisies.taux_gvt", "communs.taux_gvt"))
    def taux_gvt(self) -> Decimal:
        """Sur les charges du groupe II, en fraction ; à défaut, celui d’« Années »."""
        return self._appliquer("taux_gvt")

    @property
    @calcul("Évolution des salaires appliquée", _TAUX, entrees=("saisies.taux_salaires",))
    def taux_salaires(self) -> Decimal:
        """Sur les charges du groupe II, en fraction ; vide : zéro."""
        return self._appliquer("taux_salaires")

    @property
    @calcul("Inflation appliquée", _TAUX, entrees=("saisies.taux_inflation", "communs.taux_inflation"))
    def taux_inflation(self) -> Decimal:
        """Sur les charges des groupes I et III hors amortissements ; à défaut, celle d’« Années »."""
        return self._appliquer("taux_inflation")

    @property
    @calcul("Évolution de l’activité appliquée", _TAUX, entrees=("saisies.taux_activite",))
    def taux_activite(self) -> Decimal:
        """Sur les produits du groupe II et les charges du groupe I, en fraction ; vide : zéro."""
        return self._appliquer("taux_activite")

    @property
    @calcul("Variation du BFR appliquée", _EUROS, entrees=("saisies.variation_bfr",))
    def variation_bfr(self) -> Decimal:
        """En euros ; vide : zéro, le BFR reste celui de l’année d’avant."""
        return sum((getattr(h, "variation_bfr", None) or _ZERO for h in self.saisies), _ZERO)


def taux_appliques(dossier: Dossier, lignes: Sequence[Entite]) -> list[TauxAppliques]:
    """Une ligne par scénario et année, de N+1 à N+5."""
    n = dossier.parametres.annee_n
    vues = []
    for scenario in lignes if n is not None else ():
        if isinstance(scenario, Scenario) and scenario.code:
            for annee in range((n or 0) + 1, (n or 0) + HORIZON + 1):
                vue = TauxAppliques(scenario=scenario.code, annee=annee)
                vue.resumer([scenario])
                vues.append(vue)
    return vues
