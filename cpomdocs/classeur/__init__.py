"""Le classeur maître : écrit d’après les modèles, complété sans jamais réécrire ce que les gens y ont mis."""

from cpomdocs.classeur.besoins import FormulaireResume
from cpomdocs.classeur.preparation import preparer_classeur
from cpomdocs.classeur.redaction import ecrire_classeur

__all__ = ["FormulaireResume", "ecrire_classeur", "preparer_classeur"]
