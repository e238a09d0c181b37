"""De quoi fabriquer et relire de petits classeurs dans les tests."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter

from cpomdocs.modeles.chemins import Valeur
from cpomdocs.modeles.types import Nature, Nom
from cpomdocs.saisies import CaseExcel, Saisie

REELS = Path(__file__).parents[2] / "shared" / "reels"
FEUILLE = "xl/worksheets/sheet1.xml"

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_LIENS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_GENRE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RACINE = (
    _LIENS
    + f'<Relationship Id="rId1" Type="{_GENRE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_CLASSEUR_LIENS = (
    _LIENS
    + f'<Relationship Id="rId1" Type="{_GENRE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
CLASSEUR = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_GENRE}"><sheets><sheet name="F" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
ENTETE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


def saisir(case: str, valeur: object, nature: Nom = "texte", texte: str | None = None) -> Saisie:
    """La saisie d’une valeur dans `Feuille!A1`."""
    feuille, _, cellule = case.rpartition("!")
    return Saisie(
        CaseExcel(feuille, cellule), Valeur("x.y", "Libellé", Nature(nature), valeur, "renseigne"), texte
    )


def brut(feuille: str, classeur: str = CLASSEUR, **parties: str) -> bytes:
    """Le classeur d’une feuille « F » dont on écrit le XML à la main."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        contenus = {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RACINE,
            "xl/workbook.xml": classeur,
            "xl/_rels/workbook.xml.rels": _CLASSEUR_LIENS,
            FEUILLE: feuille,
            **parties,
        }
        for nom, contenu in contenus.items():
            archive.writestr(zipfile.ZipInfo(nom, (2026, 1, 2, 3, 4, 6)), contenu, zipfile.ZIP_DEFLATED)
    return tampon.getvalue()


def partie(octets: bytes, nom: str = FEUILLE) -> str:
    """Le texte d’une partie du zip."""
    return parties(octets)[nom].decode("utf-8")


def parties(octets: bytes) -> dict[str, bytes]:
    """Le contenu de chaque partie, relu par la bibliothèque standard."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.testzip() is None
        return {nom: archive.read(nom) for nom in archive.namelist()}


def ouvrir(octets: bytes, **options: bool) -> openpyxl.Workbook:
    """Le classeur lu par openpyxl, qui avertit de tout ce qu’il perdrait en enregistrant."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(octets), **options)


def relire(octets: bytes, case: str) -> object:
    """La valeur d’une cellule, relue par openpyxl."""
    feuille, _, cellule = case.rpartition("!")
    return ouvrir(octets)[feuille][cellule].value


def formulaire() -> bytes:
    """Un formulaire comme ceux d’une autorité : feuille protégée, listes, formules, fusion, graphique."""
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(tampon, {"in_memory": True})
    libre = classeur.add_format({"locked": False})
    date = classeur.add_format({"locked": False, "num_format": "dd/mm/yyyy"})
    texte = classeur.add_format({"locked": False, "num_format": "@"})
    feuille = classeur.add_worksheet("Activité")
    listes = classeur.add_worksheet("Listes")
    feuille.protect("secret")
    for ligne, valeur in enumerate(("Accueil de jour", "Hébergement permanent", "Été", 2026)):
        listes.write(ligne, 0, valeur)
    classeur.define_name("choix", "=Listes!$A$1:$A$4")
    feuille.write("A1", "Établissement")
    for cellule in ("B1", "B4", "B5", "B6", "B10", "B11", "B12", "B13", "B14"):
        feuille.write_blank(cellule, None, libre)
    feuille.write_blank("B2", None, date)
    feuille.write_blank("B3", None, texte)
    feuille.write_formula("B7", "=SUM(B4:B6)", None, 77)
    feuille.write_formula("C7", '=IF(B7>0,"oui","non")', None, "oui")
    feuille.write_array_formula("D1:D3", "{=B4:B6*2}", None, 8)
    feuille.merge_range("A20:C21", "", libre)
    feuille.insert_checkbox("B8", True, classeur.add_format({"locked": False}))
    feuille.set_column("H:H", 12, date)
    feuille.set_row(29, 20, texte)
    feuille.data_validation("B10", {"validate": "list", "source": ["Oui", "Non"]})
    feuille.data_validation("B11", {"validate": "list", "source": "=Listes!$A$1:$A$4"})
    feuille.data_validation("B12", {"validate": "list", "source": "=choix"})
    feuille.data_validation("B13", {"validate": "list", "source": '=INDIRECT("Listes!A1:A4")'})
    feuille.data_validation(
        "B14", {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 10}
    )
    feuille.conditional_format("B4:B6", {"type": "data_bar", "bar_solid": True})
    graphique = classeur.add_chart({"type": "column"})
    graphique.add_series({"values": "=Activité!$B$4:$B$6"})
    feuille.insert_chart("J2", graphique)
    feuille.insert_textbox("J20", "Ne pas modifier")
    listes.add_table("C1:D3", {"name": "Tableau", "columns": [{"header": "Code"}, {"header": "Nom"}]})
    classeur.close()
    return tampon.getvalue()
