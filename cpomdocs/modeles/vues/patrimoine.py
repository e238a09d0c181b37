"""Le bilan et le tableau de financement réunis, et leurs ratios (`domaine` § 1.6 et § 1.6 bis)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import difference, produit, quotient, somme, somme_des_champs
from cpomdocs.modeles.base import Entite, calcul
from cpomdocs.modeles.entites.reperes import cle_annee, cle_version
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue, resumer
from cpomdocs.nomenclatures import details

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_EUROS = Nature("montant", "€")
_TAUX = Nature("taux", "%")
_JOURS = Nature("decimal", "jours")
_ZERO = Decimal(0)
_JOURS_DE_L_ANNEE = 365
_GROUPES: dict[str, tuple[str, str]] = {
    "fri_ressources": ("bloc", "fri_ressources"),
    "fri_emplois": ("bloc", "fri_emplois"),
    "fre_ressources": ("bloc", "fre_ressources"),
    "fre_emplois": ("bloc", "fre_emplois"),
    "bfr_emplois": ("bloc", "bfr_emplois"),
    "bfr_ressources": ("bloc", "bfr_ressources"),
    "liquidites": ("bloc", "tresorerie_emplois"),
    "concours": ("bloc", "tresorerie_ressources"),
    "stables": ("role", "stable"),
    "amortissables": ("role", "amortissable"),
    "amortissements": ("role", "amortissement"),
}
"""Les groupes de postes et ce qui les désigne dans la nomenclature « postes_bilan »."""


class _PostesDuBilan(Vue):
    """Les postes du bilan d’une année, rangés en groupes."""

    liens: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("lignes", *_GROUPES, "emprunts", "constructions", "amortissements_constructions"), "bilan"
        ),
        "comptes": "comptes_gestionnaire",
    }

    def _groupe(self, nom: str) -> list[Entite]:
        attribut, valeur = _GROUPES[nom]
        postes = details("postes_bilan")
        return [li for li in self.lignes if postes.get(_poste(li), {}).get(attribut) == valeur]

    def _de(self, code: str) -> list[Entite]:
        return [li for li in self.lignes if _poste(li) == code]

    @property
    def fri_ressources(self) -> list[Entite]:
        """Financements stables d’investissement, amortissements compris."""
        return self._groupe("fri_ressources")

    @property
    def fri_emplois(self) -> list[Entite]:
        """Biens stables, valeur brute."""
        return self._groupe("fri_emplois")

    @property
    def fre_ressources(self) -> list[Entite]:
        """Financements stables d’exploitation."""
        return self._groupe("fre_ressources")

    @property
    def fre_emplois(self) -> list[Entite]:
        """Actifs stables d’exploitation."""
        return self._groupe("fre_emplois")

    @property
    def bfr_emplois(self) -> list[Entite]:
        """Stocks, créances, charges constatées d’avance."""
        return self._groupe("bfr_emplois")

    @property
    def bfr_ressources(self) -> list[Entite]:
        """Dettes d’exploitation et produits constatés d’avance."""
        return self._groupe("bfr_ressources")

    @property
    def liquidites(self) -> list[Entite]:
        """Disponibilités et placements."""
        return self._groupe("liquidites")

    @property
    def concours(self) -> list[Entite]:
        """Concours bancaires à court terme."""
        return self._groupe("concours")

    @property
    def stables(self) -> list[Entite]:
        """Financements stables du FRI, hors amortissements cumulés."""
        return self._groupe("stables")

    @property
    def amortissables(self) -> list[Entite]:
        """Immobilisations amortissables, valeur brute."""
        return self._groupe("amortissables")

    @property
    def amortissements(self) -> list[Entite]:
        """Amortissements cumulés."""
        return self._groupe("amortissements")

    @property
    def emprunts(self) -> list[Entite]:
        """Emprunts (16 hors 165, 1688, 169)."""
        return self._de("emprunts")

    @property
    def constructions(self) -> list[Entite]:
        """Constructions, valeur brute (21x)."""
        return self._de("constructions_brut")

    @property
    def amortissements_constructions(self) -> list[Entite]:
        """Amortissements des constructions (281x)."""
        return self._de("constructions_amortissements")

    @property
    def comptes(self) -> list[Entite]:
        """Le compte de résultat réalisé du gestionnaire, la même année."""
        lignes = self.dossier.lignes("comptes_gestionnaire")
        annee = getattr(self, "annee", None)
        return [
            li
            for li in lignes
            if getattr(li, "annee", None) == annee and getattr(li, "version", None) == "reel"
        ]


class BilanSynthese(_PostesDuBilan):
    """Les équilibres du bilan financier du gestionnaire au 31 décembre d’une année."""

    annee: Annee = cle_annee()

    @property
    @calcul("FRI", _EUROS, entrees=("fri_ressources.montant", "fri_emplois.montant"))
    def fri(self) -> Decimal | None:
        """Fonds de roulement d’investissement = financements stables − biens stables, en euros."""
        return difference(
            somme(self.fri_ressources, "montant", _ZERO), somme(self.fri_emplois, "montant", _ZERO)
        )

    @property
    @calcul("FRE", _EUROS, entrees=("fre_ressources.montant", "fre_emplois.montant"))
    def fre(self) -> Decimal | None:
        """Fonds de roulement d’exploitation = réserves, reports, résultat, provisions − actifs stables."""
        return difference(
            somme(self.fre_ressources, "montant", _ZERO), somme(self.fre_emplois, "montant", _ZERO)
        )

    @property
    @calcul("FRNG", _EUROS, entrees=("fri", "fre"))
    def frng(self) -> Decimal | None:
        """FRNG = FRI + FRE (`domaine` § 1.6 bis), en euros."""
        return somme_des_champs(self, "fri", "fre")

    @property
    @calcul("BFR", _EUROS, entrees=("bfr_emplois.montant", "bfr_ressources.montant"))
    def bfr(self) -> Decimal | None:
        """BFR = stocks + charges d’avance + créances − dettes d’exploitation (R.314-48 III), en euros."""
        return difference(
            somme(self.bfr_emplois, "montant", _ZERO), somme(self.bfr_ressources, "montant", _ZERO)
        )

    @property
    @calcul("Trésorerie", _EUROS, entrees=("frng", "bfr"))
    def tresorerie(self) -> Decimal | None:
        """Trésorerie = FRI + FRE − BFR (`domaine` § 1.6 bis), en euros."""
        return difference(self.frng, self.bfr)

    @property
    @calcul("Trésorerie constatée", _EUROS, entrees=("liquidites.montant", "concours.montant"))
    def tresorerie_constatee(self) -> Decimal | None:
        """Disponibilités et placements − concours bancaires, en euros ; doit égaler la trésorerie (FI-08)."""
        return difference(somme(self.liquidites, "montant"), somme(self.concours, "montant", _ZERO))

    @property
    @calcul(
        "Taux de vétusté des constructions",
        _TAUX,
        entrees=("amortissements_constructions.montant", "constructions.montant"),
    )
    def taux_vetuste_constructions(self) -> Decimal | None:
        """Amortissements ÷ valeur brute des constructions, 281x / 21x (`domaine` § 1.6 bis), en fraction."""
        return quotient(
            somme(self.amortissements_constructions, "montant"), somme(self.constructions, "montant")
        )

    @property
    @calcul("Taux d’endettement", _TAUX, entrees=("emprunts.montant", "stables.montant"))
    def taux_endettement(self) -> Decimal | None:
        """Emprunts ÷ financements stables du FRI hors amortissements (`domaine` § 1.6 bis), en fraction."""
        return quotient(somme(self.emprunts, "montant"), somme(self.stables, "montant"))

    @property
    @calcul(
        "Durée apparente de la dette", Nature("decimal", "ans"), entrees=("emprunts.montant", "comptes.caf")
    )
    def duree_apparente_dette(self) -> Decimal | None:
        """Emprunts ÷ CAF de l’année (`domaine` § 1.6 bis), en années."""
        return quotient(somme(self.emprunts, "montant"), somme(self.comptes, "caf"))

    @property
    @calcul(
        "Apurement de la dette",
        Nature("decimal"),
        entrees=("amortissables.montant", "amortissements.montant", "emprunts.montant"),
    )
    def apurement_dette(self) -> Decimal | None:
        """Immobilisations nettes amortissables ÷ emprunts (`domaine` § 1.6 bis)."""
        nettes = difference(
            somme(self.amortissables, "montant"), somme(self.amortissements, "montant", _ZERO)
        )
        return quotient(nettes, somme(self.emprunts, "montant"))

    def _en_jours(self, montant: Decimal | None) -> Decimal | None:
        return quotient(produit(montant, _JOURS_DE_L_ANNEE), somme(self.comptes, "charges_decaissables"))

    @property
    @calcul("FRNG en jours", _JOURS, entrees=("frng", "comptes.charges_decaissables"))
    def frng_jours(self) -> Decimal | None:
        """FRNG ÷ (charges décaissables ÷ 365) (`domaine` § 1.6 bis), en jours."""
        return self._en_jours(self.frng)

    @property
    @calcul("BFR en jours", _JOURS, entrees=("bfr", "comptes.charges_decaissables"))
    def bfr_jours(self) -> Decimal | None:
        """BFR ÷ (charges décaissables ÷ 365), en jours."""
        return self._en_jours(self.bfr)

    @property
    @calcul("Trésorerie en jours", _JOURS, entrees=("tresorerie", "comptes.charges_decaissables"))
    def tresorerie_jours(self) -> Decimal | None:
        """Trésorerie ÷ (charges décaissables ÷ 365), en jours."""
        return self._en_jours(self.tresorerie)


class FinancementsSynthese(Vue):
    """Le tableau de financement d’une année, dans une version."""

    liens: ClassVar[dict[str, str]] = dict.fromkeys(("lignes", "emplois", "ressources"), "financements")

    annee: Annee = cle_annee()
    version: Texte = cle_version()

    def _du_sens(self, sens: str) -> list[Entite]:
        lignes = details("lignes_tfp")
        return [li for li in self.lignes if lignes.get(str(getattr(li, "ligne", "")), {}).get("sens") == sens]

    @property
    def emplois(self) -> list[Entite]:
        """Les emplois stables."""
        return self._du_sens("emploi")

    @property
    def ressources(self) -> list[Entite]:
        """Les ressources stables, CAF comprise."""
        return self._du_sens("ressource")

    @property
    @calcul("Total des emplois", _EUROS, entrees=("emplois.montant",))
    def total_emplois(self) -> Decimal | None:
        """Σ des emplois stables, en euros."""
        return somme(self.emplois, "montant", _ZERO)

    @property
    @calcul("Total des ressources", _EUROS, entrees=("ressources.montant",))
    def total_ressources(self) -> Decimal | None:
        """Σ des ressources stables, CAF comprise, en euros."""
        return somme(self.ressources, "montant", _ZERO)

    @property
    @calcul("Apport au FRNG", _EUROS, entrees=("total_ressources", "total_emplois"))
    def apport(self) -> Decimal | None:
        """Ressources − emplois : apport au fonds de roulement, ou prélèvement s’il est négatif (FI-08)."""
        return difference(self.total_ressources, self.total_emplois)


def _poste(ligne: Entite) -> str:
    return str(getattr(ligne, "poste", ""))


def bilan_synthese(dossier: Dossier, lignes: Sequence[Entite]) -> list[BilanSynthese]:
    """Une ligne par année."""
    return resumer(BilanSynthese, lignes, ("annee",))


def financements_synthese(dossier: Dossier, lignes: Sequence[Entite]) -> list[FinancementsSynthese]:
    """Une ligne par année et version."""
    return resumer(FinancementsSynthese, lignes, ("annee", "version"))
