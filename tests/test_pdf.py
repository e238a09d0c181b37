"""Les PDF : un par document, refaits quand il change, sans rien aller chercher au dehors."""

from __future__ import annotations

import http.server
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from fabriques import des_donnees, exige_libreoffice, poser_classeur, poser_formulaire

from cpomdocs import libreoffice
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.production import generer

CASES = '[cases]\n"Fiche!B2" = "etablissement.nom"\n'
exige_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext n’est pas installé")


def un_dossier(racine: Path, noms: dict[str, str]) -> Path:
    """Un dossier d’un formulaire Excel, un document par établissement."""
    saisir(racine, noms)
    poser_formulaire(racine, "fiche", CASES)
    return racine


def saisir(racine: Path, noms: dict[str, str]) -> None:
    poser_classeur(racine, des_donnees(*(Etablissement(code=code, nom=nom) for code, nom in noms.items())))


def texte(pdf: Path) -> str:
    return subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout


@exige_libreoffice
@exige_pdftotext
def test_un_pdf_a_cote_de_chaque_document_refait_quand_il_change(tmp_path: Path) -> None:
    dossier = un_dossier(tmp_path / "Dossier d’été", {"A": "Les Chênes", "B": "Le Lac"})
    rapport = generer(dossier, pdf=True)
    a, b = (dossier / d.chemin for d in rapport.documents)
    assert "Les Chênes" in texte(a.with_suffix(".pdf"))
    assert "Le Lac" in texte(b.with_suffix(".pdf"))

    avant = b.with_suffix(".pdf").stat().st_mtime_ns
    saisir(dossier, {"A": "Les Ormes", "B": "Le Lac"})
    rapport = generer(dossier, pdf=True)
    assert [d.statut for d in rapport.documents] == ["remplace", "inchange"]
    assert "Les Ormes" in texte(a.with_suffix(".pdf"))
    assert b.with_suffix(".pdf").stat().st_mtime_ns == avant


@exige_libreoffice
def test_un_pdf_de_la_personne_n_est_pas_ecrase(tmp_path: Path) -> None:
    dossier = un_dossier(tmp_path, {"A": "Les Chênes"})
    (document,) = generer(dossier).documents
    sien = (dossier / document.chemin).with_suffix(".pdf")
    sien.write_bytes(b"%PDF-1.4 signe")
    rapport = generer(dossier, pdf=True)
    assert sien.read_bytes() == b"%PDF-1.4 signe"
    assert [a.code for a in rapport.anomalies if a.code.startswith("PD")] == ["PD-03"]
    assert sien.with_name(sien.stem + ".nouveau.pdf").read_bytes().startswith(b"%PDF")


@exige_libreoffice
def test_le_pdf_d_un_document_plus_demande_est_montre(tmp_path: Path) -> None:
    dossier = un_dossier(tmp_path, {"A": "Les Chênes", "B": "Le Lac"})
    generer(dossier, pdf=True)
    saisir(dossier, {"A": "Les Chênes"})
    orphelins = [d.chemin for d in generer(dossier).documents if d.statut == "orphelin"]
    assert sorted(Path(chemin).suffix for chemin in orphelins) == [".pdf", ".xlsx"]


def test_sans_libreoffice_une_phrase_le_dit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = un_dossier(tmp_path, {"A": "Les Chênes"})
    monkeypatch.setenv("PATH", str(tmp_path))
    if libreoffice.programme():
        pytest.skip("LibreOffice est installé hors du PATH")
    rapport = generer(dossier, pdf=True)
    (anomalie,) = [a for a in rapport.anomalies if a.code == "PD-01"]
    assert "LibreOffice n’est pas installé" in anomalie.message
    assert [d.statut for d in rapport.documents] == ["cree"]
    assert rapport.code_sortie == 1


@exige_libreoffice
def test_un_fichier_abime_n_arrete_pas_les_autres(tmp_path: Path) -> None:
    fichiers = [tmp_path / nom for nom in ("a.docx", "b.docx", "c.docx")]
    for fichier in fichiers:
        docx.Document().save(str(fichier))
    fichiers[1].write_bytes(b"PK\x03\x04 rien")
    rendus = dict(libreoffice.convertir("soffice", fichiers, "pdf", tmp_path / "pdf"))
    assert {f.name for f, rendu in rendus.items() if rendu is None} == {"b.docx"}
    assert all(rendu.read_bytes().startswith(b"%PDF") for rendu in rendus.values() if rendu)


@pytest.mark.skipif(sys.platform == "win32", reason="un script tient lieu de programme")
def test_un_fichier_qui_bloque_est_abandonne_et_les_autres_convertis(tmp_path: Path) -> None:
    # Ce programme convertit comme LibreOffice, dans l’ordre, et se bloque sur « b ».
    programme = tmp_path / "lent"
    programme.write_text(
        f"#!{sys.executable}\n"
        "import sys, time, pathlib\n"
        "sortie = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        "sortie.mkdir(exist_ok=True)\n"
        "for source in map(pathlib.Path, sys.argv[sys.argv.index('--outdir') + 2:]):\n"
        "    time.sleep(60 if source.stem == 'b' else 0)\n"
        "    (sortie / (source.stem + '.pdf')).write_text('fait')\n"
    )
    programme.chmod(programme.stat().st_mode | stat.S_IXUSR)
    fichiers = [tmp_path / f"{nom}.docx" for nom in "abcd"]
    rendus = dict(libreoffice.convertir(str(programme), fichiers, "pdf", tmp_path / "pdf", delai=2))
    assert {f.stem for f, rendu in rendus.items() if rendu} == {"a", "c", "d"}
    assert set(rendus) == set(fichiers)
    actifs = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(programme) not in actifs


@pytest.fixture
def serveur() -> Iterator[tuple[str, list[str]]]:
    """Un serveur du voisinage, et ce qu’on lui a demandé."""
    demandes: list[str] = []

    class Guichet(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            demandes.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    for methode in ("HEAD", "OPTIONS", "PROPFIND"):
        setattr(Guichet, f"do_{methode}", Guichet.do_GET)
    guichet = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Guichet)
    threading.Thread(target=guichet.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{guichet.server_port}/image.png", demandes
    guichet.shutdown()
    guichet.server_close()


def avec_une_image_du_dehors(fichier: Path, adresse: str) -> None:
    """Un document dont une image est liée à une adresse."""
    document = docx.Document()
    lien = document.part.rels.get_or_add_ext_rel(RELATIONSHIP_TYPE.IMAGE, adresse)
    schemas = "http://schemas.openxmlformats.org"
    document.add_paragraph("image :")._p.append(
        parse_xml(
            f'<w:r xmlns:w="{schemas}/wordprocessingml/2006/main" '
            f'xmlns:wp="{schemas}/drawingml/2006/wordprocessingDrawing" '
            f'xmlns:a="{schemas}/drawingml/2006/main" xmlns:pic="{schemas}/drawingml/2006/picture" '
            f'xmlns:r="{schemas}/officeDocument/2006/relationships"><w:drawing><wp:inline>'
            '<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="i"/><a:graphic>'
            f'<a:graphicData uri="{schemas}/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            '<pic:cNvPr id="1" name="i"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
            f'<a:blip r:link="{lien}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
            '<a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
            '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
            "</w:drawing></w:r>"
        )
    )
    document.save(str(fichier))


@exige_libreoffice
def test_la_conversion_ne_va_rien_chercher_au_dehors(tmp_path: Path, serveur: tuple[str, list[str]]) -> None:
    adresse, demandes = serveur
    fichier = tmp_path / "lie.docx"
    avec_une_image_du_dehors(fichier, adresse)
    sans_garde = tmp_path / "sans-garde"
    profil = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    commande = [
        "soffice",
        profil,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(sans_garde),
        str(fichier),
    ]
    subprocess.run(commande, check=True, capture_output=True, timeout=120)
    assert demandes, "LibreOffice, laissé à ses réglages, va chercher l’image : l’essai a un sens"
    demandes.clear()
    ((_, rendu),) = libreoffice.convertir("soffice", [fichier], "pdf", tmp_path / "pdf")
    assert rendu is not None and rendu.read_bytes().startswith(b"%PDF")
    assert demandes == []
