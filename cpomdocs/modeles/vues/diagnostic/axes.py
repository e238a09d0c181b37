"""Les axes du diagnostic, dans les mots et l’ordre de l’autorité, avec ce qui s’y range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.methode.diagnostic import ParAxe
from cpomdocs.modeles.types import Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue
from cpomdocs.nomenclatures import nomenclature

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_CONSTATS = Nature("entier", "constats")


class Axe(ParAxe, Vue):
    """Un axe du diagnostic et ses constats."""

    liens: ClassVar[dict[str, str]] = {
        **ParAxe.liens,
        **dict.fromkeys(("lignes", "communs", "propres"), "constats"),
    }

    axe: Texte = champ("Axe", cle=True, liste="axes", exemple="activite")

    @property
    def communs(self) -> list[Entite]:
        """Les constats communs à tous les établissements."""
        return [ligne for ligne in self.lignes if getattr(ligne, "portee", None) == "commun"]

    @property
    def propres(self) -> list[Entite]:
        """Les constats propres à un établissement."""
        return [ligne for ligne in self.lignes if getattr(ligne, "portee", None) != "commun"]

    @property
    @calcul("Axe retenu par l’autorité", Nature("booleen"), entrees=("axe_de_l_autorite.retenu",))
    def retenu(self) -> bool:
        """Vrai si l’autorité retient cet axe, ou n’a pas dit lesquels elle retient."""
        retenus = self.dossier.lignes("axes_retenus")
        return not retenus or any(getattr(li, "retenu", None) is not False for li in self.axe_de_l_autorite)

    @property
    @calcul("Constats communs", _CONSTATS, entrees=("communs.texte",))
    def nombre_communs(self) -> int:
        """Le nombre de constats communs de l’axe."""
        return len(self.communs)

    @property
    @calcul("Constats spécifiques", _CONSTATS, entrees=("propres.texte",))
    def nombre_propres(self) -> int:
        """Le nombre de constats propres à un établissement, dans l’axe."""
        return len(self.propres)


def axes(dossier: Dossier, lignes: Sequence[Entite]) -> list[Axe]:
    """Les axes que l’autorité retient, dans son ordre, puis les autres axes qui ont un constat.

    Sans axe dit par l’autorité : ceux de la nomenclature qui ont un constat.
    """
    ranges: dict[str, list[Entite]] = {}
    for ligne in lignes:
        if axe := getattr(ligne, "axe", None):
            ranges.setdefault(str(axe), []).append(ligne)
    dits = dossier.lignes("axes_retenus")
    voulus = [getattr(li, "axe", None) or "" for li in dits if getattr(li, "retenu", None) is not False]
    vues = []
    for code in dict.fromkeys([*voulus, *(c for c in nomenclature("axes") if c in ranges), *ranges]):
        if code:
            vue = Axe(axe=code)
            vue.resumer(ranges.get(code, []))
            vue.rattacher(dossier)
            vues.append(vue)
    return sorted(vues, key=lambda vue: (not vue.retenu, vue.axe_ordre or 0))
