"""Le projet VBA : reconstruit, relu, analysé, exécuté ; le paquet .xlsm qui le porte."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from bureau.dossier import poser_dossier
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pyopenvba.apps.excel import ExcelApplication

from cpomdocs.classeur.macros import boutons, projet
from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.poste.reponse import coder
from outils.macros import construire

_MOTS_RESERVES = {
    "end",
    "select",
    "case",
    "next",
    "loop",
    "name",
    "type",
    "property",
    "event",
    "error",
    "date",
}


@pytest.fixture(scope="module")
def classeur(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return poser_dossier(tmp_path_factory.mktemp("macros") / "cpom", python="/opt/l’outil/python")


@pytest.fixture(scope="module")
def excel(classeur: Path) -> Any:
    """Un Excel en mémoire, qui exécute la macro du classeur."""
    return ExcelApplication.open(str(classeur))


def source() -> str:
    return projet.SOURCE.read_text(encoding="ascii")


def parties(fichier: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(fichier) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def extraits(fichier: Path) -> dict[str, str]:
    """Les modules du classeur, tels qu’oletools les extrait, sans leurs attributs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oletools.olevba import VBA_Parser

        lecteur = VBA_Parser(str(fichier))
        modules = {nom: code for _, _, nom, code in lecteur.extract_macros()}
        lecteur.close()
    return {
        Path(nom).stem: "\n".join(
            ligne for ligne in code.splitlines() if not ligne.startswith("Attribute ")
        ).strip()
        for nom, code in modules.items()
    }


def test_le_projet_livre_est_celui_de_ses_sources_octet_pour_octet() -> None:
    assert construire() == projet.PROJET.read_bytes(), "relancer « make macros »"


def test_les_modules_extraits_sont_les_sources(classeur: Path) -> None:
    lus = extraits(classeur)
    assert lus.pop(projet.MODULE) == source().strip()
    assert set(lus) == {projet.CLASSEUR, *projet.modules().values()}
    assert set(lus.values()) == {""}


def test_memes_donnees_memes_octets(classeur: Path, tmp_path: Path) -> None:
    autre = poser_dossier(tmp_path / "cpom", python="/opt/l’outil/python")
    assert autre.read_bytes() == classeur.read_bytes()


def test_chaque_bouton_lance_une_procedure_publique_sans_argument(classeur: Path) -> None:
    publiques = set(re.findall(r"^Public Sub (\w+)\(\)$", source(), re.MULTILINE))
    dessins = b"".join(octets for nom, octets in parties(classeur).items() if nom.endswith(".vml"))
    appelees = re.findall(r"<x:FmlaMacro>\[0\]!(\w+)</x:FmlaMacro>", dessins.decode())
    voulus = (*boutons.ACCUEIL, *boutons.PILOTAGE)
    assert sorted(appelees) == sorted(bouton.macro for bouton in voulus)
    assert set(appelees) == publiques
    demandes = re.findall(r"^Public Sub Cpomdocs\w+\(\)\n    Demander \"(\w+)\"", source(), re.MULTILINE)
    assert sorted(demandes) == sorted(bouton.action for bouton in voulus)


def test_l_analyse_du_projet_ne_trouve_rien(classeur: Path) -> None:
    """Variables non déclarées, procédures inconnues, blocs mal fermés."""
    fait = subprocess.run(
        [sys.executable, "-m", "pyvbaanalysis", "--whole-project", "--format", "json", str(classeur)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert fait.returncode == 0, fait.stdout + fait.stderr
    assert '"code"' not in fait.stdout and json.loads(fait.stdout)


def test_la_source_tient_dans_les_limites_de_vba() -> None:
    lignes = source().splitlines()
    assert lignes[0] == "Option Explicit"
    assert max(len(ligne) for ligne in lignes) <= 1023
    assert not re.search(r"(?:.* _\n){25}", source())
    noms = re.findall(r"(?:Sub|Function|Const|Dim|Private|ByVal) (\w+)", source())
    noms += re.findall(r", (\w+) As ", source())
    assert all(len(nom) <= 40 and nom[0].isalpha() for nom in noms)
    assert not {nom.lower() for nom in noms} & _MOTS_RESERVES
    assert "Declare " not in source() and "Shell.Application" not in source()


def test_la_macro_ne_nomme_ni_le_classeur_ni_le_dossier() -> None:
    assert not re.search(r"classeur-maitre|\.xls|sorties|cpomdocs\.toml", source())


def test_le_paquet_est_valide(classeur: Path) -> None:
    contenu = parties(classeur)
    types = etree.fromstring(contenu["[Content_Types].xml"])
    declares = {e.get("PartName") or e.get("Extension"): e.get("ContentType") for e in types}
    assert declares["/xl/workbook.xml"] == "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert declares["bin"] == "application/vnd.ms-office.vbaProject"
    liens = etree.fromstring(contenu["xl/_rels/workbook.xml.rels"])
    assert [e.get("Target") for e in liens if e.get("Type").endswith("/vbaProject")] == ["vbaProject.bin"]
    livre = etree.fromstring(contenu["xl/workbook.xml"])
    assert livre.find("{*}workbookPr").get("codeName") == projet.CLASSEUR
    cibles = {e.get("Id"): f"xl/{e.get('Target')}" for e in liens}
    feuilles = {}
    for feuille in livre.find("{*}sheets"):
        identifiant = next(v for cle, v in feuille.attrib.items() if cle.endswith("}id"))
        propriete = etree.fromstring(contenu[cibles[identifiant]]).find("{*}sheetPr")
        feuilles[feuille.get("name")] = propriete.get("codeName")
    assert feuilles == projet.modules()
    assert livre.find("{*}sheets")[-1].get("state") == "veryHidden"


def test_une_feuille_ajoutee_n_annonce_aucun_module(tmp_path: Path) -> None:
    """Excel lui en donne un ; un nom sans module l’arrêterait."""
    chemin = tmp_path / "c.xlsm"
    ecrire_classeur(chemin, None, [], ["/opt/python"], lambda livre: livre.add_worksheet("À moi"))
    contenu = parties(chemin)
    numero = len(projet.modules()) + 1
    assert b"codeName" not in contenu[f"xl/worksheets/sheet{numero}.xml"]
    assert all(b"codeName" in contenu[f"xl/worksheets/sheet{n}.xml"] for n in range(1, numero))


def test_sans_macros_le_classeur_n_en_porte_aucune_trace(tmp_path: Path) -> None:
    from cpomdocs.dossiers import creer_dossier

    chemin = creer_dossier(tmp_path / "cpom", macros=False)
    assert chemin.name == "classeur-maitre.xlsx"
    contenu = parties(chemin)
    assert not [nom for nom in contenu if "vba" in nom] and b"FmlaMacro" not in b"".join(contenu.values())
    assert b'name="Pilotage"' not in contenu["xl/workbook.xml"]


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_la_macro_relit_ce_que_python_code(excel: Any, texte: str) -> None:
    code = coder(texte)
    assert code.isascii() and "|" not in code and "\n" not in code
    relu = excel.run("Cpomdocs.Decoder", code)
    assert relu.encode("utf-16-le", "surrogatepass").decode("utf-16-le") == texte


chemins_windows = st.text(
    st.characters(codec="utf-8", exclude_characters='"*?<>|/:\n\r\0', exclude_categories=["Cc"]), min_size=1
)


@given(chemins_windows)
def test_la_ligne_de_commande_de_windows_rend_les_memes_arguments(excel: Any, nom: str) -> None:
    classeur, reponse = rf"C:\Dossier de l’été & 100%\{nom}.xlsm", r"C:\T\cpomdocs-1.txt"
    python = r"C:\Program Files\Python 3.13\pythonw.exe"
    ligne = excel.run("Cpomdocs.LigneDeCommande", python, "generer", classeur, "46000-7", reponse)
    assert decouper(ligne) == [
        python, "-P", "-m", "cpomdocs", "bouton", "generer", classeur,
        "--jeton", "46000-7", "--reponse", reponse,
    ]  # fmt: skip


def test_chaque_phrase_de_la_macro_est_dans_le_classeur(excel: Any) -> None:
    citees = set(re.findall(r'Phrase\("(\w+)"\)', source()))
    assert len(citees) >= 9
    for cle in citees:
        assert excel.run("Cpomdocs.Phrase", cle) != f"cpomdocs : {cle}"
    assert "L’enregistrer" in excel.run("Cpomdocs.Phrase", "jamais_enregistre")
    assert excel.run("Cpomdocs.Phrase", "inconnue") == "cpomdocs : inconnue"


def decouper(ligne: str) -> list[str]:
    """Les arguments d’une ligne de commande, selon les règles du démarrage des programmes C de Windows."""
    arguments, courant, cite, ouvert, rang = [], "", False, False, 0
    while rang < len(ligne):
        barres = len(ligne) - rang - len(ligne[rang:].lstrip("\\"))
        rang += barres
        if rang < len(ligne) and ligne[rang] == '"':
            courant += "\\" * (barres // 2)
            if barres % 2:
                courant += '"'
            else:
                cite, ouvert = not cite, True
            rang += 1
            continue
        courant += "\\" * barres
        if rang < len(ligne):
            if ligne[rang] in " \t" and not cite:
                if courant or ouvert:
                    arguments.append(courant)
                courant, ouvert = "", False
            else:
                courant += ligne[rang]
            rang += 1
    return [*arguments, courant] if courant or ouvert else arguments
