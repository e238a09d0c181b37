"""Un classeur d’une feuille par établissement, et des grilles dont les en-têtes disent l’année."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur, poser_formulaire
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cpomdocs import generer
from cpomdocs.formulaires.verification import verifier_formulaire
from cpomdocs.modeles.entites.activite import AnneeExercice
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.entites.rh import Effectif

TILLEULS = Etablissement(code="TILLEULS", nom="Les Tilleuls", finess_et="010001436", type="EHPAD")
CHENES = Etablissement(code="CHENES", nom="Les Chênes", finess_et="010001444", type="IME")
ORMES = Etablissement(code="ORMES", nom="Les Ormes", finess_et="010001451", type="EHPAD")
EFFECTIFS = [
    Effectif(etablissement=code, annee=2026, version="previsionnel", categorie="ash", fonction=fonction)
    for code, fonction in (("TILLEULS", "IDE"), ("CHENES", "Éducateur"), ("CHENES", "Psychologue"))
]
BLOC = """
[cases]
"Synthèse!A1" = "gestionnaire.raison_sociale"

[[feuilles]]
{reperage}

[feuilles.cases]
B1 = "etablissement.finess_et"
B2 = "etablissement.nom"

[[feuilles.tableaux]]
source = "effectifs[annee=N]"
premiere_ligne = 5
lignes = 2
colonnes = {{ A = "fonction" }}
"""


def classeur(*noms: str, **cellules: dict[str, Any]) -> bytes:
    """Une synthèse et ces feuilles ; `cellules` : ce que montrent certaines, espaces écrites « _ »."""
    livre = openpyxl.Workbook()
    livre.active.title = "Synthèse"
    for nom in noms:
        page = livre.create_sheet(nom)
        page["A1"] = "FINESS"
        for adresse, valeur in cellules.get(nom.replace(" ", "_"), {}).items():
            page[adresse] = valeur
    tampon = io.BytesIO()
    livre.save(tampon)
    return tampon.getvalue()


def remplir(
    dossier: Path, gabarit: bytes, reperage: str, *etablissements: Etablissement
) -> tuple[openpyxl.Workbook, list[Any]]:
    """Le classeur produit pour ces établissements, et les anomalies de feuille."""
    poser_classeur(dossier, des_donnees(*etablissements, effectifs=EFFECTIFS))
    suite = BLOC.format(reperage=reperage)
    poser_formulaire(dossier, "crp", suite, gabarit, portee='"gestionnaire"', sortie='"crp.xlsx"')
    rapport = generer(dossier)
    assert [d.statut for d in rapport.documents] == ["cree"]
    livre = openpyxl.load_workbook(dossier / "sorties/gestionnaire/crp.xlsx")
    return livre, [a for a in rapport.anomalies if a.code == "DM-06"]


def page_de(livre: openpyxl.Workbook, nom: str) -> list[object]:
    """FINESS, nom, et les deux lignes du tableau."""
    return [livre[nom][adresse].value for adresse in ("B1", "B2", "A5", "A6")]


TILLEULS_ECRIT = ["010001436", "Les Tilleuls", "IDE", None]
CHENES_ECRIT = ["010001444", "Les Chênes", "Éducateur", "Psychologue"]


@pytest.mark.parametrize(
    ("feuilles", "reperage", "attendu"),
    [
        (("CRP 1", "CRP 2", "CRP 3"), 'noms = "CRP {rang}"', ("CRP 1", "CRP 2")),
        (("Aînés", "Enfance"), 'noms = ["Aînés", "Enfance"]', ("Aînés", "Enfance")),
        (("chenes", "TILLEULS"), 'noms = "{code}"', ("TILLEULS", "chenes")),
        (("ET 010001444", "ET 010001436"), 'noms = "ET {finess}"', ("ET 010001436", "ET 010001444")),
        (("IME", "EHPAD"), 'noms = "{type}"', ("EHPAD", "IME")),
    ],
)
def test_chaque_etablissement_a_sa_feuille(
    tmp_path: Path, feuilles: tuple[str, ...], reperage: str, attendu: tuple[str, str]
) -> None:
    livre, anomalies = remplir(tmp_path, classeur(*feuilles), reperage, TILLEULS, CHENES)
    assert (page_de(livre, attendu[0]), page_de(livre, attendu[1])) == (TILLEULS_ECRIT, CHENES_ECRIT)
    assert livre["Synthèse"]["A1"].value == "Association fictive"
    assert anomalies == []
    for nom in set(feuilles) - set(attendu):
        assert page_de(livre, nom) == [None] * 4
    assert verifier_formulaire(tmp_path / "gabarits/crp").defauts == []


def test_la_feuille_se_trouve_par_le_finess_qu_elle_porte(tmp_path: Path) -> None:
    gabarit = classeur(
        "Feuil A",
        "Feuil B",
        "Notice",
        Feuil_A={"D1": 10001444},
        Feuil_B={"D1": "01 000 143 6"},
        Notice={"D1": "–"},
    )
    livre, anomalies = remplir(tmp_path, gabarit, 'finess = "D1"', TILLEULS, CHENES)
    assert (page_de(livre, "Feuil B"), page_de(livre, "Feuil A")) == (TILLEULS_ECRIT, CHENES_ECRIT)
    assert anomalies == []


@pytest.mark.parametrize(
    ("feuilles", "reperage", "sans_feuille"),
    [(("CRP 1",), 'noms = "CRP {rang}"', "CHENES, ORMES"), (("EHPAD", "IME"), 'noms = "{type}"', "ORMES")],
)
def test_un_etablissement_sans_feuille_est_dit(
    tmp_path: Path, feuilles: tuple[str, ...], reperage: str, sans_feuille: str
) -> None:
    livre, [anomalie] = remplir(tmp_path, classeur(*feuilles), reperage, TILLEULS, CHENES, ORMES)
    assert page_de(livre, feuilles[0]) == TILLEULS_ECRIT
    assert anomalie.message.endswith(f": {sans_feuille}.")
    assert anomalie.gravite == "bloquante"


def test_pour_choisit_les_etablissements_du_bloc(tmp_path: Path) -> None:
    reperage = 'noms = "CRP {rang}"\npour = { "etablissement.type" = ["IME"] }'
    livre, _ = remplir(tmp_path, classeur("CRP 1"), reperage, TILLEULS, CHENES)
    assert page_de(livre, "CRP 1") == CHENES_ECRIT


@pytest.mark.parametrize(
    ("reperage", "entete", "mot"),
    [
        ('noms = "Fiche {rang}"', {}, "aucune feuille du gabarit n’y répond"),
        ('noms = "{nom}"', {}, "« {nom} » est inconnu"),
        ('noms = ["CRP 1", "CRP 9"]', {}, "pas de feuille « CRP 9 »"),
        ('noms = "CRP {rang}"', {"portee": '"etablissement"'}, "portée « gestionnaire »"),
        ('noms = "CRP {rang}"\nfiness = "D1"', {}, "soit `noms`, soit `finess`"),
    ],
)
def test_un_reperage_fautif_est_un_defaut(
    tmp_path: Path, reperage: str, entete: dict[str, str], mot: str
) -> None:
    suite = BLOC.format(reperage=reperage)
    entetes = {"portee": '"gestionnaire"', "sortie": '"{code}_crp.xlsx"', **entete}
    repertoire = poser_formulaire(tmp_path, "crp", suite, classeur("CRP 1"), **entetes)
    assert any(mot in defaut for defaut in verifier_formulaire(repertoire).defauts)


def test_un_champ_inconnu_d_une_feuille_repetee_est_dit(tmp_path: Path) -> None:
    suite = BLOC.format(reperage='noms = "CRP {rang}"').replace("etablissement.nom", "etablissement.nomm")
    repertoire = poser_formulaire(tmp_path, "crp", suite, classeur("CRP 1"), portee='"gestionnaire"')
    [defaut] = [d for d in verifier_formulaire(repertoire).defauts if "nomm" in d]
    assert "Vouliez-vous dire « nom »" in defaut


# ---------------------------------------------------------------- années lues dans les en-têtes

GRILLE = """
[[grilles]]
feuille = "Activité"
champ = "annees"
lignes = { champ = { 5 = "campagne_eprd", 6 = "statut" } }
annees = "C4:F4"
"""


def activite(*entetes: object) -> bytes:
    livre = openpyxl.Workbook()
    livre.active.title = "Activité"
    for colonne, entete in zip("CDEF", entetes, strict=False):
        livre.active[f"{colonne}4"] = entete
    tampon = io.BytesIO()
    livre.save(tampon)
    return tampon.getvalue()


EXERCICES = [AnneeExercice(annee=n, campagne_eprd=f"EPRD {n}", statut="clos") for n in (2024, 2025, 2026)]


def remplir_activite(dossier: Path, gabarit: bytes) -> list[object]:
    """La ligne 5 du document rempli, N = 2026."""
    poser_classeur(dossier, des_donnees(TILLEULS, annees=EXERCICES))
    poser_formulaire(dossier, "activite", GRILLE, gabarit)
    generer(dossier)
    page = openpyxl.load_workbook(dossier / "sorties/TILLEULS/TILLEULS_activite.xlsx")["Activité"]
    return [page[f"{colonne}5"].value for colonne in "CDEF"]


@pytest.mark.parametrize(
    ("entetes", "attendu"),
    [
        ((2026, 2025, 2024), [2026, 2025, 2024, None]),
        (("Réel 2024", "Prévision 2026"), [2024, 2026, None, None]),
        ((datetime.date(2025, 12, 31), datetime.date(2024, 1, 1)), [2025, 2024, None, None]),
        (("N-2", "N – 1", "Année N", "N°"), [2024, 2025, 2026, None]),
        (("Évolution 2024/2025", None, "2026"), [None, None, 2026, None]),
    ],
)
def test_la_colonne_est_celle_dont_l_en_tete_dit_l_annee(
    tmp_path: Path, entetes: tuple[object, ...], attendu: list[int | None]
) -> None:
    ecrits = remplir_activite(tmp_path, activite(*entetes))
    assert ecrits == [f"EPRD {annee}" if annee else None for annee in attendu]


def test_les_annees_en_lignes_et_le_systeme_1904(tmp_path: Path) -> None:
    livre = openpyxl.load_workbook(io.BytesIO(activite()))
    livre.epoch = CALENDAR_MAC_1904
    for ligne, annee in ((8, 2025), (9, 2024)):
        livre["Activité"][f"A{ligne}"] = datetime.datetime(annee, 12, 31)
    tampon = io.BytesIO()
    livre.save(tampon)
    poser_classeur(tmp_path, des_donnees(TILLEULS, annees=EXERCICES))
    suite = GRILLE.replace("C4:F4", "A8:A9").replace(
        'lignes = { champ = { 5 = "campagne_eprd", 6 = "statut" } }',
        'colonnes = { champ = { B = "campagne_eprd" } }',
    )
    poser_formulaire(tmp_path, "activite", suite, tampon.getvalue())
    generer(tmp_path)
    page = openpyxl.load_workbook(tmp_path / "sorties/TILLEULS/TILLEULS_activite.xlsx")["Activité"]
    assert [page["B8"].value, page["B9"].value] == ["EPRD 2025", "EPRD 2024"]


@pytest.mark.parametrize(
    ("entetes", "plage", "mot"),
    [
        (("=A1", 2025), "C4:F4", "est une formule"),
        (("Libellé",), "C4:F4", "Aucune année"),
        ((2025,), "C4:F5", "ni une ligne ni une colonne"),
    ],
)
def test_des_en_tetes_sans_annee_sont_un_defaut(
    tmp_path: Path, entetes: tuple[object, ...], plage: str, mot: str
) -> None:
    repertoire = poser_formulaire(tmp_path, "a", GRILLE.replace("C4:F4", plage), activite(*entetes))
    [defaut] = verifier_formulaire(repertoire).defauts
    assert mot in defaut


def test_une_grille_a_deux_axes(tmp_path: Path) -> None:
    repertoire = poser_formulaire(tmp_path, "a", GRILLE.replace('annees = "C4:F4"', ""), activite(2026))
    [defaut] = verifier_formulaire(repertoire).defauts
    assert "`lignes` et `colonnes`" in defaut
