"""« classeur repartir » : chacun reçoit ses lignes, rien de celles des autres, et de quoi répondre."""

from __future__ import annotations

import html
import json
import shutil
import stat
import zipfile
from pathlib import Path

import openpyxl
import pytest
from collectes import MAITRE, cellule, envoyer, recevoir, repondre, un_dossier
from fabriques import convertir, exige_libreoffice, poser_classeur

from cpomdocs.cli import executer
from cpomdocs.dossiers import creer_demonstration
from cpomdocs.erreurs import ErreurDossier
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles import SAISIES, Dossier, infos


def tout_le_texte(fichier: Path) -> str:
    """Le contenu décomprimé de chaque membre du zip, et leurs noms."""
    with zipfile.ZipFile(fichier) as paquet:
        membres = [paquet.read(nom).decode("utf-8", "replace") for nom in paquet.namelist()]
        return html.unescape("\n".join([*paquet.namelist(), *membres]))


def textes_propres(dossier: Dossier, code: str) -> set[str]:
    """Les textes libres assez longs pour être reconnus, de toutes les lignes d’un établissement."""
    lignes = [
        e
        for nom in SAISIES
        for e in dossier.lignes(nom)
        if code in (getattr(e, "etablissement", ""), e.code if nom == "etablissements" else "")
    ]
    return {
        valeur
        for ligne in lignes
        for info in infos(type(ligne)).values()
        if not (info.calcule or info.liste or info.reference)
        and isinstance(valeur := getattr(ligne, info.nom), str)
        and len(valeur) > 8
    }


def test_une_part_par_etablissement_avec_ses_lignes(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)
    assert sorted(envois) == ["EHPAD1", "IME", "SAVS"]
    livre = openpyxl.load_workbook(racine / envois["IME"].fichier)
    activite = livre["Activité"]
    assert cellule(activite, 1, "Établissement").value == "IME"
    assert cellule(activite, 1, "Journées réalisées").value == 1001
    assert cellule(livre["Constats"], 1, "Constat").value == "constat de IME"
    assert cellule(livre["Établissements"], 2, "Code").value is None


def test_aucune_donnee_d_un_autre_dans_le_zip(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    for code, envoi in envoyer(racine).items():
        texte = tout_le_texte(racine / envoi.fichier)
        assert f"constat de {code}" in texte
        for autre in {"EHPAD1", "IME", "SAVS"} - {code}:
            for marque in (
                f"Maison {autre}",
                f"Directrice {autre}",
                f"constat de {autre}",
                f"note de {autre}",
            ):
                assert marque not in texte, (code, marque)


def test_aucune_donnee_d_un_autre_dans_la_demonstration(tmp_path: Path) -> None:
    """Tous les textes libres et numéros des quatre autres établissements, cherchés dans chaque membre."""
    maitre = creer_demonstration(tmp_path / "demo")
    dossier, _ = lire_classeur(maitre)
    (tmp_path / "vierge").mkdir()
    vierge = tout_le_texte(poser_classeur(tmp_path / "vierge", Dossier()))  # listes et libellés
    propres = {str(e.code): textes_propres(dossier, str(e.code)) for e in dossier.etablissements}
    for code, envoi in envoyer(tmp_path / "demo").items():
        texte = tout_le_texte(tmp_path / "demo" / envoi.fichier)
        etrangers = set().union(*(v for c, v in propres.items() if c != code)) - propres[code]
        siens = vierge + "\n".join(propres[code])
        cherches = {marque for marque in etrangers if marque not in siens}
        assert len(cherches) > 150
        assert not [marque for marque in cherches if marque in texte]


def test_la_part_n_a_ni_macro_ni_lien_exterieur(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    with zipfile.ZipFile(racine / envoyer(racine)["IME"].fichier) as paquet:
        assert not [nom for nom in paquet.namelist() if "vba" in nom.lower() or "externalLink" in nom]


def test_les_cases_demandees_sont_marquees_et_les_listes_sont_la(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path, complet=True)
    livre = openpyxl.load_workbook(racine / envoyer(racine)["IME"].fichier)
    page = livre["Activité"]
    journees = cellule(page, 1, "Journées réalisées")
    marques = openpyxl.load_workbook(racine / "collecte/a-envoyer/Collecte IME.xlsx", data_only=True)[
        "Activité"
    ]
    assert marques.cell(4, journees.column).value == "● fiche"
    entrees = cellule(page, 1, "Entrées")
    assert marques.cell(4, entrees.column).value == "facultatif"
    maitre = openpyxl.load_workbook(racine / MAITRE)["Activité"]
    listes = {(v.type, v.formula1, str(v.sqref)) for v in page.data_validations.dataValidation}
    assert listes == {(v.type, v.formula1, str(v.sqref)) for v in maitre.data_validations.dataValidation}
    assert page.conditional_formatting
    noms = livre.defined_names
    sources = {v.formula1.lstrip("=") for v in page.data_validations.dataValidation if v.type == "list"}
    assert {s for s in sources if not s.startswith('"')} <= set(noms)


def test_les_lignes_attendues_sont_pretes(tmp_path: Path) -> None:
    """Le classeur maître n’a que 2025 : les autres années attendues (règle des attendus) sont proposées."""
    racine = un_dossier(tmp_path)
    avant = (racine / MAITRE).read_bytes()
    page = openpyxl.load_workbook(racine / envoyer(racine)["IME"].fichier)["Activité"]
    annees = {cellule(page, rang, "Année").value for rang in range(1, 12)} - {None}
    assert annees == {2023, 2024, 2025, 2026}
    assert (racine / MAITRE).read_bytes() == avant


def test_les_consignes_disent_pour_quand_et_qui_joindre(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)
    livre = openpyxl.load_workbook(racine / envois["IME"].fichier)
    textes = [str(c.value) for rangee in livre.worksheets[0].iter_rows() for c in rangee if c.value]
    assert any("avant le 15/12/2026" in t and "Camille Exemple (camille@exemple.fr)" in t for t in textes)
    assert any("Maison IME" in t for t in textes)
    assert sum(t[:2] in {f"{n}." for n in range(1, 10)} for t in textes) == 5
    autre = envoyer(racine, contact="Dominique, poste 12")["IME"]
    assert autre.contact == "Dominique, poste 12"
    assert (autre.numero, envois["IME"].numero) == (2, 1)
    assert autre.fichier != envois["IME"].fichier


def test_par_domaine(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine, par="domaine")
    assert {code: envoi.part.collections for code, envoi in envois.items()} == {
        "rh": ("rh_indicateurs",),
        "qualite": ("constats",),
        "activite": ("activite",),
    }
    livre = openpyxl.load_workbook(racine / envois["qualite"].fichier)
    constats = {cellule(livre["Constats"], rang, "Constat").value for rang in (1, 2, 3)}
    assert constats == {"constat de EHPAD1", "constat de IME", "constat de SAVS"}
    assert "Activité" not in livre.sheetnames
    assert "Maison IME" not in tout_le_texte(racine / envois["qualite"].fichier)


@pytest.mark.parametrize(
    ("demande", "message"),
    [
        ({"parts": ["IMO"]}, "Aucun établissement ne s’appelle « IMO »"),
        ({"formulaires": ["fichu"]}, "Aucun formulaire ne s’appelle « fichu »"),
        ({"par": "domaine", "parts": ["compta"]}, "Aucun domaine ne s’appelle « compta »"),
    ],
)
def test_un_nom_inconnu_est_dit(tmp_path: Path, demande: dict[str, object], message: str) -> None:
    with pytest.raises(ErreurDossier, match=message):
        envoyer(un_dossier(tmp_path), **demande)


def test_l_etat_garde_n_est_lisible_que_de_son_proprietaire(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envoyer(racine)
    assert stat.S_IMODE((racine / ".cpomdocs" / "collecte.sqlite").stat().st_mode) == 0o600


def test_une_part_renvoyee_telle_quelle_ne_change_rien(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)
    avant = (racine / MAITRE).read_bytes()
    bilan = recevoir(racine, *(racine / envoi.fichier for envoi in envois.values()))
    assert [r.statut for r in bilan.retours] == ["rassemble"] * 3
    assert (bilan.ecrites, bilan.a_decider, bilan.constats) == (0, 0, [])
    assert (racine / MAITRE).read_bytes() == avant


@exige_libreoffice
def test_l_identite_et_les_donnees_survivent_a_libreoffice_et_au_renommage(tmp_path: Path) -> None:
    """Enregistrée en .ods par LibreOffice, renommée, rendue telle quelle : reconnue, et rien n’a changé."""
    racine = un_dossier(tmp_path / "ici")
    envoi = envoyer(racine)["IME"]
    renomme = tmp_path / "n’importe quoi (3).ods"
    shutil.copy(convertir(racine / envoi.fichier, "ods", tmp_path), renomme)
    avant = (racine / MAITRE).read_bytes()
    bilan = recevoir(racine, renomme)
    assert [(r.part, r.statut) for r in bilan.retours] == [("IME", "rassemble")]
    assert (bilan.ecrites, bilan.a_decider, bilan.constats) == (0, 0, [])
    assert (racine / MAITRE).read_bytes() == avant


@pytest.mark.parametrize("perdu", ["propriete", "nom", "feuille", "nom et feuille", "propriete et nom"])
def test_l_identite_tient_tant_qu_un_de_ses_trois_endroits_reste(tmp_path: Path, perdu: str) -> None:
    racine = un_dossier(tmp_path)

    def changer(livre: openpyxl.Workbook) -> None:
        cellule(livre["Activité"], 1, "Journées réalisées").value = 77
        if "propriete" in perdu:
            del livre.custom_doc_props["cpomdocs_collecte"]
        if "nom" in perdu:
            del livre.defined_names["cpomdocs_collecte"]
        if "feuille" in perdu:
            livre["Repères"]["A1"] = None

    reponse = repondre(racine, envoyer(racine)["IME"], changer)
    assert recevoir(racine, reponse).ecrites == 1


def test_la_commande(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    racine = un_dossier(tmp_path)
    assert executer(["classeur", "repartir", str(racine), "--echeance", "15 décembre 2026", "-e", "IME"]) == 0
    assert "Collecte IME.xlsx" in capsys.readouterr().out.replace("\n", "").replace(" " * 7, "")
    assert [p.name for p in (racine / "collecte" / "a-envoyer").iterdir()] == ["Collecte IME.xlsx"]
    assert executer(["classeur", "repartir", str(racine), "--par", "domaine", "--json"]) == 0
    envois = json.loads(capsys.readouterr().out)["envois"]
    assert [(e["part"], e["numero"]) for e in envois] == [("rh", 1), ("qualite", 1), ("activite", 1)]
    for arguments in (["--echeance", "bientôt"], ["--par", "region"], ["-e", "IMO"]):
        assert executer(["classeur", "repartir", str(racine), *arguments]) == 2
    assert executer(["classeur", "rassembler", "--dossier", str(un_dossier(tmp_path / "neuf"))]) == 2
