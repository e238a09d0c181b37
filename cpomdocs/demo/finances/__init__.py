"""L’argent de la démonstration : dotations, comptes, résultats, emprunts, bilan, PGFP."""
