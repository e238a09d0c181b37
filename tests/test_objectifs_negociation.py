"""Objectifs, comparaison, négociation : des calculs refaits à la main, puis les documents."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.document import Document
from fabriques import convertir, exige_libreoffice, poser_classeur

from cpomdocs import generer
from cpomdocs.modeles import Dossier

D = Decimal
WORD = ("fiche-objectif", "objectifs", "note-comparative", "releve-decisions", "negociation")
DEBUT, FIN = datetime.date(2027, 1, 1), datetime.date(2028, 12, 31)
JOUR = datetime.date(2026, 3, 31)
CLE = {"etablissement": "A", "annee": 2024}


def un_etablissement(**autres: Any) -> dict[str, Any]:
    """Dix places, 3 504 journées sur 3 650, cinq ETP, 500 000 €, 365 jours d’absence pour dix ETP réels."""
    absences = ("courte", "moyenne", "longue", "maternite", "atmp", "speciaux")
    jours = {f"jours_absence_{nom}": 365 if nom == "courte" else 0 for nom in absences}
    return {
        "parametres": {"annee_n": 2026, "date_reference": JOUR},
        "etablissements": [
            {"code": "A", "nom": "EHPAD Les Chênes", "nom_court": "Les Chênes", "categorie_code": "500"},
            {"code": "B", "nom": "EHPAD Les Ormes", "categorie_code": "500"},
            {"code": "C", "nom": "IME Les Aulnes", "categorie_code": "183"},
            {"code": "H", "nom": "EHPAD hors contrat", "categorie_code": "500", "dans_perimetre_cpom": False},
        ],
        "autorisations": [
            {"etablissement": "A", "modalite": "HP", "capacite_autorisee": 10, "capacite_financee": 10}
        ],
        "activite": [
            {
                **CLE,
                "version": "reel",
                "modalite": "HP",
                "capacite_financee": 10,
                "jours_ouverture": 365,
                "journees_realisees": 3504,
                "absences_lt72h": 0,
            }
        ],
        "effectifs": [{**CLE, "version": "reel", "categorie": "ide", "etp_budgetes": "5"}],
        "comptes": [{**CLE, "version": "reel", "compte": "64", "montant": "500000"}],
        "rh_indicateurs": [{**CLE, "etp_reels": "10", **jours}],
        "references": [
            _reference("taux_occupation", "0.93", "0.95", "0.955"),
            _reference("taux_absenteisme", "0.05", "0.07", "0.09"),
            _reference("etp_par_place", "0.52", "0.6", "0.7"),
            _reference("cout_place", None, "48000", None),
            _reference("part_groupe_2", "0.6", "1", "1.1"),
        ],
        **autres,
    }


def _reference(indicateur: str, q1: str | None, mediane: str, q3: str | None) -> dict[str, Any]:
    cle = {"indicateur": indicateur, "categorie": "500", "territoire": "Région", "annee": 2024}
    return {**cle, "q1": q1, "mediane": mediane, "q3": q3, "effectif": 40, "source": "Tableau de bord"}


def comparaisons(donnees: dict[str, Any], code: str) -> dict[str, Any]:
    lignes = Dossier.model_validate(donnees).lignes("comparaisons_references", code)
    return {getattr(ligne, "indicateur"): ligne for ligne in lignes}  # noqa: B009


@pytest.mark.parametrize(
    ("indicateur", "valeur", "texte", "ecart", "signe", "position", "lecture", "notable"),
    [
        (
            "taux_occupation", D("0.96"), "96 %", "1 point au-dessus de la médiane", "+1 point",
            "Au-dessus du troisième quartile", "Favorable", True,
        ),
        (
            "taux_absenteisme", D("0.1"), "10 %", "3 points au-dessus de la médiane", "+3 points",
            "Au-dessus du troisième quartile", "Défavorable", True,
        ),
        (
            "etp_par_place", D("0.5"), "0,50 ETP", "0,10 ETP au-dessous de la médiane", "−0,10 ETP",
            "Sous le premier quartile", "À interpréter", True,
        ),
        (
            "cout_place", D("50000"), "50 000 €", "2 000 € au-dessus de la médiane", "+2 000 €",
            "Au-dessus de la médiane", "Quartiles non fournis", False,
        ),
        (
            "part_groupe_2", D("1"), "100 %", "à la médiane", "0 point",
            "À la médiane", "Comparable au groupe", False,
        ),
    ],
)  # fmt: skip
def test_un_etablissement_face_a_ses_comparables(
    indicateur: str, valeur: D, texte: str, ecart: str, signe: str, position: str, lecture: str, notable: bool
) -> None:
    vue = comparaisons(un_etablissement(), "A")[indicateur]
    assert vue.valeur == valeur
    ecrits = [t.replace("\u202f", " ").replace("\xa0", " ") for t in (vue.valeur_texte, vue.ecart_texte)]
    assert ecrits == [texte, ecart]
    assert vue.ecart_signe.replace("\u202f", " ").replace("\xa0", " ") == signe
    assert (vue.position, vue.lecture, vue.notable) == (position, lecture, notable)


def test_la_valeur_dit_les_cellules_dont_elle_vient_et_celles_qui_manquent() -> None:
    sans = comparaisons(un_etablissement(), "B")["taux_occupation"]
    assert (sans.valeur, sans.position, sans.lecture, sans.ecart_texte) == (None, None, None, None)
    assert sans.etat("valeur") != "renseigne"
    assert sans.mediane == D("0.95")


@pytest.mark.parametrize("version", ["cible", "brouillon", None])
def test_une_activite_visee_n_est_pas_une_activite_mesuree(version: str | None) -> None:
    donnees = un_etablissement()
    donnees["activite"] = [{**donnees["activite"][0], "version": version}]
    assert comparaisons(donnees, "A")["taux_occupation"].valeur is None


def test_on_ne_compare_qu_a_sa_categorie_et_dans_le_perimetre() -> None:
    assert comparaisons(un_etablissement(), "C") == {}
    assert comparaisons(un_etablissement(), "H") == {}
    toutes = Dossier.model_validate(un_etablissement()).lignes("comparaisons_references")
    assert [ligne.etablissement for ligne in toutes] == ["A"] * 5 + ["B"] * 5  # type: ignore[attr-defined]


INDICATEURS = [
    {"objectif": "1", "code": "I1", "libelle": "Taux d’occupation", "unite": "%", "source": "Activité",
     "valeur_initiale": "80", "cible_finale": "90"},
    {"objectif": "1", "code": "I2", "libelle": "Absentéisme", "unite": "%", "source": "Paie",
     "valeur_initiale": "10", "cible_finale": "6"},
    {"objectif": "1", "code": "I3", "libelle": "Maintenir 97 %", "unite": "%", "source": "Activité",
     "valeur_initiale": "98", "cible_finale": "97", "sens_cible": "au_moins"},
]  # fmt: skip
MESURES = {
    ("I1", "cible"): {2027: "85", 2028: "90"},
    ("I1", "reel"): {2026: "81", 2027: "88", 2028: "86"},
    ("I2", "cible"): {2027: "9", 2028: "8"},
    ("I2", "reel"): {2027: "11"},
    ("I3", "cible"): {2027: "97", 2028: "97"},
}


SANS = dict.fromkeys(("moyens_redeploiement", "moyens_autofinancement", "moyens_cnr", "moyens_perennes"), 0)


def des_objectifs(**autres: Any) -> dict[str, Any]:
    """Un contrat 2027-2028, un objectif, trois indicateurs."""
    return {
        "parametres": {"annee_n": 2026, "date_reference": JOUR},
        "gestionnaire": {"raison_sociale": "Association Les Essais"},
        "contrat": {"date_debut": DEBUT, "date_fin": FIN},
        "objectifs": [
            {"numero": "1", "axe": "activite", "objectif_general": "Remplir l’accueil de jour.",
             "problematique": "P1", "negociabilite": "non", "pilote": "Direction", "date_fin": FIN},
        ],
        "indicateurs": INDICATEURS,
        "valeurs_indicateurs": [
            {"objectif": "1", "indicateur": code, "version": version, "annee": annee, "valeur": valeur}
            for (code, version), valeurs in MESURES.items()
            for annee, valeur in valeurs.items()
        ],
        "actions": [
            {"objectif": "1", "numero": "1.1", "intitule": "Ouvrir le samedi", **SANS,
             "moyens_redeploiement": "1000",
             "moyens_cnr": "500", "date_debut": JOUR, "date_fin": JOUR, "avancement": "en_cours"},
            {"objectif": "1", "numero": "1.2", "intitule": "Communiquer", **SANS, "avancement": "atteint"},
        ],
        **autres,
    }  # fmt: skip


def test_le_suivi_met_les_annees_du_contrat_en_colonnes() -> None:
    suivi = {s.indicateur: s for s in Dossier.model_validate(des_objectifs()).lignes("suivi_indicateurs")}  # type: ignore[attr-defined]
    un, deux, trois = suivi["I1"], suivi["I2"], suivi["I3"]
    assert (un.cible_1, un.realise_1, un.cible_2, un.realise_2, un.cible_3) == (85, 88, 90, 86, None)
    assert [s.sens for s in (un, deux, trois)] == [
        "Au moins la cible", "Au plus la cible", "Au moins la cible",
    ]  # fmt: skip
    assert (un.taux_1, un.taux_2) == (D(88) / 85, D(86) / 90)
    assert deux.taux_1 == D(9) / 11  # un plafond : cible ÷ réalisé
    assert [s.etat_cible for s in (un, deux, trois)] == ["En progrès", "Sans progrès", "À mesurer"]


@exige_libreoffice
def test_le_classeur_de_suivi_recalcule_par_libreoffice(tmp_path: Path) -> None:
    poser_classeur(tmp_path, Dossier.model_validate(des_objectifs()))
    rapport = generer(tmp_path, formulaires=["methode-suivi-objectifs"])
    assert [d.statut for d in rapport.documents] == ["cree"]
    produit = tmp_path / str(rapport.documents[0].chemin)
    (tmp_path / "lo").mkdir()
    livre = openpyxl.load_workbook(convertir(produit, "xlsx", tmp_path / "lo"), data_only=True)
    page = livre["Indicateurs"]
    assert [page[f"{c}6"].value for c in "ILORU"] == [2027, 2028, 2029, 2030, 2031]
    assert page["K8"].value == pytest.approx(88 / 85)
    assert page["N8"].value == pytest.approx(86 / 90)
    assert page["K9"].value == pytest.approx(9 / 11)
    assert [page[f"Y{ligne}"].value for ligne in (8, 9, 10, 11)] == [
        "En progrès", "Sans progrès", "À mesurer", None,
    ]  # fmt: skip
    bilan = livre["Synthèse"]
    comptes = [[bilan[f"{c}{ligne}"].value for ligne in range(6, 10)] for c in "CDE"]
    assert comptes == [[1, 0, 1, 1], [0, 1, 0, 2], [0, 0, 0, 0]]
    assert [bilan[f"C{ligne}"].value for ligne in range(13, 18)] == [0, 1, 1, 0, 0]
    parts = [bilan[f"{c}{ligne}"].value for ligne in (22, 23) for c in "CDE"]
    assert parts == pytest.approx([80 / 90, 86 / 90, 86, 6 / 10, 6 / 11, 11])


def test_le_classeur_de_suivi_continue_quand_il_est_plein(tmp_path: Path) -> None:
    indicateurs = [{**INDICATEURS[0], "code": f"I{rang}"} for rang in range(17)]
    donnees = des_objectifs(indicateurs=indicateurs, valeurs_indicateurs=[])
    poser_classeur(tmp_path, Dossier.model_validate(donnees))
    rapport = generer(tmp_path, formulaires=["methode-suivi-objectifs"])
    assert [d.statut for d in rapport.documents] == ["cree", "cree"]
    suite = openpyxl.load_workbook(tmp_path / str(rapport.documents[1].chemin))["Indicateurs"]
    assert (suite["C8"].value, suite["C9"].value) == ("I16", None)


def une_negociation() -> dict[str, Any]:
    """Deux réunions tenues, une à venir, trois engagements, des décisions faite, en retard et à venir."""
    return {
        **un_etablissement(),
        **des_objectifs(),
        "etablissements": un_etablissement()["etablissements"],
        "problematiques": [
            {"code": "P1", "axe": "activite", "intitule": "Des places restent vides."},
            {"code": "P2", "axe": "rh", "intitule": "Les équipes s’épuisent.", "priorite": "secondaire"},
        ],
        "orientations": [{"code": "PRS-1", "origine": "prs", "intitule": "Soutenir les aidants."}],
        "axes_retenus": [{"axe": "activite", "intitule": "Adapter l’offre", "ordre": 1}],
        "reunions": [
            {"numero": "R2", "date": datetime.date(2026, 3, 10), "objet": "Point d’étape", "synthese": "Vu."},
            {"numero": "R1", "date": datetime.date(2026, 1, 5), "objet": "Lancement", "synthese": "Dit."},
            {"numero": "R3", "date": datetime.date(2026, 9, 1), "objet": "Objectifs"},
        ],
        "engagements": [
            {"code": "E1", "objet": "Deux places", "objectif": "1", "article": "4", "partie": "gestionnaire",
             "demande": "En 2028.", "offert": "En 2029.", "statut": "ouvert"},
            {"code": "E2", "objet": "Modulation", "partie": "ars", "demande": "Trois points.",
             "offert": "Cinq points.", "convenu": "Cinq points, deux ans.", "statut": "accord"},
        ],
        "positions": [
            {"reunion": "R2", "engagement": "E1", "partie": "departement", "position": "Attendre."},
            {"reunion": "R1", "engagement": "E1", "partie": "gestionnaire", "position": "Ouvrir vite."},
        ],
        "decisions": [
            {"reunion": "R1", "numero": "1", "decision": "Envoyer la liste.", "statut": "fait"},
            {"reunion": "R1", "numero": "2", "decision": "Chiffrer.", "echeance": datetime.date(2026, 3, 1),
             "statut": "en_cours"},
            {"reunion": "R2", "numero": "1", "decision": "Répondre.", "engagement": "E1",
             "echeance": datetime.date(2026, 5, 1), "statut": "a_venir"},
        ],
    }  # fmt: skip


def produire(ou: Path, donnees: dict[str, Any]) -> dict[str, Document]:
    """Les documents Word de ce dossier, par nom court."""
    poser_classeur(ou, Dossier.model_validate(donnees))
    rapport = generer(ou, formulaires=[f"methode-{nom}" for nom in WORD])
    assert {d.statut for d in rapport.documents} <= {"cree"}
    return {
        d.formulaire.removeprefix("methode-"): docx.Document(str(ou / str(d.chemin)))
        for d in rapport.documents
    }


def textes(document: Document) -> str:
    """Tout le texte du corps, paragraphes et cellules, dans l’ordre du fichier."""
    brut = "\n".join("".join(t.text or "" for t in p.iter(_W + "t")) for p in document.element.iter(_W + "p"))
    return brut.replace("\xa0", " ").replace("\u202f", " ")


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    return produire(tmp_path_factory.mktemp("negociation"), une_negociation())


def cellules(document: Document, tableau: int) -> list[list[str]]:
    return [
        [c.text.replace("\xa0", " ").replace("\u202f", " ") for c in ligne.cells]
        for ligne in document.tables[tableau].rows
    ]


def test_aucun_document_ne_laisse_de_trace_de_ce_qui_manque(documents: dict[str, Document]) -> None:
    assert set(documents) == set(WORD)
    for nom, document in documents.items():
        lu = textes(document)
        assert not [mot for mot in ("None", "{{", "{%", " .", "()", "  ", ",,") if mot in lu], nom


def test_les_decisions_ouvertes_d_abord_la_plus_pressee_en_tete(documents: dict[str, Document]) -> None:
    assert [ligne[1:2] + ligne[4:] for ligne in cellules(documents["releve-decisions"], 0)] == [
        ["Décision", "État"],
        ["Chiffrer.", "En retard"],
        ["Répondre. [E1]", "À venir"],
    ]
    assert [ligne[0] for ligne in cellules(documents["releve-decisions"], 1)] == ["Réunion", "R3"]
    lu = textes(documents["releve-decisions"])
    assert lu.index("R1 – Lancement") < lu.index("R2 – Point d’étape")
    assert "R3 – Objectifs" not in lu


def test_la_negociation_range_par_statut_et_suit_les_positions_dans_le_temps(
    documents: dict[str, Document],
) -> None:
    document = documents["negociation"]
    assert cellules(document, 0)[1] == ["1", "0", "1", "0"]
    assert cellules(document, 1)[1] == [
        "E1", "Deux places", "1 – Remplir l’accueil de jour.", "4", "Gestionnaire",
        "En 2028.", "En 2029.", "–",
    ]  # fmt: skip
    assert cellules(document, 2)[1][-1] == "Cinq points, deux ans."
    assert [ligne[1:3] for ligne in cellules(document, 3)[1:]] == [
        ["Gestionnaire", "Ouvrir vite."],
        ["Département", "Attendre."],
    ]


def test_la_fiche_montre_les_cibles_par_annee_et_les_moyens(documents: dict[str, Document]) -> None:
    lu = textes(documents["fiche-objectif"])
    assert "Le contenu de cet objectif n’est pas négociable pour l’association." in lu
    assert "P1 : Des places restent vides." in lu
    tables = [cellules(documents["fiche-objectif"], rang) for rang in (3, 4)]
    moyens = [ligne[2:] for ligne in tables[0]][1:]
    assert moyens[-1] == ["1 000,00 €", "–", "500,00 €", "–", "1 500,00 €"]
    assert tables[1][0][2:] == ["2027", "2028", "2029", "2030", "2031"]
    assert [ligne[2:5] for ligne in tables[1][1:]] == [["85", "90", "–"], ["9", "8", "–"], ["97", "97", "–"]]


def test_le_tableau_des_objectifs_dit_ce_qui_reste_sans_objectif(documents: dict[str, Document]) -> None:
    document = documents["objectifs"]
    assert cellules(document, 0)[1] == [
        "Aucun objectif.",
        "Aucun objectif.",
        "1 – Remplir l’accueil de jour.",
    ]
    assert [ligne[0] for ligne in cellules(document, 1)] == ["N°", "Adapter l’offre", "1"]
    lu = textes(document)
    assert "P2 (secondaire) – Les équipes s’épuisent." in lu
    assert "PRS-1 – Soutenir les aidants." in lu


def test_la_note_dit_les_ecarts_notables_leur_source_et_qui_n_est_pas_compare(
    documents: dict[str, Document],
) -> None:
    lu = textes(documents["note-comparative"])
    assert (
        "Les Chênes : Taux d’occupation de 96 % en 2024, 1 point au-dessus de la médiane (95 %, Région). "
        "Au-dessus du troisième quartile."
    ) in lu
    assert "Sans référence de leur catégorie : IME Les Aulnes, EHPAD hors contrat." in lu
    assert "Tableau de bord" in lu and "Non connue" in lu
    images = [r for r in documents["note-comparative"].part.rels.values() if r.reltype.endswith("/image")]
    assert len(images) == 5


def test_des_lignes_presque_vides_donnent_des_documents_lisibles(tmp_path: Path) -> None:
    """Des clés seules : la personne commence à peine."""
    maigre = {
        "parametres": {"annee_n": 2026},
        "objectifs": [{"numero": "1"}],
        "indicateurs": [{"objectif": "1", "code": "I1"}],
        "actions": [{"objectif": "1", "numero": "1.1"}],
        "problematiques": [{"code": "P1"}],
        "orientations": [{"code": "O1"}],
        "references": [
            {"indicateur": "cout_place", "categorie": "500", "territoire": "Région", "annee": 2024}
        ],
        "etablissements": [{"code": "A", "categorie_code": "500"}],
        "reunions": [{"numero": "R1"}],
        "engagements": [{"code": "E1", "statut": "ouvert"}],
        "decisions": [{"reunion": "R1", "numero": "1"}],
    }
    for nom, document in produire(tmp_path, maigre).items():
        lu = textes(document)
        assert not [mot for mot in ("None", "{{", "{%", " .", "()", ", ,") if mot in lu], nom
        lignes = [ligne.strip() for ligne in lu.splitlines() if ligne.strip()]
        assert not [li for li in lignes if li[0] in ".:," or (li.endswith((" –", ":")) and len(li) < 12)], nom
        assert "À " in lu or "à " in lu, nom  # ce qui reste à faire est dit


def test_un_dossier_neuf_ne_recoit_aucun_de_ces_documents(tmp_path: Path) -> None:
    poser_classeur(tmp_path, Dossier.model_validate({"parametres": {"annee_n": 2026}}))
    demandes = [f"methode-{nom}" for nom in (*WORD, "suivi-objectifs")]
    assert generer(tmp_path, formulaires=demandes).documents == []
