"""Les endroits à remplir d’un formulaire Word : contrôles de contenu, signets, zone de texte, notes."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as TypeDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_ESPACES = (
    f'xmlns:w="{W}" xmlns:w14="{W14}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)


class Fabrique:
    """Fabrique les contrôles et les signets d’un document, chacun avec un numéro qui n’est qu’à lui."""

    def __init__(self, base: int) -> None:
        self._numeros = itertools.count(base, 7919)
        self._signets = itertools.count(1)

    def texte(
        self,
        paragraphe: Paragraph,
        balise: str,
        titre: str,
        invite: str,
        *,
        multiligne: bool = False,
        lien: str = "",
    ) -> None:
        """Un contrôle de texte brut, dans le fil du paragraphe ; `lien` : sa donnée liée."""
        genre = lien + ('<w:text w:multiLine="1"/>' if multiligne else "<w:text/>")
        paragraphe._p.append(self._controle(balise, titre, genre, _invite(invite)))

    def date(self, paragraphe: Paragraph, balise: str, titre: str, modele: str = "dd/MM/yyyy") -> None:
        """Un contrôle de date, qui montre le jour sous la forme `modele`."""
        genre = (
            f'<w:date><w:dateFormat w:val={quoteattr(modele)}/><w:lid w:val="fr-FR"/>'
            '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
        )
        paragraphe._p.append(self._controle(balise, titre, genre, _invite("Choisir une date")))

    def liste(self, paragraphe: Paragraph, balise: str, titre: str, choix: Iterable[tuple[str, str]]) -> None:
        """Une liste déroulante ; `choix` : (texte montré, valeur)."""
        elements = "".join(
            f"<w:listItem w:displayText={quoteattr(texte)} w:value={quoteattr(valeur)}/>"
            for texte, valeur in [("Choisir un élément", ""), *choix]
        )
        genre = f"<w:dropDownList>{elements}</w:dropDownList>"
        paragraphe._p.append(self._controle(balise, titre, genre, _invite("Choisir un élément")))

    def coche(self, paragraphe: Paragraph, balise: str, titre: str) -> None:
        """Une case à cocher, vide."""
        genre = (
            '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
        )
        police = (
            '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/>'
        )
        contenu = f"<w:r><w:rPr>{police}</w:rPr><w:t>☐</w:t></w:r>"
        paragraphe._p.append(self._controle(balise, titre, genre, contenu, invite=False))

    def bloc(self, paragraphe: Paragraph, balise: str, titre: str, invite: str) -> None:
        """Un contrôle de texte enrichi qui enveloppe tout le paragraphe."""
        proprietes = paragraphe._p.pPr
        contenu = f"<w:p>{_invite(invite)}</w:p>"
        controle = self._controle(balise, titre, "", contenu)
        if proprietes is not None:
            controle.find(f".//{qn('w:p')}").insert(0, copy.deepcopy(proprietes))
        paragraphe._p.getparent().replace(paragraphe._p, controle)

    def cellule(self, case: _Cell, balise: str, titre: str, invite: str, lien: str = "") -> None:
        """Un contrôle de texte brut qui enveloppe toute la cellule du tableau."""
        paragraphe = case.paragraphs[0]
        paragraphe._p.append(_element(_invite(invite)))
        controle = self._controle(balise, titre, f"{lien}<w:text/>", "")
        case._tc.addprevious(controle)
        controle.find(qn("w:sdtContent")).append(case._tc)

    def signet(self, paragraphe: Paragraph, nom: str, texte: str) -> None:
        """Un signet autour d’un texte d’attente."""
        numero = next(self._signets)
        paragraphe._p.append(_element(f'<w:bookmarkStart w:id="{numero}" w:name={quoteattr(nom)}/>'))
        paragraphe.add_run(texte)
        paragraphe._p.append(_element(f'<w:bookmarkEnd w:id="{numero}"/>'))

    def _controle(
        self, balise: str, titre: str, genre: str, contenu: str, *, invite: bool = True
    ) -> BaseOxmlElement:
        montre = "<w:showingPlcHdr/>" if invite else ""
        return _element(
            f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(titre)}/><w:tag w:val={quoteattr(balise)}/>"
            f'<w:id w:val="{next(self._numeros)}"/>{montre}{genre}</w:sdtPr>'
            f"<w:sdtContent>{contenu}</w:sdtContent></w:sdt>"
        )

    def zone_de_texte(
        self, paragraphe: Paragraph, titre: str, balise: str, libelle: str, *, taille_cm: tuple[float, float]
    ) -> None:
        """Une zone de texte ancrée à droite, écrite deux fois : le dessin, puis sa copie de repli."""
        largeur, hauteur = (round(mesure * 360_000) for mesure in taille_cm)
        contenus = []
        for _ in range(2):
            gabarit = parse_xml(
                f"<w:txbxContent {_ESPACES}>{_contenu_de_zone(titre, libelle)}</w:txbxContent>"
            )
            controle = self._controle(balise, libelle, "<w:text/>", _invite("9 caractères"))
            gabarit.findall(qn("w:p"))[-1].append(controle)
            contenus.append(_texte_xml(gabarit))
        style = (
            f"position:absolute;margin-left:0;margin-top:0;width:{taille_cm[0] * 28.35:.1f}pt;"
            f"height:{taille_cm[1] * 28.35:.1f}pt;z-index:251659264;mso-position-horizontal:right;"
            "mso-position-horizontal-relative:margin"
        )
        paragraphe._p.append(
            _element(_ZONE.format(l=largeur, h=hauteur, dessin=contenus[0], copie=contenus[1], style=style))
        )


_ZONE = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
    '<wp:anchor distT="45720" distB="45720" distL="114300" distR="114300" simplePos="0" '
    'relativeHeight="251659264" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
    '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="margin"><wp:align>right</wp:align></wp:positionH>'
    '<wp:positionV relativeFrom="paragraph"><wp:posOffset>25000</wp:posOffset></wp:positionV>'
    '<wp:extent cx="{l}" cy="{h}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
    '<wp:wrapSquare wrapText="bothSides"/><wp:docPr id="217" name="Zone de texte 2" '
    'descr="Cadre d’identification rapide"/>'
    "<wp:cNvGraphicFramePr/><a:graphic>"
    '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{l}" cy="{h}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="E3EEF5"/></a:solidFill>'
    '<a:ln w="12700"><a:solidFill><a:srgbClr val="00767E"/></a:solidFill></a:ln></wps:spPr>'
    "<wps:txbx>{dessin}</wps:txbx>"
    '<wps:bodyPr rot="0" vert="horz" wrap="square" lIns="91440" tIns="45720" rIns="91440" bIns="45720" '
    'anchor="ctr" anchorCtr="0"><a:noAutofit/></wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor>'
    "</w:drawing></mc:Choice><mc:Fallback><w:pict>"
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
    '<v:shape id="Zone_x0020_de_x0020_texte_x0020_2" o:spid="_x0000_s1026" type="#_x0000_t202" '
    'style="{style}" '
    'fillcolor="#e3eef5" strokecolor="#00767e" strokeweight="1pt"><v:textbox>{copie}</v:textbox>'
    '<w10:wrap type="square" anchorx="margin"/></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>'
)


def donnees_liees(document: TypeDocument, racine: str, noms: Sequence[str]) -> dict[str, str]:
    """Ajoute au document un XML de données, une donnée vide par nom ; rend la liaison XML de chacune."""
    identifiant, espace = "{6F1D2C3B-4A5E-4B60-8C7D-9E0F1A2B3C4D}", f"urn:exemple-fictif:{racine}"
    vides = "".join(f"<{nom}/>" for nom in noms)
    ensemble = document.part.package
    item = Part(
        PackURI("/customXml/item2.xml"),
        "application/xml",
        f'<?xml version="1.0" encoding="UTF-8"?><{racine} xmlns="{espace}">{vides}</{racine}>'.encode(),
        ensemble,
    )
    magasin = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    proprietes = Part(
        PackURI("/customXml/itemProps2.xml"),
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        f'<?xml version="1.0" encoding="UTF-8" standalone="no"?><ds:datastoreItem ds:itemID="{identifiant}" '
        f'xmlns:ds="{magasin}"><ds:schemaRefs><ds:schemaRef ds:uri="{espace}"/></ds:schemaRefs>'
        "</ds:datastoreItem>".encode(),
        ensemble,
    )
    document.part.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)
    item.relate_to(proprietes, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    return {
        nom: f"<w:dataBinding w:prefixMappings=\"xmlns:d='{espace}'\" "
        f'w:xpath="/d:{racine}[1]/d:{nom}[1]" w:storeItemID="{identifiant}"/>'
        for nom in noms
    }


def notes_de_bas_de_page(document: TypeDocument, textes: Sequence[str]) -> list[int]:
    """Ajoute les notes de bas de page du document ; rend leurs numéros, à passer à `appel_de_note`."""
    separateurs = "".join(
        f'<w:footnote w:type="{genre}" w:id="{numero}"><w:p><w:r><w:{marque}/></w:r></w:p></w:footnote>'
        for genre, numero, marque in (
            ("separator", -1, "separator"),
            ("continuationSeparator", 0, "continuationSeparator"),
        )
    )
    notes = "".join(
        f'<w:footnote w:id="{numero}"><w:p><w:pPr><w:pStyle w:val="Mention"/></w:pPr>{_EXPOSANT}'
        f'<w:r><w:t xml:space="preserve"> {escape(texte)}</w:t></w:r></w:p></w:footnote>'
        for numero, texte in enumerate(textes, 1)
    )
    xml = f"<w:footnotes {_ESPACES}>{separateurs}{notes}</w:footnotes>".encode()
    genre = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    partie = Part(PackURI("/word/footnotes.xml"), genre, xml, document.part.package)
    document.part.relate_to(partie, RELATIONSHIP_TYPE.FOOTNOTES)
    regler(document, '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>', "compat")
    return list(range(1, len(textes) + 1))


_EXPOSANT = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'


def proteger_en_formulaire(document: TypeDocument) -> None:
    """Protège le document : on ne peut y remplir que les champs et les contrôles (sans mot de passe)."""
    regler(document, '<w:documentProtection w:edit="forms" w:enforcement="1"/>', "defaultTabStop")


def ouvrir_section(section: Section) -> None:
    """Soustrait une section à la protection des formulaires : on peut y écrire partout."""
    proprietes = section._sectPr
    suivants = [qn(f"w:{nom}") for nom in ("vAlign", "noEndnote", "titlePg", "textDirection", "docGrid")]
    place = next((enfant for enfant in proprietes if enfant.tag in suivants), None)
    element = _element('<w:formProt w:val="0"/>')
    if place is None:
        proprietes.append(element)
    else:
        place.addprevious(element)


def regler(document: TypeDocument, xml: str, avant: str) -> None:
    """Ajoute un réglage au document, à la place que le schéma lui donne (juste avant le réglage `avant`)."""
    reglages = document.settings.element
    reglages.find(qn(f"w:{avant}")).addprevious(_element(xml))


def appel_de_note(paragraphe: Paragraph, numero: int) -> None:
    """Appelle une note de bas de page à la fin du paragraphe."""
    run = paragraphe.add_run()
    run.font.superscript = True
    run._r.append(_element(f'<w:footnoteReference w:id="{numero}"/>'))


def _contenu_de_zone(titre: str, libelle: str) -> str:
    centre = '<w:pPr><w:pStyle w:val="Cellule"/></w:pPr>'
    gras = '<w:rPr><w:b/><w:color w:val="00767E"/></w:rPr>'
    return (
        f"<w:p>{centre}<w:r>{gras}<w:t>{escape(titre)}</w:t></w:r></w:p>"
        f"<w:p>{centre}<w:r><w:t>{escape(libelle)}</w:t></w:r></w:p><w:p>{centre}</w:p>"
    )


def _invite(texte: str) -> str:
    style = '<w:rPr><w:rStyle w:val="Textedelespacerserv"/><w:color w:val="767676"/></w:rPr>'
    return f'<w:r>{style}<w:t xml:space="preserve">{escape(texte)}</w:t></w:r>'


def _element(xml: str) -> BaseOxmlElement:
    fin = next(i for i, lettre in enumerate(xml) if lettre in " />" and i > 0)
    return parse_xml(f"{xml[:fin]} {_ESPACES}{xml[fin:]}")


def _texte_xml(element: BaseOxmlElement) -> str:
    return str(etree.tostring(element, encoding="unicode"))
