"""Le plan de financement de chaque scénario, de N à N+5 : résultat, CAF, emplois, ressources, trésorerie.

L’année N est le budget du périmètre ; les suivantes, la projection du scénario. Le fonds de roulement part
du dernier bilan. Le BFR reste celui de ce bilan tant qu’aucune variation n’est saisie en hypothèse.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import difference, quotient, somme, somme_des_champs
from cpomdocs.modeles.base import Entite, calcul
from cpomdocs.modeles.entites.methode.scenarios import Scenario
from cpomdocs.modeles.entites.reperes import cle_annee
from cpomdocs.modeles.types import Annee, Nature
from cpomdocs.modeles.vues.scenarios.consolidation import ProjectionGestionnaire
from cpomdocs.modeles.vues.scenarios.du_scenario import DuScenario
from cpomdocs.modeles.vues.scenarios.projections import HORIZON
from cpomdocs.modeles.vues.scenarios.tendances import Tendances

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_EUROS, _TAUX, _TEXTE = Nature("montant", "€"), Nature("taux", "%"), Nature("texte")
_ZERO = Decimal(0)
LIGNES_SAISIES = {
    "produits": "total_produits",
    "charges": "total_charges",
    "resultat": "resultat",
    "caf": "caf",
    "emplois": "emplois",
    "ressources": "ressources",
    "frng": "frng",
    "bfr": "bfr",
    "tresorerie": "tresorerie",
    "emprunts": "encours",
}
"""La ligne du PGFP saisi et le champ du plan de financement qui lui répond."""


class PgfpScenario(DuScenario, Tendances):
    """Le plan de financement d’un scénario, une année."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "scenarios",
        "base": "projections_gestionnaire",
        "precedente": "pgfp_scenarios",
        "hypothese": "hypotheses",
        "bilans": "bilan_synthese",
        "dettes": "bilan",
        "emprunts": "emprunts",
        "investissements": "investissements",
    }

    annee: Annee = cle_annee()

    @property
    def base(self) -> list[Entite]:
        """Le budget du périmètre en N, la projection du scénario ensuite."""
        projetees = self.dossier.lignes("projections_gestionnaire", annee=self.annee)
        trouvees = [p for p in projetees if getattr(p, "scenario", None) == self.scenario]
        return trouvees or (list(self._modele.reference) if self.annee == self._n else [])

    @property
    def precedente(self) -> list[Entite]:
        """L’année d’avant, dans le même scénario ; aucune en N."""
        lignes = self.dossier.lignes("pgfp_scenarios", annee=(self.annee or 0) - 1)
        return [ligne for ligne in lignes if getattr(ligne, "scenario", None) == self.scenario]

    @property
    def hypothese(self) -> list[Entite]:
        """Les hypothèses du scénario pour l’année."""
        return self._hypotheses(self.annee)

    @property
    def bilans(self) -> list[Entite]:
        """Le bilan du dernier exercice clos avant N."""
        return list(self._modele.bilans)

    @property
    def dettes(self) -> list[Entite]:
        """Le poste « emprunts » de ce bilan."""
        postes = self.dossier.lignes("bilan", annee=self._n - 1)
        return [p for p in postes if getattr(p, "poste", None) == "emprunts"]

    @property
    def emprunts(self) -> list[Entite]:
        """Les emprunts qui courent encore cette année."""
        return list(self._modele.emprunts)

    @property
    def investissements(self) -> list[Entite]:
        """Les investissements de l’année."""
        return list(self._modele.investissements)

    @property
    def _n(self) -> int:
        return self.dossier.parametres.annee_n or 0

    @property
    def _modele(self) -> ProjectionGestionnaire:
        """De quoi lire bilan, emprunts et investissements comme la projection de l’année les lit."""
        jumelle = ProjectionGestionnaire(scenario=self.scenario, annee=self.annee)
        jumelle.rattacher(self.dossier)
        return jumelle

    @property
    @calcul("Scénario (nom)", _TEXTE, entrees=("lignes.intitule",))
    def intitule(self) -> str | None:
        """« B – Moyens constants »."""
        noms = (self.scenario, *(getattr(s, "intitule", None) for s in self.lignes))
        return " – ".join(nom for nom in noms if nom) or None

    @property
    @calcul("Remboursements d’emprunts", _EUROS, entrees=("emprunts.remboursement_capital", "emprunts.taux"))
    def remboursements(self) -> Decimal | None:
        """Σ du capital remboursé dans l’année, à annuités constantes depuis N, en euros."""
        return self._modele.remboursements

    @property
    @calcul("Acquisitions et travaux", _EUROS, entrees=("investissements.montant",))
    def acquisitions(self) -> Decimal | None:
        """Σ des investissements de l’année, en euros."""
        return somme(self.investissements, "montant", _ZERO)

    @property
    @calcul("Emplois stables", _EUROS, entrees=("remboursements", "acquisitions"))
    def emplois(self) -> Decimal | None:
        """Remboursements + acquisitions, en euros."""
        return somme_des_champs(self, "remboursements", "acquisitions")

    def _apports(self, nom: str) -> Decimal:
        return sum((getattr(i, nom) or _ZERO for i in self.investissements), _ZERO)

    @property
    @calcul("Emprunts nouveaux", _EUROS, entrees=("investissements.emprunt",))
    def emprunts_nouveaux(self) -> Decimal | None:
        """Σ des emprunts qui financent les investissements de l’année, en euros ; vide : aucun."""
        return self._apports("emprunt")

    @property
    @calcul("Subventions d’investissement", _EUROS, entrees=("investissements.subvention",))
    def subventions(self) -> Decimal | None:
        """Σ des subventions des investissements de l’année, en euros ; vide : aucune."""
        return self._apports("subvention")

    @property
    @calcul("Cessions", _EUROS, entrees=("investissements.cession",))
    def cessions(self) -> Decimal | None:
        """Σ des cessions qui financent les investissements de l’année, en euros ; vide : aucune."""
        return self._apports("cession")

    @property
    @calcul("Ressources stables", _EUROS, entrees=("caf", "emprunts_nouveaux", "subventions", "cessions"))
    def ressources(self) -> Decimal | None:
        """CAF + emprunts nouveaux + subventions + cessions, en euros."""
        return somme_des_champs(self, "caf", "emprunts_nouveaux", "subventions", "cessions")

    @property
    @calcul("Apport au FRNG", _EUROS, entrees=("ressources", "emplois"))
    def apport(self) -> Decimal | None:
        """Ressources − emplois, en euros ; négatif, un prélèvement."""
        return difference(self.ressources, self.emplois)

    def _depart(self, nom: str, bilan: list[Entite], nom_du_bilan: str) -> Decimal | None:
        """La valeur au 31 décembre d’avant : celle du dernier bilan en N."""
        return somme(bilan, nom_du_bilan) if self.annee == self._n else somme(self.precedente, nom)

    @property
    @calcul("FRNG", _EUROS, entrees=("bilans.frng", "apport"))
    def frng(self) -> Decimal | None:
        """FRNG de l’année d’avant (en N : du dernier bilan) + apport, en euros."""
        return _plus(self._depart("frng", self.bilans, "frng"), self.apport)

    @property
    @calcul("Variation du BFR", _EUROS, entrees=("hypothese.variation_bfr",))
    def variation_bfr(self) -> Decimal | None:
        """La variation saisie en hypothèse, en euros ; vide : zéro."""
        return sum((getattr(h, "variation_bfr", None) or _ZERO for h in self.hypothese), _ZERO)

    @property
    @calcul("BFR", _EUROS, entrees=("bilans.bfr", "variation_bfr"))
    def bfr(self) -> Decimal | None:
        """BFR de l’année d’avant (en N : du dernier bilan) + variation supposée, en euros."""
        return _plus(self._depart("bfr", self.bilans, "bfr"), self.variation_bfr)

    @property
    @calcul("Hypothèse sur le BFR", _TEXTE, entrees=("hypothese.variation_bfr",))
    def hypothese_bfr(self) -> str | None:
        """« constant » tant qu’aucune variation n’est saisie."""
        return "variation saisie" if self.variation_bfr else "constant"

    @property
    @calcul("Trésorerie", _EUROS, entrees=("frng", "bfr"))
    def tresorerie(self) -> Decimal | None:
        """FRNG − BFR, en euros."""
        return difference(self.frng, self.bfr)

    @property
    @calcul(
        "Encours d’emprunts",
        _EUROS,
        entrees=("dettes.montant", "emprunts_nouveaux", "remboursements"),
    )
    def encours(self) -> Decimal | None:
        """Encours de l’année d’avant (en N : poste « emprunts » du bilan) + nouveaux − remboursés."""
        depart = self._depart("encours", self.dettes, "montant")
        return difference(_plus(depart, self.emprunts_nouveaux), self.remboursements)

    @property
    @calcul("Durée apparente de la dette", Nature("decimal", "ans"), entrees=("encours", "caf"))
    def duree_apparente_dette(self) -> Decimal | None:
        """Encours ÷ CAF, en années ; rien si la CAF est nulle ou négative."""
        return quotient(self.encours, self.caf) if self.caf and self.caf > 0 else None


class PgfpRetenu(PgfpScenario):
    """Le plan de financement du scénario retenu, une année."""


def _plus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a + b


def pgfp_scenarios(dossier: Dossier, lignes: Sequence[Entite]) -> list[PgfpScenario]:
    """Une ligne par scénario et année, de N à N+5."""
    return [ligne for s in lignes if isinstance(s, Scenario) for ligne in _annees(dossier, s, PgfpScenario)]


def pgfp_retenu(dossier: Dossier, lignes: Sequence[Entite]) -> list[PgfpScenario]:
    """Les six années du scénario retenu ; s’ils sont plusieurs, du premier."""
    retenu = dossier.scenario_retenu()
    return [] if retenu is None else _annees(dossier, retenu, PgfpRetenu)


def _annees(dossier: Dossier, scenario: Scenario, modele: type[PgfpScenario]) -> list[PgfpScenario]:
    n = dossier.parametres.annee_n
    vues = []
    for annee in range(n, n + HORIZON + 1) if n is not None and scenario.code else ():
        vue = modele(scenario=scenario.code, annee=annee)
        vue.resumer([scenario])
        vues.append(vue)
    return vues
