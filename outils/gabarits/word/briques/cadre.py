"""L’habillage des formulaires de l’autorité fictive : en-têtes, pieds de page, bandeaux, zones réservées."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section, _Footer, _Header
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from outils.gabarits.word.briques.commun import (
    BLEU,
    GRIS,
    GRIS_TEXTE,
    PALE,
    SARCELLE,
    cellule,
    champ,
    colorer,
    ecrire,
    solidaire,
    tableau,
)
from outils.gabarits.word.briques.logo import logo

Remplir = Callable[[Paragraph], None]


def premier_en_tete(section: Section, mention: str, reference: str) -> None:
    """L’en-tête de la première page : le logo, la référence du formulaire, la mention d’exemple fictif."""
    section.different_first_page_header_footer = True
    en_tete = section.first_page_header
    en_tete.is_linked_to_previous = False
    table = en_tete.add_table(1, 2, Cm(17.4))
    table.autofit = False
    for case, largeur in zip(table.rows[0].cells, (8.4, 9), strict=True):
        case.width = Cm(largeur)
    image = logo("Val-d’Exemple", "Autorité fictive – exemple")
    table.cell(0, 0).paragraphs[0].add_run().add_picture(io.BytesIO(image), width=Cm(6.2))
    droite = table.cell(0, 1).paragraphs[0]
    droite.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    ecrire(droite, "Direction de l’autonomie", gras=True, couleur=BLEU)
    for ligne in ("Pôle contractualisation médico-sociale", reference):
        suite = table.cell(0, 1).add_paragraph()
        suite.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        suite.paragraph_format.space_after = Pt(0)
        ecrire(suite, ligne, couleur=GRIS_TEXTE, taille=8.5)
    _filet(_mention(en_tete, mention))
    _retirer_vide(en_tete)


def en_tete_courant(section: Section, mention: str, gauche: str, remplir: Remplir | None) -> Paragraph:
    """L’en-tête des pages suivantes : le titre court, un contrôle à droite, la mention d’exemple fictif."""
    en_tete = section.header
    en_tete.is_linked_to_previous = False
    ligne = en_tete.paragraphs[0]
    droite = section.page_width - section.left_margin - section.right_margin
    ligne.paragraph_format.tab_stops.add_tab_stop(droite, alignment=2)
    ligne.paragraph_format.space_after = Pt(2)
    ecrire(ligne, gauche, gras=True, couleur=BLEU, taille=8.5)
    ligne.add_run("\t")
    if remplir is not None:
        remplir(ligne)
    _filet(_mention(en_tete, mention))
    return ligne


def pied(section: Section, texte: str, total: str) -> None:
    """Le même pied de page partout : la version du formulaire et la page sur le total."""
    parties = [section.footer, section.first_page_footer]
    for partie in parties if section.different_first_page_header_footer else parties[:1]:
        partie.is_linked_to_previous = False
        ligne = partie.paragraphs[0]
        droite = section.page_width - section.left_margin - section.right_margin
        ligne.paragraph_format.tab_stops.add_tab_stop(droite, alignment=2)
        ecrire(ligne, texte + "\tPage ", couleur=GRIS_TEXTE, taille=7.5)
        champ(ligne, "PAGE", "1", taille=7.5)
        ecrire(ligne, " sur ", couleur=GRIS_TEXTE, taille=7.5)
        champ(ligne, "NUMPAGES", total, taille=7.5)


def titre_de_couverture(document: TypeDocument, titre: str, sous_titre: str, *, avant: float = 6) -> None:
    """Le titre du formulaire, centré, souligné d’un filet de couleur."""
    grand = document.add_paragraph()
    grand.alignment = WD_ALIGN_PARAGRAPH.CENTER
    grand.paragraph_format.space_before, grand.paragraph_format.space_after = Pt(avant), Pt(2)
    ecrire(grand, titre, gras=True, couleur=BLEU, taille=17)
    petit = document.add_paragraph()
    petit.alignment = WD_ALIGN_PARAGRAPH.CENTER
    petit.paragraph_format.space_after = Pt(8)
    ecrire(petit, sous_titre, couleur=SARCELLE, taille=11)


def libelles(table: Table, ligne: int, paires: Sequence[tuple[str, Remplir | None]]) -> None:
    """Une ligne de tableau « libellé | à remplir », une ou deux fois ; `None` laisse la cellule vide."""
    for rang, (texte, remplir) in enumerate(paires):
        cellule(table.cell(ligne, 2 * rang), texte, fond=PALE, couleur=BLEU)
        if remplir is not None:
            remplir(cellule(table.cell(ligne, 2 * rang + 1)))


def zone_reservee(document: TypeDocument, lignes: Sequence[str], titre: str) -> Table:
    """La zone grise que seule l’autorité remplit : deux colonnes, libellés et cellules vides."""
    table = tableau(document, (6.2, 11.2), len(lignes) + 1)
    bandeau = table.cell(0, 0).merge(table.cell(0, 1))
    cellule(bandeau, titre, fond="7F7F7F", gras=True, couleur="FFFFFF", centre=True)
    for rang, texte in enumerate(lignes, 1):
        cellule(table.cell(rang, 0), texte, fond=GRIS, italique=True)
        colorer(table.cell(rang, 1), GRIS)
    for rangee in table.rows[:-1]:
        solidaire(rangee)
    return table


def reserver(*cases: _Cell) -> None:
    """Grise des cellules réservées à l’autorité."""
    for case in cases:
        colorer(case, GRIS)


def _mention(partie: _Header | _Footer, texte: str) -> Paragraph:
    paragraphe = partie.add_paragraph(style="Mention")
    paragraphe.paragraph_format.space_after = Pt(4)
    ecrire(paragraphe, texte + ".", couleur="B00020")
    return paragraphe


def _filet(paragraphe: Paragraph) -> None:
    bord = f'<w:bottom w:val="single" w:sz="8" w:space="3" w:color="{SARCELLE}"/>'
    paragraphe._p.get_or_add_pPr().insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{bord}</w:pBdr>"), "w:spacing", "w:ind", "w:jc"
    )


def _retirer_vide(partie: _Header) -> None:
    vide = partie.paragraphs[0]
    if not vide.text:
        vide._p.getparent().remove(vide._p)
