"""Le plan de financement et ses documents, comparés à un tableur fait à la main (LibreOffice)."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from fabriques import RACINE, convertir, exige_libreoffice, poser_classeur
from openpyxl.worksheet.worksheet import Worksheet
from test_scenarios import un_dossier

from cpomdocs import Rapport, generer
from cpomdocs.modeles import Dossier

D = Decimal
ANNEES = dict(zip(range(2026, 2032), "BCDEFG", strict=True))
EMPRUNTS = [
    {
        "numero": "E1",
        "remboursement_capital": 9_000,
        "taux": "0.02",
        "date_debut": datetime.date(2020, 1, 1),
        "date_echeance": datetime.date(2029, 12, 31),
    },
    {
        "numero": "E2",
        "remboursement_capital": 0,
        "capital_initial": 20_000,
        "taux": "0.03",
        "duree": 4,
        "date_debut": datetime.date(2027, 6, 1),
        "date_echeance": datetime.date(2031, 6, 1),
    },
]
BILAN = {
    "apports": 500_000,
    "emprunts": 50_000,
    "constructions_brut": 380_000,
    "stocks": 30_000,
    "fournisseurs": 12_000,
}
INVESTISSEMENTS = [
    {"operation": "Sol", "annee": 2026, "montant": 40_000, "subvention": 4_000},
    {
        "operation": "Toit",
        "annee": 2027,
        "montant": 60_000,
        "emprunt": 20_000,
        "subvention": 5_000,
        "cession": 1_000,
    },
]
# Une ligne par grandeur : la valeur de 2026, puis la formule d’une année ({c} : elle, {p} : celle d’avant).
# Les taux sont ceux de test_scenarios ; aucun après 2028.
TABLEUR: tuple[tuple[str, str, str], ...] = (
    ("dotation", "0", "{dotations}"),
    ("charges 1 sans action", "100000", "={p}3*(1+{prix})"),
    ("charges 1", "=B3", "=ROUND({c}3+{actions1},2)"),
    ("charges 2 sans action", "300000", "={p}5*(1+{salaires})"),
    ("charges 2", "=B5", "=ROUND({c}5+{actions2},2)"),
    ("charges 3 sans action", "40000", "={p}7*(1+{inflation})"),
    ("charges 3", "=B7+20000", "=ROUND({c}7+20000+{actions3},2)"),
    ("produits 1 sans action", "430000", "={p}9*(1+{c}2)"),
    ("produits 1", "=B9", "=ROUND({c}9+{recettes1},2)"),
    ("produits 2 sans arrondi", "18000", "={p}11*(1+{autres})"),
    ("produits 2", "=B11", "=ROUND({c}11,2)"),
    ("produits", "=B10+B12+7000", "={c}10+{c}12+7000"),
    ("charges", "=B4+B6+B8", "={c}4+{c}6+{c}8"),
    ("résultat", "=B13-B14", "={c}13-{c}14"),
    ("CAF", "=B15+20000-7000", "={c}15+20000-7000+{actions3}"),
    ("remboursé E1", "9000", "=IF({an}>2029,0,ROUND(9000*1.02^({an}-2026),2))"),
    ("remboursé E2", "0", "=IF({an}<2028,0,ROUND(-PPMT(0.03,{an}-2027,4,20000),2))"),
    ("acquisitions", "40000", "={achats}"),
    ("apports", "4000", "={apports}"),
    ("FRNG", "=500000+50000-380000+B16-B17-B18-B19+B20", "={p}21+{c}16-{c}17-{c}18-{c}19+{c}20"),
    ("BFR", "=30000-12000", "={p}22+{bfr}"),
    ("trésorerie", "=B21-B22", "={c}21-{c}22"),
    ("encours", "=50000-B17-B18", "={p}24-{c}17-{c}18+{emprunt}"),
    ("durée de la dette", "=B24/B16", "={c}24/{c}16"),
    ("évolution des charges", "0", "={c}14/{p}14-1"),
)
_PAR_AN: dict[int, dict[str, str]] = {
    2027: {
        "dotations": "0.01", "prix": "0.015", "salaires": "0.01", "inflation": "0.015", "autres": "0",
        "actions2": "5000", "achats": "60000", "apports": "20000+5000+1000", "emprunt": "20000",
    },
    2028: {
        "dotations": "0.012", "prix": "0.02+0.01", "salaires": "0.008", "inflation": "0.02",
        "autres": "0.02+0.01", "actions1": "1200", "actions2": "6000", "actions3": "2500",
        "recettes1": "1200", "bfr": "1500",
    },
}  # fmt: skip
_NOMS = (
    "dotations", "prix", "salaires", "inflation", "autres", "actions1", "actions2", "actions3", "recettes1",
    "achats", "apports", "bfr", "emprunt",
)  # fmt: skip
CHAMPS = {
    13: "total_produits",
    14: "total_charges",
    15: "resultat",
    16: "caf",
    19: "acquisitions",
    21: "frng",
    22: "bfr",
    23: "tresorerie",
    24: "encours",
    25: "duree_apparente_dette",
}
"""La ligne du tableur et le champ qui doit la retrouver."""


def un_contrat(**autres: Any) -> Dossier:
    """Le dossier de test_scenarios, avec dette, BFR, contrat, un établissement hors du périmètre."""
    simple = un_dossier()
    hypotheses = [h.model_dump(exclude={"sans_objet"}) for h in simple.hypotheses]
    hypotheses[1]["variation_bfr"] = 1_500
    donnees: dict[str, Any] = {
        "gestionnaire": {"raison_sociale": "Association d’Essai", "commune": "Essaiville"},
        "contrat": {"date_debut": datetime.date(2027, 1, 1), "date_fin": datetime.date(2031, 12, 31)},
        "etablissements": [
            {"code": "A", "nom": "Les Chênes", "dans_perimetre_cpom": True},
            {"code": "Z", "nom": "Les Saules", "dans_perimetre_cpom": False},
        ],
        "hypotheses": hypotheses,
        "emprunts": EMPRUNTS,
        "bilan": [{"annee": 2025, "poste": poste, "montant": m} for poste, m in BILAN.items()],
        "investissements": INVESTISSEMENTS,
        "objectifs": [{"numero": n, "objectif_general": f"Objectif {n}"} for n in ("1.1", "1.2", "9.9")],
        "actions": [
            {"objectif": n[:3], "numero": n, "intitule": f"Action {n}"} for n in ("1.1.1", "1.2.1", "9.9.9")
        ],
        "offre": [
            {
                "etablissement": "A",
                "modalite": "HP",
                "annee": annee,
                "places_proposees": places,
                "places_demandees": 20,
                "mouvement": "reduction",
                "commentaire": "Répit des familles.",
            }
            for annee, places in ((2027, 24), (2028, 22))
        ],
        "engagements": [
            {
                "code": "E1",
                "objet": "Modulation",
                "article": "art. 4.2",
                "statut": "accord",
                "convenu": "Cinq points, deux ans de suite.",
            },
            {"code": "E2", "objet": "Places", "article": "4", "statut": "ouvert", "convenu": "Rien encore."},
        ],
        "signataires": [{"nom": "Une Personne", "qualite": "Présidente", "structure": "Association d’Essai"}],
    }
    return un_dossier(**{**donnees, **autres})


@pytest.fixture(scope="module")
def tableur(tmp_path_factory: pytest.TempPathFactory) -> Worksheet:
    """Le tableur recalculé : une colonne par année, les grandeurs à partir de la ligne 2."""
    dossier = tmp_path_factory.mktemp("tableur")
    livre = openpyxl.Workbook()
    for annee, colonne in ANNEES.items():
        avant = chr(ord(colonne) - 1)
        mots = dict.fromkeys(_NOMS, "0") | _PAR_AN.get(annee, {})
        for ligne, (_, depart, suite) in enumerate(TABLEUR, start=2):
            ecrit = depart if annee == 2026 else suite.format(c=colonne, p=avant, an=annee, **mots)
            livre.active[f"{colonne}{ligne}"] = ecrit if ecrit.startswith("=") else float(ecrit)
    (dossier / "source").mkdir()
    livre.save(dossier / "source" / "main.xlsx")
    calcule = openpyxl.load_workbook(
        convertir(dossier / "source" / "main.xlsx", "xlsx", dossier), data_only=True
    )
    return calcule.active


@exige_libreoffice
def test_le_plan_de_financement_est_celui_du_tableur(tableur: Worksheet) -> None:
    lignes: Any = un_contrat().lignes("pgfp_retenu")
    assert [ligne.annee for ligne in lignes] == list(ANNEES)
    for ligne in lignes:
        colonne = ANNEES[ligne.annee]
        for rang, champ in CHAMPS.items():
            attendu = tableur[f"{colonne}{rang}"].value
            assert float(getattr(ligne, champ)) == pytest.approx(attendu, abs=0.005), (ligne.annee, champ)
        rembourse = tableur[f"{colonne}17"].value + tableur[f"{colonne}18"].value
        assert float(ligne.remboursements) == pytest.approx(rembourse, abs=0.005)
        if ligne.annee > 2026:
            assert float(ligne.evolution_charges) == pytest.approx(tableur[f"{colonne}26"].value)


def test_le_bfr_dit_s_il_est_suppose_constant() -> None:
    lignes: Any = un_contrat().lignes("pgfp_retenu")
    assert [ligne.hypothese_bfr for ligne in lignes[:4]] == [
        "constant",
        "constant",
        "variation saisie",
        "constant",
    ]


def test_sans_bilan_ni_scenario_retenu_rien_n_est_invente() -> None:
    lignes: Any = un_contrat(bilan=[]).lignes("pgfp_retenu")
    assert {(ligne.frng, ligne.bfr, ligne.tresorerie, ligne.encours) for ligne in lignes} == {(None,) * 4}
    assert lignes[0].resultat is not None
    assert un_contrat(scenarios=[{"code": "S", "intitule": "Essai"}]).lignes("pgfp_retenu") == []


def test_chaque_etablissement_du_perimetre_a_ses_six_annees() -> None:
    lignes: Any = un_contrat().lignes("pgfp_etablissements")
    assert [(ligne.etablissement, ligne.annee) for ligne in lignes] == [("A", annee) for annee in ANNEES]
    ensemble: Any = un_contrat().lignes("pgfp_retenu")
    assert [ligne.resultat for ligne in lignes] == [ligne.resultat for ligne in ensemble]


def test_les_actions_d_un_scenario_et_qui_les_finance() -> None:
    dossier = un_contrat()
    premiere, seconde = dossier.lignes("actions_chiffrees")  # type: Any
    # 1.1.1 : 5 000 + 6 000 redéployés, 2 500 autofinancés ; 1.2.1 : 1 200 de CNR, et 1 200 de produit.
    assert (premiere.charges, premiere.redeploiement, premiere.autofinancement) == (13_500, 11_000, 2_500)
    assert (seconde.charges, seconde.cnr, seconde.produits, seconde.effet) == (1_200, 1_200, 1_200, 0)
    assert (seconde.decalage, premiere.effet_final) == (1, 0)
    annuelles: Any = dossier.lignes("moyens_actions", annee=2028)
    assert [(m.action, m.charges) for m in annuelles] == [("1.1.1", 8_500), ("1.2.1", 1_200)]


def test_les_taux_appliques_sont_ceux_du_scenario_a_defaut_ceux_des_annees() -> None:
    taux: Any = {t.annee: t for t in un_contrat().lignes("taux_appliques")}
    assert (taux[2027].taux_inflation, taux[2028].taux_inflation, taux[2029].taux_inflation) == (
        D("0.015"),
        D("0.02"),
        0,
    )


def test_l_offre_de_chaque_modalite_jusqu_au_terme() -> None:
    (ligne,) = un_contrat(
        autorisations=[{"etablissement": "A", "modalite": "HP", "capacite_autorisee": 24}]
    ).lignes("offre_evolution")  # type: Any
    assert (ligne.mouvement, ligne.places_finales, ligne.evolution, ligne.ecart) == ("Réduction", 22, -2, 2)
    assert ligne.motif == "Répit des familles."


# — Les documents ——————————————————————————————————————————————————————————————————————————————

Produits = tuple[Path, Rapport]
DOCUMENTS = ("contrat-cpom", "methode-note-scenarios", "methode-pgfp", "methode-scenarios")


def produire(dossier: Path, donnees: Dossier, noms: Sequence[str] = DOCUMENTS) -> Rapport:
    """Génère ces documents dans ce dossier."""
    poser_classeur(dossier, donnees)
    for nom in noms:
        shutil.copytree(RACINE / "gabarits" / nom, dossier / "gabarits" / nom)
    return generer(dossier)


@pytest.fixture(scope="module")
def produits(tmp_path_factory: pytest.TempPathFactory) -> Produits:
    dossier = tmp_path_factory.mktemp("documents")
    return dossier, produire(dossier, un_contrat())


def sortie(dossier: Path, nom: str) -> Path:
    return next((dossier / "sorties").rglob(f"*{nom}.*"))


def textes(chemin: Path) -> list[str]:
    """Tous les paragraphes, dans l’ordre du document, tableaux compris."""
    corps, qn = docx.Document(str(chemin)).element.body, docx.oxml.ns.qn
    lus = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in corps.iter(qn("w:p")))
    return [texte.replace("\u00a0", " ").replace("\u202f", " ") for texte in lus if texte.strip()]


def _formules(page: Worksheet, rang: int) -> Iterator[float]:
    return (page[f"{colonne}{rang}"].value for colonne in "CDEFGH")


def test_les_documents_sont_produits_sans_ecart_avec_les_modeles(
    produits: Produits,
) -> None:
    rapport = produits[1]
    assert {(d.formulaire, d.statut) for d in rapport.documents} == {(nom, "cree") for nom in DOCUMENTS}
    assert [a for a in rapport.anomalies if a.code in ("RC-04", "DM-02", "DM-03")] == []


def test_les_places_libres_des_classeurs_ne_sont_pas_des_manques(produits: Produits) -> None:
    manques = {a.champ for a in produits[1].anomalies if a.formulaire == "methode-scenarios"}
    assert [champ for champ in manques if champ and "rang=2" in champ] == []


@exige_libreoffice
def test_les_formules_du_pgfp_donnent_le_tableur(produits: Produits, tableur: Worksheet) -> None:
    pytest.importorskip("formulon", reason="le moteur de calcul n’est pas installé")
    page = openpyxl.load_workbook(sortie(produits[0], "methode-pgfp"), data_only=True)["PGFP"]
    rangs = {str(page[f"B{rang}"].value): rang for rang in range(8, 60)}
    for libelle, ligne in (
        ("Total des produits", 13),
        ("Total des charges", 14),
        ("Résultat (1 − 2)", 15),
        ("FRNG au 31 décembre", 21),
        ("BFR au 31 décembre", 22),
        ("Trésorerie au 31 décembre (FRNG − BFR)", 23),
        ("Encours d’emprunts au 31 décembre", 24),
    ):
        attendus = [tableur[f"{colonne}{ligne}"].value for colonne in ANNEES.values()]
        assert list(_formules(page, rangs[libelle])) == pytest.approx(attendus, abs=0.011), libelle


@exige_libreoffice
def test_la_synthese_des_scenarios_donne_le_tableur(produits: Produits, tableur: Worksheet) -> None:
    pytest.importorskip("formulon", reason="le moteur de calcul n’est pas installé")
    page = openpyxl.load_workbook(sortie(produits[0], "methode-scenarios"), data_only=True)["Synthèse"]
    lus = {str(page[f"B{rang}"].value): page[f"C{rang}"].value for rang in range(6, 31)}
    resultats = [tableur[f"{colonne}15"].value for colonne in "CDEFG"]
    assert lus["Résultat cumulé de N+1 à N+5"] == pytest.approx(sum(resultats), abs=0.02)
    assert lus["Plus bas résultat"] == pytest.approx(min(resultats), abs=0.01)
    assert lus["FRNG de N+5"] == pytest.approx(tableur["G21"].value, abs=0.02)
    assert lus["Évolution de N à N+5"] == pytest.approx(tableur["G10"].value - 430_000, abs=0.01)
    assert (lus["Crédits demandés, hors moyens constants"], lus["Tient à moyens constants"]) == (1_200, "non")
    assert page["D7"].value is None and page["D23"].value in (None, "")


def test_un_cinquieme_scenario_ne_disparait_pas_sans_un_mot(tmp_path: Path) -> None:
    codes = "STUVW"
    scenarios = [{"code": c, "intitule": c, "retenu": c == "S"} for c in codes]
    rapport = produire(tmp_path, un_contrat(scenarios=scenarios), DOCUMENTS[-1:])
    debordements = [a for a in rapport.anomalies if a.code == "DM-03"]
    assert [(a.formulaire, "5 lignes" in a.message) for a in debordements] == [("methode-scenarios", True)]


def test_la_note_dit_le_depassement_et_le_retour_a_l_equilibre(produits: Produits) -> None:
    lus = textes(sortie(produits[0], "methode-note-scenarios"))
    tout = "\n".join(lus)
    assert "Scénario retenu : S – Essai." in lus
    assert "Il demande 1 200,00 € de crédits de 2027 à 2031, au-delà des moyens constants" in tout
    assert "24 (20)" in lus and "22 (20)" in lus
    assert "None" not in tout and "{{" not in tout


def test_un_accord_est_a_son_article_et_dans_l_annexe(produits: Produits) -> None:
    lus = textes(sortie(produits[0], "contrat-cpom"))
    accord = "Modulation : Cinq points, deux ans de suite."
    ici, apres = (next(i for i, t in enumerate(lus) if t.startswith(f"Article {n} ")) for n in (4, 5))
    assert accord in lus[ici:apres]
    assert not any("Rien encore." in t for t in lus)
    annexe = lus.index("ANNEXE 8 – ACCORDS ISSUS DE LA NÉGOCIATION")
    assert "Cinq points, deux ans de suite." in lus[annexe:]


def test_le_contrat_a_ses_neuf_articles_ses_trois_titres_ses_huit_annexes(
    produits: Produits,
) -> None:
    lus = textes(sortie(produits[0], "contrat-cpom"))
    articles = [t for t in lus if t.startswith("Article ") and " – " in t]
    assert [t.split(" – ")[0] for t in articles] == [f"Article {n}" for n in range(1, 10)]
    assert [t.split(" – ")[0] for t in lus if t.startswith("TITRE ")] == ["TITRE 1", "TITRE 2", "TITRE 3"]
    assert [t.split(" – ")[0] for t in lus if t.startswith("ANNEXE ")] == [f"ANNEXE {n}" for n in range(1, 9)]


def test_le_contrat_ne_porte_que_le_perimetre(produits: Produits) -> None:
    tout = "\n".join(textes(sortie(produits[0], "contrat-cpom")))
    assert "Les Chênes" in tout and "Les Saules" not in tout
    assert "Il couvre l’établissement ou service ci-dessous" in tout


def test_le_plan_de_financement_du_contrat_est_celui_des_modeles(produits: Produits) -> None:
    lus = textes(sortie(produits[0], "contrat-cpom"))
    debut = lus.index("ANNEXE 5 – PLAN GLOBAL DE FINANCEMENT PLURIANNUEL")
    place = lus.index("Résultat", debut)
    lignes: Any = un_contrat().lignes("pgfp_retenu")
    montants = [
        float(t.removesuffix(" €").replace(" ", "").replace(",", ".")) for t in lus[place + 1 : place + 7]
    ]
    assert montants == pytest.approx([float(ligne.resultat) for ligne in lignes])


def test_sans_scenario_le_contrat_le_dit_et_les_autres_ne_sont_pas_demandes(tmp_path: Path) -> None:
    rapport = produire(tmp_path, un_contrat(scenarios=[], choix_actions=[], hypotheses=[]))
    assert [d.formulaire for d in rapport.documents] == ["contrat-cpom"]
    lus = textes(sortie(tmp_path, "contrat-cpom"))
    assert "Aucun scénario n’est encore retenu." in lus
    assert "Le plan de financement sera annexé quand un scénario sera retenu." in lus
