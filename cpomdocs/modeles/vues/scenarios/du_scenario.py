"""Ce que toute ligne d’un scénario en dit : lequel, sa place, s’il est retenu."""

from __future__ import annotations

from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.types import Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue


class DuScenario(Vue):
    """Une ligne d’un scénario ; `lignes` : celle de la feuille « Scénarios »."""

    scenario: Texte = champ("Scénario", cle=True, reference="scenarios", exemple="A")

    def _hypotheses(self, annee: int | None) -> list[Entite]:
        """Les hypothèses du scénario pour cette année."""
        lignes = self.dossier.lignes("hypotheses", annee=annee)
        return [h for h in lignes if getattr(h, "scenario", None) == self.scenario]

    @property
    @calcul("Rang du scénario", Nature("entier"), entrees=("lignes.code",))
    def rang(self) -> int | None:
        """Sa place dans la feuille « Scénarios »."""
        codes = [s.code for s in self.dossier.scenarios if s.code]
        return codes.index(self.scenario) + 1 if self.scenario in codes else None

    @property
    @calcul("Scénario retenu", Nature("booleen"), entrees=("lignes.retenu",))
    def retenu(self) -> bool:
        """Vrai pour le scénario retenu."""
        return any(getattr(s, "retenu", None) for s in self.lignes)
