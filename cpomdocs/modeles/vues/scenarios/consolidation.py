"""Les projections du périmètre réunies : dotation, moyens constants, FRNG, année après année."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import additionner, difference, quotient, somme, somme_des_champs
from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.patrimoine import Emprunt, Investissement
from cpomdocs.modeles.entites.reperes import cle_annee
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import BUDGETS, Vue, la_plus_sure, regrouper
from cpomdocs.modeles.vues.scenarios.dette import rembourses
from cpomdocs.modeles.vues.scenarios.projections import Projection

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_EUROS, _TAUX = Nature("montant", "€"), Nature("taux", "%")
_ZERO = Decimal(0)


class ProjectionGestionnaire(Vue):
    """Les projections du périmètre réunies, une année, dans un scénario."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "projections",
        "reference": "comptes_gestionnaire",
        "bilans": "bilan_synthese",
        "precedente": "projections_gestionnaire",
        "emprunts": "emprunts",
        "investissements": "investissements",
    }

    scenario: Texte = champ("Scénario", cle=True, reference="scenarios", exemple="A")
    annee: Annee = cle_annee()

    @property
    def reference(self) -> list[Entite]:
        """Le budget N du périmètre, dans la version la plus sûre."""
        budgets = self.dossier.lignes("comptes_gestionnaire", annee=self.dossier.parametres.annee_n)
        return la_plus_sure(budgets, BUDGETS)

    @property
    def bilans(self) -> list[Entite]:
        """Le bilan du dernier exercice clos avant N."""
        n = self.dossier.parametres.annee_n or 0
        return self.dossier.lignes("bilan_synthese", annee=n - 1)

    @property
    def precedente(self) -> list[Entite]:
        """La projection de l’année d’avant, dans le même scénario ; aucune en N+1."""
        return [
            p
            for p in self.dossier.lignes("projections_gestionnaire", annee=(self.annee or 0) - 1)
            if getattr(p, "scenario", None) == self.scenario
        ]

    @property
    def emprunts(self) -> list[Entite]:
        """Les emprunts qui courent encore cette année."""
        return [
            e
            for e in self.dossier.lignes("emprunts")
            if isinstance(e, Emprunt)
            and (e.date_echeance is None or e.date_echeance.year >= (self.annee or 0))
        ]

    @property
    def investissements(self) -> list[Entite]:
        """Les investissements de l’année."""
        return [
            i
            for i in self.dossier.lignes("investissements", annee=self.annee)
            if isinstance(i, Investissement)
        ]

    @property
    @calcul("Rang du scénario", Nature("entier"), entrees=("lignes.scenario",))
    def rang(self) -> int | None:
        """Sa place dans la feuille « Scénarios »."""
        codes = [s.code for s in self.dossier.scenarios if s.code]
        return codes.index(self.scenario) + 1 if self.scenario in codes else None

    @property
    @calcul("Charges du groupe I", _EUROS, entrees=("lignes.charges_groupe_1",))
    def charges_groupe_1(self) -> Decimal | None:
        """Σ des établissements du périmètre, en euros."""
        return somme(self.lignes, "charges_groupe_1")

    @property
    @calcul("Charges du groupe II", _EUROS, entrees=("lignes.charges_groupe_2",))
    def charges_groupe_2(self) -> Decimal | None:
        """Σ des établissements du périmètre, en euros."""
        return somme(self.lignes, "charges_groupe_2")

    @property
    @calcul("Charges du groupe III", _EUROS, entrees=("lignes.charges_groupe_3",))
    def charges_groupe_3(self) -> Decimal | None:
        """Σ des établissements du périmètre, en euros."""
        return somme(self.lignes, "charges_groupe_3")

    @property
    @calcul("Produits du groupe I", _EUROS, entrees=("lignes.produits_groupe_1",))
    def produits_groupe_1(self) -> Decimal | None:
        """Σ des établissements du périmètre, en euros : la dotation."""
        return somme(self.lignes, "produits_groupe_1")

    @property
    @calcul("Produits du groupe II", _EUROS, entrees=("lignes.produits_groupe_2",))
    def produits_groupe_2(self) -> Decimal | None:
        """Σ des établissements du périmètre, en euros."""
        return somme(self.lignes, "produits_groupe_2")

    @property
    @calcul("Produits du groupe III", _EUROS, entrees=("lignes.produits_groupe_3",))
    def produits_groupe_3(self) -> Decimal | None:
        """Σ des établissements du périmètre, en euros."""
        return somme(self.lignes, "produits_groupe_3")

    @property
    @calcul("Total des charges", _EUROS, entrees=("charges_groupe_1", "charges_groupe_2", "charges_groupe_3"))
    def total_charges(self) -> Decimal | None:
        """Charges des groupes I + II + III, en euros."""
        return somme_des_champs(self, "charges_groupe_1", "charges_groupe_2", "charges_groupe_3")

    @property
    @calcul("Total des produits", _EUROS, entrees=("lignes.total_produits",))
    def total_produits(self) -> Decimal | None:
        """Σ des établissements du périmètre, en euros."""
        return somme(self.lignes, "total_produits")

    @property
    @calcul("Résultat", _EUROS, entrees=("total_produits", "total_charges"))
    def resultat(self) -> Decimal | None:
        """Produits − charges, en euros."""
        return difference(self.total_produits, self.total_charges)

    @property
    @calcul("CAF", _EUROS, entrees=("lignes.caf",))
    def caf(self) -> Decimal | None:
        """Σ des CAF des établissements du périmètre, en euros."""
        return somme(self.lignes, "caf")

    @property
    @calcul("Taux de CAF", _TAUX, entrees=("caf", "total_produits"))
    def taux_caf(self) -> Decimal | None:
        """CAF ÷ total des produits, en fraction."""
        return quotient(self.caf, self.total_produits)

    @property
    @calcul("Dotation", _EUROS, entrees=("lignes.produits_groupe_1",))
    def dotation(self) -> Decimal | None:
        """Produits de la tarification (groupe I) du périmètre, en euros."""
        return somme(self.lignes, "produits_groupe_1")

    @property
    @calcul("Évolution de la dotation depuis N", _EUROS, entrees=("dotation", "reference.produits_groupe_1"))
    def evolution_dotation(self) -> Decimal | None:
        """Dotation − dotation de l’année N, en euros ; négative, la dotation baisse."""
        return difference(self.dotation, somme(self.reference, "produits_groupe_1"))

    @property
    @calcul("Charges nouvelles", _EUROS, entrees=("lignes.charges_nouvelles",))
    def charges_nouvelles(self) -> Decimal | None:
        """Σ des charges des actions retenues, en euros."""
        return somme(self.lignes, "charges_nouvelles")

    @property
    @calcul("Redéploiement", _EUROS, entrees=("lignes.redeploiement",))
    def redeploiement(self) -> Decimal | None:
        """Ce que le redéploiement couvre, en euros."""
        return somme(self.lignes, "redeploiement")

    @property
    @calcul("Autofinancement", _EUROS, entrees=("lignes.autofinancement",))
    def autofinancement(self) -> Decimal | None:
        """Ce que l’autofinancement couvre, en euros."""
        return somme(self.lignes, "autofinancement")

    @property
    @calcul("Hors moyens constants", _EUROS, entrees=("lignes.demandes_perennes", "lignes.demandes_cnr"))
    def hors_moyens_constants(self) -> Decimal | None:
        """Crédits pérennes et CNR demandés, en euros ; zéro : le scénario tient à moyens constants."""
        return additionner((li, nom) for li in self.lignes for nom in ("demandes_perennes", "demandes_cnr"))

    @property
    @calcul("Remboursements d’emprunts", _EUROS, entrees=("emprunts.remboursement_capital", "emprunts.taux"))
    def remboursements(self) -> Decimal | None:
        """Σ du capital remboursé dans l’année, à annuités constantes depuis N, en euros."""
        emprunts = [e for e in self.emprunts if isinstance(e, Emprunt)]
        return rembourses(emprunts, self.annee or 0, self.dossier.parametres.annee_n or 0)

    @property
    @calcul("Investissements à financer", _EUROS, entrees=("investissements.montant",))
    def investissements_nets(self) -> Decimal | None:
        """Investissements − emprunts, subventions et cessions qui les financent, en euros."""
        total = somme(self.investissements, "montant", _ZERO)
        apports = sum(
            (
                getattr(i, nom) or _ZERO
                for i in self.investissements
                for nom in ("emprunt", "subvention", "cession")
            ),
            _ZERO,
        )
        return None if total is None else total - apports

    @property
    @calcul(
        "FRNG",
        _EUROS,
        entrees=(
            "bilans.frng",
            "reference.caf",
            "caf",
            "remboursements",
            "investissements_nets",
        ),
    )
    def frng(self) -> Decimal | None:
        """FRNG de l’année d’avant + CAF − remboursements − investissements à financer, en euros.

        Avant N+1 : le FRNG du dernier bilan, plus la CAF de N, moins les mêmes emplois de N.
        """
        depart = somme(self.precedente, "frng") if self.precedente else self._frng_de_n()
        termes = (depart, self.caf, self.remboursements, self.investissements_nets)
        if any(terme is None for terme in termes):
            return None
        return depart + self.caf - self.remboursements - self.investissements_nets  # type: ignore[operator]

    def _frng_de_n(self) -> Decimal | None:
        n = self.dossier.parametres.annee_n or 0
        jumelle = ProjectionGestionnaire(scenario=self.scenario, annee=n)
        jumelle.rattacher(self.dossier)
        termes = (
            somme(self.bilans, "frng"),
            somme(self.reference, "caf"),
            jumelle.remboursements,
            jumelle.investissements_nets,
        )
        if any(terme is None for terme in termes):
            return None
        bilan, caf, remboursements, investissements = termes
        return bilan + caf - remboursements - investissements  # type: ignore[operator]


def projections_gestionnaire(dossier: Dossier, lignes: Sequence[Entite]) -> list[ProjectionGestionnaire]:
    """Une ligne par scénario et année, sur les établissements du périmètre."""
    codes = {etablissement.code for etablissement in dossier.perimetre()}
    projetees = [
        p for p in dossier.lignes("projections") if isinstance(p, Projection) and p.etablissement in codes
    ]
    vues = []
    for (scenario, annee), groupe in sorted(
        regrouper(projetees, ("scenario", "annee")).items(), key=_ordre(lignes)
    ):
        vue = ProjectionGestionnaire(scenario=str(scenario), annee=annee)
        vue.resumer(groupe)
        vues.append(vue)
    return vues


def _ordre(scenarios: Iterable[Entite]) -> Callable[[tuple[tuple[object, ...], object]], tuple[int, object]]:
    """L’ordre de saisie des scénarios, puis les années."""
    codes = [getattr(s, "code", None) for s in scenarios]
    return lambda groupe: (codes.index(groupe[0][0]), groupe[0][1])
