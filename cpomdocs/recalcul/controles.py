"""Les cellules de contrôle d’un formulaire : ce que ses propres formules reprochent au document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cpomdocs.office.adresses import lire_cellule
from cpomdocs.office.valeurs import CodeErreur
from cpomdocs.recalcul.formules import Inventaire
from cpomdocs.recalcul.moteur import Lieu, Resultat

_REPROCHE = re.compile(
    r"\b(?:erreurs?|errors?|ko|anomalies?|incoh[ée]ren(?:t|te|ts|tes|ces?)|non[ -]conformes?|invalides?|"
    r"[àa] corriger|[àa] v[ée]rifier|[ée]cart (?:d[ée]tect[ée]|constat[ée]))\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:aucune?|pas d[e’']|sans|z[ée]ro|0|no)\s*(?:\w+\s+)?$", re.IGNORECASE)


_LONGUEUR = 80
"""Au-delà, c’est une explication du formulaire qui cite le mot, non un constat."""


class Controle(NamedTuple):
    """Une cellule qui signale un défaut. `texte` : ce qu’elle affiche ; `libelle` : le texte à sa gauche."""

    feuille: str
    cellule: str
    texte: str
    libelle: str = ""


def controles_du_cadre(resultats: Mapping[Lieu, Resultat]) -> list[Controle]:
    """Les résultats qui disent une erreur : codes d’Excel, « ERREUR », « KO », « incohérence »…

    « Aucune erreur », « 0 anomalie » n’en sont pas.
    """
    return [
        Controle(lieu.feuille, lieu.cellule, str(resultat))
        for lieu, resultat in sorted(resultats.items())
        if isinstance(resultat, CodeErreur) or (isinstance(resultat, str) and _reproche(resultat))
    ]


def controles_du_document(inventaire: Inventaire, resultats: Mapping[Lieu, Resultat]) -> list[Controle]:
    """Comme `controles_du_cadre`, avec les libellés."""
    controles = []
    for controle in controles_du_cadre(resultats):
        ligne, colonne = lire_cellule(controle.cellule) or (1, 1)
        rangee = [Lieu(controle.feuille, ligne, gauche) for gauche in range(colonne - 1, 0, -1)]
        textes = [str(lu) for lu in inventaire.resultats_de(rangee).values() if isinstance(lu, str) and lu]
        controles.append(controle._replace(libelle=textes[0] if textes else ""))
    return controles


def _reproche(texte: str) -> bool:
    return len(texte) <= _LONGUEUR and any(
        not _NEGATION.search(texte[: trouve.start()]) for trouve in _REPROCHE.finditer(texte)
    )
