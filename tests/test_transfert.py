"""« classeur mettre-a-niveau » : un classeur neuf, et tout ce que l’ancien portait."""

from __future__ import annotations

import datetime
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from cpomdocs.cli import executer
from cpomdocs.erreurs import ErreurEcriture
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles.dossier import SAISIES, Dossier
from cpomdocs.modeles.entites.activite import Activite
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.transfert import mettre_a_niveau

JOUR = datetime.date(2026, 11, 22)
ENTETES = 5


def un_classeur(tmp_path: Path) -> Path:
    """Deux établissements, trois lignes d’activité."""
    etablissements = [Etablissement(code="A", nom="Les Chênes"), Etablissement(code="B", nom="Le Lac")]
    activite = [
        Activite(etablissement=code, annee=annee, modalite="HP", version="reel", journees_realisees=jours)
        for code, annee, jours in (("A", 2024, 1000), ("A", 2025, 1100), ("B", 2025, 2000))
    ]
    return poser_classeur(tmp_path, des_donnees(*etablissements, activite=activite))


def colonne(page: Worksheet, entete: str) -> int:
    return next(c.column for c in page[ENTETES] if c.value == entete)


def contenu(chemin: Path) -> dict[str, list[Any]]:
    """Tout ce que chaque feuille montre, formules comprises."""
    livre = openpyxl.load_workbook(chemin)
    return {
        page.title: [c.value for ligne in page.iter_rows() for c in ligne if c.value is not None]
        for page in livre
    }


def test_les_donnees_colonnes_feuilles_et_notes_de_la_personne_sont_reprises(tmp_path: Path) -> None:
    chemin = un_classeur(tmp_path)
    livre = openpyxl.load_workbook(chemin)
    page = livre["Activité"]
    page.insert_cols(2)
    page["B5"], page["B6"], page["B8"] = "Vérifié par", "Sophie", datetime.date(2026, 3, 1)
    realisees = colonne(page, "Journées réalisées")
    page.cell(7, realisees).value = "environ mille"
    page.cell(8, realisees).comment = Comment("Relevé du 3 mars", "Paul")
    page["A50"] = "total à revoir"
    livre["Gestionnaire"]["A70"], livre["Gestionnaire"]["B70"] = "Numéro interne", "X-12"
    livre["Gestionnaire"]["H2"] = "appeler le siège"
    calculs = livre.create_sheet("Mes calculs")
    haut, bas = (page.cell(ligne, realisees).coordinate for ligne in (6, 7))
    calculs["A1"], calculs["A2"] = "Total", f"=SUM('Activité'!{haut}:{bas})"
    calculs["A1"].font, calculs["A1"].fill = Font(bold=True), PatternFill("solid", fgColor="FF00AA00")
    calculs["A3"] = "=A2*2"
    livre.save(chemin)
    ancien = chemin.read_bytes()

    fait = mettre_a_niveau(chemin, lambda _: [], JOUR)

    assert fait.ancien.read_bytes() == ancien
    assert fait.ancien.name == "classeur-maitre (ancien du 2026-11-22).xlsx"
    neuf = openpyxl.load_workbook(chemin)
    page = neuf["Activité"]
    assert page.cell(5, 2).value == "Année"
    ajoutee, realisees = colonne(page, "Vérifié par"), colonne(page, "Journées réalisées")
    assert [page.cell(n, ajoutee).value for n in (6, 7, 8)] == ["Sophie", None, datetime.datetime(2026, 3, 1)]
    assert [page.cell(n, realisees).value for n in (6, 7, 8)] == [1000, "environ mille", 2000]
    assert page.cell(8, realisees).comment.text == "Relevé du 3 mars"
    assert "total à revoir" in [page.cell(n, 1).value for n in range(9, 12)]
    lettre = page.cell(6, realisees).column_letter
    assert neuf["Mes calculs"]["A2"].value == f"=SUM('Activité'!{lettre}6:{lettre}7)"
    assert neuf["Mes calculs"]["A3"].value == "=A2*2"
    assert neuf["Mes calculs"]["A1"].font.b and neuf["Mes calculs"]["A1"].fill.fgColor.rgb == "FF00AA00"
    fiche = {ligne[0].value: ligne[1].value for ligne in neuf["Gestionnaire"].iter_rows(min_row=6)}
    assert fiche["Numéro interne"] == "X-12" and fiche["Raison sociale"] == "Association fictive"
    assert [c.value for c in neuf["Repris de l’ancien"][2]] == ["Gestionnaire", "H2", "appeler le siège"]
    assert any("Vérifié par" in constat for constat in fait.constats)


def test_deux_fois_de_suite_rien_ne_change_plus(tmp_path: Path) -> None:
    chemin = un_classeur(tmp_path)
    livre = openpyxl.load_workbook(chemin)
    livre["Activité"].insert_cols(2)
    livre["Activité"]["B5"], livre["Activité"]["B6"] = "Vérifié par", "Sophie"
    livre.create_sheet("Mes calculs")["A1"] = "=1+1"
    livre.save(chemin)
    mettre_a_niveau(chemin, lambda _: [], JOUR)
    une_fois = contenu(chemin)
    mettre_a_niveau(chemin, lambda _: [], JOUR)
    assert contenu(chemin) == une_fois
    assert len(list(tmp_path.glob("*ancien du*"))) == 2


def test_une_formule_dont_les_cellules_disparaissent_donne_son_resultat(tmp_path: Path) -> None:
    chemin = un_classeur(tmp_path)
    livre = openpyxl.load_workbook(chemin)
    livre.create_sheet("Mes calculs")["A1"] = "=Activité!ZZ900+1"
    livre.save(chemin)
    fait = mettre_a_niveau(chemin, lambda _: [], JOUR)
    assert openpyxl.load_workbook(chemin)["Mes calculs"]["A1"].value == "=Activité!ZZ900+1"
    assert openpyxl.load_workbook(chemin)["Mes calculs"]["A1"].data_type == "s"
    assert any("« Mes calculs », A1" in constat and "son texte" in constat for constat in fait.constats)


def test_un_classeur_ouvert_dans_excel_n_est_pas_touche(tmp_path: Path) -> None:
    chemin = un_classeur(tmp_path)
    avant = chemin.read_bytes()
    (tmp_path / f"~${chemin.name}").write_bytes(b"")
    with pytest.raises(ErreurEcriture, match="ouvert"):
        mettre_a_niveau(chemin, lambda _: [], JOUR)
    assert chemin.read_bytes() == avant


def test_la_commande_dit_ce_qu_elle_a_fait(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    un_classeur(tmp_path)
    assert executer(["classeur", "mettre-a-niveau", str(tmp_path)]) == 0
    dit = capsys.readouterr().out
    assert "données reprises" in dit and "ancien du" in dit


VALEURS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9).map(lambda x: round(x, 3)),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
        lambda t: t.strip() and not t.startswith("=")
    ),
    st.booleans(),
    st.dates(datetime.date(1950, 1, 1), datetime.date(2060, 1, 1)),
)
FEUILLES = ["Activité", "Établissements", "Effectifs", "Qualité", "Comptes", "Objectifs"]


@st.composite
def remaniements(tirer: st.DrawFn) -> dict[str, Any]:
    """Des valeurs n’importe où dans les tableaux, des colonnes déplacées et ajoutées."""
    return {
        "feuille": tirer(st.sampled_from(FEUILLES)),
        "valeurs": tirer(
            st.lists(st.tuples(st.integers(6, 14), st.integers(1, 12), VALEURS), min_size=1, max_size=12)
        ),
        "ajoutee": tirer(st.lists(VALEURS, max_size=4)),
        "melange": tirer(st.randoms(use_true_random=False)),
    }


@given(remaniements())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_toute_valeur_tapee_se_retrouve(
    tmp_path_factory: pytest.TempPathFactory, remaniement: dict[str, Any]
) -> None:
    chemin = un_classeur(tmp_path_factory.mktemp("transfert"))
    livre = openpyxl.load_workbook(chemin)
    page = livre[remaniement["feuille"]]
    for ligne, rang, valeur in remaniement["valeurs"]:
        taper(page.cell(ligne, rang), valeur)
    _melanger(page, remaniement["melange"])
    _ajouter(page, remaniement["ajoutee"])
    livre.save(chemin)
    lu, _ = lire_classeur(chemin)
    lues = cellules_lues(lu, page.title)
    tapees = [c for ligne in page.iter_rows(min_row=ENTETES) for c in ligne if c.value is not None]

    mettre_a_niveau(chemin, lambda _: [], JOUR)

    relu, _ = lire_classeur(chemin)
    for collection in SAISIES:
        perdues = [ligne for ligne in getattr(lu, collection) if ligne not in getattr(relu, collection)]
        assert perdues == []
    retrouvees = [forme(v) for valeurs in contenu(chemin).values() for v in valeurs]
    assert [c for c in tapees if c.coordinate not in lues and forme(c.value) not in retrouvees] == []


def cellules_lues(lu: Dossier, feuille: str) -> set[str]:
    """Les cellules de cette feuille que la lecture a comprises : l’égalité des lignes les couvre."""
    return {
        source.cellule
        for collection, modele in SAISIES.items()
        for ligne in getattr(lu, collection)
        for nom in modele.model_fields
        if nom != "sans_objet" and ligne.etat(nom) != "vide"
        for source in ligne.sources(nom)
        if source.feuille == feuille
    }


def taper(cellule: Any, valeur: Any) -> None:
    """Comme une personne : un nombre tapé sur une date n’en garde pas le format."""
    cellule.value = valeur
    if not isinstance(valeur, datetime.date):
        cellule.number_format = "General"


def _melanger(page: Worksheet, hasard: random.Random) -> None:
    """Échange des colonnes entières, en-tête compris."""
    for _ in range(3):
        a, b = hasard.randrange(1, 13), hasard.randrange(1, 13)
        for ligne in range(ENTETES, 16):
            une, autre = page.cell(ligne, a), page.cell(ligne, b)
            ici, la = une.value, autre.value
            taper(une, la)
            taper(autre, ici)


def _ajouter(page: Worksheet, valeurs: list[Any]) -> None:
    if valeurs:
        libre = page.max_column + 2
        page.cell(ENTETES, libre).value = "Colonne de la personne"
        for ligne, valeur in enumerate(valeurs, start=6):
            page.cell(ligne, libre).value = valeur


def forme(valeur: Any) -> Any:
    """Un nombre, un oui ou non, une date ou un texte, comme une cellule le montre."""
    if isinstance(valeur, datetime.date):
        return str(valeur)[:10]
    if isinstance(valeur, bool):
        return valeur
    return float(valeur) if isinstance(valeur, int | float) else str(valeur).strip()
