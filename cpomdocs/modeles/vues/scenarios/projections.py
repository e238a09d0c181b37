"""Projeter chaque scénario : groupes fonctionnels, résultat et CAF par établissement, année après année.

Base : le budget de l’année N (exécutoire, à défaut prévisionnel). Chaque année suivante : la base, évoluée
des taux du scénario (à défaut, ceux de la feuille « Années »), plus les coûts et les produits des actions
retenues.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import additionner, arrondir, difference, somme
from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.methode.scenarios import ChoixAction, CoutAction, Hypothese
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import BUDGETS, la_plus_sure, regrouper
from cpomdocs.modeles.vues.totaux import CompteDeResultat

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

HORIZON = 5
"""Nombre d’années projetées après N : avec N, les six années du PGFP (R.314-213 CASF)."""
_EUROS = Nature("montant", "€")
_ZERO, _UN, _CENTIME = Decimal(0), Decimal(1), Decimal("0.01")
TAUX_A_DEFAUT = {
    "taux_dotation": "taux_actualisation_ars",
    "taux_gvt": "taux_gvt",
    "taux_inflation": "taux_inflation",
}
"""Le taux de la feuille « Années » qui vaut quand l’hypothèse est vide ; les autres valent alors zéro."""
_AMORTISSEMENTS = "68"


class Projection(CompteDeResultat):
    """Le compte de résultat projeté d’un établissement, une année, dans un scénario."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "comptes",
        "base": "comptes_synthese",
        "amortissements": "comptes_chapitres",
        "taux": "hypotheses",
        "couts": "couts_actions",
    }

    scenario: Texte = champ("Scénario", cle=True, reference="scenarios", exemple="A")
    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()

    @property
    def base(self) -> list[Entite]:
        """Le budget de l’année N, dans la version la plus sûre."""
        n = self.dossier.parametres.annee_n
        budgets = self.dossier.lignes("comptes_synthese", self.etablissement, n)
        return la_plus_sure(budgets, BUDGETS)

    @property
    def amortissements(self) -> list[Entite]:
        """Les dotations du groupe III (chapitre 68) de la base : des charges que rien ne fait évoluer."""
        version = getattr(self.base[0], "version", None) if self.base else None
        return [
            chapitre
            for chapitre in self.dossier.lignes("comptes_chapitres", self.etablissement, self._annee_n)
            if getattr(chapitre, "version", None) == version
            and (getattr(chapitre, "chapitre", None), getattr(chapitre, "groupe", None))
            == (_AMORTISSEMENTS, "III")
        ]

    @property
    def taux(self) -> list[Entite]:
        """Les hypothèses du scénario, de N+1 à cette année."""
        return [
            h
            for h in self.dossier.lignes("hypotheses")
            if isinstance(h, Hypothese) and h.scenario == self.scenario and h.annee in self._annees
        ]

    @property
    def couts(self) -> list[Entite]:
        """Les coûts et produits des actions retenues, décalages compris, cette année."""
        return list(couts_retenus(self.dossier, self.scenario, self.etablissement, self.annee))

    def _facteur(self, *noms: str) -> Decimal:
        """Le produit, année après année depuis N+1, de 1 + Σ de ces taux."""
        facteur = _UN
        for annee in self._annees:
            hypothese = next((h for h in self.taux if getattr(h, "annee", None) == annee), None)
            facteur *= _UN + sum((self._taux_de(hypothese, annee, nom) for nom in noms), _ZERO)
        return facteur

    def _taux_de(self, hypothese: Entite | None, annee: int, nom: str) -> Decimal:
        valeur = getattr(hypothese, nom, None)
        if valeur is None and nom in TAUX_A_DEFAUT:
            exercices = self.dossier.lignes("annees", annee=annee)
            valeur = getattr(exercices[0], TAUX_A_DEFAUT[nom], None) if exercices else None
        return valeur if isinstance(valeur, Decimal) else _ZERO

    @property
    def _annee_n(self) -> int | None:
        return self.dossier.parametres.annee_n

    @property
    def _annees(self) -> range:
        return range((self._annee_n or 0) + 1, (self.annee or 0) + 1)

    def _couts(self, sens: str, groupe: str) -> Decimal | None:
        cherches = [
            c for c in self.couts if isinstance(c, CoutAction) and (c.sens, c.groupe) == (sens, groupe)
        ]
        return somme(cherches, "montant", _ZERO)

    def _projeter(self, champ_de_base: str, sens: str, groupe: str, *taux: str) -> Decimal | None:
        """La base évoluée de ces taux, plus les coûts de ce sens et de ce groupe ; au centime."""
        base, couts = somme(self.base, champ_de_base), self._couts(sens, groupe)
        if base is None or couts is None:
            return None
        return arrondir(base * self._facteur(*taux) + couts, _CENTIME)

    @property
    @calcul("Charges du groupe I", _EUROS, entrees=("base.charges_groupe_1", "couts.montant"))
    def charges_groupe_1(self) -> Decimal | None:
        """Base × Π(1 + inflation + activité) + charges des actions du groupe I, en euros."""
        return self._projeter("charges_groupe_1", "charge", "I", "taux_inflation", "taux_activite")

    @property
    @calcul("Charges du groupe II", _EUROS, entrees=("base.charges_groupe_2", "couts.montant"))
    def charges_groupe_2(self) -> Decimal | None:
        """Base × Π(1 + GVT + salaires) + charges des actions du groupe II, en euros."""
        return self._projeter("charges_groupe_2", "charge", "II", "taux_gvt", "taux_salaires")

    @property
    @calcul(
        "Charges du groupe III",
        _EUROS,
        entrees=("base.charges_groupe_3", "amortissements.montant", "couts.montant"),
    )
    def charges_groupe_3(self) -> Decimal | None:
        """(Base − dotations 68) × Π(1 + inflation) + dotations 68 + charges des actions, en euros."""
        base, couts = somme(self.base, "charges_groupe_3"), self._couts("charge", "III")
        constantes = somme(self.amortissements, "montant", _ZERO)
        if base is None or couts is None or constantes is None:
            return None
        projetee = (base - constantes) * self._facteur("taux_inflation")
        return arrondir(projetee + constantes + couts, _CENTIME)

    @property
    @calcul("Produits du groupe I", _EUROS, entrees=("base.produits_groupe_1", "couts.montant"))
    def produits_groupe_1(self) -> Decimal | None:
        """Base × Π(1 + évolution des dotations) + produits des actions du groupe I, en euros."""
        return self._projeter("produits_groupe_1", "produit", "I", "taux_dotation")

    @property
    @calcul("Produits du groupe II", _EUROS, entrees=("base.produits_groupe_2", "couts.montant"))
    def produits_groupe_2(self) -> Decimal | None:
        """Base × Π(1 + autres produits + activité) + produits des actions du groupe II, en euros."""
        return self._projeter("produits_groupe_2", "produit", "II", "taux_autres_produits", "taux_activite")

    @property
    @calcul("Produits du groupe III", _EUROS, entrees=("base.produits_groupe_3", "couts.montant"))
    def produits_groupe_3(self) -> Decimal | None:
        """Base, constante, + produits des actions du groupe III, en euros."""
        return self._projeter("produits_groupe_3", "produit", "III")

    @property
    @calcul("CAF", _EUROS, entrees=("resultat", "base.caf", "base.resultat", "couts.montant"))
    def caf(self) -> Decimal | None:
        """Résultat + (CAF − résultat) de la base + charges du groupe III des actions, en euros.

        Les opérations sans encaissement de la base restent constantes ; une charge du groupe III d’une action
        est l’amortissement de son investissement.
        """
        ecart = difference(somme(self.base, "caf"), somme(self.base, "resultat"))
        couts = self._couts("charge", "III")
        return None if None in (self.resultat, ecart, couts) else self.resultat + ecart + couts  # type: ignore[operator]

    @property
    @calcul("Charges nouvelles", _EUROS, entrees=("couts.montant",))
    def charges_nouvelles(self) -> Decimal | None:
        """Σ des charges des actions retenues, en euros."""
        return self._total("charge")

    @property
    @calcul("Redéploiement", _EUROS, entrees=("couts.montant",))
    def redeploiement(self) -> Decimal | None:
        """Σ des charges d’actions couvertes par redéploiement, en euros."""
        return self._total("charge", "redeploiement")

    @property
    @calcul("Autofinancement", _EUROS, entrees=("couts.montant",))
    def autofinancement(self) -> Decimal | None:
        """Σ des charges d’actions couvertes par autofinancement, en euros."""
        return self._total("charge", "autofinancement")

    @property
    @calcul("Crédits pérennes demandés", _EUROS, entrees=("couts.montant",))
    def demandes_perennes(self) -> Decimal | None:
        """Σ des charges d’actions qui demandent des crédits pérennes, en euros."""
        return self._total("charge", "perenne")

    @property
    @calcul("CNR demandés", _EUROS, entrees=("couts.montant",))
    def demandes_cnr(self) -> Decimal | None:
        """Σ des charges d’actions qui demandent des crédits non reconductibles, en euros."""
        return self._total("charge", "cnr")

    def _total(self, sens: str, financement: str | None = None) -> Decimal | None:
        voulus = (c for c in self.couts if isinstance(c, CoutAction) and c.sens == sens)
        return additionner(
            ((c, "montant") for c in voulus if financement in (None, c.financement)), si_aucun=_ZERO
        )


def couts_retenus(
    dossier: Dossier, scenario: str | None, etablissement: str | None, annee: int | None
) -> Iterator[CoutAction]:
    """Les coûts des actions qu’un scénario retient, cette année, une fois leur décalage compté."""
    decalages = {
        (choix.objectif, choix.action): choix.decalage or 0
        for choix in dossier.lignes("choix_actions")
        if isinstance(choix, ChoixAction) and choix.scenario == scenario and choix.retenue
    }
    for cout in dossier.lignes("couts_actions", etablissement):
        if isinstance(cout, CoutAction) and cout.annee is not None and annee is not None:
            decalage = decalages.get((cout.objectif, cout.action))
            if decalage is not None and cout.annee + decalage == annee:
                yield cout


def projections(dossier: Dossier, lignes: Sequence[Entite]) -> list[Projection]:
    """Une ligne par scénario, établissement et année de N+1 à N+5, pour ceux qui ont un budget N."""
    n = dossier.parametres.annee_n
    if n is None:
        return []
    budgets = [
        li
        for li in lignes
        if (getattr(li, "annee", None), getattr(li, "version", None)) in {(n, version) for version in BUDGETS}
    ]
    scenarios = [code for s in dossier.lignes("scenarios") if (code := getattr(s, "code", None))]
    vues = []
    for (etablissement,), comptes in regrouper(budgets, ("etablissement",)).items():
        for scenario in scenarios:
            for annee in range(n + 1, n + HORIZON + 1):
                vue = Projection(scenario=scenario, etablissement=str(etablissement), annee=annee)
                vue.resumer(comptes)
                vues.append(vue)
    return vues
