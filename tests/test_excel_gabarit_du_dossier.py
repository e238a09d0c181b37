"""Un gabarit qui n’est pas, tel quel, le fichier de l’autorité : préparé avec sa macro, ou converti."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur, poser_formulaire, un_gabarit_excel
from typer.testing import CliRunner

from cpomdocs import generer
from cpomdocs.cli import application
from cpomdocs.erreurs import ErreurFichier, ErreurFormulaire
from cpomdocs.formulaires.catalogue import charger_formulaire
from cpomdocs.formulaires.verification import verifier_formulaire
from cpomdocs.modeles.entites.identite import Etablissement

TILLEULS = Etablissement(code="TILLEULS", nom="Les Tilleuls", finess_et="010001436", type="EHPAD")
BLOC = """
[[feuilles]]
noms = "CRP {rang}"
[feuilles.cases]
B1 = "etablissement.nom"
"""
D_ORIGINE = f'"sha256:{"0" * 64}"'


def prepare(*feuilles: str) -> bytes:
    """Le cadre dont une personne a créé ces feuilles."""
    livre = openpyxl.load_workbook(io.BytesIO(un_gabarit_excel()))
    for nom in feuilles:
        livre.create_sheet(nom)["A1"] = "Nom"
    tampon = io.BytesIO()
    livre.save(tampon)
    return tampon.getvalue()


def poser(dossier: Path, gabarit: bytes, **entete: str) -> Path:
    entetes = {"portee": '"gestionnaire"', "sortie": '"crp.xlsx"', **entete}
    return poser_formulaire(dossier, "crp", BLOC, gabarit, **entetes)


def test_la_copie_preparee_avec_la_macro_sert_de_gabarit_au_dossier(tmp_path: Path) -> None:
    poser_classeur(tmp_path, des_donnees(TILLEULS))
    repertoire = poser(tmp_path, prepare("CRP 1"), a_preparer="true", empreinte=D_ORIGINE)
    verdict = verifier_formulaire(repertoire)
    assert (verdict.defauts, verdict.nature) == ([], "préparé")
    assert "Feuilles : Fiche · CRP 1." in verdict.remarques[0]
    rapport = generer(tmp_path)
    livre = openpyxl.load_workbook(tmp_path / "sorties/gestionnaire/crp.xlsx")
    assert livre["CRP 1"]["B1"].value == "Les Tilleuls"
    assert [a.gravite for a in rapport.anomalies if a.code == "FO-05"] == ["information"]


def test_une_copie_preparee_de_nouveau_refait_le_document(tmp_path: Path) -> None:
    poser_classeur(tmp_path, des_donnees(TILLEULS))
    poser(tmp_path, prepare("CRP 1"), a_preparer="true", empreinte=D_ORIGINE)
    generer(tmp_path)
    assert [d.statut for d in generer(tmp_path).documents] == ["inchange"]
    poser(tmp_path, prepare("CRP 1", "CRP 2"), a_preparer="true", empreinte=D_ORIGINE)
    assert [d.statut for d in generer(tmp_path).documents] == ["remplace"]


def test_le_fichier_de_l_autorite_encore_a_preparer_est_dit(tmp_path: Path) -> None:
    gabarit = prepare("CRP 1")
    empreinte = f'"sha256:{hashlib.sha256(gabarit).hexdigest()}"'
    verdict = verifier_formulaire(poser(tmp_path, gabarit, a_preparer="true", empreinte=empreinte))
    assert verdict.nature == "à préparer"
    assert "LISEZMOI" in verdict.remarques[0]


def test_sans_a_preparer_un_autre_fichier_reste_refuse(tmp_path: Path) -> None:
    with pytest.raises(ErreurFormulaire, match="n’est plus celui de la correspondance"):
        charger_formulaire(poser(tmp_path, prepare("CRP 1"), empreinte=D_ORIGINE))


def test_un_gabarit_converti_est_marque_partout(tmp_path: Path) -> None:
    poser_classeur(tmp_path, des_donnees(TILLEULS))
    poser(tmp_path, prepare("CRP 1"), converti="true")
    assert verifier_formulaire(tmp_path / "gabarits/crp").nature == "converti"
    lister = ["formulaire", "lister", str(tmp_path)]
    montre = CliRunner().invoke(application(), lister, env={"COLUMNS": "200"})
    assert "gabarit converti" in montre.output
    [anomalie] = [a for a in generer(tmp_path).anomalies if a.code == "FO-05"]
    assert "converti" in anomalie.message


def hostile(nom: str, contenu: bytes) -> bytes:
    """Un gabarit auquel s’ajoute, ou dont est remplacée, une partie."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(un_gabarit_excel())) as avant, zipfile.ZipFile(tampon, "w") as apres:
        for info in avant.infolist():
            if info.filename != nom:
                apres.writestr(info, avant.read(info))
        apres.writestr(nom, contenu)
    return tampon.getvalue()


_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="bin" ContentType="sheet.binary.macroEnabled"/></Types>'
)
_ANCIEN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    "octets",
    [
        _ANCIEN,
        _ANCIEN + "EncryptedPackage".encode("utf-16le"),
        hostile("_xmlsignatures/sig1.xml", b"<a/>"),
        hostile("[Content_Types].xml", _TYPES),
        hostile("_rels/.rels", b'<r xmlns="http://purl.oclc.org/ooxml/package"/>'),
    ],
    ids=["ancien", "chiffré", "signé", "binaire", "strict"],
)  # fmt: skip
def test_un_format_refuse_dit_de_l_enregistrer_et_de_le_marquer_converti(
    tmp_path: Path, octets: bytes
) -> None:
    with pytest.raises(ErreurFichier) as refus:
        charger_formulaire(poser(tmp_path, octets))
    assert "enregistrer" in refus.value.remede
    assert "converti = true" in refus.value.remede
