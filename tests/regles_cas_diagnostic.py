"""Les cas des règles du diagnostic : constats, axes, projets d’établissement, repères."""

from __future__ import annotations

import datetime
from typing import Any

from regles_aide import Cas

JOUR = datetime.date(2026, 3, 31)
RECENT, ANCIEN = datetime.date(2022, 1, 10), datetime.date(2020, 1, 10)


def _diagnostic(
    *constats: dict[str, Any], projet: datetime.date | None = RECENT, **autres: Any
) -> dict[str, Any]:
    return {
        "parametres": {"annee_n": 2026, "date_reference": JOUR},
        "etablissements": [{"code": "A", "nom": "Les Aulnes", "date_projet_etablissement": projet}],
        "constats": list(constats),
        **autres,
    }


def _constat(**champs: Any) -> dict[str, Any]:
    return {
        "axe": "rh",
        "portee": "specifique",
        "etablissement": "A",
        "type": "force",
        "texte": "Stable.",
        **champs,
    }


COMMUN = _constat(portee="commun", etablissement=None)


def _axe(retenu: bool) -> dict[str, Any]:
    return {"axes_retenus": [{"axe": "activite", "intitule": "Adapter l’offre", "retenu": retenu}]}


def _repere(indicateur: str, bon: str, fragile: str) -> dict[str, Any]:
    return {"reperes": [{"indicateur": indicateur, "bon": bon, "fragile": fragile}]}


CAS = [
    Cas("ME-14", _diagnostic(COMMUN), _diagnostic(COMMUN, _constat()), "aucun constat propre"),
    Cas("ME-14", _diagnostic(COMMUN), _diagnostic(), "aucun constat propre"),
    Cas(
        "ME-15",
        _diagnostic(_constat(), **_axe(True)),
        _diagnostic(_constat(), **_axe(False)),
        "aucun constat pour « Adapter l’offre »",
    ),
    Cas(
        "ME-15",
        _diagnostic(_constat(), **_axe(True)),
        _diagnostic(_constat(axe="activite"), **_axe(True)),
        "aucun constat pour « Adapter l’offre »",
    ),
    Cas(
        "ME-16",
        _diagnostic(_constat(), projet=None),
        _diagnostic(_constat()),
        "aucun projet d’établissement daté",
    ),
    Cas("ME-16", _diagnostic(_constat(), projet=ANCIEN), _diagnostic(COMMUN, projet=ANCIEN), "du 10/01/2020"),
    Cas(
        "ME-16",
        _diagnostic(_constat(), projet=datetime.date.min),
        _diagnostic(_constat(), projet=datetime.date.max),
        "a passé sa durée",
    ),
    Cas("ME-17", _diagnostic(_constat(portee="commun")), _diagnostic(COMMUN), "porte l’établissement A"),
    Cas(
        "ME-17", _diagnostic(_constat(etablissement=None)), _diagnostic(_constat()), "n’a pas d’établissement"
    ),
    Cas(
        "ME-18",
        _repere("tresorerie_jours", "15", "30"),
        _repere("tresorerie_jours", "30", "15"),
        "du mauvais côté",
    ),
    Cas(
        "ME-18",
        _repere("taux_absenteisme", "0.12", "0.08"),
        _repere("taux_absenteisme", "0.08", "0.12"),
        "du mauvais côté",
    ),
    Cas("ME-18", _repere("file_active", "10", "5"), {"reperes": []}, "sans sens favorable"),
]
