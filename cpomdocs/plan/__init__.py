"""Le plan : quels documents, et dans chacun quelle valeur va dans quelle case. Aucun fichier n’est touché."""

from cpomdocs.plan.documents import DocumentPrevu, planifier

__all__ = ["DocumentPrevu", "planifier"]
