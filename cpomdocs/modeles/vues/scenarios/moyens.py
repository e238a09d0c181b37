"""Ce que coûte et rapporte chaque action dans chaque scénario, en tout et par année, et qui la finance."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import additionner, difference
from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.methode.scenarios import ChoixAction, CoutAction
from cpomdocs.modeles.entites.reperes import cle_annee, cle_objectif
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue
from cpomdocs.modeles.vues.scenarios.projections import HORIZON, couts_retenus

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_EUROS = Nature("montant", "€")
_ZERO = Decimal(0)


class _Chiffrage(Vue):
    """Les coûts d’une action qu’un scénario retient."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "choix_actions",
        "actions": "actions",
        "couts": "couts_actions",
    }

    scenario: Texte = champ("Scénario", cle=True, reference="scenarios", exemple="A")
    objectif: Texte = cle_objectif()
    action: Texte = champ("Numéro de l’action", cle=True, exemple="1.2.1")

    def _annees(self) -> range:
        """Les années de la projection que la ligne réunit."""
        n = self.dossier.parametres.annee_n or 0
        return range(n + 1, n + HORIZON + 1)

    @property
    def couts(self) -> list[Entite]:
        """Ses coûts et ses produits, décalage compris."""
        retenus = (
            cout
            for annee in self._annees()
            for cout in couts_retenus(self.dossier, self.scenario, None, annee)
        )
        return [c for c in retenus if (c.objectif, c.action) == (self.objectif, self.action)]

    @property
    def actions(self) -> list[Entite]:
        """L’action."""
        return [a for a in self.dossier.actions if (a.objectif, a.numero) == (self.objectif, self.action)]

    def _total(self, sens: str, financement: str | None = None) -> Decimal | None:
        voulus = (c for c in self.couts if isinstance(c, CoutAction) and c.sens == sens)
        return additionner(
            ((c, "montant") for c in voulus if financement in (None, c.financement)), si_aucun=_ZERO
        )

    @property
    @calcul("Scénario retenu", Nature("booleen"), entrees=())
    def retenu(self) -> bool:
        """Vrai pour les actions du scénario retenu."""
        return any(s.retenu for s in self.dossier.scenarios if s.code == self.scenario)

    @property
    @calcul("Action", Nature("texte"), entrees=("actions.intitule",))
    def intitule(self) -> str | None:
        """L’intitulé de l’action."""
        return next((getattr(a, "intitule", None) for a in self.actions), None)

    @property
    @calcul("Charges de l’action", _EUROS, entrees=("couts.montant",))
    def charges(self) -> Decimal | None:
        """Σ de ses charges, en euros."""
        return self._total("charge")

    @property
    @calcul("Produits de l’action", _EUROS, entrees=("couts.montant",))
    def produits(self) -> Decimal | None:
        """Σ de ses produits et de ses économies, en euros."""
        return self._total("produit")

    @property
    @calcul("Effet sur le résultat", _EUROS, entrees=("produits", "charges"))
    def effet(self) -> Decimal | None:
        """Produits − charges de l’action, en euros ; positif, elle aide au retour à l’équilibre."""
        return difference(self.produits, self.charges)

    @property
    @calcul("Par redéploiement", _EUROS, entrees=("couts.montant",))
    def redeploiement(self) -> Decimal | None:
        """Σ de ses charges couvertes par redéploiement, en euros."""
        return self._total("charge", "redeploiement")

    @property
    @calcul("Par autofinancement", _EUROS, entrees=("couts.montant",))
    def autofinancement(self) -> Decimal | None:
        """Σ de ses charges couvertes par autofinancement, en euros."""
        return self._total("charge", "autofinancement")

    @property
    @calcul("CNR demandés pour l’action", _EUROS, entrees=("couts.montant",))
    def cnr(self) -> Decimal | None:
        """Σ de ses charges qui demandent des crédits non reconductibles, en euros."""
        return self._total("charge", "cnr")

    @property
    @calcul("Crédits pérennes demandés pour l’action", _EUROS, entrees=("couts.montant",))
    def perennes(self) -> Decimal | None:
        """Σ de ses charges qui demandent des crédits pérennes, en euros."""
        return self._total("charge", "perenne")


class ActionChiffree(_Chiffrage):
    """Une action retenue par un scénario, sur toute la projection."""

    @property
    @calcul("Décalage retenu", Nature("entier", "ans"), entrees=("lignes.decalage",))
    def decalage(self) -> int | None:
        """Le report, en années ; zéro sans décalage."""
        return next((getattr(choix, "decalage", None) or 0 for choix in self.lignes), 0)

    @property
    @calcul("Effet sur le résultat de la dernière année", _EUROS, entrees=("couts.montant",))
    def effet_final(self) -> Decimal | None:
        """Produits − charges de l’action en N+5, en euros."""
        derniere = MoyensAction(
            scenario=self.scenario, objectif=self.objectif, action=self.action, annee=self._annees()[-1]
        )
        derniere.rattacher(self.dossier)
        return derniere.effet


class MoyensAction(_Chiffrage):
    """Une action retenue par un scénario, une année."""

    annee: Annee = cle_annee()

    def _annees(self) -> range:
        """La seule année de la ligne."""
        return range(self.annee or 0, (self.annee or 0) + 1)


def actions_chiffrees(dossier: Dossier, lignes: Sequence[Entite]) -> list[ActionChiffree]:
    """Une ligne par scénario et action qu’il retient."""
    vues = []
    for choix in _retenus(dossier, lignes):
        vue = ActionChiffree(scenario=choix.scenario, objectif=choix.objectif, action=choix.action)
        vue.resumer([choix])
        vues.append(vue)
    return vues


def moyens_actions(dossier: Dossier, lignes: Sequence[Entite]) -> list[MoyensAction]:
    """Une ligne par scénario, action qu’il retient et année de N+1 à N+5."""
    n = dossier.parametres.annee_n
    vues = []
    for choix in _retenus(dossier, lignes) if n is not None else ():
        for annee in range((n or 0) + 1, (n or 0) + HORIZON + 1):
            vue = MoyensAction(
                scenario=choix.scenario, objectif=choix.objectif, action=choix.action, annee=annee
            )
            vue.resumer([choix])
            vues.append(vue)
    return vues


def _retenus(dossier: Dossier, lignes: Sequence[Entite]) -> list[ChoixAction]:
    """Les actions retenues, dans l’ordre des scénarios puis des choix."""
    codes = [s.code for s in dossier.scenarios]
    choix = [
        c for c in lignes if isinstance(c, ChoixAction) and c.retenue and c.scenario in codes and c.action
    ]
    return sorted(choix, key=lambda c: codes.index(c.scenario))
