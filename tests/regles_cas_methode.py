"""Les cas des règles de la démarche : rôles, calendrier, scénarios, négociation."""

from __future__ import annotations

import datetime
from typing import Any

from regles_aide import Cas

JOUR = datetime.date(2026, 6, 1)
AVANT, APRES = datetime.date(2026, 5, 1), datetime.date(2026, 7, 1)
PARAMETRES = {
    "parametres": {"annee_n": 2026, "date_reference": JOUR, "autorite": "ARS", "autorite_departement": "CD"}
}


def _roles(*roles: str) -> dict[str, Any]:
    return {
        **PARAMETRES,
        "roles": [{"nom": f"Personne {rang}", "role": role} for rang, role in enumerate(roles)],
    }


def _associes(*roles: str) -> dict[str, Any]:
    return _roles("referent_technique", *roles, "gouvernance", "cse", "cvs")


def _validations(*lignes: tuple[int, datetime.date | None, str | None], **autres: Any) -> dict[str, Any]:
    return {
        **PARAMETRES,
        "validations": [
            {
                "objet": "diagnostic",
                "rang": rang,
                "instance": "copil",
                "date_prevue": APRES,
                "date_avis": date,
                "avis": avis,
                **autres,
            }
            for rang, date, avis in lignes
        ],
    }


def _taches(*parts: str) -> dict[str, Any]:
    return {
        "taches": [
            {"phase": "diagnostic", "tache": "Collecter", "acteur": f"a{rang}", "part": part}
            for rang, part in enumerate(parts)
        ]
    }


def _jalons(*jalons: dict[str, Any], **contrat: Any) -> dict[str, Any]:
    return {**PARAMETRES, "jalons": list(jalons), "contrat": contrat}


def scenarios(*codes: str, retenus: str = "") -> dict[str, Any]:
    return {
        "scenarios": [{"code": code, "intitule": code, "retenu": code in retenus} for code in codes],
    }


def _cibles(*annees: int) -> dict[str, Any]:
    """Un contrat de 2027 à 2029, et un indicateur visé ces années-là."""
    dates = {"date_debut": datetime.date(2027, 1, 1), "date_fin": datetime.date(2029, 12, 31)}
    cle = {"objectif": "1", "indicateur": "I1", "version": "cible", "valeur": "1"}
    return {
        "contrat": dates,
        "indicateurs": [{"objectif": "1", "code": "I1"}],
        "valeurs_indicateurs": [{**cle, "annee": annee} for annee in annees],
    }


def _reference(q1: str, mediane: str) -> dict[str, Any]:
    cle = {"indicateur": "taux_occupation", "categorie": "500", "territoire": "Région", "annee": 2024}
    return {"references": [{**cle, "q1": q1, "mediane": mediane}]}


def projetes(produits: str, financement: str = "redeploiement", dotation: str = "0") -> dict[str, Any]:
    """Un budget 2026 de 1 000 € de charges, une action de 100 € en 2027, un scénario retenu."""
    cle = {"etablissement": "A", "annee": 2026, "version": "previsionnel"}
    return {
        "parametres": {"annee_n": 2026},
        "etablissements": [{"code": "A", "dans_perimetre_cpom": True}],
        "comptes": [
            {**cle, "compte": "64", "montant": "1000"},
            {**cle, "compte": "731", "montant": produits},
        ],
        "actions": [{"objectif": "1", "numero": "1.1"}],
        "hypotheses": [{"scenario": "S", "annee": 2027, "taux_dotation": dotation}],
        "choix_actions": [{"scenario": "S", "objectif": "1", "action": "1.1", "retenue": True}],
        "couts_actions": [
            {
                "objectif": "1",
                "action": "1.1",
                "etablissement": "A",
                "annee": 2027,
                "sens": "charge",
                "groupe": "II",
                "financement": financement,
                "montant": "100",
            }
        ],
        **scenarios("S", retenus="S"),
    }


def _offre(proposees: int, commentaire: str | None = None) -> dict[str, Any]:
    ligne = {"etablissement": "A", "modalite": "HP", "annee": 2027, "places_demandees": 8}
    return {"offre": [{**ligne, "places_proposees": proposees, "commentaire": commentaire}]}


def _objectif(**champs: Any) -> dict[str, Any]:
    return {"numero": "1", "problematique": "P1", **champs}


P1 = {"problematiques": [{"code": "P1", "priorite": "prioritaire", "intitule": "Accueil de jour"}]}
COPIL = {"code": "copil", "type": "copil_interne"}

CAS = [
    Cas("ME-01", _roles("gouvernance"), _roles("referent_technique"), "aucun référent CPOM"),
    Cas(
        "ME-01",
        _roles("referent_strategique"),
        _roles("referent_strategique", "appui_technique"),
        "sans appui technique",
    ),
    Cas(
        "ME-02",
        _associes("negociateur_ars"),
        _associes("negociateur_ars", "negociateur_departement"),
        "négocier avec le département",
    ),
    Cas(
        "ME-02",
        _roles("negociateur_ars", "negociateur_departement", "gouvernance"),
        _associes("negociateur_ars", "negociateur_departement"),
        "n’associe pas le CSE et le CVS",
    ),
    Cas(
        "ME-03",
        {"instances": [{"code": "cse", "type": "cse"}]},
        {"instances": [COPIL], "membres": [{"instance": "copil", "nom": "X"}]},
        "aucune instance n’est le comité de pilotage interne",
    ),
    Cas(
        "ME-03",
        {"instances": [COPIL]},
        {"instances": [COPIL], "membres": [{"instance": "copil", "nom": "X"}]},
        "aucun membre",
    ),
    Cas(
        "ME-04",
        {**PARAMETRES, "formations": [{"personne": "X", "theme": "T", "date_prevue": AVANT}]},
        {**PARAMETRES, "formations": [{"personne": "X", "theme": "T", "date_prevue": APRES}]},
        "prévue le 01/05/2026",
    ),
    Cas(
        "ME-04",
        {
            **_roles("negociateur_ars"),
            "formations": [{"personne": "Autre", "theme": "T", "date_prevue": APRES}],
        },
        {
            **_roles("negociateur_ars"),
            "formations": [{"personne": "Personne 0", "theme": "T", "date_prevue": APRES}],
        },
        "aucune formation prévue",
    ),
    Cas(
        "ME-05",
        _validations((1, APRES, "valide"), (2, JOUR, "valide")),
        _validations((1, JOUR, "valide"), (2, APRES, "valide")),
        "avant celui qui le précède",
    ),
    Cas(
        "ME-05",
        {**PARAMETRES, "validations": [{"objet": "diagnostic", "rang": 1, "date_prevue": AVANT}]},
        {**PARAMETRES, "validations": [{"objet": "diagnostic", "rang": 1, "date_prevue": APRES}]},
        "attendu le 01/05/2026",
    ),
    Cas(
        "ME-05",
        _validations((1, JOUR, "reserves")),
        _validations((1, JOUR, "reserves"), reserves="Préciser l’activité."),
        "réserves ne sont pas écrites",
    ),
    Cas("ME-05", _validations((1, JOUR, "refuse")), _validations((1, JOUR, "valide")), "a été refusé"),
    Cas("ME-06", _taches("R", "C"), _taches("R", "A", "C"), "personne n’y est noté « Approuve »"),
    Cas("ME-06", _taches("R", "A", "A"), _taches("R", "A"), "plusieurs acteurs approuvent"),
    Cas(
        "ME-07",
        _jalons({"etape": "Lancement", "date_fin_prevue": AVANT}),
        _jalons({"etape": "Lancement", "date_fin_prevue": AVANT, "date_fin_reelle": AVANT}),
        "devait finir le 01/05/2026",
    ),
    Cas(
        "ME-08",
        _jalons({"etape": "Lancement", "date_debut": APRES, "date_fin_prevue": JOUR}),
        _jalons({"etape": "Lancement", "date_debut": JOUR, "date_fin_prevue": APRES}),
        "avant de commencer",
    ),
    Cas(
        "ME-08",
        _jalons({"etape": "Signature", "date_fin_prevue": APRES}, date_signature_visee=JOUR),
        _jalons({"etape": "Signature", "date_fin_prevue": JOUR}, date_signature_visee=JOUR),
        "après la signature visée (01/06/2026)",
    ),
    Cas(
        "ME-08",
        _jalons({"etape": "Moyens", "precedent": "Objectif"}),
        _jalons({"etape": "Objectifs"}, {"etape": "Moyens", "precedent": "Objectifs"}),
        "qui n’est pas une étape",
    ),
    Cas(
        "ME-09",
        _jalons(
            {"etape": "A", "date_fin_prevue": APRES}, {"etape": "B", "precedent": "A", "date_debut": JOUR}
        ),
        _jalons(
            {"etape": "A", "date_fin_prevue": JOUR}, {"etape": "B", "precedent": "A", "date_debut": APRES}
        ),
        "commence avant la fin de « A »",
    ),
    Cas(
        "ME-09",
        _jalons({"etape": "A", "date_fin_prevue": APRES, "date_imposee": JOUR}),
        _jalons({"etape": "A", "date_fin_prevue": APRES, "date_imposee": JOUR, "date_proposee": APRES}),
        "attend cette étape pour le 01/06/2026",
    ),
    Cas(
        "ME-10",
        {"contraintes": [{"code": "C1", "intitule": "Moyens constants"}]},
        {"contraintes": [{"code": "C1", "intitule": "M", "consequence": "c", "reponse": "r"}]},
        "ne sont pas préparées",
    ),
    Cas("SC-01", scenarios("A", "B"), scenarios("A", "B", retenus="A"), "aucun scénario"),
    Cas(
        "SC-01",
        scenarios("A", "B", retenus="AB"),
        scenarios("A", "B", retenus="B"),
        "2 scénarios sont retenus",
    ),
    Cas("SC-02", projetes("2000", "perenne"), projetes("2000"), "au-delà des moyens constants"),
    Cas(
        "SC-03",
        projetes("2000", dotation="-0.1"),
        projetes("2000", dotation="0.1"),
        "la dotation perd 200,00",
    ),
    Cas("SC-04", projetes("900"), projetes("1200"), "un déficit de 100,00"),
    Cas(
        "SC-05",
        {
            "couts_actions": [{"objectif": "1", "action": "9"}],
            "actions": [{"objectif": "1", "numero": "1.1"}],
        },
        {
            "couts_actions": [{"objectif": "1", "action": "1.1"}],
            "actions": [{"objectif": "1", "numero": "1.1"}],
        },
        "n’a pas d’action 9",
    ),
    Cas("SC-06", _offre(10), _offre(10, "Liste d’attente."), "de la demande de l’autorité en 2027"),
    Cas(
        "NE-01",
        {"objectifs": [{"numero": str(rang)} for rang in range(11)]},
        {"objectifs": [{"numero": str(rang)} for rang in range(10)]},
        "11 objectifs, plus de 10",
    ),
    Cas(
        "NE-01",
        {"indicateurs": [{"objectif": "1", "code": "I", "disponible": False}]},
        {"indicateurs": [{"objectif": "1", "code": "I", "disponible": True}]},
        "pas encore suivi",
    ),
    Cas("NE-02", P1, {**P1, "objectifs": [_objectif()]}, "aucun objectif n’y répond"),
    Cas(
        "NE-02",
        {**P1, "objectifs": [_objectif(), {"numero": "2"}]},
        {**P1, "objectifs": [_objectif()]},
        "à quelle problématique",
    ),
    Cas(
        "NE-03",
        {"orientations": [{"code": "PRS-1"}], "objectifs": [{"numero": "1"}]},
        {"orientations": [{"code": "PRS-1"}], "objectifs": [{"numero": "1", "orientation": "PRS-1"}]},
        "aucun objectif ne sert",
    ),
    Cas(
        "NE-04",
        {**_validations((1, JOUR, "valide")), "objectifs": [_objectif(provisoire=True)]},
        {**_validations((1, None, None)), "objectifs": [_objectif(provisoire=True)]},
        "encore provisoire",
    ),
    Cas(
        "NE-05",
        {"engagements": [{"code": "E1", "statut": "accord"}]},
        {"engagements": [{"code": "E1", "statut": "accord", "convenu": "5 points"}]},
        "n’est pas écrit",
    ),
    Cas(
        "NE-05",
        {"engagements": [{"code": "E1", "statut": "desaccord"}]},
        {"engagements": [{"code": "E1", "statut": "desaccord", "offert": "x"}]},
        "aucune offre en face",
    ),
    Cas(
        "NE-05",
        {**PARAMETRES, "decisions": [{"reunion": "R1", "numero": "1", "echeance": AVANT}]},
        {**PARAMETRES, "decisions": [{"reunion": "R1", "numero": "1", "echeance": AVANT, "statut": "fait"}]},
        "suivie d’effet le 01/05/2026",
    ),
    Cas("NE-06", _cibles(2027, 2029), _cibles(2027, 2028, 2029), "pas de cible en 2028"),
    Cas("NE-06", _cibles(2027, 2028, 2029, 2040), _cibles(2027, 2028, 2029), "est hors du contrat"),
    Cas("NE-07", _reference("0.96", "0.93"), _reference("0.93", "0.96"), "ne sont pas dans l’ordre"),
    Cas("NE-07", _reference("0.93", "96"), _reference("0.93", "0.96"), "le taux vaut"),
    Cas(
        "NE-08",
        {**PARAMETRES, "reunions": [{"numero": "R1", "date": AVANT}, {"numero": "R2", "date": APRES}]},
        {**PARAMETRES, "reunions": [{"numero": "R1", "date": AVANT, "synthese": "Accord de principe."}]},
        "n’a pas de synthèse",
    ),
]
