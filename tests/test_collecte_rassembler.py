"""« classeur rassembler » : trois versions comparées, rien d’écrasé sans avoir été vu, écrit en place."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from collectes import (
    MAITRE,
    cellule,
    corriger,
    decider,
    envoyer,
    le_maitre,
    page_de,
    points,
    recevoir,
    repondre,
    un_dossier,
)
from openpyxl.comments import Comment

from cpomdocs.cli import executer
from cpomdocs.collecte.avancement import part_collectee
from cpomdocs.erreurs import ErreurDossier, ErreurEcriture
from cpomdocs.office.archive import lire_archive

JOURNEES = "Journées réalisées"
CHIFFRE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16le")
"""Ce qu’Office écrit quand on protège un classeur par un mot de passe à l’ouverture."""


def mettre(feuille: str, ligne: int, libelle: str, valeur: object) -> Any:
    """Le geste de taper une valeur dans une part."""

    def changer(livre: openpyxl.Workbook) -> None:
        cellule(livre[feuille], ligne, libelle).value = valeur

    return changer


def prendre(montre: dict[str, str]) -> str:
    return "prendre"


def garder(montre: dict[str, str]) -> str:
    return "garder"


def test_change_d_un_seul_cote_pris_et_journal_tenu(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)
    repondre(racine, envois["IME"], mettre("Activité", 1, JOURNEES, 1234))
    bilan = recevoir(racine)
    assert (bilan.ecrites, bilan.a_decider, bilan.code_sortie) == (1, 0, 0)
    assert le_maitre(racine).activite[1].journees_realisees == 1234
    (trace,) = page_de(racine, "collecte.xlsx", "Journal")
    assert trace[1:] == ("IME (réponse IME.xlsx)", "Activité ! K7", JOURNEES, "1\u202f001", "1\u202f234")
    assert trace[0].startswith("2026-11-20 ")
    (copie,) = (racine / ".cpomdocs" / "sauvegardes").iterdir()
    assert copie.suffix == ".xlsx"


def test_chaque_nature_de_donnee_revient(tmp_path: Path) -> None:
    """Texte, nombre à virgule, date, oui, code de liste, sans objet : ce que la personne a tapé."""
    racine = un_dossier(tmp_path)

    def changer(livre: openpyxl.Workbook) -> None:
        page = livre["Établissements"]
        for libelle, valeur in {
            "Nom court": "=1+1 <b> & « é »",
            "Code postal": "01000",
            "Date d’ouverture": "3 janvier 2017",
            "Pharmacie à usage intérieur": "OUI",
            "Jours d’ouverture de référence": "SO",
            "Type": "IME",
            "Présentation": "deux\nlignes",
        }.items():
            cellule(page, 1, libelle).value = valeur
            cellule(page, 1, libelle).data_type = "s"
        cellule(livre["Activité"], 1, "Nombre d’heures").value = 12.25

    repondre(racine, envoyer(racine)["IME"], changer)
    bilan = recevoir(racine)
    assert bilan.a_decider == 0
    lu = le_maitre(racine)
    ime = lu.etablissement("IME")
    assert ime is not None
    assert (ime.nom_court, ime.code_postal, str(ime.date_ouverture)) == (
        "=1+1 <b> & « é »",
        "01000",
        "2017-01-03",
    )
    assert (ime.pui, ime.type, ime.texte_presentation) == (True, "IME", "deux\nlignes")
    assert ime.etat("jours_ouverture_reference") == "sans_objet"
    assert str(lu.activite[1].nb_heures) == "12.25"


def test_change_des_deux_cotes_montre_et_decide_avant_d_etre_ecrit(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)

    def changer(livre: openpyxl.Workbook) -> None:
        cellule(livre["Activité"], 1, JOURNEES).value = 1234
        cellule(livre["Activité"], 1, "Entrées").value = 5

    repondre(racine, envois["IME"], changer)
    corriger(racine, "Activité", 2, JOURNEES, 1111)
    avant = (racine / MAITRE).read_bytes()
    bilan = recevoir(racine)
    assert (bilan.ecrites, bilan.a_ecrire, bilan.a_decider, bilan.code_sortie) == (0, 1, 1, 1)
    assert (racine / MAITRE).read_bytes() == avant
    (point,) = points(racine)
    assert point["Décision"] == ""
    assert (point["Pourquoi"], point["De qui"]) == ("conflit", "IME (réponse IME.xlsx)")
    assert (point["Envoyé"], point["Le leur"], point["Le nôtre"]) == (
        "1\u202f001",
        "1\u202f234",
        "1\u202f111",
    )
    assert (point["Leur cellule"], point["Notre cellule"]) == ("K6", "K7")
    decider(racine, prendre)
    assert recevoir(racine).ecrites == 2
    ligne = le_maitre(racine).activite[1]
    assert (ligne.journees_realisees, ligne.entrees) == (1234, 5)


def test_ce_qui_n_est_pas_decide_attend_et_le_reste_s_ecrit(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    repondre(
        racine,
        envoyer(racine)["IME"],
        lambda livre: [mettre("Activité", 1, nom, 7)(livre) for nom in (JOURNEES, "Entrées")],
    )
    corriger(racine, "Activité", 2, JOURNEES, 1111)
    recevoir(racine)
    bilan = recevoir(racine)
    assert (bilan.ecrites, bilan.a_decider) == (1, 1)
    assert le_maitre(racine).activite[1].entrees == 7
    assert le_maitre(racine).activite[1].journees_realisees == 1111
    decider(racine, garder)
    (racine / "collecte/retours/réponse IME.xlsx").unlink()
    bilan = recevoir(racine)
    assert (bilan.a_decider, bilan.code_sortie) == (0, 0)
    assert le_maitre(racine).activite[1].journees_realisees == 1111
    assert recevoir(racine).a_decider == 0


def test_rassembler_deux_fois_ne_change_rien(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    reponse = repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, 1234))
    recevoir(racine)
    octets = (racine / MAITRE).read_bytes()
    livre = openpyxl.load_workbook(reponse)
    livre.save(reponse)  # les mêmes données, d’autres octets
    for _ in range(2):
        bilan = recevoir(racine)
        assert (bilan.ecrites, bilan.a_decider) == (0, 0)
        assert (racine / MAITRE).read_bytes() == octets


def test_une_valeur_effacee_est_montree(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, None))
    assert recevoir(racine).a_decider == 1
    assert [(p["Pourquoi"], p["Décision"], p["Le leur"]) for p in points(racine)] == [
        ("effacée par eux", "prendre", "(vide)")
    ]
    assert recevoir(racine).ecrites == 1
    assert le_maitre(racine).activite[1].journees_realisees is None


def test_une_valeur_illisible_est_montree_telle_quelle(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, "12O"))
    recevoir(racine)
    assert [(p["Pourquoi"], p["Décision"], p["Le leur"]) for p in points(racine)] == [
        ("valeur illisible", "", "« 12O » (illisible)")
    ]
    decider(racine, prendre)
    recevoir(racine)
    page = openpyxl.load_workbook(racine / MAITRE)["Activité"]
    assert cellule(page, 2, JOURNEES).value == "12O"


def test_une_formule_du_classeur_maitre_n_est_pas_ecrasee_sans_etre_vue(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    livre = openpyxl.load_workbook(racine / MAITRE)
    cellule(livre["Activité"], 2, "Commentaire").value = '="note de "&"IME"'
    livre.save(racine / MAITRE)
    octets = (racine / MAITRE).read_bytes()
    envois = envoyer(racine)
    repondre(racine, envois["IME"], mettre("Activité", 1, "Commentaire", "à revoir"))
    assert recevoir(racine).a_decider == 1
    assert points(racine)[0]["Pourquoi"] in ("formule dans le classeur maître", "conflit")
    assert (racine / MAITRE).read_bytes() == octets


def test_lignes_ajoutees_proposees_puis_posees_sous_les_autres(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)

    def changer(livre: openpyxl.Workbook) -> None:
        for libelle, valeur in {
            "Axe": "RH",
            "Portée": "Spécifique",
            "Type de constat": "Faiblesse",
            "Constat": "À noter",
        }.items():
            cellule(livre["Constats"], 2, libelle).value = valeur

    repondre(racine, envoyer(racine)["IME"], changer)
    recevoir(racine)
    (point,) = points(racine)
    assert (point["Pourquoi"], point["Décision"]) == ("ligne ajoutée", "prendre")
    assert "Constat : À noter" in point["Le leur"]
    recevoir(racine)
    constats = le_maitre(racine).constats
    assert [c.texte for c in constats] == [
        "constat de EHPAD1",
        "constat de IME",
        "constat de SAVS",
        "À noter",
    ]
    assert (constats[-1].etablissement, constats[-1].axe, constats[-1].type) == ("IME", "rh", "faiblesse")
    assert recevoir(racine).a_decider == 0


def test_une_ligne_preparee_puis_remplie_entre_sans_question(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    repondre(racine, envoyer(racine)["IME"], mettre("Activité", 2, JOURNEES, 4321))
    bilan = recevoir(racine)
    assert bilan.a_decider == 0
    assert [a.journees_realisees for a in le_maitre(racine).activite][-1] == 4321
    assert recevoir(racine).ecrites == 0


def test_lignes_retirees_d_un_cote_ou_de_l_autre_montrees(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)
    repondre(racine, envois["IME"], lambda livre: livre["Activité"].delete_rows(6))
    repondre(racine, envois["SAVS"], mettre("Activité", 1, JOURNEES, 9))
    livre = openpyxl.load_workbook(racine / MAITRE)
    livre["Activité"].delete_rows(8)
    livre["Constats"].delete_rows(6)
    livre.save(racine / MAITRE)
    repondre(racine, envois["EHPAD1"], lambda livre: None)
    bilan = recevoir(racine)
    montres = {p["De qui"].split()[0]: (p["Pourquoi"], p["Décision"]) for p in points(racine)}
    assert montres == {
        "IME": ("ligne retirée par eux", "garder"),
        "SAVS": ("ligne retirée du classeur maître", ""),
    }
    assert any("Constats" in quoi and "retirée du classeur maître" in quoi for _, quoi in bilan.constats)
    decider(racine, prendre)
    recevoir(racine)
    assert {a.etablissement: a.journees_realisees for a in le_maitre(racine).activite} == {
        "EHPAD1": 1000,
        "SAVS": 9,
    }
    assert recevoir(racine).a_decider == 0


def test_une_cle_changee_et_une_ligne_d_un_autre_sont_decidees(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)

    def changer(livre: openpyxl.Workbook) -> None:
        cellule(livre["Activité"], 1, "Modalité d’accueil").value = "HT – Hébergement temporaire"
        page = livre["Constats"]
        cellule(page, 2, "Établissement").value = "SAVS"
        cellule(page, 2, "Constat").value = "chez le voisin"

    repondre(racine, envoyer(racine)["IME"], changer)
    recevoir(racine)
    assert {(p["Pourquoi"], p["Décision"]) for p in points(racine)} == {
        ("clé changée", "prendre"),
        ("ligne hors de leur part", ""),
    }
    decider(racine, lambda p: p["Décision"] or "garder")
    recevoir(racine)
    assert le_maitre(racine).activite[1].modalite == "HT"
    assert "chez le voisin" not in [c.texte for c in le_maitre(racine).constats]


def test_une_seconde_reponse_corrige_la_premiere_a_la_vue_de_tous(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envoi = envoyer(racine)["IME"]
    repondre(racine, envoi, mettre("Activité", 1, JOURNEES, 10), "v1.xlsx")
    recevoir(racine)
    repondre(racine, envoi, mettre("Activité", 1, JOURNEES, 20), "v2.xlsx")
    recevoir(racine)
    (point,) = points(racine)
    assert (point["Pourquoi"], point["Décision"], point["Envoyé"]) == ("corrigée depuis", "prendre", "10")
    recevoir(racine)
    assert le_maitre(racine).activite[1].journees_realisees == 20
    assert recevoir(racine).a_decider == 0
    assert le_maitre(racine).activite[1].journees_realisees == 20


def test_deux_parts_sur_la_meme_cellule(tmp_path: Path) -> None:
    """L’établissement et le domaine répondent autre chose : le second est un conflit, pas un écrasement."""
    racine = un_dossier(tmp_path)
    ime, activite = envoyer(racine)["IME"], envoyer(racine, par="domaine")["activite"]
    repondre(racine, ime, mettre("Activité", 1, JOURNEES, 10), "a.xlsx")
    repondre(racine, activite, mettre("Activité", 2, JOURNEES, 20), "b.xlsx")
    recevoir(racine)
    (point,) = points(racine)
    assert point["Pourquoi"] == "conflit"
    assert {point["Le leur"], point["Le nôtre"]} == {"10", "20"}


def test_remis_a_une_copie_ancienne_puis_repris(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    ancien = (racine / MAITRE).read_bytes()
    repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, 1234))
    recevoir(racine)
    (racine / MAITRE).write_bytes(ancien)
    assert recevoir(racine).ecrites == 0
    assert recevoir(racine, reprendre=True).ecrites == 1
    assert le_maitre(racine).activite[1].journees_realisees == 1234


def test_a_blanc_n_ecrit_rien(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, 1234))
    avant = {p: p.read_bytes() for p in racine.rglob("*") if p.is_file()}
    bilan = recevoir(racine, a_blanc=True)
    assert (bilan.ecrites, bilan.a_ecrire) == (0, 1)
    apres = {p: p.read_bytes() for p in racine.rglob("*") if p.is_file()}
    assert apres == avant


def test_les_colonnes_deplacees_et_une_feuille_renommee_se_lisent(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)

    def changer(livre: openpyxl.Workbook) -> None:
        page = livre["Activité"]
        lignes = [[c.value for c in rangee] for rangee in page.iter_rows(min_row=5, max_row=12)]
        largeur = len(lignes[0])
        for rang, ligne in enumerate(lignes):
            for colonne, valeur in enumerate(ligne):
                page.cell(5 + rang, largeur - colonne).value = valeur
        cellule(page, 1, JOURNEES).value = 1234
        page.title = "Feuil1"

    repondre(racine, envoyer(racine)["IME"], changer)
    bilan = recevoir(racine)
    assert (bilan.ecrites, bilan.a_decider) == (1, 0)
    assert le_maitre(racine).activite[1].journees_realisees == 1234
    assert any("renommée « Feuil1 »" in quoi for _, quoi in bilan.constats)


def test_ce_qui_est_ecrit_hors_des_cases_est_dit(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)

    def changer(livre: openpyxl.Workbook) -> None:
        livre["Activité"]["AQ9"] = "voir avec la comptable"
        livre.create_sheet("Mes notes")["B2"] = "à part"
        livre["Mode d’emploi"]["B14"] = "Le compte 6411 est provisoire."
        del livre["Constats"]

    repondre(racine, envoyer(racine)["IME"], changer)
    constats = [quoi for _, quoi in recevoir(racine).constats]
    assert "Hors des cases, Activité!AQ9 : « voir avec la comptable »." in constats
    assert "Remarque : « Le compte 6411 est provisoire. »." in constats
    assert "Feuille ajoutée « Mes notes » (1 cellules remplies) : non lue." in constats
    assert "Feuille « Constats » introuvable : rien n’en est rassemblé." in constats
    assert [c.texte for c in le_maitre(racine).constats][1] == "constat de IME"
    assert [ligne[1] for ligne in page_de(racine, "rassemblement.xlsx", "À savoir")] == constats


def test_les_mauvais_retours_sont_nommes_et_les_autres_passent(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path / "ici")
    ailleurs = un_dossier(tmp_path / "ailleurs")
    envois = envoyer(racine)
    retours = racine / "collecte" / "retours"
    repondre(racine, envois["IME"], mettre("Activité", 1, JOURNEES, 1234), "bon.xlsx")
    etranger = envoyer(ailleurs)["IME"]
    (retours / "autre dossier.xlsx").write_bytes((ailleurs / etranger.fichier).read_bytes())
    bon = (racine / envois["SAVS"].fichier).read_bytes()
    (retours / "abîmé.xlsx").write_bytes(bon[: len(bon) // 2])
    (retours / "chiffré.xlsx").write_bytes(CHIFFRE)
    (retours / "vide.xlsx").write_bytes(b"")
    openpyxl.Workbook().save(retours / "sans rapport.xlsx")
    (retours / "lettre.docx").write_bytes(b"bonjour")
    (retours / "~$bon.xlsx").write_bytes(b"verrou")
    repondre(racine, envois["EHPAD1"], _vider_de_ses_feuilles, "sans feuilles.xlsx")
    bilan = recevoir(racine)
    sorts = {r.fichier: (r.statut, r.message) for r in bilan.retours}
    assert sorts["bon.xlsx"][0] == "rassemble"
    assert le_maitre(racine).activite[1].journees_realisees == 1234
    attendus = {
        "autre dossier.xlsx": "vient d’un autre dossier",
        "abîmé.xlsx": "abîmé",
        "chiffré.xlsx": "mot de passe",
        "vide.xlsx": "vide",
        "sans rapport.xlsx": "n’est pas une part de la collecte",
        "sans feuilles.xlsx": "n’a plus aucune des feuilles",
    }
    for fichier, motif in attendus.items():
        assert sorts[fichier][0] == "ecarte"
        assert motif in sorts[fichier][1], sorts[fichier]
    assert sorts["lettre.docx"][0] == "laisse"
    assert "~$bon.xlsx" not in sorts
    assert bilan.code_sortie == 1


def _vider_de_ses_feuilles(livre: openpyxl.Workbook) -> None:
    for nom in ("Établissements", "Activité", "Constats", "Indicateurs RH"):
        del livre[nom]


def test_un_envoi_anterieur_est_compare_a_ce_qui_etait_parti_alors(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    premier = envoyer(racine)["IME"]
    corriger(racine, "Activité", 2, "Sorties", 3)
    envoyer(racine)
    repondre(racine, premier, mettre("Activité", 1, JOURNEES, 1234))
    bilan = recevoir(racine)
    assert (bilan.ecrites, bilan.a_decider) == (1, 0)
    assert any("envoi antérieur" in quoi and "n° 1" in quoi for _, quoi in bilan.constats)
    ligne = le_maitre(racine).activite[1]
    assert (ligne.journees_realisees, ligne.sorties) == (1234, 3)


@pytest.mark.parametrize("verrou", [f"~${MAITRE}", f".~lock.{MAITRE}#"])
def test_un_classeur_maitre_ouvert_n_est_pas_touche(tmp_path: Path, verrou: str) -> None:
    racine = un_dossier(tmp_path)
    repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, 1234))
    octets = (racine / MAITRE).read_bytes()
    (racine / verrou).write_bytes(b"")
    with pytest.raises(ErreurEcriture, match="est ouvert"):
        recevoir(racine)
    assert (racine / MAITRE).read_bytes() == octets
    (racine / verrou).unlink()
    assert recevoir(racine).ecrites == 1


def test_le_rassemblement_ouvert_ou_abime_se_dit(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, None))
    recevoir(racine)
    (racine / "collecte" / "~$rassemblement.xlsx").write_bytes(b"")
    with pytest.raises(ErreurEcriture, match="ouvert"):
        recevoir(racine)
    (racine / "collecte" / "~$rassemblement.xlsx").unlink()
    decider(racine, lambda _: "peut-être")
    bilan = recevoir(racine)
    assert bilan.a_decider == 1
    assert any("« peut-être »" in quoi for _, quoi in bilan.constats)
    openpyxl.Workbook().save(racine / "collecte" / "rassemblement.xlsx")
    assert executer(["classeur", "rassembler", "-d", str(racine)]) == 2


def test_rien_d_autre_que_les_cellules_visees_ne_change(tmp_path: Path) -> None:
    """Notes, formats, filtre, macro, feuilles ajoutées : les autres membres du zip gardent leurs octets."""
    racine = un_dossier(tmp_path, complet=True)
    livre = openpyxl.load_workbook(racine / MAITRE)
    livre.create_sheet("Brouillon")["A1"] = "=1+1"
    livre["Activité"]["K6"].comment = Comment("vérifié", "CE")
    livre["Activité"].auto_filter.ref = "A5:F20"
    livre.save(racine / MAITRE)
    repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, 1234))
    avant = lire_archive(racine / MAITRE)
    recevoir(racine)
    apres = lire_archive(racine / MAITRE)
    assert apres.noms == avant.noms
    (changee,) = (nom for nom in avant.noms if avant.brut(nom) != apres.brut(nom))
    assert changee.startswith("xl/worksheets/sheet")
    relu = openpyxl.load_workbook(racine / MAITRE)
    assert relu["Activité"]["K6"].comment.text == "vérifié"
    assert relu["Activité"].auto_filter.ref == "A5:F20"


def test_rien_a_rassembler_sans_envoi(tmp_path: Path) -> None:
    with pytest.raises(ErreurDossier, match="rien réparti"):
        recevoir(un_dossier(tmp_path))


def test_la_commande_rend_son_bilan_en_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    racine = un_dossier(tmp_path)
    reponse = repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, None))
    capsys.readouterr()
    assert executer(["classeur", "rassembler", str(reponse), "--json"]) == 1
    lu = json.loads(capsys.readouterr().out)
    assert (lu["a_decider"], lu["retours"][0]["part"]) == (1, "IME")
    assert executer(["classeur", "rassembler", str(reponse)]) == 0
    assert "1 cellule du classeur maître mise à jour" in capsys.readouterr().out


def test_la_part_collectee_se_lit(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    assert part_collectee(racine) is None
    envoyer(racine)
    collectee = part_collectee(racine)
    assert collectee is not None
    # par établissement : nom, directeur, journées, capacité, constat sont là ; pas les recrutements
    assert (collectee.renseignees, collectee.attendues) == (15, 18)


def test_une_cle_effacee_partout_se_retrouve_dans_la_part_d_un_etablissement(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)

    def changer(livre: openpyxl.Workbook) -> None:
        livre["Activité"].delete_cols(1)
        cellule(livre["Activité"], 1, JOURNEES).value = 1234

    repondre(racine, envoyer(racine)["IME"], changer)
    bilan = recevoir(racine)
    assert (bilan.ecrites, bilan.a_decider) == (1, 0)
    assert [quoi for _, quoi in bilan.constats] == [
        "Activité : colonnes introuvables, non lues : « Établissement »."
    ]
    assert le_maitre(racine).activite[1].etablissement == "IME"


def test_un_caractere_invisible_n_abime_pas_le_classeur(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)

    def changer(livre: openpyxl.Workbook) -> None:
        cellule(livre["Activité"], 1, "Commentaire").value = "avant_x0007_après"
        cellule(livre["Activité"], 1, "Source").value = "_x0007_"

    repondre(racine, envoyer(racine)["IME"], changer)
    recevoir(racine)
    assert le_maitre(racine).activite[1].commentaire == "avantaprès"


def test_apres_une_coupure_le_journal_dit_vrai(tmp_path: Path) -> None:
    """L’écriture a été coupée après le classeur, avant l’état : rien n’est refait, tout est au journal."""
    racine = un_dossier(tmp_path)
    repondre(racine, envoyer(racine)["IME"], mettre("Activité", 1, JOURNEES, 1234))
    etat = racine / ".cpomdocs" / "collecte.sqlite"
    avant = etat.read_bytes()
    recevoir(racine)
    octets = (racine / MAITRE).read_bytes()
    etat.write_bytes(avant)
    with sqlite3.connect(etat) as base:
        base.executemany(
            "INSERT INTO journal VALUES ('2026-11-20', 'IME', 'Activité', 'K7', 'Journées', '1', '2', ?, 0)",
            [(hashlib.sha256(octets).hexdigest(),), ("jamais écrit",)],
        )
    base.close()
    bilan = recevoir(racine)
    assert (bilan.ecrites, bilan.a_decider) == (0, 0)
    assert len(page_de(racine, "collecte.xlsx", "Journal")) == 1


def test_un_etat_abime_est_dit(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envoyer(racine)
    (racine / ".cpomdocs" / "collecte.sqlite").write_bytes(b"pas une base" * 100)
    with pytest.raises(ErreurDossier, match="ne peut pas être lu"):
        recevoir(racine)
