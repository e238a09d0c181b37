"""Les cellules de contrôle d’un formulaire : ce que ses propres formules reprochent au document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cpomdocs.recalcul.moteur import CodeErreur, Lieu, Resultat

_REPROCHE = re.compile(
    r"\b(?:erreurs?|errors?|ko|anomalies?|incoh[ée]ren(?:t|te|ts|tes|ces?)|non[ -]conformes?|invalides?|"
    r"[àa] corriger|[àa] v[ée]rifier|[ée]cart (?:d[ée]tect[ée]|constat[ée]))\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:aucune?|pas d[e’']|sans|z[ée]ro|0|no)\s*(?:\w+\s+)?$", re.IGNORECASE)


_LONGUEUR = 80
"""Au-delà, c’est une explication du formulaire qui cite le mot, non un constat."""


class Controle(NamedTuple):
    """Une cellule qui signale un défaut : sa feuille, son adresse, ce qu’elle affiche."""

    feuille: str
    cellule: str
    texte: str


def controles_du_cadre(resultats: Mapping[Lieu, Resultat]) -> list[Controle]:
    """Les résultats qui disent une erreur : codes d’Excel, « ERREUR », « KO », « incohérence »…

    « Aucune erreur », « 0 anomalie » n’en sont pas.
    """
    return [
        Controle(lieu.feuille, lieu.cellule, str(resultat))
        for lieu, resultat in sorted(resultats.items())
        if isinstance(resultat, CodeErreur) or (isinstance(resultat, str) and _reproche(resultat))
    ]


def _reproche(texte: str) -> bool:
    return len(texte) <= _LONGUEUR and any(
        not _NEGATION.search(texte[: trouve.start()]) for trouve in _REPROCHE.finditer(texte)
    )
