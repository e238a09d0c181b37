"""Les totaux d’un compte de résultat : groupes, résultat, CAF et ratios (`domaine` § 1.6 et § 1.6 bis)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from cpomdocs.modeles.arithmetique import additionner, difference, quotient, somme, somme_des_champs
from cpomdocs.modeles.base import Entite, calcul
from cpomdocs.modeles.types import Nature
from cpomdocs.modeles.vues.regroupement import Vue
from cpomdocs.nomenclatures import comptes_de

_EUROS = Nature("montant", "€")
_TAUX = Nature("taux", "%")
_ZERO = Decimal(0)


class CompteDeResultat(Vue):
    """Un compte de résultat : ses totaux et son résultat, depuis les six groupes que la vue calcule."""

    @property
    @calcul("Total des charges", _EUROS, entrees=("charges_groupe_1", "charges_groupe_2", "charges_groupe_3"))
    def total_charges(self) -> Decimal | None:
        """Charges des groupes I + II + III, en euros."""
        return somme_des_champs(self, "charges_groupe_1", "charges_groupe_2", "charges_groupe_3")

    @property
    @calcul(
        "Total des produits", _EUROS, entrees=("produits_groupe_1", "produits_groupe_2", "produits_groupe_3")
    )
    def total_produits(self) -> Decimal | None:
        """Produits des groupes I + II + III, en euros."""
        return somme_des_champs(self, "produits_groupe_1", "produits_groupe_2", "produits_groupe_3")

    @property
    @calcul("Résultat", _EUROS, entrees=("total_produits", "total_charges"))
    def resultat(self) -> Decimal | None:
        """Résultat = total des produits − total des charges (FI-01), en euros ; un déficit est négatif."""
        return difference(self.total_produits, self.total_charges)

    @property
    @calcul("Taux de résultat", _TAUX, entrees=("resultat", "total_produits"))
    def taux_resultat(self) -> Decimal | None:
        """Résultat ÷ total des produits, en fraction ; un déficit est négatif."""
        return quotient(self.resultat, self.total_produits)


class TotauxBudget(CompteDeResultat):
    """Ce qu’on calcule sur les comptes d’un établissement ou d’un périmètre. Charges et produits positifs."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "comptes",
        **{f"{sens}_{i}": "comptes" for sens in ("charges", "produits") for i in (1, 2, 3)},
        **dict.fromkeys(("comptes_caf", "comptes_courants", "comptes_siege", "comptes_externes"), "comptes"),
        "comptes_decaisses": "comptes",
        "fiches": "etablissements",
    }

    @property
    def fiches(self) -> list[Entite]:
        """Les établissements dont la capacité compte."""
        return []

    def _du_groupe(self, sens: str, groupe: str) -> list[Entite]:
        return [
            li
            for li in self.lignes
            if getattr(li, "sens", None) == sens and getattr(li, "groupe", None) == groupe
        ]

    def _commencant(self, *debuts: str) -> list[Entite]:
        return [li for li in self.lignes if str(getattr(li, "compte", "")).startswith(debuts)]

    @property
    def charges_1(self) -> list[Entite]:
        """Les comptes de charges du groupe I."""
        return self._du_groupe("charge", "I")

    @property
    def charges_2(self) -> list[Entite]:
        """Les comptes de charges du groupe II."""
        return self._du_groupe("charge", "II")

    @property
    def charges_3(self) -> list[Entite]:
        """Les comptes de charges du groupe III."""
        return self._du_groupe("charge", "III")

    @property
    def produits_1(self) -> list[Entite]:
        """Les comptes de produits du groupe I."""
        return self._du_groupe("produit", "I")

    @property
    def produits_2(self) -> list[Entite]:
        """Les comptes de produits du groupe II."""
        return self._du_groupe("produit", "II")

    @property
    def produits_3(self) -> list[Entite]:
        """Les comptes de produits du groupe III."""
        return self._du_groupe("produit", "III")

    @property
    @calcul("Charges du groupe I", _EUROS, entrees=("charges_1.montant",))
    def charges_groupe_1(self) -> Decimal | None:
        """Exploitation courante : Σ des charges du groupe I, en euros."""
        return somme(self.charges_1, "montant", _ZERO)

    @property
    @calcul("Charges du groupe II", _EUROS, entrees=("charges_2.montant",))
    def charges_groupe_2(self) -> Decimal | None:
        """Personnel : Σ des charges du groupe II, en euros."""
        return somme(self.charges_2, "montant", _ZERO)

    @property
    @calcul("Charges du groupe III", _EUROS, entrees=("charges_3.montant",))
    def charges_groupe_3(self) -> Decimal | None:
        """Structure : Σ des charges du groupe III, en euros."""
        return somme(self.charges_3, "montant", _ZERO)

    @property
    @calcul("Produits du groupe I", _EUROS, entrees=("produits_1.montant",))
    def produits_groupe_1(self) -> Decimal | None:
        """Produits de la tarification : Σ des produits du groupe I, en euros."""
        return somme(self.produits_1, "montant", _ZERO)

    @property
    @calcul("Produits du groupe II", _EUROS, entrees=("produits_2.montant",))
    def produits_groupe_2(self) -> Decimal | None:
        """Autres produits d’exploitation : Σ des produits du groupe II, en euros."""
        return somme(self.produits_2, "montant", _ZERO)

    @property
    @calcul("Produits du groupe III", _EUROS, entrees=("produits_3.montant",))
    def produits_groupe_3(self) -> Decimal | None:
        """Produits financiers, exceptionnels et non encaissables : Σ du groupe III, en euros."""
        return somme(self.produits_3, "montant", _ZERO)

    @property
    @calcul("CAF", _EUROS, entrees=("resultat",))
    def caf(self) -> Decimal | None:
        """CAF = résultat + 68 − 78 − 775 + 675 − 777 − 778 (`domaine` § 1.6 bis), en euros."""
        if self.resultat is None:
            return None
        ajoutes = somme(self._commencant(*comptes_de("caf_ajoute")), "montant", _ZERO)
        retires = somme(self._commencant(*comptes_de("caf_retire")), "montant", _ZERO)
        return self.resultat + (ajoutes or _ZERO) - (retires or _ZERO)

    @property
    def comptes_courants(self) -> list[Entite]:
        """Les produits encaissables courants : classe 7 sauf 775, 777, 7781, 78, moins 709 et 713."""
        hors = comptes_de("taux_caf_hors")
        return [li for li in self._commencant("7") if not str(getattr(li, "compte", "")).startswith(hors)]

    @property
    @calcul("Taux de CAF", _TAUX, entrees=("caf", "comptes_courants.montant"))
    def taux_caf(self) -> Decimal | None:
        """CAF ÷ (Σ classe 7 sauf 775, 777, 7781, 78 − 709 − 713) (`domaine` § 1.6 bis), en fraction."""
        retires = self._commencant(*comptes_de("taux_caf_retire"))
        produits = difference(
            somme(self.comptes_courants, "montant", _ZERO), somme(retires, "montant", _ZERO)
        )
        return quotient(self.caf, produits)

    @property
    def comptes_siege(self) -> list[Entite]:
        """Les comptes de contribution aux frais de siège et aux groupements (655)."""
        return self._commencant(*comptes_de("frais_siege"))

    @property
    @calcul("Frais de siège", _EUROS, entrees=("comptes_siege.montant",))
    def frais_siege(self) -> Decimal | None:
        """Contribution aux frais de siège : compte 655 (6556, 6558) (`domaine` § 1.6 bis), en euros."""
        return somme(self.comptes_siege, "montant", _ZERO)

    @property
    def comptes_externes(self) -> list[Entite]:
        """Les prestations externes : 6111, 6112, 621, 6223, 6226."""
        return self._commencant(*comptes_de("prestations_externes_numerateur"))

    @property
    @calcul("Taux de prestations externes", _TAUX, entrees=("comptes_externes.montant", "charges_groupe_2"))
    def taux_prestations_externes(self) -> Decimal | None:
        """(6111 + 6112 + 621 + 6223 + 6226) ÷ (groupe II + 6111 + 6112) (`domaine` § 1.6 bis)."""
        ajoutes = self._commencant(*comptes_de("prestations_externes_denominateur"))
        base = additionner([(self, "charges_groupe_2"), *((li, "montant") for li in ajoutes)])
        return quotient(somme(self.comptes_externes, "montant", _ZERO), base)

    @property
    def comptes_decaisses(self) -> list[Entite]:
        """Les charges qui se paient : toutes sauf 68 et 675."""
        hors = comptes_de("charges_decaissables_hors")
        return [
            li
            for li in self.lignes
            if getattr(li, "sens", None) == "charge" and not str(getattr(li, "compte", "")).startswith(hors)
        ]

    @property
    @calcul("Charges décaissables", _EUROS, entrees=("comptes_decaisses.montant",))
    def charges_decaissables(self) -> Decimal | None:
        """Total des charges hors dotations (68) et valeur des actifs cédés (675), en euros."""
        return somme(self.comptes_decaisses, "montant", _ZERO)

    @property
    @calcul("Part des charges de personnel", _TAUX, entrees=("charges_groupe_2", "total_charges"))
    def part_groupe_2(self) -> Decimal | None:
        """Charges du groupe II ÷ total des charges, en fraction."""
        return quotient(self.charges_groupe_2, self.total_charges)

    @property
    @calcul("Charges nettes", _EUROS, entrees=("total_charges", "produits_groupe_2", "produits_groupe_3"))
    def charges_nettes(self) -> Decimal | None:
        """Total des charges − produits des groupes II et III : ce que la tarification couvre, en euros."""
        autres = somme_des_champs(self, "produits_groupe_2", "produits_groupe_3")
        return difference(self.total_charges, autres)

    @property
    @calcul("Coût à la place", _EUROS, entrees=("charges_nettes", "fiches.capacite_financee"))
    def cout_place(self) -> Decimal | None:
        """Charges nettes ÷ capacité autorisée et financée (`domaine` § 1.6 bis), en euros par place."""
        return quotient(self.charges_nettes, somme(self.fiches, "capacite_financee"))
