"""Les cas des règles FI."""

from __future__ import annotations

from regles_aide import Cas, Donnees

N = {"annee_n": 2026}
PRECEDENT, BUDGET = {"annee": 2025, "version": "reel"}, {"annee": 2026, "version": "previsionnel"}

# Service réel 010001436, 2019 (domaine.md § 1.14) : charges et produits par groupe, résultat 17 223,71 €.
SERVICE = {
    "606": "90409.18",
    "6411": "742692.26",
    "613": "39444.41",
    "731": "850229.68",
    "708": "38364.60",
    "768": "1175.28",
}


def _comptes(*lignes: tuple[Donnees, dict[str, str]], **champs: object) -> list[Donnees]:
    return [
        {"etablissement": "A", **cle, "compte": compte, "montant": montant, **champs}
        for cle, montants in lignes
        for compte, montant in montants.items()
    ]


def _du_perimetre(cle: Donnees, montants: dict[str, str]) -> Donnees:
    return {"etablissements": [{"code": "A"}], "comptes": _comptes((cle, montants))}


def _resultat(**champs: object) -> Donnees:
    reel = {"annee": 2019, "version": "reel"}
    return {
        "comptes": _comptes((reel, SERVICE)),
        "resultats": [{"etablissement": "A", "annee": 2019, **champs}],
    }


def _dotation(montant: str, **champs: object) -> list[Donnees]:
    base = {"etablissement": "A", "annee": 2026, "nature": "forfait_soins", "financeur": "assurance_maladie"}
    return [base | {"total_notifie": montant, **champs}]


def _notifie(inscrit: str, **champs: object) -> Donnees:
    comptes = _comptes((BUDGET, {"7311": inscrit}), financeur="assurance_maladie", **champs)
    return {"parametres": N, "dotations": _dotation("1200000"), "comptes": comptes}


def _variation(montant: str, **champs: object) -> Donnees:
    avant = _comptes((PRECEDENT, {"6411": "700000"}))
    return {"parametres": N, "comptes": [*avant, *_comptes((BUDGET, {"6411": montant}), **champs)]}


def _deficit(final: str, **champs: object) -> Donnees:
    return {
        "parametres": N,
        "etablissements": [{"code": "A", **champs}],
        "comptes": _comptes((BUDGET, {"6411": "1000", "731": "900"})),
        "pgfp": [{"annee": 2031, "ligne": "resultat", "montant": final}],
    }


def _bilan(annee: int = 2025, **montants: str) -> list[Donnees]:
    return [{"annee": annee, "poste": poste, "montant": montant} for poste, montant in montants.items()]


def _affecte(*parts: tuple[str, str], a_affecter: str = "17223.71") -> Donnees:
    lignes = [{"etablissement": "A", "annee": 2019, "compte": c, "montant": m} for c, m in parts]
    return {
        "resultats": [{"etablissement": "A", "annee": 2019, "resultat_a_affecter": a_affecter}],
        "affectations": lignes,
    }


def _siege(quote_part: str = "63000", taux: str = "0.035", **reste: object) -> Donnees:
    ligne = {"etablissement": "A", "annee": 2025, "base_charges_brutes": "1800000"}
    return {"siege": [ligne | {"taux": taux, "quote_part": quote_part}], **reste}


CAS = [
    Cas(
        "FI-01",
        _resultat(resultat_comptable="17000"),
        _resultat(resultat_comptable="17223.71"),
        "17\u202f223,71",
    ),
    Cas(
        "FI-01",
        {
            "comptes": [
                *_comptes((BUDGET, {"60626": "100"})),
                *_comptes((BUDGET, {"60626": "60"}), section="hebergement"),
            ]
        },
        {
            "comptes": [
                *_comptes((BUDGET, {"60626": "100"})),
                *_comptes((BUDGET, {"60626": "70"}), section="hebergement"),
                *_comptes((BUDGET, {"60626": "30"}), section="dependance"),
            ]
        },
        "les sections du compte font 60,00",
    ),
    Cas(
        "FI-01",
        {"comptes": _comptes((BUDGET, {"731": "110"}), reconduction="100", mesures_nouvelles="5")},
        {"comptes": _comptes((BUDGET, {"731": "110"}), reconduction="100", mesures_nouvelles="5", cnr="5")},
        "reconduction et mesures nouvelles font 105,00",
    ),
    Cas(
        "FI-01",
        {"comptes": _comptes((BUDGET, {"64": "300", "6411": "200", "645": "100", "70": "5"}))},
        {"comptes": _comptes((BUDGET, {"64": "30", "6411": "200", "645": "100"}))},
        "total de ses 2 sous-comptes",
    ),
    Cas("FI-02", _notifie("1190000"), _notifie("1200000"), "inscrits au budget", gravite="bloquante"),
    Cas(
        "FI-02",
        _notifie("1190000", commentaire="Recours en cours"),
        _notifie("1200000"),
        "inscrits",
        gravite="avertissement",
    ),
    # 700 000 → 742 000 : + 6 % ; → 728 000 : + 4 %
    Cas("FI-03", _variation("742000"), _variation("728000"), "charges du groupe II"),
    Cas("FI-03", _variation("742000"), _variation("742000", commentaire="Ouverture de deux places"), "+6"),
    Cas(
        "FI-07",
        _deficit("10", dans_perimetre_cpom=False),
        _deficit("10", dans_perimetre_cpom=True),
        "hors du périmètre",
    ),
    Cas("FI-07", _deficit("-5"), _deficit("0"), "encore en déficit en 2031"),
    # CAF : 10 ÷ 1 000 = 1 % ; 20 ÷ 1 000 = 2 %
    Cas(
        "FI-10",
        _du_perimetre(PRECEDENT, {"6411": "990", "731": "1000"}),
        _du_perimetre(PRECEDENT, {"6411": "980", "731": "1000"}),
        "taux de CAF de 1\N{NO-BREAK SPACE}%",
    ),
    Cas(
        "FI-11",
        _affecte(("10682", "10000")),
        _affecte(("10682", "10000"), ("10686", "7223.71")),
        "les affectations font 10\u202f000,00",
    ),
    Cas(
        "FI-11",
        _resultat(
            resultat_comptable="17223.71",
            reprise_anterieurs="0",
            retraitements="776.29",
            resultat_a_affecter="17223.71",
        ),
        _resultat(
            resultat_comptable="17223.71",
            reprise_anterieurs="0",
            retraitements="776.29",
            resultat_a_affecter="18000",
        ),
        "font 18\u202f000,00",
    ),
    Cas(
        "FI-11",
        _affecte(("10685", "17223.71")) | {"bilan": _bilan(2019, creances="9000", fournisseurs="1000")},
        _affecte(("10685", "17223.71")) | {"bilan": _bilan(2019, creances="19000", fournisseurs="1000")},
        "plus que le besoin en fonds de roulement",
    ),
    Cas("FI-13", _siege("64000"), _siege(), "= 63\u202f000,00"),
    Cas(
        "FI-13",
        _siege(comptes=_comptes((PRECEDENT, {"6556": "60000"}))),
        _siege(comptes=_comptes((PRECEDENT, {"6556": "63000"}))),
        "au compte 6556",
    ),
    Cas(
        "FI-13",
        _siege(gestionnaire={"siege_taux": "0.03"}),
        _siege(gestionnaire={"siege_taux": "0.035"}),
        "l’autorisation porte 3\N{NO-BREAK SPACE}%",
        gravite="avertissement",
    ),
    Cas(
        "FI-14",
        {
            "parametres": N,
            "contrat": {"dgc_montant": "1000"},
            "dotations": _dotation("900", nature="dgc_quote_part"),
        },
        {
            "parametres": N,
            "contrat": {"dgc_montant": "900"},
            "dotations": _dotation("900", nature="dgc_quote_part"),
        },
        "les quotes-parts de 2026 font 900,00",
    ),
    # 1 000 000 × 1,012 + 5 000 + 15 000 = 1 032 000
    Cas(
        "FI-15",
        {
            "dotations": _dotation(
                "1030000",
                base_reconductible="1000000",
                taux_actualisation="0.012",
                mesures_nouvelles="5000",
                cnr="15000",
            )
        },
        {
            "dotations": _dotation(
                "1032000",
                base_reconductible="1000000",
                taux_actualisation="0.012",
                mesures_nouvelles="5000",
                cnr="15000",
            )
        },
        "CNR font 1\u202f032\u202f000,00",
    ),
    Cas(
        "FI-15",
        {
            "dotations": [
                *_dotation("1032000", cnr="15000"),
                *_dotation("0", annee=2027, base_reconductible="1032000"),
            ]
        },
        {
            "dotations": [
                *_dotation("1032000", cnr="15000"),
                *_dotation("0", annee=2027, base_reconductible="1017000"),
            ]
        },
        "qui ne se reconduisent pas",
    ),
]
