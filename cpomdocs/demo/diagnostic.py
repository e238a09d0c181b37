"""La qualité, les locaux, les partenaires et les constats de la démonstration."""

from __future__ import annotations

from typing import Any

from cpomdocs.demo.identite import etablissements
from cpomdocs.demo.outils import CLOSES, lire
from cpomdocs.modeles import Constat, Immobilier, Partenariat, Qualite

_OUTILS = (
    "livret_accueil",
    "reglement_fonctionnement",
    "contrat_sejour",
    "projet_etablissement",
    "projets_personnalises",
    "cvs",
    "personne_qualifiee",
    "charte_droits",
    "plan_action",
    "paq",
    "rgpd",
)


def qualites() -> list[Qualite]:
    """Une ligne par établissement : tous les outils de la loi 2002-2 existent, avec leur date."""
    return [Qualite.model_validate(_qualite(table)) for table in lire("qualite")["qualite"]]


def _qualite(table: dict[str, Any]) -> dict[str, Any]:
    fiche = next(e for e in etablissements() if e.code == table["etablissement"])
    absents = {"inspection_date", "inspection_nature", "plan_bleu_date"} - table.keys()
    return {
        **dict.fromkeys(_OUTILS, True),
        "projet_etablissement_date": fiche.date_projet_etablissement,
        "source": "Tableau de suivi de la qualité",
        "sans_objet": frozenset(absents),
        **table,
    }


def immobiliers() -> list[Immobilier]:
    """Une ligne par établissement ; la commission de sécurité est celle de la feuille « Qualité »."""
    passages = {q["etablissement"]: q["commission_securite_date"] for q in lire("qualite")["qualite"]}
    return [
        Immobilier.model_validate(
            {
                **table,
                "commission_securite_date": passages[table["etablissement"]],
                "source": "Registre du patrimoine",
            }
        )
        for table in lire("qualite")["immobilier"]
    ]


def partenariats() -> list[Partenariat]:
    """Les conventions de chaque établissement, et une de l’association."""
    return [
        Partenariat.model_validate({**p, "source": "Registre des conventions"})
        for p in lire("qualite")["partenariats"]
    ]


def constats() -> list[Constat]:
    """Les constats communs, puis ceux de chaque établissement."""
    table = lire("constats")
    communs = [(None, ligne) for ligne in table["communs"]]
    propres = [(code, ligne) for code, lignes in table["specifiques"].items() for ligne in lignes]
    return [
        Constat(
            axe=axe,
            portee="commun" if code is None else "specifique",
            etablissement=code,
            type=genre,
            texte=texte,
            priorite=priorite,
            annee=CLOSES[-1],
            source="Groupes de travail du diagnostic",
        )
        for code, (axe, genre, priorite, texte) in communs + propres
    ]
