"""Les règles de la démarche : rôles et validations, calendrier, diagnostic, scénarios et négociation.

Elles se taisent tant que leur feuille est vide : la démarche se suit avec cpomdocs, ou ailleurs.
"""

from cpomdocs.modeles.regles.themes.methode import (
    calendrier,
    diagnostic,
    moyens,
    negociation,
    roles,
    scenarios,
)

__all__ = ["calendrier", "diagnostic", "moyens", "negociation", "roles", "scenarios"]
