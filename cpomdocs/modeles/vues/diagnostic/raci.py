"""La matrice des tâches : les tâches étape par étape, et les acteurs qui y ont une part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.types import Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue, decrire, regrouper
from cpomdocs.nomenclatures import nomenclature

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier


class LigneRaci(Vue):
    """Une tâche d’une étape, tous acteurs réunis."""

    liens: ClassVar[dict[str, str]] = {"lignes": "taches"}

    phase: Texte = champ("Phase", cle=True, liste="phases", exemple="diagnostic")
    tache: Texte = champ("Tâche", cle=True, exemple="Collecter les données d’activité")


class ActeurRaci(Vue):
    """Un acteur qui a une part dans une tâche au moins, et les personnes qui tiennent ce rôle."""

    liens: ClassVar[dict[str, str]] = {"lignes": "taches", "tenus": "roles"}

    acteur: Texte = champ("Acteur", cle=True, liste="roles_cpom", exemple="referent_technique")

    @property
    def tenus(self) -> list[Entite]:
        """Les rôles de cet acteur que des personnes tiennent."""
        return [role for role in self.dossier.lignes("roles") if getattr(role, "role", None) == self.acteur]

    @property
    @calcul("Personnes", Nature("texte"), entrees=("tenus.nom",))
    def personnes(self) -> str | None:
        """Les noms de ceux qui tiennent ce rôle, séparés par des virgules."""
        return ", ".join(str(nom) for role in self.tenus if (nom := getattr(role, "nom", None))) or None


def raci(dossier: Dossier, lignes: Sequence[Entite]) -> list[LigneRaci]:
    """Une ligne par tâche, dans l’ordre des phases puis de la saisie."""
    phases = list(nomenclature("phases"))
    groupes = sorted(
        regrouper(lignes, ("phase", "tache")).items(),
        key=lambda groupe: phases.index(str(groupe[0][0])) if groupe[0][0] in phases else len(phases),
    )
    return decrire(LigneRaci, dict(groupes), ("phase", "tache"))


def acteurs_raci(dossier: Dossier, lignes: Sequence[Entite]) -> list[ActeurRaci]:
    """Une ligne par acteur, dans l’ordre de la nomenclature."""
    groupes = regrouper(lignes, ("acteur",))
    codes = [*nomenclature("roles_cpom"), *(str(acteur) for (acteur,) in groupes)]
    ordonnes: dict[tuple[object, ...], list[Entite]] = {
        (code,): groupes[(code,)] for code in dict.fromkeys(codes) if (code,) in groupes
    }
    return decrire(ActeurRaci, ordonnes, ("acteur",))
