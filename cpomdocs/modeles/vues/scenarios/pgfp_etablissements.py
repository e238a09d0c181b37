"""Le scénario retenu, établissement par établissement, de N à N+5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.base import Entite, calcul
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import BUDGETS, la_plus_sure, regrouper
from cpomdocs.modeles.vues.scenarios.projections import HORIZON
from cpomdocs.modeles.vues.scenarios.tendances import Tendances

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_EUROS, _TAUX = Nature("montant", "€"), Nature("taux", "%")


class PgfpEtablissement(Tendances):
    """Le compte de résultat d’un établissement du périmètre dans le scénario retenu, une année."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "comptes",
        "base": "projections",
        "precedente": "pgfp_etablissements",
        "fiches": "etablissements",
    }

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()

    @property
    def base(self) -> list[Entite]:
        """Le budget de l’établissement en N, sa projection dans le scénario retenu ensuite."""
        if self.annee == self.dossier.parametres.annee_n:
            budgets = self.dossier.lignes("comptes_synthese", self.etablissement, self.annee)
            return la_plus_sure(budgets, BUDGETS)
        retenu = self.dossier.scenario_retenu()
        projetees = self.dossier.lignes("projections", self.etablissement, self.annee)
        return [p for p in projetees if retenu and getattr(p, "scenario", None) == retenu.code]

    @property
    def precedente(self) -> list[Entite]:
        """L’année d’avant ; aucune en N."""
        return self.dossier.lignes("pgfp_etablissements", self.etablissement, (self.annee or 0) - 1)

    @property
    def fiches(self) -> list[Entite]:
        """L’établissement."""
        fiche = self.dossier.etablissement(self.etablissement)
        return [] if fiche is None else [fiche]

    @property
    @calcul("Nom de l’établissement", Nature("texte"), entrees=("fiches.nom",))
    def nom(self) -> str | None:
        """Le nom de l’établissement."""
        return next((getattr(f, "nom", None) for f in self.fiches), None)


def pgfp_etablissements(dossier: Dossier, lignes: Sequence[Entite]) -> list[PgfpEtablissement]:
    """Une ligne par établissement du périmètre qui a un budget N, et par année, si un scénario est retenu."""
    n = dossier.parametres.annee_n
    if n is None or dossier.scenario_retenu() is None:
        return []
    perimetre = {etablissement.code for etablissement in dossier.perimetre()}
    budgets = [
        li
        for li in lignes
        if getattr(li, "etablissement", None) in perimetre
        and (getattr(li, "annee", None), getattr(li, "version", None)) in {(n, v) for v in BUDGETS}
    ]
    vues = []
    for (code,), comptes in regrouper(budgets, ("etablissement",)).items():
        for annee in range(n, n + HORIZON + 1):
            vue = PgfpEtablissement(etablissement=str(code), annee=annee)
            vue.resumer(comptes)
            vues.append(vue)
    return vues
