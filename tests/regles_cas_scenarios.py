"""Les cas des règles sur le chiffrage du scénario retenu et son plan de financement."""

from __future__ import annotations

import datetime
from typing import Any

from regles_aide import Cas
from regles_cas_methode import projetes, scenarios


def _choisi(**suite: Any) -> dict[str, Any]:
    """Le dossier de `projetes`, sur un contrat 2027-2031, une de ses collections remplacée."""
    contrat = {"date_debut": datetime.date(2027, 1, 1), "date_fin": datetime.date(2031, 12, 31)}
    return {**projetes("1200"), "contrat": contrat, **suite}


def _cout(annee: int, **suite: Any) -> dict[str, Any]:
    return {**projetes("1200")["couts_actions"][0], "annee": annee, **suite}


def _hypotheses(*annees: int) -> list[dict[str, Any]]:
    return [{"scenario": "S", "annee": annee, "taux_inflation": "0.01"} for annee in annees]


def _ppi(capital: str) -> dict[str, Any]:
    emprunt = {"numero": "E1", "capital_initial": capital, "date_debut": datetime.date(2027, 6, 1)}
    return {
        **scenarios("S", retenus="S"),
        "parametres": {"annee_n": 2026},
        "investissements": [{"operation": "Toit", "annee": 2027, "montant": "900", "emprunt": "600"}],
        "emprunts": [{**emprunt, "remboursement_capital": 0, "duree": 10}],
    }


CAS = [
    Cas(
        "SC-07",
        _choisi(couts_actions=[]),
        _choisi(
            couts_actions=[],
            choix_actions=[{**_choisi()["choix_actions"][0], "commentaire": "Sans coût."}],
        ),
        "aucun coût n’est chiffré",
    ),
    Cas("SC-07", _choisi(couts_actions=[]), _choisi(), "aucun coût n’est chiffré"),
    Cas(
        "SC-08",
        _choisi(couts_actions=[_cout(2027), _cout(2032)]),
        _choisi(couts_actions=[_cout(2027), _cout(2032, commentaire="Après le contrat.")]),
        "des coûts tombent en 2032, hors du contrat (2027-2031)",
    ),
    Cas(
        "SC-08",
        _choisi(
            couts_actions=[_cout(2031)],
            choix_actions=[{**_choisi()["choix_actions"][0], "decalage": 1}],
        ),
        _choisi(couts_actions=[_cout(2031)]),
        "des coûts tombent en 2032 avec son décalage de 1 an",
    ),
    Cas(
        "SC-09",
        _choisi(hypotheses=_hypotheses(2027, 2028, 2030)),
        _choisi(hypotheses=_hypotheses(2027, 2028, 2029, 2030, 2031)),
        "aucun taux d’évolution en 2029 et 2031",
    ),
    Cas(
        "SC-09",
        _choisi(hypotheses=_hypotheses(2027, 2028, 2030)),
        _choisi(
            hypotheses=_hypotheses(2027, 2028, 2030),
            annees=[{"annee": a, "taux_gvt": "0.008"} for a in (2029, 2031)],
        ),
        "charges et produits y sont constants",
    ),
    Cas(
        "SC-10",
        _choisi(pgfp=[{"annee": 2027, "ligne": "resultat", "montant": "200"}]),
        _choisi(pgfp=[{"annee": 2027, "ligne": "resultat", "montant": "100"}]),
        "le scénario retenu projette 100,00",
    ),
    Cas("SC-11", _ppi("500"), _ppi("600"), "leur remboursement manque à la projection"),
]
