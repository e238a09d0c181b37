"""Les cas des règles RH et de protection des personnes."""

from __future__ import annotations

from regles_aide import Cas, Donnees

N = {"annee_n": 2026}


def _effectifs(*lignes: Donnees, **reste: object) -> Donnees:
    base = {"etablissement": "A", "annee": 2025, "version": "reel", "categorie": "ide", "type_contrat": "cdi"}
    return {"parametres": N, "effectifs": [base | ligne for ligne in lignes], **reste}


def _rh(**champs: object) -> list[Donnees]:
    return [{"etablissement": "A", "annee": 2025, **champs}]


def _comptes(**montants: str) -> list[Donnees]:
    base = {"etablissement": "A", "annee": 2025, "version": "reel"}
    return [base | {"compte": compte[1:], "montant": montant} for compte, montant in montants.items()]


def _publics(*effectifs: int, dimension: str = "provenance", **champs: object) -> list[Donnees]:
    reponses = ("domicile", "etab_sante", "esms", "autre")
    base = {"etablissement": "A", "annee": 2025, "dimension": dimension, **champs}
    return [base | {"modalite": m, "effectif": e} for m, e in zip(reponses, effectifs, strict=False)]


def _constat(texte: str) -> Donnees:
    return {"constats": [{"axe": "droits", "texte": texte}]}


_COUT = {"remuneration_brute": "700000", "charges_sociales": "280000", "charges_fiscales": "20000"}

CAS = [
    Cas(
        "RH-01",
        _effectifs({"etp_realises": "6.2"}, {"etp_realises": "3.1"}, rh_indicateurs=_rh(etp_reels="9.5")),
        _effectifs({"etp_realises": "6.2"}, {"etp_realises": "3.1"}, rh_indicateurs=_rh(etp_reels="9.3")),
        "9,5 ETP réels, mais les lignes d’effectifs en totalisent 9,3",
        gravite="bloquante",
    ),
    Cas(
        "RH-02",
        _effectifs({"etp_budgetes": "6", "etp_realises": "6.5"}),
        _effectifs(
            {"etp_budgetes": "6", "etp_realises": "6.5", "commentaire": "Renfort"},
            {"etp_budgetes": "6", "etp_realises": "5"},
        ),
        "6,5 ETP réalisés pour 6 budgétés",
    ),
    Cas(
        "RH-03",
        _effectifs({"pct_hebergement": "0.5", "pct_dependance": "0.3", "pct_soins": "0.1"}),
        _effectifs(
            {"pct_hebergement": "0.7", "pct_dependance": "0.3", "sans_objet": ["pct_soins"]},
            {"pct_soins": "0.5"},  # les autres parts manquent encore
        ),
        "90\N{NO-BREAK SPACE}% au lieu de 100",
    ),
    Cas(
        "RH-04",
        _effectifs({"etp_realises": "6"}, {"version": "anticipe", "etp_realises": "6.5"}),
        _effectifs({"etp_realises": "6"}, {"version": "anticipe", "etp_realises": "6"}),
        "6,5 ETP en version anticipée, 6 en version réelle",
    ),
    Cas(
        "RH-04",
        _effectifs({"etp_budgetes": "6"}, {"annee": 2026, "version": "previsionnel", "etp_budgetes": "7"}),
        _effectifs(
            {"etp_budgetes": "6"},
            {"annee": 2026, "version": "previsionnel", "etp_budgetes": "7", "mouvement": "creation"},
        ),
        "7 ETP budgétés après 6",
    ),
    # 1 000 000 € chargés ; comptes 64 + 631 + 633 : 1 010 000 € (1 % d’écart), et 1 100 000 € (9 %)
    Cas(
        "RH-05",
        _effectifs(_COUT, comptes=_comptes(c6411="1050000", c633="50000")),
        _effectifs(_COUT, comptes=_comptes(c6411="990000", c633="20000")),
        "comptes de personnel",
    ),
    Cas(
        "RH-06",
        {"rh_indicateurs": _rh(jours_absence_courte=-3)},
        {"rh_indicateurs": _rh(jours_absence_courte=3)},
        "est négatif",
    ),
    Cas(
        "RH-06",
        {"rh_indicateurs": _rh(recrutements=90, departs=80, effectif_3112_n1=60)},
        {"rh_indicateurs": _rh(recrutements=9, departs=8, effectif_3112_n1=62)},
        "invraisemblable",
    ),
    Cas(
        "RH-06",
        {"rh_indicateurs": _rh(jours_absence_courte=30, etp_reels="0")},
        {"rh_indicateurs": _rh(jours_absence_courte=0, etp_reels="0")},
        "« ETP réels » est nul",
    ),
    Cas(
        "RH-07",
        {"rh_indicateurs": _rh(nb_cdd_remplacement=-1)},
        {"rh_indicateurs": _rh(nb_cdd_remplacement=0)},
        "-1 contrats",
    ),
    # 10 ETP × 12 × 151,67 h = 18 200,4 h
    Cas(
        "RH-08",
        {"rh_indicateurs": _rh(etp_reels="10", heures_remunerees="25000")},
        {"rh_indicateurs": _rh(etp_reels="10", heures_remunerees="18000")},
        "attendues",
    ),
    Cas("RG-01", {"publics": _publics(45, 3, 1)}, {"publics": _publics(45, 5, 0)}, "« Autre ESMS » (1)"),
    Cas(
        "DO-10",
        _constat("Plainte de la famille de Mme Durand."),
        _constat("Mme la directrice part."),
        "le nom",
    ),
    Cas(
        "DO-10",
        _constat("Le résident Paul MARTIN a chuté."),
        _constat("Le résident Paul MARTIN a chuté.") | {"constats": []},
        "le nom",
    ),
]
