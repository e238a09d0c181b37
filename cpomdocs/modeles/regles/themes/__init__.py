"""Les règles, un module par thème ; importer ce paquet les enregistre toutes, dans l’ordre des documents."""

from cpomdocs.modeles.regles.themes import (
    activite,
    budget,
    contrat,
    dotations,
    effectifs,
    identifiants,
    methode,
    objectifs,
    patrimoine,
    pluriannuel,
    publics,
    rgpd,
    rh,
)

__all__ = [
    "activite",
    "budget",
    "contrat",
    "dotations",
    "effectifs",
    "identifiants",
    "methode",
    "objectifs",
    "patrimoine",
    "pluriannuel",
    "publics",
    "rgpd",
    "rh",
]
