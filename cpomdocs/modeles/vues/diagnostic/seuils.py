"""Les repères qui servent vraiment : ceux de la feuille « Repères de lecture », sinon ceux d’usage."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.types import Nature, Texte
from cpomdocs.modeles.vues.diagnostic.lecture import reperes
from cpomdocs.modeles.vues.regroupement import Vue
from cpomdocs.nomenclatures import details

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_NOMBRE = Nature("decimal")


class RepereRetenu(Vue):
    """Les deux bornes d’un indicateur."""

    liens: ClassVar[dict[str, str]] = {"lignes": "reperes"}

    indicateur: Texte = champ("Indicateur", cle=True, liste="indicateurs_diagnostic", exemple="taux_caf")

    @property
    @calcul("Bon", _NOMBRE, entrees=("lignes.bon",))
    def bon(self) -> Decimal | None:
        """La valeur à partir de laquelle (ou jusqu’à laquelle) l’indicateur est bon."""
        return reperes(self.dossier, self.indicateur).bon

    @property
    @calcul("Fragile", _NOMBRE, entrees=("lignes.fragile",))
    def fragile(self) -> Decimal | None:
        """La valeur au-delà de laquelle l’indicateur est fragile."""
        return reperes(self.dossier, self.indicateur).fragile


def reperes_retenus(dossier: Dossier, lignes: Sequence[Entite]) -> list[RepereRetenu]:
    """Une ligne par indicateur qui a un sens favorable ; aucune tant que l’année N n’est pas dite."""
    vues = []
    for code, connu in details("indicateurs_diagnostic").items():
        if connu.get("sens") and dossier.parametres.annee_n is not None:
            vue = RepereRetenu(indicateur=code)
            vue.resumer([ligne for ligne in lignes if getattr(ligne, "indicateur", None) == code])
            vues.append(vue)
    return vues
