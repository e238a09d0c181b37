"""Le compte de résultat d’une année de N à N+5, et son évolution depuis l’année d’avant.

Ce qui est commun au plan de financement du gestionnaire et à celui d’un établissement.
"""

from __future__ import annotations

from decimal import Decimal

from cpomdocs.modeles.arithmetique import difference, quotient, somme
from cpomdocs.modeles.base import Entite, calcul
from cpomdocs.modeles.types import Nature
from cpomdocs.modeles.vues.totaux import CompteDeResultat

_EUROS, _TAUX = Nature("montant", "€"), Nature("taux", "%")
_ZERO = Decimal(0)


class Tendances(CompteDeResultat):
    """Les groupes d’une année, lus dans `base`, et leur évolution."""

    @property
    def base(self) -> list[Entite]:
        """Le compte de résultat de l’année : budget ou projection."""
        return []

    @property
    def precedente(self) -> list[Entite]:
        """La ligne de l’année d’avant."""
        return []

    @property
    @calcul("Charges du groupe I", _EUROS, entrees=("base.charges_groupe_1",))
    def charges_groupe_1(self) -> Decimal | None:
        """Exploitation courante, en euros."""
        return somme(self.base, "charges_groupe_1")

    @property
    @calcul("Charges du groupe II", _EUROS, entrees=("base.charges_groupe_2",))
    def charges_groupe_2(self) -> Decimal | None:
        """Personnel, en euros."""
        return somme(self.base, "charges_groupe_2")

    @property
    @calcul("Charges du groupe III", _EUROS, entrees=("base.charges_groupe_3",))
    def charges_groupe_3(self) -> Decimal | None:
        """Structure, en euros."""
        return somme(self.base, "charges_groupe_3")

    @property
    @calcul("Produits du groupe I", _EUROS, entrees=("base.produits_groupe_1",))
    def produits_groupe_1(self) -> Decimal | None:
        """Produits de la tarification (la dotation), en euros."""
        return somme(self.base, "produits_groupe_1")

    @property
    @calcul("CAF", _EUROS, entrees=("base.caf",))
    def caf(self) -> Decimal | None:
        """La CAF du budget N, ou de la projection, en euros."""
        return somme(self.base, "caf")

    @property
    @calcul("Taux de CAF", _TAUX, entrees=("caf", "total_produits"))
    def taux_caf(self) -> Decimal | None:
        """CAF ÷ total des produits, en fraction."""
        return quotient(self.caf, self.total_produits)

    @property
    @calcul("Produits du groupe II", _EUROS, entrees=("base.produits_groupe_2",))
    def produits_groupe_2(self) -> Decimal | None:
        """Autres produits d’exploitation, en euros."""
        return somme(self.base, "produits_groupe_2")

    @property
    @calcul("Produits du groupe III", _EUROS, entrees=("base.produits_groupe_3",))
    def produits_groupe_3(self) -> Decimal | None:
        """Produits financiers, exceptionnels et non encaissables, en euros."""
        return somme(self.base, "produits_groupe_3")

    def _evolution(self, nom: str) -> Decimal | None:
        avant = somme(self.precedente, nom)
        return quotient(difference(getattr(self, nom), avant), avant)

    @property
    @calcul("Évolution des charges", _TAUX, entrees=("total_charges", "precedente.total_charges"))
    def evolution_charges(self) -> Decimal | None:
        """(Charges − charges de l’année d’avant) ÷ charges de l’année d’avant, en fraction ; rien en N."""
        return self._evolution("total_charges")

    @property
    @calcul("Évolution des produits", _TAUX, entrees=("total_produits", "precedente.total_produits"))
    def evolution_produits(self) -> Decimal | None:
        """(Produits − produits de l’année d’avant) ÷ produits de l’année d’avant, en fraction ; rien en N."""
        return self._evolution("total_produits")

    @property
    @calcul("Évolution de la dotation", _TAUX, entrees=("produits_groupe_1", "precedente.produits_groupe_1"))
    def evolution_dotation(self) -> Decimal | None:
        """(Produits du groupe I − ceux de l’année d’avant) ÷ ceux de l’année d’avant ; rien en N."""
        return self._evolution("produits_groupe_1")

    @property
    @calcul("Reste à couvrir", _EUROS, entrees=("resultat",))
    def reste_a_couvrir(self) -> Decimal | None:
        """Le déficit de l’année, en positif, en euros ; zéro quand le résultat est à l’équilibre."""
        return None if self.resultat is None else max(-self.resultat, _ZERO)
