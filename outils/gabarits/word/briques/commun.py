"""Ce que les trois gabarits Word partagent : styles, paragraphes, tableaux, champs de pagination."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from docx import Document
from docx.document import Document as TypeDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

BLEU, SARCELLE, PALE, GRIS, GRIS_TEXTE, BORDURE = "1F3864", "00767E", "E3EEF5", "D9D9D9", "595959", "9FB3C8"
FICTIF = "Exemple fictif, à la manière {} ; ce n’est pas un document officiel"
_INSECABLE = re.compile(r" (?=[:;?!»€]|%(?!\}))|(?<=«) |(?<=N°) ")
_DATE = datetime.datetime(2026, 1, 12, 9, 0, 0)


def nouveau_document(titre: str, sujet: str, *, taille: float = 9.5) -> TypeDocument:
    """Un document A4 vide, en Arial, aux styles du gabarit ; sans vignette ni date du jour."""
    document = Document()
    for nom in [
        s.name for s in document.styles if s.type == WD_STYLE_TYPE.TABLE and s.name != "Normal Table"
    ]:
        document.styles[nom].delete()
    _police(document, taille)
    _styles(document, taille)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2)
    section.header_distance, section.footer_distance = Cm(0.9), Cm(0.8)
    proprietes = document.core_properties
    proprietes.title, proprietes.subject, proprietes.language = titre, sujet, "fr-FR"
    proprietes.author = proprietes.last_modified_by = "Autorité fictive (exemple)"
    proprietes.comments, proprietes.keywords = "Exemple fictif : ce n’est pas un document officiel.", ""
    proprietes.created = proprietes.modified = _DATE
    return document


def _police(document: TypeDocument, taille: float) -> None:
    defauts = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for enfant in list(defauts):
        defauts.remove(enfant)
    defauts.append(
        parse_xml(
            f'<w:rFonts {nsdecls("w")} w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/>'
        )
    )
    defauts.append(parse_xml(f'<w:sz {nsdecls("w")} w:val="{round(taille * 2)}"/>'))
    defauts.append(parse_xml(f'<w:szCs {nsdecls("w")} w:val="{round(taille * 2)}"/>'))
    defauts.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="fr-FR" w:eastAsia="fr-FR" w:bidi="ar-SA"/>'))
    paragraphes = document.styles.element.find(qn("w:docDefaults")).find(qn("w:pPrDefault"))
    for enfant in list(paragraphes):
        paragraphes.remove(enfant)


def _styles(document: TypeDocument, taille: float) -> None:
    normal = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(4)
    normal.paragraph_format.line_spacing = 1.08
    for niveau, corps, couleur, avant, apres in (
        (1, taille + 2, "FFFFFF", 11, 5),
        (2, taille + 1.5, SARCELLE, 10, 4),
        (3, taille + 0.5, BLEU, 8, 3),
    ):
        style = document.styles[f"Heading {niveau}"]
        _arial(style, corps, couleur, gras=True)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(avant), Pt(apres)
        style.paragraph_format.keep_with_next = True
    fond_du_style(document.styles["Heading 1"], BLEU)
    for nom, corps, couleur, italique in (
        ("Consigne", taille - 1, GRIS_TEXTE, True),
        ("Cellule", taille - 0.5, "000000", False),
        ("Mention", 7.5, GRIS_TEXTE, True),
    ):
        style = document.styles.add_style(nom, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _arial(style, corps, couleur)
        style.font.italic = italique
        style.paragraph_format.space_after = Pt(5 if nom == "Consigne" else 0)
        style.paragraph_format.line_spacing = 1
    for nom in ("Header", "Footer"):
        for taquets in document.styles[nom].element.pPr.findall(qn("w:tabs")):
            taquets.getparent().remove(taquets)
    invite = document.styles.add_style("Placeholder Text", WD_STYLE_TYPE.CHARACTER)
    invite.element.set(qn("w:styleId"), "Textedelespacerserv")
    del invite.element.attrib[qn("w:customStyle")]
    invite.font.color.rgb = RGBColor.from_string("767676")


def _arial(style: ParagraphStyle, taille: float, couleur: str, *, gras: bool = False) -> None:
    proprietes = style.element.get_or_add_rPr()
    for ancien in proprietes.findall(qn("w:rFonts")):
        proprietes.remove(ancien)
    style.font.name, style.font.size, style.font.bold = "Arial", Pt(taille), gras
    style.font.color.rgb = RGBColor.from_string(couleur)


def fond_du_style(style: ParagraphStyle, couleur: str) -> None:
    """Donne au paragraphe un fond de couleur, un peu plus haut que le texte."""
    bords = "".join(
        f'<w:{cote} w:val="single" w:sz="{epaisseur}" w:space="0" w:color="{couleur}"/>'
        for cote, epaisseur in (("top", 24), ("left", 34), ("bottom", 24), ("right", 34))
    )
    proprietes = style.element.get_or_add_pPr()
    style.paragraph_format.left_indent = style.paragraph_format.right_indent = Cm(0.15)
    proprietes.insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{bords}</w:pBdr>"), "w:shd", "w:spacing", "w:ind", "w:outlineLvl"
    )
    proprietes.insert_element_before(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{couleur}"/>'),
        "w:spacing",
        "w:ind",
        "w:outlineLvl",
    )


def ecrire(
    paragraphe: Paragraph,
    texte: str,
    *,
    gras: bool | None = None,
    italique: bool | None = None,
    couleur: str | None = None,
    taille: float | None = None,
    morceaux: int = 1,
) -> Run:
    """Ajoute du texte, espaces insécables posées ; `morceaux` le coupe en plusieurs runs, comme Word."""
    texte = _INSECABLE.sub("\u00a0", texte)
    pas = max(1, -(-len(texte) // morceaux))
    for debut in range(0, len(texte), pas) or (0,):
        run = paragraphe.add_run(texte[debut : debut + pas])
        run.bold, run.italic = gras, italique
        if couleur:
            run.font.color.rgb = RGBColor.from_string(couleur)
        if taille:
            run.font.size = Pt(taille)
        if debut + pas < len(texte):
            run._r.addnext(OxmlElement("w:proofErr", {qn("w:type"): "spellEnd"}))
    return run


def cellule(
    case: _Cell,
    texte: str = "",
    *,
    fond: str | None = None,
    gras: bool | None = None,
    italique: bool | None = None,
    couleur: str | None = None,
    centre: bool = False,
    taille: float | None = None,
    morceaux: int = 1,
) -> Paragraph:
    """Met un texte dans une cellule vide, au style « Cellule » ; rend son paragraphe."""
    paragraphe = case.paragraphs[0]
    paragraphe.style = "Cellule"
    if centre:
        paragraphe.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if texte:
        ecrire(
            paragraphe, texte, gras=gras, italique=italique, couleur=couleur, taille=taille, morceaux=morceaux
        )
    if fond:
        colorer(case, fond)
    return paragraphe


def colorer(case: _Cell, couleur: str) -> None:
    """Donne un fond à une cellule."""
    proprietes = case._tc.get_or_add_tcPr()
    for ancien in proprietes.findall(qn("w:shd")):
        proprietes.remove(ancien)
    proprietes.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{couleur}"/>'))
    centrage = proprietes.find(qn("w:vAlign"))
    if centrage is not None:
        proprietes.append(centrage)


def tableau(conteneur: TypeDocument | _Cell, largeurs: Sequence[float], lignes: int) -> Table:
    """Un tableau vide, bordé, aux largeurs fixes (en cm), cellules au style « Cellule »."""
    table = conteneur.add_table(lignes, len(largeurs))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    bords = "".join(
        f'<w:{cote} w:val="single" w:sz="4" w:space="0" w:color="{BORDURE}"/>'
        for cote in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    marges = "".join(
        f'<w:{cote} w:w="{valeur}" w:type="dxa"/>'
        for cote, valeur in (("top", 40), ("left", 85), ("bottom", 40), ("right", 85))
    )
    proprietes = table._tbl.tblPr
    largeur = proprietes.find(qn("w:tblW"))
    largeur.set(qn("w:w"), str(round(sum(largeurs) * 567)))
    largeur.set(qn("w:type"), "dxa")
    disposition = proprietes.find(qn("w:tblLayout"))
    disposition.addprevious(parse_xml(f"<w:tblBorders {nsdecls('w')}>{bords}</w:tblBorders>"))
    disposition.addnext(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{marges}</w:tblCellMar>"))
    for colonne, largeur_cm in zip(table.columns, largeurs, strict=True):
        colonne.width = Cm(largeur_cm)
    for ligne in table.rows:
        insecable(ligne)
        for case, largeur_cm in zip(ligne.cells, largeurs, strict=True):
            case.width = Cm(largeur_cm)
            case.vertical_alignment = 1
            case.paragraphs[0].style = "Cellule"
    return table


def insecable(ligne: _Row) -> None:
    """La ligne ne se coupe pas entre deux pages."""
    ligne._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def entete(*lignes: _Row) -> None:
    """Ces lignes se répètent en haut de chaque page, et n’en finissent aucune."""
    for ligne in lignes:
        ligne._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        solidaire(ligne)


def solidaire(ligne: _Row) -> None:
    """La ligne reste sur la même page que la suivante."""
    for case in ligne.cells:
        case.paragraphs[0].paragraph_format.keep_with_next = True


def fusionner(table: Table, coin: tuple[int, int], oppose: tuple[int, int]) -> _Cell:
    """Fusionne un rectangle de cellules (lignes et colonnes à partir de 0) ; rend la cellule réunie."""
    reunie = table.cell(*coin).merge(table.cell(*oppose))
    for vide in reunie.paragraphs[1:]:
        vide._p.getparent().remove(vide._p)
    return reunie


def intituler(
    table: Table, ligne: int, textes: Sequence[str], *, fond: str = PALE, couleur: str = BLEU
) -> None:
    """Remplit une ligne d’en-têtes, centrée et en gras ; une chaîne vide laisse la cellule."""
    for colonne, texte in enumerate(textes):
        if texte:
            cellule(table.cell(ligne, colonne), texte, fond=fond, gras=True, couleur=couleur, centre=True)


def champ(paragraphe: Paragraph, instruction: str, resultat: str, *, taille: float | None = None) -> None:
    """Un champ Word (PAGE, NUMPAGES…), avec le résultat montré avant calcul."""
    for genre, texte in (("begin", ""), ("", instruction), ("separate", ""), (None, resultat), ("end", "")):
        run = paragraphe.add_run(texte if genre is None else "")
        if taille:
            run.font.size = Pt(taille)
        if genre:
            run._r.append(OxmlElement("w:fldChar", {qn("w:fldCharType"): genre}))
        elif genre == "":
            run._r.append(
                parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {instruction} </w:instrText>')
            )
