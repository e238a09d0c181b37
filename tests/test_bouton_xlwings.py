"""La porte d’xlwings : le contrôle écrit dans le classeur ouvert, les cellules fautives signalées."""

from __future__ import annotations

import datetime
from copy import copy
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from excel_en_memoire import excel
from fabriques import des_donnees, poser_classeur, poser_formulaire
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

import cpomdocs.bouton
from cpomdocs.modeles.entites.identite import Etablissement

CASES = """
[cases]
"Fiche!B1" = { champ = "etablissement.finess_et", obligatoire = true }
"Fiche!B2" = "etablissement.nom"
"""
JAUNE = PatternFill("solid", fgColor="FFFFFF00")


@pytest.fixture
def classeur(tmp_path: Path) -> Path:
    """Un établissement dont le FINESS manque."""
    chemin = poser_classeur(tmp_path, des_donnees(Etablissement(code="A", nom="Les Chênes")))
    poser_formulaire(tmp_path, "fiche", CASES)
    return chemin


def cellule_de(page: Any, entete: str) -> Any:
    """La cellule de la première ligne sous cet en-tête."""
    colonne = next(c.column for c in page[5] if c.value == entete)
    return page.cell(6, colonne)


def ouvert(livre: Any) -> Any:
    """Le classeur tel que l’Excel en mémoire le tient."""
    return livre.impl.interne


def marques(livre: Any) -> list[str]:
    """Les noms qui suivent les cellules signalées de la feuille des établissements."""
    noms = ouvert(livre).defined_names
    return [n for n in noms if n.startswith("_cpomdocs") and "Établissements" in noms[n].attr_text]


def texte(page: Any) -> list[list[Any]]:
    return [[c.value for c in ligne if c.value is not None] for ligne in page.iter_rows()]


def test_generer_ecrit_controle_signale_la_cellule_et_montre_le_bilan(classeur: Path) -> None:
    with excel(classeur) as livre:
        phrase = cpomdocs.bouton.generer()
        page = ouvert(livre)["Contrôle"]
        lignes = texte(page)
        fautive = cellule_de(ouvert(livre)["Établissements"], "FINESS établissement")
        assert livre.app.impl.alertes == [phrase] and "1 document" in phrase
        assert livre.app.status_bar is False
        assert [ligne for ligne in lignes if ligne and ligne[0] == "A"] == [["A", 0.5]]
        (manquante,) = [ligne for ligne in lignes if "DM-01" in ligne]
        assert manquante[0] == "à corriger"
        debut = f"=HYPERLINK(\"#'Établissements'!{fautive.coordinate}\""
        assert any(str(valeur).startswith(debut) for valeur in manquante)
        assert fautive.fill.fgColor.rgb == "FFF8CBAD"
        assert fautive.comment.text.startswith("cpomdocs : ")
    assert (classeur.parent / "sorties").is_dir()


def test_une_cellule_corrigee_n_est_plus_signalee(classeur: Path) -> None:
    with excel(classeur) as livre:
        cpomdocs.bouton.controler()
        fautive = cellule_de(ouvert(livre)["Établissements"], "FINESS établissement")
        fautive.value = "010001436"
        cpomdocs.bouton.controler()
        assert fautive.fill.fill_type is None and fautive.comment is None
        assert marques(livre) == []
        assert not [ligne for ligne in texte(ouvert(livre)["Contrôle"]) if "DM-01" in ligne]


def test_les_formats_et_les_notes_de_la_personne_restent(classeur: Path) -> None:
    with excel(classeur) as livre:
        page = ouvert(livre)["Établissements"]
        fautive, autre = cellule_de(page, "FINESS établissement"), cellule_de(page, "Nom")
        fautive.fill, fautive.comment = JAUNE, Comment("demander à Paul", "Sophie")
        autre.fill = JAUNE
        cpomdocs.bouton.controler()
        assert fautive.fill.fgColor.rgb == "FFF8CBAD" and fautive.comment.text == "demander à Paul"
        fautive.value = "010001436"
        cpomdocs.bouton.controler()
        assert fautive.fill.fgColor.rgb == autre.fill.fgColor.rgb == "FFFFFF00"
        assert fautive.comment.text == "demander à Paul"


def test_un_fond_change_depuis_la_marque_n_est_pas_rendu_a_l_ancien(classeur: Path) -> None:
    with excel(classeur) as livre:
        cpomdocs.bouton.controler()
        fautive = cellule_de(ouvert(livre)["Établissements"], "FINESS établissement")
        fautive.fill, fautive.value = JAUNE, "010001436"
        cpomdocs.bouton.controler()
        assert fautive.fill.fgColor.rgb == "FFFFFF00"


def test_une_marque_suit_sa_cellule_et_disparait_avec_elle(classeur: Path) -> None:
    with excel(classeur) as livre:
        cpomdocs.bouton.controler()
        page = ouvert(livre)["Établissements"]
        fautive = cellule_de(page, "FINESS établissement")
        (nom,) = marques(livre)
        # Une ligne insérée au-dessus : Excel déplace la cellule et le nom qui la suit.
        plus_bas = page.cell(fautive.row + 1, fautive.column)
        plus_bas.fill, plus_bas.comment = copy(fautive.fill), Comment(fautive.comment.text, "Excel")
        fautive.fill, fautive.comment = PatternFill(), None
        ouvert(livre).defined_names[
            nom
        ].attr_text = f"'Établissements'!${plus_bas.column_letter}${plus_bas.row}"
        fautive.value = "010001436"
        cpomdocs.bouton.controler()
        assert plus_bas.fill.fill_type is None and plus_bas.comment is None

        fautive.value = None
        cpomdocs.bouton.controler()
        (nom,) = marques(livre)
        ouvert(livre).defined_names[nom].attr_text = "'Établissements'!#REF!"
        cpomdocs.bouton.controler()
        assert len(marques(livre)) == 1


def test_la_selection_la_feuille_active_et_le_calcul_sont_rendus(classeur: Path) -> None:
    with excel(classeur) as livre:
        livre.sheets["Activité"].activate()
        livre.sheets["Activité"].range("C7").select()
        livre.app.impl.calculation = "semiautomatic"
        cpomdocs.bouton.controler()
        assert livre.sheets.active.name == "Activité"
        assert (livre.app.impl.selection.address, livre.app.impl.selection.sheet.name) == ("$C$7", "Activité")
        assert livre.app.impl.calculation == "semiautomatic" and livre.app.impl.screen_updating is True


def test_un_texte_qui_ressemble_a_une_formule_reste_un_texte(tmp_path: Path) -> None:
    chemin = poser_classeur(tmp_path, des_donnees(Etablissement(code="=1+1", nom="Les Chênes")))
    poser_formulaire(tmp_path, "fiche", CASES)
    with excel(chemin) as livre:
        cpomdocs.bouton.controler()
        cellules = [c for ligne in ouvert(livre)["Contrôle"].iter_rows() for c in ligne]
        assert [c.data_type for c in cellules if c.value == "=1+1"] in (
            [],
            ["s"] * sum(c.value == "=1+1" for c in cellules),
        )
        formules = [str(c.value) for c in cellules if c.data_type == "f"]
        assert all(f.startswith("=HYPERLINK(") for f in formules)


def test_une_difficulte_est_une_phrase(classeur: Path) -> None:
    with excel(classeur) as livre:
        livre.impl.interne["Paramètres"].title = "Autre"
        for page in list(livre.impl.interne)[1:]:
            page.title = f"x{page.title}"[:31]
        phrase = cpomdocs.bouton.generer(livre)
        assert "n’est pas un classeur maître" in phrase
        assert livre.app.impl.alertes == []


def test_un_classeur_sans_feuille_de_controle_en_recoit_une(classeur: Path) -> None:
    livre = openpyxl.load_workbook(classeur)
    del livre["Contrôle"]
    livre.save(classeur)
    with excel(classeur) as ouvrage:
        cpomdocs.bouton.controler(ouvrage)
        assert ouvert(ouvrage).sheetnames[1] == "Contrôle"
        assert f"{datetime.datetime.now():%d/%m/%Y}" in str(texte(ouvert(ouvrage)["Contrôle"])[1])
