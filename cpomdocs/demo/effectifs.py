"""Les effectifs et les indicateurs RH de la démonstration."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from cpomdocs.demo.finances.montants import montant
from cpomdocs.demo.outils import ANNEES, CLOSES, arrondi, entier, lire, repartir, version
from cpomdocs.formats import formater
from cpomdocs.modeles import Effectif, RhIndicateur
from cpomdocs.modeles.types import Nature

_EVOLUTION_SALAIRES = Decimal("1.022")
_CHARGES_SOCIALES = Decimal("0.42")
_CHARGES_FISCALES = Decimal("0.105")
_HEURES_PAR_ETP = Decimal("1820.04")
_TEMPS_MOYEN = Decimal("0.9")
_NON_PERMANENTS = ("remplacement", "apprenti", "mis_a_disposition")
_ABSENCES = {"courte": 26, "moyenne": 24, "longue": 28, "maternite": 9, "atmp": 10, "speciaux": 3}
_AGES = {"moins_25": 6, "25_34": 21, "35_44": 27, "45_54": 27, "55_plus": 19}


def _valeur(donnee: Any, rang: int) -> Decimal:
    """Le nombre de l’année ; une liste plus courte que les années garde son dernier nombre."""
    return Decimal(donnee[min(rang, len(donnee) - 1)] if isinstance(donnee, list) else donnee)


def effectifs() -> list[Effectif]:
    """Une ligne par emploi et par année : réel de 2023 à 2025, prévisionnel en 2026."""
    return [
        Effectif.model_validate(_effectif(code, emploi, rang, annee))
        for code, emplois in lire("effectifs")["emplois"].items()
        for rang, annee in enumerate(ANNEES)
        for emploi in emplois
    ]


def _effectif(code: str, emploi: list[Any], rang: int, annee: int) -> dict[str, Any]:
    categorie, fonction, contrat, etp, salaire, vacants = emploi
    budgetes = _valeur(etp, rang)
    remuneres = budgetes - _valeur(vacants, rang)
    brut = arrondi(remuneres * Decimal(salaire) * _EVOLUTION_SALAIRES ** (annee - 2025))
    ligne: dict[str, Any] = {
        "etablissement": code,
        "annee": annee,
        "version": version(annee),
        "categorie": categorie,
        "fonction": fonction,
        "type_contrat": contrat,
        "ccn": "51" if code == "EHPAD" else "66",
        "etp_budgetes": arrondi(budgetes),
        "etp_remuneres": arrondi(remuneres),
        "etp_realises": arrondi(remuneres) if annee in CLOSES else None,
        "nb_personnes_3112": math.ceil(remuneres / _TEMPS_MOYEN),
        "remuneration_brute": brut,
        "charges_sociales": arrondi(brut * _CHARGES_SOCIALES),
        "charges_fiscales": arrondi(brut * _CHARGES_FISCALES),
        "mouvement": _mouvement(etp, rang),
        "source": f"Paie {annee}" if annee in CLOSES else "Budget prévisionnel des emplois",
    }
    sans_objet: set[str] = set()
    if annee not in CLOSES:
        ligne["commentaire"] = _explication(contrat, budgetes - remuneres, ligne["mouvement"])
        sans_objet = {"etp_realises"} if ligne["mouvement"] else {"etp_realises", "mouvement"}
    parts = lire("effectifs")["sections"].get(categorie) if code == "EHPAD" else None
    noms = ("pct_hebergement", "pct_dependance", "pct_soins")
    if parts is None:
        sans_objet |= set(noms)
    else:
        ligne |= dict(zip(noms, parts, strict=True))
    return ligne | {"sans_objet": frozenset(sans_objet)}


def _mouvement(etp: Any, rang: int) -> str | None:
    ecart = _valeur(etp, rang) - _valeur(etp, rang - 1) if rang else Decimal(0)
    return "creation" if ecart > 0 else "suppression" if ecart < 0 else None


def _explication(contrat: str, vacants: Decimal, mouvement: str | None) -> str:
    """Ce que le tableau des effectifs dit de l’emploi pour l’année N."""
    if contrat == "mis_a_disposition":
        return "Postes de l’Éducation nationale, hors budget."
    if mouvement == "creation":
        return "Renfort financé par redéploiement."
    if vacants > 0:
        return f"{formater(vacants, Nature('decimal'))} ETP vacant, recrutement en cours."
    return "Postes pourvus, sans changement."


def indicateurs_rh() -> list[RhIndicateur]:
    """Mouvements, absences et remplacements des exercices clos, tirés des effectifs."""
    lignes = []
    for code, table in lire("effectifs")["indicateurs"].items():
        avant: int | None = None
        for rang, annee in enumerate(CLOSES):
            emplois = [e for e in effectifs() if (e.etablissement, e.annee) == (code, annee)]
            ligne = _indicateur(code, annee, rang, table, emplois, avant)
            avant = ligne["effectif_3112_n1"] + ligne["recrutements"] - ligne["departs"]
            lignes.append(RhIndicateur.model_validate(ligne))
    return lignes


def _indicateur(
    code: str, annee: int, rang: int, table: dict[str, Any], emplois: list[Effectif], avant: int | None
) -> dict[str, Any]:
    permanents = sum(e.nb_personnes_3112 or 0 for e in emplois if e.type_contrat not in _NON_PERMANENTS)
    avant = permanents if avant is None else avant
    departs = entier(avant * table["depart"][rang])
    etp = sum((e.etp_realises or Decimal(0) for e in emplois), Decimal(0))
    jours = entier(etp * 365 * table["absenteisme"][rang])
    absences = repartir(jours, {f"jours_absence_{nom}": poids for nom, poids in _ABSENCES.items()})
    return {
        "etablissement": code,
        "annee": annee,
        "recrutements": departs + permanents - avant,
        "departs": departs,
        "effectif_3112_n1": avant,
        **absences,
        "etp_reels": etp,
        "nb_cdd_remplacement": table["cdd"][rang],
        "heures_remunerees": arrondi(etp * _HEURES_PAR_ETP * Decimal("0.994"), Decimal(1)),
        "cout_interim": montant(code, "6211", annee),
        "age_moyen": table["age_moyen"][rang],
        **repartir(permanents, {f"salaries_{nom}": poids for nom, poids in _AGES.items()}),
        "formation_masse": table["formation"][rang],
        "source": f"Bilan social {annee}",
    }
