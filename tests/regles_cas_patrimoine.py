"""Les cas des règles FI sur le patrimoine et le PGFP."""

from __future__ import annotations

from regles_aide import Cas, Donnees

from cpomdocs.modeles.regles import Seuils

N = {"annee_n": 2026}
PRECEDENT, BUDGET = {"annee": 2025, "version": "reel"}, {"annee": 2026, "version": "previsionnel"}


def _comptes(*lignes: tuple[Donnees, dict[str, str]], **champs: object) -> list[Donnees]:
    return [
        {"etablissement": "A", **cle, "compte": compte, "montant": montant, **champs}
        for cle, montants in lignes
        for compte, montant in montants.items()
    ]


def _du_perimetre(cle: Donnees, montants: dict[str, str]) -> Donnees:
    return {"etablissements": [{"code": "A"}], "comptes": _comptes((cle, montants))}


def _tfp(version: str = "previsionnel", annee: int = 2026, **montants: str) -> Donnees:
    lignes = [{"annee": annee, "version": version, "ligne": li, "montant": m} for li, m in montants.items()]
    return {"parametres": N, "financements": lignes}


def _bilan(annee: int = 2025, **montants: str) -> list[Donnees]:
    return [{"annee": annee, "poste": poste, "montant": montant} for poste, montant in montants.items()]


def _pgfp(annees: range, **montants: str) -> Donnees:
    lignes = [{"annee": a, "ligne": li, "montant": m} for a in annees for li, m in montants.items()]
    return {"parametres": N, "pgfp": lignes}


_CAF_120 = _du_perimetre(BUDGET, {"6411": "880", "681": "20", "731": "1000"})
"""Résultat 100 + dotations aux amortissements 20."""
_TFP_REEL = {
    "remboursement_dettes": "50", "acquisitions": "100", "autres_emplois": "0", "caf": "180",
    "capitaux_propres": "0", "emprunts_nouveaux": "0", "cessions": "0", "autres_ressources": "0",
}  # fmt: skip
"""Apport au fonds de roulement : 180 − 150 = 30."""

CAS = [
    Cas(
        "FI-04",
        _tfp(emprunts_nouveaux="150", acquisitions="100", remboursement_dettes="80"),
        _tfp(emprunts_nouveaux="150", acquisitions="150", remboursement_dettes="80"),
        "emprunts nouveaux",
    ),
    Cas(
        "FI-04",
        _tfp(emprunts_nouveaux="150", acquisitions="100", remboursement_dettes="80"),
        _tfp(emprunts_nouveaux="150", acquisitions="100", remboursement_dettes="80")
        | {"emprunts": [{"numero": "E1", "renegocie": True}]},
        "emprunts nouveaux",
    ),
    Cas(
        "FI-20",
        {"emprunts": [{"numero": "E1", "taux": "1.85", "duree": 20}]},
        {"emprunts": [{"numero": "E1", "taux": "0.0185", "duree": 20}, {"numero": "E2"}]},
        "un taux d’intérêt de 185",
    ),
    Cas(
        "FI-20",
        {"emprunts": [{"numero": "E1", "taux": "0", "duree": 2040}]},
        {"emprunts": [{"numero": "E1", "taux": "0", "duree": 30}]},
        "une durée de 2040 ans",
    ),
    Cas(
        "FI-05",
        _tfp(caf="100", remboursement_dettes="120"),
        _tfp(caf="120", remboursement_dettes="120"),
        "capital à rembourser",
    ),
    # Sans ligne « CAF », celle des comptes : résultat 100 + dotations 20 = 120
    Cas(
        "FI-05",
        _tfp(remboursement_dettes="130") | _CAF_120,
        _tfp(remboursement_dettes="120") | _CAF_120,
        "CAF de 120,00",
    ),
    # FRI 100 − 60 = 40 ; BFR 30 − 10 = 20 ; trésorerie 20
    Cas(
        "FI-08",
        {
            "bilan": _bilan(
                apports="100", constructions_brut="60", creances="30", fournisseurs="10", disponibilites="25"
            )
        },
        {
            "bilan": _bilan(
                apports="100",
                constructions_brut="60",
                creances="30",
                fournisseurs="10",
                disponibilites="25",
                concours_bancaires="5",
            )
        },
        "trésorerie du bilan est de 25,00",
    ),
    Cas(
        "FI-08",
        _tfp("reel", 2025, **_TFP_REEL)
        | {"bilan": [*_bilan(2024, apports="100"), *_bilan(2025, apports="140")]},
        _tfp("reel", 2025, **_TFP_REEL)
        | {"bilan": [*_bilan(2024, apports="100"), *_bilan(2025, apports="130")]},
        "le FRNG varie de 40,00",
    ),
    Cas(
        "FI-08",
        _tfp(caf="110") | _CAF_120,
        _tfp(caf="120") | _CAF_120,
        "les comptes donnent 120,00",
    ),
    Cas(
        "FI-09",
        _pgfp(range(2026, 2030), caf="1"),
        _pgfp(range(2026, 2032), caf="1"),
        "il manque 2030 et 2031",
    ),
    Cas(
        "FI-09",
        _pgfp(range(2026, 2032), produits="900") | _du_perimetre(BUDGET, {"731": "1000"}),
        _pgfp(range(2026, 2032), produits="1000") | _du_perimetre(BUDGET, {"731": "1000"}),
        "« Produits » de la première année",
    ),
    Cas(
        "FI-09",
        _pgfp(range(2026, 2032), frng="50", fri="30", fre="10"),
        _pgfp(range(2026, 2032), frng="40", fri="30", fre="10", bfr="15", tresorerie="25"),
        "FRI + FRE = 40,00",
        nombre=6,
    ),
    Cas(
        "FI-17",
        {"bilan": _bilan(materiel_brut="100", materiel_amortissements="110")},
        {"bilan": _bilan(materiel_brut="100", materiel_amortissements="100")},
        "d’amortissements pour",
    ),
    Cas(
        "FI-17",
        {"bilan": _bilan(constructions_brut="100", constructions_amortissements="85")},
        {"bilan": _bilan(constructions_brut="100", constructions_amortissements="80")},
        "85\N{NO-BREAK SPACE}%, au-delà de 80",
    ),
    Cas(
        "FI-18",
        {"actions": [{"objectif": "1", "numero": "1.1", "moyens_perennes": "25000"}]},
        {"actions": [{"objectif": "1", "numero": "1.1", "moyens_perennes": "0", "moyens_cnr": "25000"}]},
        "crédits pérennes",
    ),
    Cas(
        "FI-19",
        {"bilan": _bilan(emprunts="600", apports="400")},
        {"bilan": _bilan(emprunts="400", apports="600")},
        "60\N{NO-BREAK SPACE}%, soit plus de 50",
    ),
    Cas(
        "FI-19",
        {"bilan": _bilan(apports="10")} | _du_perimetre(PRECEDENT, {"6411": "365"}),
        {"bilan": _bilan(apports="40")} | _du_perimetre(PRECEDENT, {"6411": "365"}),
        "10, soit moins de 30",
        seuils=Seuils(frng_jours_minimal=30),
    ),
    Cas(
        "AN-01",
        {
            "activite": [
                {
                    "etablissement": "A",
                    "annee": 2025,
                    "version": "reel",
                    "source": "À confirmer : prévision 2025",
                },
                {
                    "etablissement": "A",
                    "annee": 2025,
                    "modalite": "HP",
                    "source": "À confirmer : anticipé 2025",
                },
            ]
        },
        {"activite": [{"etablissement": "A", "annee": 2025, "version": "reel", "source": "ERRD 2025"}]},
        "2 lignes reprises d’une prévision",
    ),
]
