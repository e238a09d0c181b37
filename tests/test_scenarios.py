"""Les scénarios : chiffres comparés à un tableur fait à la main et recalculé par LibreOffice."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fabriques import convertir, exige_libreoffice

from cpomdocs.modeles import Dossier

D = Decimal
BASE = {
    "60": 100_000,
    "64": 300_000,
    "613": 40_000,
    "6811": 20_000,
    "731": 430_000,
    "75": 18_000,
    "777": 7_000,
}
TAUX = {
    2027: {
        "taux_dotation": "0.010",
        "taux_gvt": "0.006",
        "taux_salaires": "0.004",
        "taux_inflation": "0.015",
    },
    2028: {"taux_dotation": "0.012", "taux_autres_produits": "0.02", "taux_activite": "0.01"},
}
COUTS = [
    ("1.1", "1.1.1", 2027, "charge", "II", "redeploiement", 5_000),
    ("1.1", "1.1.1", 2028, "charge", "II", "redeploiement", 6_000),
    ("1.1", "1.1.1", 2028, "charge", "III", "autofinancement", 2_500),
    ("1.2", "1.2.1", 2027, "charge", "I", "cnr", 1_200),
    ("1.2", "1.2.1", 2027, "produit", "I", "cnr", 1_200),
    ("9.9", "9.9.9", 2027, "charge", "I", "perenne", 99_999),
]


def un_dossier(**autres: Any) -> Dossier:
    """Un établissement, un budget 2026, un scénario S qui retient 1.1.1 et décale 1.2.1 d’un an."""
    cle = {"etablissement": "A", "annee": 2026, "version": "previsionnel"}
    donnees: dict[str, Any] = {
        "parametres": {"annee_n": 2026},
        "etablissements": [{"code": "A", "nom": "Les Chênes", "dans_perimetre_cpom": True}],
        "annees": [{"annee": 2028, "taux_inflation": "0.02", "taux_gvt": "0.008"}],
        "comptes": [{**cle, "compte": compte, "montant": montant} for compte, montant in BASE.items()],
        "scenarios": [{"code": "S", "intitule": "Essai", "retenu": True}],
        "hypotheses": [{"scenario": "S", "annee": annee, **taux} for annee, taux in TAUX.items()],
        "choix_actions": [
            {"scenario": "S", "objectif": "1.1", "action": "1.1.1", "retenue": True},
            {"scenario": "S", "objectif": "1.2", "action": "1.2.1", "retenue": True, "decalage": 1},
            {"scenario": "S", "objectif": "9.9", "action": "9.9.9", "retenue": False},
        ],
        "couts_actions": [
            {
                "objectif": o,
                "action": a,
                "etablissement": "A",
                "annee": annee,
                "sens": sens,
                "groupe": groupe,
                "financement": financement,
                "montant": montant,
            }
            for o, a, annee, sens, groupe, financement, montant in COUTS
        ],
        "bilan": [
            {"annee": 2025, "poste": "apports", "montant": 500_000},
            {"annee": 2025, "poste": "constructions_brut", "montant": 380_000},
        ],
        "emprunts": [
            {"numero": "E1", "remboursement_capital": 9_000, "date_echeance": datetime.date(2027, 12, 31)}
        ],
        "investissements": [
            {"operation": "Toit", "annee": 2027, "montant": 60_000, "emprunt": 20_000, "subvention": 5_000},
        ],
    }
    return Dossier.model_validate({**donnees, **autres})


def projetee(dossier: Dossier, annee: int) -> Any:
    (ligne,) = dossier.lignes("projections_gestionnaire", annee=annee)
    return ligne


# Le tableur : une ligne par grandeur, colonnes 2026, 2027, 2028 ; les formules sont écrites d’après les
# définitions de la feuille « Hypothèses », pas d’après le programme.
TABLEUR = {
    "A1": "grandeur", "B1": 2026, "C1": 2027, "D1": 2028,
    "A2": "dotation", "C2": 0.010, "D2": 0.012,
    "A3": "autres produits", "C3": 0, "D3": 0.02,
    "A4": "gvt", "C4": 0.006, "D4": 0.008,
    "A5": "salaires", "C5": 0.004, "D5": 0,
    "A6": "inflation", "C6": 0.015, "D6": 0.02,
    "A7": "activité", "C7": 0, "D7": 0.01,
    "A10": "charges I", "B10": 100_000, "C10": "=ROUND(B10*(1+C6+C7),2)",
    "D10": "=ROUND(B10*(1+C6+C7)*(1+D6+D7)+1200,2)",
    "A11": "charges II", "B11": 300_000, "C11": "=ROUND(B11*(1+C4+C5)+5000,2)",
    "D11": "=ROUND(B11*(1+C4+C5)*(1+D4+D5)+6000,2)",
    "A12": "charges III", "B12": 60_000, "C12": "=ROUND(40000*(1+C6)+20000,2)",
    "D12": "=ROUND(40000*(1+C6)*(1+D6)+20000+2500,2)",
    "A13": "produits I", "B13": 430_000, "C13": "=ROUND(B13*(1+C2),2)",
    "D13": "=ROUND(B13*(1+C2)*(1+D2)+1200,2)",
    "A14": "produits II", "B14": 18_000, "C14": "=ROUND(B14*(1+C3+C7),2)",
    "D14": "=ROUND(B14*(1+C3+C7)*(1+D3+D7),2)",
    "A15": "produits III", "B15": 7_000, "C15": "=B15", "D15": "=B15",
    "A16": "résultat", "B16": "=SUM(B13:B15)-SUM(B10:B12)", "C16": "=SUM(C13:C15)-SUM(C10:C12)",
    "D16": "=SUM(D13:D15)-SUM(D10:D12)",
    "A17": "CAF", "B17": "=B16+20000-7000", "C17": "=C16+(B17-B16)", "D17": "=D16+(B17-B16)+2500",
    "A18": "FRNG", "B18": "=500000-380000+B17-9000", "C18": "=B18+C17-9000-(60000-20000-5000)",
    "D18": "=D17+C18",
}  # fmt: skip


@exige_libreoffice
def test_les_projections_sont_celles_d_un_tableur_recalcule(tmp_path: Path) -> None:
    livre = openpyxl.Workbook()
    for adresse, valeur in TABLEUR.items():
        livre.active[adresse] = valeur
    (tmp_path / "source").mkdir()
    livre.save(tmp_path / "source" / "main.xlsx")
    calcule = openpyxl.load_workbook(
        convertir(tmp_path / "source" / "main.xlsx", "xlsx", tmp_path), data_only=True
    )
    page, dossier = calcule.active, un_dossier()
    champs = {
        10: "charges_groupe_1",
        11: "charges_groupe_2",
        12: "charges_groupe_3",
        13: "dotation",
        16: "resultat",
        17: "caf",
        18: "frng",
    }
    for colonne, annee in (("C", 2027), ("D", 2028)):
        ligne = projetee(dossier, annee)
        obtenus = {nom: getattr(ligne, nom) for nom in champs.values()}
        attendus = {
            nom: D(str(page[f"{colonne}{rang}"].value)).quantize(D("0.01")) for rang, nom in champs.items()
        }
        assert obtenus == attendus


def test_une_action_ecartee_ne_compte_pas_et_une_action_decalee_compte_plus_tard() -> None:
    premiere, seconde = projetee(un_dossier(), 2027), projetee(un_dossier(), 2028)
    assert (premiere.charges_nouvelles, seconde.charges_nouvelles) == (5_000, 6_000 + 2_500 + 1_200)
    assert (premiere.redeploiement, seconde.redeploiement) == (5_000, 6_000)
    assert (premiere.hors_moyens_constants, seconde.hors_moyens_constants) == (0, 1_200)


def test_la_synthese_dit_l_equilibre_et_les_moyens_constants() -> None:
    (synthese,) = un_dossier().lignes("scenarios_synthese")
    assert synthese.intitule == "Essai"
    assert (synthese.moyens_constants, synthese.hors_moyens_constants) == ("non", 1_200)
    resultats = [p.resultat for p in un_dossier().lignes("projections_gestionnaire")]
    assert synthese.resultat_cumule == sum(resultats)
    restent = [a for a in range(2027, 2032) if all(r >= 0 for r in resultats[a - 2027 :])]
    assert synthese.annee_equilibre == (restent[0] if restent else None)


def test_un_montant_absent_rend_la_projection_absente_et_dit_ou_le_saisir() -> None:
    dossier = un_dossier()
    couts = [{**c.model_dump(exclude={"sans_objet"}), "montant": None} for c in dossier.couts_actions[:1]]
    ligne = projetee(un_dossier(couts_actions=couts), 2027)
    assert ligne.charges_groupe_2 is None and ligne.resultat is None
    assert ligne.etat("resultat") == "vide"


def test_sans_scenario_ni_annee_n_rien_n_est_projete() -> None:
    assert un_dossier(scenarios=[]).lignes("projections") == []
    assert un_dossier(parametres={}).lignes("projections_gestionnaire") == []


@pytest.mark.parametrize(("proposees", "demandees", "attendu"), [(22, 20, (-2, 2)), (24, None, (0, None))])
def test_l_offre_avant_et_apres(
    proposees: int, demandees: int | None, attendu: tuple[int, int | None]
) -> None:
    dossier = un_dossier(
        autorisations=[{"etablissement": "A", "modalite": "internat", "capacite_autorisee": 24}],
        offre=[
            {
                "etablissement": "A",
                "modalite": "internat",
                "annee": 2028,
                "places_proposees": proposees,
                "places_demandees": demandees,
            }
        ],
    )
    (ligne,) = dossier.lignes("offre_synthese")
    assert (ligne.evolution_proposee, ligne.ecart_demande) == attendu
