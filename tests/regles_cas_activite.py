"""Les cas des règles AC."""

from __future__ import annotations

from regles_aide import Cas, Donnees

N = {"annee_n": 2026}


def _activite(*lignes: Donnees, **reste: object) -> Donnees:
    base = {"etablissement": "A", "annee": 2025, "modalite": "HP", "version": "reel"}
    return {"parametres": N, "activite": [base | ligne for ligne in lignes], **reste}


def _pleine(**champs: object) -> Donnees:
    """80 places ouvertes 365 jours : 29 200 journées théoriques."""
    return {"capacite_financee": 80, "jours_ouverture": 365, "absences_lt72h": 0, **champs}


def _dependance(**champs: object) -> Donnees:
    return {"parametres": N, "dependance": [{"etablissement": "A", "annee": 2025, **champs}]}


def _publics(*effectifs: int, dimension: str = "provenance", **champs: object) -> list[Donnees]:
    reponses = ("domicile", "etab_sante", "esms", "autre")
    base = {"etablissement": "A", "annee": 2025, "dimension": dimension, **champs}
    return [base | {"modalite": m, "effectif": e} for m, e in zip(reponses, effectifs, strict=False)]


_VALIDE = {"gmp": "740", "gmp_date_validation": "2025-11-20"}
_FIN_2028 = {
    "parametres": {"annee_n": 2026, "date_reference": "2029-01-31"},
    "contrat": {"date_debut": "2026-01-01"},
}

CAS = [
    Cas(
        "AC-01",
        {
            "autorisations": [
                {"capacite_autorisee": 80, "capacite_installee": 82, "capacite_habilitee_as": 81}
            ]
        },
        {
            "autorisations": [
                {"capacite_autorisee": 80, "capacite_installee": 80, "capacite_habilitee_as": 20}
            ]
        },
        "la capacité installée (82) dépasse la capacité autorisée (80)",
        nombre=2,
    ),
    Cas(
        "AC-02",
        {
            "etablissements": [{"code": "A", "places_habilitees": 25}],
            "autorisations": [
                {"etablissement": "A", "modalite": "HP", "capacite_habilitee_as": 20},
                {"etablissement": "A", "modalite": "HT", "sans_objet": ["capacite_habilitee_as"]},
            ],
        },
        {
            "etablissements": [{"code": "A", "places_habilitees": 20}],
            "autorisations": [{"etablissement": "A", "modalite": "HP", "capacite_habilitee_as": 20}],
        },
        "25 places habilitées, mais 20",
    ),
    Cas(
        "AC-02",
        {
            "parametres": N,
            "dependance": [{"etablissement": "A", "annee": 2026, "nb_pasa": 12}],
            "autorisations": [{"etablissement": "A", "modalite": "PASA", "capacite_autorisee": 14}],
        },
        {
            "parametres": N,
            "dependance": [{"etablissement": "A", "annee": 2023, "nb_pasa": 12}],
            "autorisations": [{"etablissement": "A", "modalite": "PASA", "capacite_autorisee": 14}],
        },
        "12 places de PASA, mais 14",
    ),
    Cas(
        "AC-03",
        _activite({"annee": 2024, "jours_ouverture": 367}, {"jours_ouverture": 366}),
        _activite({"annee": 2024, "jours_ouverture": 366}, {"jours_ouverture": 365}),
        "entre 1 et 366 jours",
        nombre=2,
    ),
    Cas(
        "AC-03",
        _activite({"jours_ouverture": 300}),
        _activite({"jours_ouverture": 300}, etablissements=[{"code": "A", "date_ouverture": "2025-03-07"}]),
        "l’hébergement permanent ouvre 365 jours en 2025",
    ),
    Cas(
        "AC-04",
        _activite(
            {"annee": 2026, "version": "previsionnel", "capacite_financee": 84},
            autorisations=[{"etablissement": "A", "modalite": "HP", "capacite_financee": 80}],
        ),
        _activite(
            {"annee": 2026, "version": "previsionnel", "capacite_financee": 80},
            {"annee": 2024, "capacite_financee": 78},
            autorisations=[{"etablissement": "A", "modalite": "HP", "capacite_financee": 80}],
        ),
        "(84) n’est pas celle de l’autorisation (80)",
        gravite="bloquante",
    ),
    # (28 100 + 80) ÷ 29 200 = 96,51 %
    Cas(
        "AC-05",
        _activite(_pleine(journees_realisees=28100, absences_lt72h=80)) | _dependance(to_retenu="0.955"),
        _activite(_pleine(journees_realisees=28100, absences_lt72h=80)) | _dependance(to_retenu="0.965"),
        "permanent donne 96,51\N{NO-BREAK SPACE}%",
        gravite="bloquante",
    ),
    Cas(
        "AC-05",
        _activite(_pleine(capacite_financee=0, journees_realisees=100)),
        _activite(_pleine(capacite_financee=0, journees_realisees=0)),
        "sans capacité financée",
    ),
    # 29 784 ÷ 29 200 = 102 % ; 36 500 ÷ 29 200 = 125 %
    Cas(
        "AC-06",
        _activite(_pleine(journees_realisees=29784)),
        _activite(_pleine(journees_realisees=29784, commentaire="Accueils en surnombre, accord de l’ARS")),
        "102\N{NO-BREAK SPACE}%",
    ),
    Cas(
        "AC-06",
        _activite(_pleine(journees_realisees=36500, commentaire="Vérifié")),
        _activite(_pleine(journees_realisees=29200)),
        "125\N{NO-BREAK SPACE}% : au-delà de 120",
    ),
    Cas(
        "AC-07",
        _activite(_pleine(journees_financees=29201)),
        _activite(_pleine(journees_financees=29200)),
        "journées financées, plus que les",
    ),
    Cas(
        "AC-08",
        _activite({"effectif_debut": 78, "entrees": 20, "sorties": 18, "effectif_3112": 79}),
        _activite({"effectif_debut": 78, "entrees": 20, "sorties": 18, "effectif_3112": 80}),
        "78 + 20 entrées − 18 sorties font 80",
    ),
    Cas(
        "AC-08",
        _activite({"annee": 2024, "effectif_3112": 77}, {"effectif_debut": 78}),
        _activite({"annee": 2024, "effectif_3112": 78}, {"effectif_debut": 78, "modalite": "HP"}),
        "78 personnes au 1er janvier, mais 77 au 31/12/2024",
    ),
    Cas(
        "AC-08",
        _activite({"sorties": 3, "sorties_definitives": 4}),
        _activite({"sorties": 4, "sorties_definitives": 4}),
        "4 sorties définitives pour 3",
    ),
    Cas(
        "AC-09",
        _activite({"effectif_3112": 80}, publics=_publics(45, 20, 10, 3)),
        _activite(
            {"effectif_3112": 80},
            {"modalite": "HT", "effectif_3112": 5},
            publics=[*_publics(45, 20, 10, 5), *_publics(50, 20, 10, 5, dimension="age")],
        ),
        "« Provenance » compte 78 personnes, l’activité 80",
    ),
    Cas(
        "AC-09",
        _activite({"sorties": 18, "effectif_3112": 80}, publics=_publics(10, 5, dimension="motif_sortie")),
        _activite(
            {"sorties": 15, "effectif_3112": 80},
            publics=[
                *_publics(10, 5, dimension="motif_sortie"),
                *_publics(70, date_coupe="2025-06-30"),
                *_publics(1, dimension="protection_juridique"),
            ],
        ),
        "compte 15 personnes, l’activité 18",
    ),
    Cas(
        "AC-10",
        _activite({"journees_realisees": 28100}, {"version": "anticipe", "journees_realisees": 28500}),
        _activite({"journees_realisees": 28100}, {"version": "anticipe", "journees_realisees": 28100}),
        "en version anticipée",
    ),
    # (95 % − 91 %) ÷ 2 = 2 % ; (28 200 − 27 636) ÷ 28 200 ÷ 2 = 1 %
    Cas(
        "AC-11",
        _dependance(to_retenu="0.91"),
        _dependance(to_retenu="0.95"),
        "atteindre 2\N{NO-BREAK SPACE}%",
    ),
    Cas(
        "AC-11",
        _activite({"objectif_contractuel": 28200, "journees_realisees": 27636}),
        _activite({"objectif_contractuel": 28200, "journees_realisees": 28200}),
        "atteindre 1\N{NO-BREAK SPACE}%",
    ),
    # 10 × 1000 + 10 × 840 + 20 × 420 = 26 800 ; ÷ 40 = 670
    Cas(
        "AC-12",
        _dependance(gmp="700", gir1=10, gir2=10, gir3=0, gir4=20, gir5=0, gir6=0),
        _dependance(gmp="670", gir1=10, gir2=10, gir3=0, gir4=20, gir5=0, gir6=0),
        "donnent 670",
    ),
    Cas("AC-12", _dependance(gmp="7400"), _dependance(gmp="1000"), "impossible"),
    Cas(
        "AC-13",
        _dependance(gmp_date_validation="2025-01-15", pmp_date_validation="2025-11-20"),
        _dependance(gmp_date_validation="2025-11-01", pmp_date_validation="2025-11-20"),
        "simultanées",
    ),
    Cas(
        "AC-13",
        _dependance(**_VALIDE) | {"contrat": {"date_signature": "2025-10-01"}},
        _dependance(**_VALIDE) | {"contrat": {"date_signature": "2025-12-20"}},
        "après la signature du 01/10/2025",
    ),
    Cas(
        "AC-13",
        _dependance(**_VALIDE) | _FIN_2028,
        _dependance(gmp_date_validation="2028-09-30") | _FIN_2028,
        "aucune validation en 3e année",
    ),
]
