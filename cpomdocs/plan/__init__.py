"""Le plan : quels documents, et dans chacun quelle valeur va dans quelle case. Aucun fichier n’est touché."""

from cpomdocs.plan.documents import DocumentPrevu, Projet, lister, planifier, prevoir

__all__ = ["DocumentPrevu", "Projet", "lister", "planifier", "prevoir"]
