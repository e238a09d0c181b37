"""De petits documents Word écrits en XML brut, et des saisies, pour les essais."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

from cpomdocs.modeles.chemins import Valeur
from cpomdocs.modeles.types import Nature
from cpomdocs.saisies import Saisie, lire_case

_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" mc:Ignorable="w14 w15"'
)
_ENTETE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_PAQUET = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_MAGASIN = "{11111111-2222-3333-4444-555555555555}"
_COEUR = "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"

STYLES = (
    f"{_ENTETE}<w:styles {_NS}>"
    '<w:style w:type="character" w:styleId="Textedelespacerserv"><w:name w:val="Placeholder Text"/>'
    '<w:rPr><w:color w:val="808080"/></w:rPr></w:style></w:styles>'
)


def docx(
    corps: str,
    *,
    entete: str = "",
    pied: str = "",
    notes: str = "",
    magasin: str = "",
    titre: str = "",
    reglages: str = "",
    societe: str | None = None,
    images: dict[str, bytes] | None = None,
) -> bytes:
    """Un document : le corps, et s’il y a lieu un en-tête, un pied, des notes, du XML lié, un titre, une
    société, des images PNG du corps (par identifiant de relation)."""
    relations = [("styles", "styles.xml")]
    types = {"word/document.xml": f"{_WORD}.document.main+xml", "word/styles.xml": f"{_WORD}.styles+xml"}
    parties: dict[str, str | bytes] = {"word/document.xml": ""}
    parties["word/styles.xml"] = STYLES
    parties["word/settings.xml"] = (
        f'{_ENTETE}<w:settings {_NS}><w:documentProtection w:edit="forms" w:enforcement="1"/>'
        f"{reglages}</w:settings>"
    )
    types["word/settings.xml"] = f"{_WORD}.settings+xml"
    relations.append(("settings", "settings.xml"))
    references = ""
    for genre, balise, texte in (("header", "hdr", entete), ("footer", "ftr", pied)):
        if texte:
            parties[f"word/{genre}1.xml"] = f"{_ENTETE}<w:{balise} {_NS}>{texte}</w:{balise}>"
            types[f"word/{genre}1.xml"] = f"{_WORD}.{genre}+xml"
            relations.append((genre, f"{genre}1.xml"))
            references += f'<w:{genre}Reference w:type="default" r:id="rId{len(relations)}"/>'
    if notes:
        parties["word/footnotes.xml"] = (
            f'{_ENTETE}<w:footnotes {_NS}><w:footnote w:id="1">{notes}</w:footnote></w:footnotes>'
        )
        types["word/footnotes.xml"] = f"{_WORD}.footnotes+xml"
        relations.append(("footnotes", "footnotes.xml"))
    paquet = [("officeDocument", "word/document.xml")]
    if magasin:
        relations.append(("customXml", "../customXml/item1.xml"))
        parties["customXml/item1.xml"] = magasin
        parties["customXml/itemProps1.xml"] = (
            f'<ds:datastoreItem ds:itemID="{_MAGASIN}" xmlns:ds="{_OFFICE}/customXml"><ds:schemaRefs/>'
            "</ds:datastoreItem>"
        )
        parties["customXml/_rels/item1.xml.rels"] = _relations([("customXmlProps", "itemProps1.xml")])
    if titre:
        parties["docProps/core.xml"] = (
            f'{_ENTETE}<cp:coreProperties xmlns:cp="{_PAQUET}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{titre}</dc:title></cp:coreProperties>'
        )
        types["docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
        paquet.append(("core-properties", "docProps/core.xml"))
    if societe is not None:
        etendues = f'xmlns="{_OFFICE}/extended-properties"'
        parties["docProps/app.xml"] = (
            f"{_ENTETE}<Properties {etendues}><Company>{societe}</Company></Properties>"
        )
        types["docProps/app.xml"] = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
        paquet.append(("extended-properties", "docProps/app.xml"))
    plus = ""
    for rang, (identifiant, octets) in enumerate((images or {}).items(), start=1):
        parties[f"word/media/image{rang}.png"] = octets
        types[f"word/media/image{rang}.png"] = "image/png"
        genre = f"{_OFFICE}/relationships/image"
        plus += f'<Relationship Id="{identifiant}" Target="media/image{rang}.png" Type="{genre}"/>'
    parties["word/_rels/document.xml.rels"] = _relations(relations, plus)
    section = _SECTION.replace("<w:sectPr>", f"<w:sectPr>{references}")
    parties["word/document.xml"] = (
        f"{_ENTETE}<w:document {_NS}><w:body>{corps}{section}</w:body></w:document>"
    )
    return _zipper({"[Content_Types].xml": _types(types), "_rels/.rels": _relations(paquet), **parties})


_SECTION = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'


def _relations(liste: list[tuple[str, str]], plus: str = "") -> str:
    famille = {"core-properties": f"{_PAQUET}/relationships/metadata"}
    lignes = "".join(
        f'<Relationship Id="rId{i}" Target="{cible}" '
        f'Type="{famille.get(genre, f"{_OFFICE}/relationships")}/{genre}"/>'
        for i, (genre, cible) in enumerate(liste, 1)
    )
    return f'{_ENTETE}<Relationships xmlns="{_PAQUET}/relationships">{lignes}{plus}</Relationships>'


def _types(types: dict[str, str]) -> str:
    lignes = "".join(f'<Override PartName="/{nom}" ContentType="{genre}"/>' for nom, genre in types.items())
    defauts = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'{_ENTETE}<Types xmlns="{_PAQUET}/content-types">{defauts}{lignes}</Types>'


def _zipper(parties: dict[str, str | bytes]) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in parties.items():
            archive.writestr(zipfile.ZipInfo(nom, (2026, 3, 31, 8, 0, 0)), contenu, zipfile.ZIP_DEFLATED)
    return tampon.getvalue()


def p(*passages: str, proprietes: str = "") -> str:
    """Un paragraphe."""
    return f"<w:p>{f'<w:pPr>{proprietes}</w:pPr>' if proprietes else ''}{''.join(passages)}</w:p>"


def r(texte: str, format_: str = "") -> str:
    """Un passage."""
    rpr = f"<w:rPr>{format_}</w:rPr>" if format_ else ""
    return f'<w:r>{rpr}<w:t xml:space="preserve">{texte}</w:t></w:r>'


def tableau(*lignes: list[str]) -> str:
    """Un tableau : chaque cellule est un texte, ou du XML qui commence par « < »."""
    rangees = "".join(f"<w:tr>{''.join(cellule(c) for c in ligne)}</w:tr>" for ligne in lignes)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{rangees}</w:tbl>"


def cellule(contenu: str, proprietes: str = "") -> str:
    if contenu.startswith(("<w:tc>", "<w:sdt>")):
        return contenu
    paragraphe = contenu if contenu.startswith("<") else p(r(contenu)) if contenu else p()
    return f"<w:tc><w:tcPr>{proprietes}</w:tcPr>{paragraphe}</w:tc>"


INVITE = "<w:showingPlcHdr/>"
PASSAGE_INVITE = r("Cliquez ici.", '<w:rStyle w:val="Textedelespacerserv"/>')


def controle(
    nom: str, genre: str, contenu: str = "", *, titre: str = "", plus: str = "", invite: bool = False
) -> str:
    """Un contrôle de contenu ; `genre` : l’élément qui dit son genre."""
    nommage = f'<w:alias w:val="{titre}"/>' if titre else ""
    nommage += f'<w:tag w:val="{nom}"/>' if nom else ""
    return (
        f"<w:sdt><w:sdtPr>{nommage}{plus}{INVITE if invite else ''}{genre}</w:sdtPr>"
        f"<w:sdtContent>{contenu or PASSAGE_INVITE}</w:sdtContent></w:sdt>"
    )


def champ(nom: str, genre: str, donnees: str = "", resultat: str | None = None) -> str:
    """Un champ de formulaire ; `genre` : FORMTEXT, FORMCHECKBOX ou FORMDROPDOWN."""
    nommage = f'<w:ffData><w:name w:val="{nom}"/><w:enabled/>{donnees}</w:ffData>' if nom else ""
    suite = "" if resultat is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{resultat}'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{nommage}</w:fldChar></w:r>'
        f'<w:bookmarkStart w:id="9" w:name="{nom}"/>'
        f'<w:r><w:instrText xml:space="preserve"> {genre} </w:instrText></w:r>'
        f'{suite}<w:r><w:fldChar w:fldCharType="end"/></w:r><w:bookmarkEnd w:id="9"/>'
    )


def liaison(chemin: str, magasin: str = _MAGASIN, prefixes: str = "") -> str:
    return f'<w:dataBinding w:prefixMappings="{prefixes}" w:xpath="{chemin}" w:storeItemID="{magasin}"/>'


def liaison_titre() -> str:
    prefixes = f"xmlns:a='http://purl.org/dc/elements/1.1/' xmlns:b='{_PAQUET}/metadata/core-properties'"
    return liaison("/b:coreProperties[1]/a:title[1]", _COEUR, prefixes)


COCHE = (
    '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
)
COCHE_WINGDINGS = (
    '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="00FE" w14:font="Wingdings"/>'
    '<w14:uncheckedState w14:val="00A8" w14:font="Wingdings"/></w14:checkbox>'
)


def saisie(case: str, valeur: object, *, texte: str | None = None) -> Saisie:
    """La saisie d’une valeur dans une case ; la nature se déduit du type."""
    noms = {str: "texte", int: "entier", bool: "booleen", Decimal: "montant"}
    nature = Nature(noms.get(type(valeur), "date"))
    etat = "vide" if valeur is None else "renseigne"
    return Saisie(lire_case(case, excel=False), Valeur(case, case, nature, valeur, etat), texte)
