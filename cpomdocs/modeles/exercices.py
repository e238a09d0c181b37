"""D’une année N à la suivante : les prévisions deviennent de l’historique, à confirmer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cpomdocs.modeles.base import Entite, cles, infos
from cpomdocs.modeles.types import ValeurSimple

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

A_CONFIRMER = "À confirmer"
"""Comment commence la source d’une ligne reprise d’une prévision, tant que personne ne l’a confirmée."""
REEL = "reel"
_PREVISIONS = {"anticipe": "anticipé", "executoire": "budget exécutoire", "previsionnel": "prévision"}
"""Les versions qui annoncent le réel, la plus proche de lui d’abord."""

Reprise = dict[str, ValeurSimple]
"""Les valeurs d’une ligne à ajouter, champ par champ."""


def reprises(dossier: Dossier) -> dict[str, list[Reprise]]:
    """Les lignes du réel de l’année N à ajouter, par collection, d’après ses prévisions.

    Une ligne du réel déjà saisie n’est pas proposée. Rien si l’année N manque.
    """
    from cpomdocs.modeles.dossier import SAISIES

    n = dossier.parametres.annee_n
    if n is None:
        return {}
    toutes = {
        collection: _reprises_de(getattr(dossier, collection), n)
        for collection, modele in SAISIES.items()
        if {"annee", "version", "source"} <= infos(modele).keys()
    }
    return {collection: lignes for collection, lignes in toutes.items() if lignes}


def _reprises_de(lignes: list[Entite], n: int) -> list[Reprise]:
    par_cle: dict[tuple[ValeurSimple | None, ...], dict[str, Entite]] = {}
    for ligne in lignes:
        if getattr(ligne, "annee", None) == n:
            par_cle.setdefault(_cle(ligne), {})[str(getattr(ligne, "version", ""))] = ligne
    return [
        _reprise(versions[choisie], choisie, n)
        for versions in par_cle.values()
        if REEL not in versions
        and (choisie := next((v for v in _PREVISIONS if v in versions and _remplie(versions[v])), None))
    ]


def _remplie(ligne: Entite) -> bool:
    """Vrai si la ligne a au moins une donnée en plus de ses clés."""
    return any(
        getattr(ligne, info.nom) is not None
        for info in infos(type(ligne)).values()
        if not (info.cle or info.calcule or info.nom in ("source", "commentaire"))
    )


def _cle(ligne: Entite) -> tuple[ValeurSimple | None, ...]:
    return tuple(getattr(ligne, nom) for nom in cles(type(ligne)) if nom != "version")


def _reprise(ligne: Entite, version: str, n: int) -> Reprise:
    saisis = {info.nom for info in infos(type(ligne)).values() if not info.calcule}
    valeurs = {nom: valeur for nom in saisis if (valeur := getattr(ligne, nom)) is not None}
    return {**valeurs, "version": REEL, "source": f"{A_CONFIRMER} : {_PREVISIONS[version]} {n}"}
