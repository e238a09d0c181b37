"""L’activité, les publics et la dépendance de la démonstration."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cpomdocs.demo.outils import ANNEES, CLOSES, arrondi, entier, lire, oscillation, repartir, version
from cpomdocs.modeles import Activite, Dependance, Public
from cpomdocs.nomenclatures import details

_TEMPORAIRES = ("HT", "AJ")
_DE_SORTIE = "destination_sortie"
_JOURNEES_GIR = ("journees_gir12", "journees_gir34", "journees_gir56")


def activites() -> list[Activite]:
    """Une ligne par établissement, modalité et année : réel de 2023 à 2025, prévisionnel en 2026."""
    capacites = {(a["etablissement"], a["modalite"]): a for a in lire("etablissements")["autorisations"]}
    lignes = []
    for table in lire("activite")["activite"]:
        presents = table["debut"]
        for rang, annee in enumerate(ANNEES):
            capacite = capacites[table["etablissement"], table["modalite"]]["capacite_financee"]
            ligne = _activite(table, rang, annee, capacite, presents)
            presents = ligne["effectif_3112"]
            lignes.append(Activite.model_validate(ligne))
    return lignes


def _activite(table: dict[str, Any], rang: int, annee: int, capacite: int, presents: int) -> dict[str, Any]:
    """Les valeurs d’une ligne : journées tirées du taux d’occupation, effectifs enchaînés."""
    theoriques = capacite * table["jours"][rang]
    courtes, longues = (entier(theoriques * taux) for taux in table["absences"])
    occupees = entier(theoriques * table["taux"][rang])
    journees = occupees - (courtes if table["modalite"] == "HP" else 0)
    prevues = entier(theoriques * table["taux"][max(rang - 1, 0)])
    sorties = table["sorties"][rang]
    cle = (table["etablissement"], table["modalite"])
    ligne: dict[str, Any] = {
        "etablissement": table["etablissement"],
        "annee": annee,
        "modalite": table["modalite"],
        "version": version(annee),
        "jours_ouverture": table["jours"][rang],
        "capacite_autorisee": capacite,
        "capacite_financee": capacite,
        "capacite_installee": capacite,
        "journees_financees": entier(theoriques * Decimal("0.95")),
        "journees_prevues": prevues if annee in CLOSES else journees,
        "journees_realisees": journees,
        "absences_lt72h": courtes,
        "absences_ge72h": longues,
        "personnes_absentes": entier(presents * Decimal("0.6")),
        "objectif_contractuel": entier(theoriques * table["cible"]),
        "effectif_debut": presents,
        "entrees": table["entrees"][rang],
        "sorties": sorties,
        "sorties_definitives": sorties,
        "effectif_3112": presents + table["entrees"][rang] - sorties,
        "somme_durees_sortis": entier(sorties * table["duree"] * (1 + 5 * oscillation(*cle, annee))),
        "liste_attente": table["attente"][rang],
        "journees_hors_departement": entier(journees * Decimal(table["hors_departement"])),
        "source": f"ERRD {annee}" if annee in CLOSES else "Prévision de la direction",
    }
    ligne |= _propres_au_type(table, annee, journees)
    if annee not in CLOSES:
        ligne["journees_realisees"] = None
    ligne["sans_objet"] = _sans_objet(ligne, annee)
    return ligne


def _propres_au_type(table: dict[str, Any], annee: int, journees: int) -> dict[str, Any]:
    """Les champs que tous n’ont pas : GIR (EHPAD), amendement Creton (IME), actes et heures (SAVS)."""
    propres: dict[str, Any] = {}
    if "gir" in table:
        propres |= repartir(
            journees,
            dict(zip(("journees_gir12", "journees_gir34", "journees_gir56"), table["gir"], strict=True)),
        )
    if "creton" in table:
        propres |= {"effectif_creton": table["creton"], "journees_creton": table["creton"] * 195}
    if "actes" in table:
        propres["nb_actes"] = entier(journees * table["actes"] / 10)
        propres["nb_heures"] = arrondi(journees * table["heures"] / 2, Decimal("0.1"))
    return propres


def _sans_objet(ligne: dict[str, Any], annee: int) -> frozenset[str]:
    possibles = {*_JOURNEES_GIR, "effectif_creton", "journees_creton", "nb_actes", "nb_heures"}
    possibles |= set() if annee in CLOSES else {"journees_realisees"}
    return frozenset(nom for nom in possibles if ligne.get(nom) is None)


def publics() -> list[Public]:
    """Les répartitions : leur somme est l’effectif présent, ou celui des sorties.

    L’année N est arrêtée à la date de référence.
    """
    toutes = activites()
    lignes: list[Public] = []
    for code, dimensions in lire("activite")["publics"].items():
        for annee in ANNEES:
            lignes += [
                p for d, poids in dimensions.items() for p in _repartition(toutes, code, annee, d, poids)
            ]
            if code == "EHPAD":
                lignes += list(_lignes(code, annee, "gir", _gir(ANNEES.index(annee))))
    return lignes


def _repartition(
    activites_connues: list[Activite], code: str, annee: int, dimension: str, poids: dict[str, int]
) -> list[Public]:
    """Une répartition : sur les présents au dernier 31/12, ou sur les sorties durables de l’année."""
    exercice = min(annee, CLOSES[-1])
    siennes = [a for a in activites_connues if (a.etablissement, a.annee) == (code, exercice)]
    if dimension != _DE_SORTIE:
        total = sum(a.effectif_3112 or 0 for a in siennes)
    elif annee in CLOSES:
        total = sum(a.sorties_definitives or 0 for a in siennes if a.modalite not in _TEMPORAIRES)
    else:
        return []
    glissants = {m: p * (1 + 8 * oscillation(code, m, exercice)) for m, p in poids.items()}
    return list(_lignes(code, annee, dimension, repartir(total, glissants)))


def _lignes(code: str, annee: int, dimension: str, effectifs: dict[str, int]) -> Iterator[Public]:
    coupe = (
        datetime.date(annee, 12, 31)
        if annee in CLOSES
        else lire("gestionnaire")["parametres"]["date_reference"]
    )
    for modalite, effectif in effectifs.items():
        yield Public(
            etablissement=code,
            annee=annee,
            dimension=dimension,
            modalite=modalite,
            effectif=effectif,
            date_coupe=coupe,
            source="Dossier informatisé de l’usager",
        )


def _gir(rang: int) -> dict[str, int]:
    effectifs: list[int] = lire("activite")["dependance"]["gir"][rang]
    return {f"gir{numero}": effectif for numero, effectif in enumerate(effectifs, 1)}


def gmp(rang: int) -> Decimal:
    """Le GMP de l’année de ce rang (0 : 2023), en points arrondis au centième."""
    coefficients = details("coefficients_gir")
    effectifs = _gir(rang)
    points = sum(n * Decimal(coefficients[gir]["coefficient"]) for gir, n in effectifs.items())
    return arrondi(Decimal(points) / sum(effectifs.values()))


def dependances() -> list[Dependance]:
    """La dépendance de l’EHPAD, de 2023 à 2026."""
    table = lire("activite")["dependance"]
    occupation = next(t for t in lire("activite")["activite"] if t["modalite"] == "HP")["taux"]
    return [
        Dependance.model_validate(
            {
                "etablissement": "EHPAD",
                "annee": annee,
                **_gir(rang),
                "date_coupe": table["coupe"][rang],
                "gmp": gmp(rang),
                "gmp_date_validation": table["validation"][rang],
                "pmp": table["pmp"][rang],
                "pmp_date_validation": table["validation"][rang],
                "valeur_point_gir": table["valeur_point_gir"][rang],
                "valeur_point_soins": table["valeur_point_soins"][rang],
                "seuil_modulation": Decimal("0.95"),
                "to_retenu": occupation[rang],
                "nb_pasa": 0,
                "nb_uhr": 0,
                "nb_uvp": 0,
                "source": "Coupes AGGIR et PATHOS, médecin coordonnateur",
            }
        )
        for rang, annee in enumerate(ANNEES)
    ]
