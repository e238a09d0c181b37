"""Les paramètres, le gestionnaire, les établissements et leurs autorisations, les exercices."""

from __future__ import annotations

from typing import Any

from cpomdocs.demo.outils import ANNEE_N, CLOSES, lire
from cpomdocs.modeles import (
    AnneeExercice,
    Autorisation,
    Etablissement,
    FormulaireDemande,
    Gestionnaire,
    Parametres,
)
from cpomdocs.nomenclatures import libelle

_HYPOTHESES = {
    "taux_actualisation_ars": [0.021, 0.019, 0.017, 0.014, 0.013, 0.013, 0.013, 0.012, 0.012],
    "taux_cd": [0.015, 0.014, 0.012, 0.010, 0.010, 0.010, 0.010, 0.010, 0.010],
    "taux_inflation": [0.049, 0.020, 0.012, 0.014, 0.016, 0.017, 0.017, 0.017, 0.017],
    "taux_gvt": [0.009, 0.009, 0.008, 0.008, 0.008, 0.008, 0.008, 0.007, 0.007],
}
_FIN = 2031


def parametres() -> Parametres:
    """L’année N, la date de référence et les autorités fictives."""
    return Parametres.model_validate(lire("gestionnaire")["parametres"])


def gestionnaire() -> Gestionnaire:
    """L’association fictive."""
    return Gestionnaire.model_validate(lire("gestionnaire")["gestionnaire"])


def formulaires() -> list[FormulaireDemande]:
    """Les six formulaires livrés, tous à remettre."""
    return [FormulaireDemande.model_validate(f) for f in lire("gestionnaire")["formulaires"]]


def etablissements() -> list[Etablissement]:
    """Les cinq établissements ; ce qui leur est commun n’est pas répété dans la table."""
    return [Etablissement.model_validate(_etablissement(e)) for e in lire("etablissements")["etablissements"]]


def _etablissement(table: dict[str, Any]) -> dict[str, Any]:
    absents = {"complement", "finess_principal", "places_habilitees", "tarif_soins"} - table.keys()
    return {
        "finess_ej": lire("gestionnaire")["gestionnaire"]["finess_ej"],
        "departement": "99",
        "rang_etablissement": "principal",
        "mono_etablissement": False,
        "categorie_libelle": libelle("categories_finess", table["categorie_code"]),
        "dans_perimetre_cpom": True,
        "type_budget": "principal" if table["code"] == "EHPAD" else "annexe",
        "sans_objet": frozenset(absents),
        **table,
    }


def autorisations() -> list[Autorisation]:
    """Une ligne par établissement et modalité ; l’arrêté et les dates sont ceux de l’établissement."""
    fiches = {e.code: e for e in etablissements()}
    lignes = []
    for table in lire("etablissements")["autorisations"]:
        fiche = fiches[table["etablissement"]]
        absents = {"capacite_habilitee_as", "age_max"} - table.keys()
        lignes.append(
            Autorisation(
                **table,
                date_autorisation=fiche.arrete_autorisation_date,
                date_installation=fiche.date_ouverture,
                reference_arrete=fiche.arrete_autorisation_ref,
                source="Arrêté d’autorisation",
                sans_objet=frozenset(absents),
            )
        )
    return lignes


def annees() -> list[AnneeExercice]:
    """Les exercices de 2023 à 2031 et leurs hypothèses ; le contrat commence en 2027."""
    lignes = []
    for rang, annee in enumerate(range(CLOSES[0], _FIN + 1)):
        contrat = annee - ANNEE_N if annee > ANNEE_N else None
        lignes.append(
            AnneeExercice.model_validate(
                {
                    "annee": annee,
                    "statut": "clos" if annee in CLOSES else "en_cours" if annee == ANNEE_N else "futur",
                    "annee_contrat": contrat,
                    **{nom: str(taux[rang]) for nom, taux in _HYPOTHESES.items()},
                    "campagne_eprd": str(annee),
                    "campagne_errd": str(annee + 1),
                    "sans_objet": frozenset(() if contrat else ("annee_contrat",)),
                }
            )
        )
    return lignes
