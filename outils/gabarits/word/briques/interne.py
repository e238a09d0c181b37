"""L’habillage des documents internes de la démarche : en-tête du gestionnaire, pied, titre, encadrés."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as TypeDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from outils.gabarits.word.briques.cadre import pied
from outils.gabarits.word.briques.commun import (
    BLEU,
    GRIS_TEXTE,
    PALE,
    SARCELLE,
    cellule,
    ecrire,
    nouveau_document,
    solidaire,
    tableau,
)
from outils.gabarits.word.briques.paquet import sans_vignette

VERT, ORANGE, ROUGE, BLANC = "D5EBD0", "FFE7B3", "F6C9C4", "FFFFFF"
ARRETE = (
    "{% if parametres.date_reference %} – données au {{ parametres.date_reference|date_longue }}{% endif %}"
)


def document_interne(titre: str, *, taille: float = 10, paysage: bool = False) -> TypeDocument:
    """Un document A4 du gestionnaire : son nom en haut, le titre et la page en bas."""
    document = nouveau_document(titre, "Démarche CPOM", taille=taille)
    sans_vignette(document)
    proprietes = document.core_properties
    proprietes.author = proprietes.last_modified_by = "{{ gestionnaire.raison_sociale }}"
    proprietes.comments = "Document interne."
    section = document.sections[0]
    if paysage:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Cm(1.5 if paysage else 2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.7)
    ligne = section.header.paragraphs[0]
    droite = section.page_width - section.left_margin - section.right_margin
    ligne.paragraph_format.tab_stops.add_tab_stop(droite, alignment=2)
    ecrire(ligne, "{{ gestionnaire.raison_sociale }}", gras=True, couleur=BLEU, taille=8.5)
    ecrire(ligne, "\t{{ contrat.intitule|default('Préparation du CPOM') }}", couleur=GRIS_TEXTE, taille=8.5)
    filet(ligne)
    pied(section, titre + ARRETE, "1")
    return document


def titre_interne(document: TypeDocument, titre: str, sous_titre: str = "") -> None:
    """Le titre du document, à gauche, sous un filet de couleur ; `sous_titre` : une ligne au-dessous."""
    grand = document.add_paragraph()
    grand.paragraph_format.space_after = Pt(2)
    ecrire(grand, titre, gras=True, couleur=BLEU, taille=17)
    if sous_titre:
        petit = document.add_paragraph()
        petit.paragraph_format.space_after = Pt(8)
        ecrire(petit, sous_titre, couleur=SARCELLE, taille=11)


def filet(paragraphe: Paragraph) -> None:
    """Un trait de couleur sous le paragraphe."""
    bord = f'<w:bottom w:val="single" w:sz="8" w:space="3" w:color="{SARCELLE}"/>'
    paragraphe._p.get_or_add_pPr().insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{bord}</w:pBdr>"), "w:tabs", "w:spacing", "w:ind", "w:jc"
    )


def fiche(
    document: TypeDocument, lignes: Sequence[tuple[str, str]], *, largeurs: tuple[float, float] = (5, 12)
) -> Table:
    """Un tableau « libellé | texte », une ligne par couple."""
    table = tableau(document, largeurs, len(lignes))
    for rang, (libelle, texte) in enumerate(lignes):
        cellule(table.cell(rang, 0), libelle, fond=PALE, gras=True, couleur=BLEU)
        cellule(table.cell(rang, 1), texte)
    return table


def encadre(document: TypeDocument, texte: str, *, couleur: str = PALE, largeur: float = 17) -> Paragraph:
    """Un court texte sur fond de couleur."""
    table = tableau(document, (largeur,), 1)
    return cellule(table.cell(0, 0), texte, fond=couleur)


def figure(document: TypeDocument, balise: str) -> None:
    """Un graphique, seul et centré dans son paragraphe."""
    paragraphe = document.add_paragraph()
    paragraphe.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraphe.add_run(balise)


def respiration(document: TypeDocument, points: float = 4) -> None:
    """Un petit blanc, par exemple entre deux tableaux."""
    vide = document.add_paragraph()
    vide.paragraph_format.space_after = Pt(0)
    vide.paragraph_format.line_spacing = Pt(points)


def saut_de_page(paragraphe: Paragraph) -> None:
    """Fait commencer une page au paragraphe."""
    paragraphe.paragraph_format.page_break_before = True


def a_la_verticale(case: _Cell) -> None:
    """Écrit le texte d’une cellule de bas en haut."""
    case._tc.get_or_add_tcPr().append(OxmlElement("w:textDirection", {qn("w:val"): "btLr"}))


def souder(table: Table) -> None:
    """Garde les lignes du tableau sur la même page."""
    for rangee in table.rows[:-1]:
        solidaire(rangee)
