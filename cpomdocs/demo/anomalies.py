"""Les données manquantes et incohérentes laissées exprès, pour que le contrôle ait quelque chose à dire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from cpomdocs.modeles import Entite

_E = TypeVar("_E", bound=Entite)
_Valeur = str | int | Decimal | None


@dataclass(frozen=True)
class Changement:
    """Un champ d’une ligne, désignée par ses clés, et la valeur voulue (`None` : donnée manquante)."""

    collection: str
    cles: tuple[tuple[str, str | int], ...]
    champ: str
    valeur: _Valeur


@dataclass(frozen=True)
class AnomalieVoulue:
    """Ce que le contrôle doit trouver : le code attendu, l’établissement, une phrase, les changements."""

    code: str
    etablissement: str
    phrase: str
    changements: tuple[Changement, ...]


def _cles(etablissement: str, **autres: str | int) -> tuple[tuple[str, str | int], ...]:
    return (("etablissement", etablissement), *autres.items())


_ACCOMPAGNANTS = _cles(
    "IME",
    annee=2025,
    categorie="socio_educatif",
    fonction="Accompagnant éducatif et social",
    type_contrat="cdi",
)
_EXTERNAT_ESAT = _cles("ESAT", annee=2025, modalite="externat")
_SANITAIRE_SAVS = _cles("SAVS", annee=2025, dimension="provenance", modalite="etab_sante")
_DOMICILE_SAVS = _cles("SAVS", annee=2025, dimension="provenance", modalite="domicile")
_TARIFICATION_ESAT = _cles("ESAT", annee=2026, compte="7312116")

ANOMALIES_VOULUES: tuple[AnomalieVoulue, ...] = (
    AnomalieVoulue(
        "DM-01",
        "MAS",
        "Les jours d’ouverture de l’internat de la MAS manquent pour 2025.",
        (Changement("activite", _cles("MAS", annee=2025, modalite="internat"), "jours_ouverture", None),),
    ),
    AnomalieVoulue(
        "DM-01",
        "SAVS",
        "La date de l’évaluation du SAVS manque.",
        (
            Changement("qualite", _cles("SAVS"), "evaluation_date", None),
            Changement("etablissements", (("code", "SAVS"),), "date_derniere_evaluation", None),
        ),
    ),
    AnomalieVoulue(
        "DM-01",
        "ESAT",
        "La date de mise à jour du document unique d’évaluation des risques de l’ESAT manque.",
        (Changement("qualite", _cles("ESAT"), "duerp_date", None),),
    ),
    AnomalieVoulue(
        "ID-06",
        "SAVS",
        "La clé du SIRET du SAVS est fausse : deux chiffres ont été intervertis.",
        (Changement("etablissements", (("code", "SAVS"),), "siret", "99900000300046"),),
    ),
    AnomalieVoulue(
        "AC-01",
        "IME",
        "L’internat de l’IME a 26 places installées pour 24 autorisées.",
        (Changement("autorisations", _cles("IME", modalite="internat"), "capacite_installee", 26),),
    ),
    AnomalieVoulue(
        "AC-06",
        "ESAT",
        "L’ESAT a réalisé 3 % de journées de plus que les journées théoriques en 2025, sans explication.",
        (
            Changement(
                "activite", _cles("ESAT", annee=2025, modalite="externat"), "journees_realisees", 23175
            ),
        ),
    ),
    AnomalieVoulue(
        "RH-02",
        "IME",
        "L’IME a réalisé 5 ETP d’accompagnants pour 4,50 budgétés en 2025, sans explication.",
        (Changement("effectifs", _ACCOMPAGNANTS, "etp_realises", Decimal("5.00")),),
    ),
    AnomalieVoulue(
        "RG-01",
        "SAVS",
        "Au SAVS, deux personnes seulement viennent d’un établissement de santé en 2025.",
        (
            Changement("publics", _SANITAIRE_SAVS, "effectif", 2),
            Changement("publics", _DOMICILE_SAVS, "effectif", 42),
        ),
    ),
    AnomalieVoulue(
        "FI-02",
        "ESAT",
        "Le budget 2026 de l’ESAT inscrit 6 000 € de moins que la dotation notifiée.",
        (
            Changement("comptes", _TARIFICATION_ESAT, "montant", Decimal("1378000.00")),
            Changement("comptes", _TARIFICATION_ESAT, "mesures_nouvelles", Decimal("988.00")),
        ),
    ),
)
"""Chaque anomalie voulue, et ce que le contrôle doit en dire."""


def alterer(collection: str, lignes: Sequence[_E]) -> list[_E]:
    """Les lignes de la collection, avec les changements qui la concernent. Lève `LookupError` sans ligne."""
    modifiees = list(lignes)
    for anomalie in ANOMALIES_VOULUES:
        for changement in anomalie.changements:
            if changement.collection == collection:
                _changer(modifiees, changement)
    return modifiees


def _changer(lignes: list[_E], changement: Changement) -> None:
    for rang, ligne in enumerate(lignes):
        if all(getattr(ligne, nom) == valeur for nom, valeur in changement.cles):
            lignes[rang] = ligne.model_copy(update={changement.champ: changement.valeur})
            return
    raise LookupError(f"aucune ligne de « {changement.collection} » pour {changement.cles}")
