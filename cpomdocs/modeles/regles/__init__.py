"""Les règles de cohérence : ce que l’autorité relèverait, dit avant le dépôt.

Une règle se tait quand une donnée manque (le manque est dit ailleurs) ; une règle bloquante empêche le dépôt,
jamais la production des documents.
"""

from __future__ import annotations

from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.regles import documentation, themes
from cpomdocs.modeles.regles.registre import Manquement, Regle, enregistrees
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.rapport import Anomalie

__all__ = ["REGLES", "Manquement", "Regle", "Seuils", "appliquer", "tableau_markdown", "themes"]

_FAMILLES = ("ID", "AC", "RH", "FI", "CT", "DO", "RG", "AN", "ME", "SC", "NE")


def _ordre(regle: Regle) -> tuple[int, str]:
    return _FAMILLES.index(regle.code[:2]), regle.code


REGLES: tuple[Regle, ...] = tuple(sorted(enregistrees(), key=_ordre))
"""Toutes les règles : identifiants, activité, ressources humaines, finances, contrat, documents, RGPD."""


def appliquer(dossier: Dossier, seuils: Seuils) -> list[Anomalie]:
    """Les anomalies de toutes les règles sur le dossier, dans l’ordre des règles puis des lignes."""
    return [anomalie for regle in REGLES for anomalie in regle.manquements(dossier, seuils)]


def tableau_markdown() -> str:
    """Les tableaux Markdown des règles et des seuils, tels qu’ils figurent dans `docs/regles.md`."""
    return f"{documentation.tableau_des_regles(REGLES)}\n## Seuils\n\n{documentation.tableau_des_seuils()}"
