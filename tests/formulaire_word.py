"""Un formulaire Word fictif : chaque genre de place, plusieurs fois, passages coupés ; et ce qui y va."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

from fabrique_word import (
    COCHE,
    COCHE_WINGDINGS,
    champ,
    controle,
    docx,
    liaison,
    liaison_titre,
    p,
    r,
    saisie,
    tableau,
)

from cpomdocs.saisies import Image, Saisie

JOUR = date(2026, 3, 31)
LISTE = (
    '<w:dropDownList w:lastValue="0"><w:listItem w:displayText="Public" w:value="1"/>'
    '<w:listItem w:displayText="Privé non lucratif" w:value="2"/></w:dropDownList>'
)
MODIFIABLE = LISTE.replace("dropDownList", "comboBox")
DATE = '<w:date><w:dateFormat w:val="dddd d MMMM yyyy"/><w:storeMappedDataAs w:val="date"/></w:date>'
MAGASIN = (
    '<?xml version="1.0" encoding="UTF-8"?><f><nom/><jour/><oui>false</oui><statut/><projet/>'
    '<logo/><sigle code=""/></f>'
)
_APP = "{6668398D-A668-4E3E-A5EB-62B293D839F1}"
_ETENDUES = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_DESSIN = "http://schemas.openxmlformats.org/drawingml/2006"
_RICHE = '<w15:dataBinding w:xpath="/f[1]/projet[1]" w:storeItemID="{11111111-2222-3333-4444-555555555555}"/>'


def png(largeur: int, hauteur: int, couleur: tuple[int, int, int] = (0, 90, 160)) -> bytes:
    """Une image PNG unie."""

    def bloc(genre: bytes, contenu: bytes) -> bytes:
        somme = zlib.crc32(genre + contenu)
        return struct.pack(">L", len(contenu)) + genre + contenu + struct.pack(">L", somme)

    lignes = (b"\0" + bytes(couleur) * largeur) * hauteur
    entete = struct.pack(">LLBBBBB", largeur, hauteur, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + bloc(b"IHDR", entete)
        + bloc(b"IDAT", zlib.compress(lignes))
        + bloc(b"IEND", b"")
    )


LOGO = Image(png(60, 20), "png", 60, 20)


def dessin(relation: str, cx: int = 914400, cy: int = 914400) -> str:
    """Un passage qui montre une image."""
    taille = f'cx="{cx}" cy="{cy}"'
    image = (
        f'<pic:pic xmlns:pic="{_DESSIN}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="image"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {taille}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    )
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DESSIN}/wordprocessingDrawing" xmlns:a="{_DESSIN}/main" '
        f'distT="0" distB="0" distL="0" distR="0"><wp:extent {taille}/><wp:docPr id="1" name="Image 1"/>'
        f'<a:graphic><a:graphicData uri="{_DESSIN}/picture">{image}</a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def coupe(*morceaux: str) -> str:
    """Un texte coupé en passages de formats différents."""
    return "".join(r(m, "<w:b/>" if rang % 2 else "") for rang, m in enumerate(morceaux))


def section(nom: str, element: str) -> str:
    """Une section répétée d’un élément."""
    dedans = (
        '<w:sdt><w:sdtPr><w:id w:val="77"/><w15:repeatingSectionItem/></w:sdtPr>'
        f"<w:sdtContent>{element}</w:sdtContent></w:sdt>"
    )
    return controle(nom, "<w15:repeatingSection/>", dedans)


def _zone_de_texte() -> str:
    texte = p(coupe("Zone", " : …………")) + p(controle("zone", "<w:text/>", invite=True))
    zone = f"<wps:txbx><w:txbxContent>{texte}</w:txbxContent></wps:txbx><wps:bodyPr/>"
    forme = (
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="3000000" cy="700000"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>{zone}</wps:wsp>'
    )
    choix = (
        f'<w:drawing><wp:inline xmlns:wp="{_DESSIN}/wordprocessingDrawing" xmlns:a="{_DESSIN}/main" '
        'distT="0" distB="0" distL="0" distR="0"><wp:extent cx="3000000" cy="700000"/>'
        '<wp:docPr id="9" name="Zone"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"{forme}</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    repli = (
        f"<w:pict><v:shape><v:textbox><w:txbxContent>{texte}</w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    return p(
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{choix}</mc:Choice><mc:Fallback>{repli}'
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def _etale(nom: str) -> str:
    """Un champ de texte qui couvre trois paragraphes."""
    debut, _, suite = champ(nom, "FORMTEXT", resultat=r("ligne 1") + "@" + r("ligne 2") + "@").partition("@")
    milieu, _, fin = suite.partition("@")
    return p(r("Projet : "), debut) + p(milieu) + p(r("ligne 3"), fin, r(" (fin)"))


def _publipostage(nom: str) -> str:
    code = f'<w:r><w:instrText xml:space="preserve"> MERGE</w:instrText></w:r><w:r><w:instrText>FIELD {nom} '
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r(f"«{nom}»")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _signet(numero: int, nom: str, contenu: str) -> str:
    return f'<w:bookmarkStart w:id="{numero}" w:name="{nom}"/>{contenu}<w:bookmarkEnd w:id="{numero}"/>'


def _sym(police: str = "Wingdings", code: str = "F0A8") -> str:
    return f'<w:r><w:sym w:font="{police}" w:char="{code}"/></w:r>'


def _controles() -> str:
    cellule = controle("cellule", "<w:text/>", f"<w:tc><w:tcPr/>{p()}</w:tc>")
    ligne = controle("ligne", "", f"<w:tr><w:tc><w:tcPr/>{p(r('…'))}</w:tc></w:tr>")
    return "".join(
        (
            p(r("Un "), controle("simple", "<w:text/>", invite=True), r(" suite")),
            p(controle("simple", "<w:text/>", coupe("an", "cien"), plus="<w:rPr><w:i/></w:rPr>")),
            p(controle("long", '<w:text w:multiLine="1"/>', invite=True)),
            p(controle("riche_court", "<w:richText/>", invite=True)),
            controle("riche", "", p(coupe("à ", "remplacer")) + p(r("deuxième"))),
            controle("bloc", "<w:text/>", p(r("…"))),
            p(controle("jour", DATE, invite=True), r(" et "), controle("jour2", DATE, coupe("jj", "/mm"))),
            p(controle("statut", LISTE, invite=True), controle("modifiable", MODIFIABLE, invite=True)),
            p(controle("oui", COCHE, r("☐")), controle("wing", COCHE_WINGDINGS, _sym())),
            p(controle("logo", "<w:picture/>", dessin("rIdA"), invite=True)),
            p(r("Photo "), controle("photo", "<w:picture/>", dessin("rIdA", 300000, 900000))),
            f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:tcPr/>{p(r('Cellule'))}</w:tc>{cellule}</w:tr></w:tbl>",
            f"<w:tbl><w:tblPr/><w:tblGrid/>{ligne}</w:tbl>",
            section(
                "actions",
                p(r("Action : "), controle("intitule", "<w:text/>", invite=True))
                + controle("detail", "", p(r("…"))),
            ),
            f"<w:tbl><w:tblPr/><w:tblGrid/>{section('lignes', _ligne_repetee())}</w:tbl>",
        )
    )


def _ligne_repetee() -> str:
    cases = "".join(
        f"<w:tc><w:tcPr/>{p(controle(n, '<w:text/>', invite=True))}</w:tc>" for n in ("qui", "quoi")
    )
    return f"<w:tr>{cases}</w:tr>"


def _lies() -> str:
    etendue = liaison("/a:Properties[1]/a:Company[1]", _APP, f"xmlns:a='{_ETENDUES}'")
    return "".join(
        (
            p(controle("nom_lie", "<w:text/>", plus=liaison("/f[1]/nom[1]"), invite=True)),
            p(controle("autre_nom", "<w:text/>", r("x"), plus=liaison("/f[1]/nom[1]"))),
            p(controle("jour_lie", DATE, plus=liaison("/f[1]/jour[1]"), invite=True)),
            p(controle("oui_lie", COCHE, r("☐"), plus=liaison("/f[1]/oui[1]"))),
            p(controle("statut_lie", LISTE, plus=liaison("/f[1]/statut[1]"), invite=True)),
            p(controle("sigle_lie", "<w:text/>", plus=liaison("/f[1]/sigle[1]/@code"), invite=True)),
            p(controle("logo_lie", "<w:picture/>", dessin("rIdA"), plus=liaison("/f[1]/logo[1]"))),
            controle("projet_lie", "<w:richText/>", p(r("…")), plus=_RICHE),
            p(controle("titre", "<w:text/>", plus=liaison_titre(), invite=True)),
            p(controle("societe", "<w:text/>", plus=etendue, invite=True)),
        )
    )


def _autrefois() -> str:
    liste = '<w:ddList><w:listEntry w:val="Aube"/><w:listEntry w:val="Marne"/></w:ddList>'
    coche = '<w:checkBox><w:sizeAuto/><w:default w:val="0"/></w:checkBox>'
    borne = '<w:textInput><w:maxLength w:val="9"/></w:textInput>'
    return "".join(
        (
            p(r("Directrice : "), champ("Texte1", "FORMTEXT", resultat=coupe("     ", "  "))),
            p(r("Adjointe : "), champ("Texte1", "FORMTEXT", resultat=r("     "))),
            p(r("Sans données : "), champ("", "FORMTEXT", resultat=r("     "))),
            p(r("FINESS : "), champ("finess", "FORMTEXT", borne, r("     "))),
            p(champ("sans_milieu", "FORMTEXT")),
            p(champ("case1", "FORMCHECKBOX", coche), r(" d’accord"), champ("case2", "FORMCHECKBOX", coche)),
            p(champ("dept", "FORMDROPDOWN", liste, r("Aube"))),
            _etale("projet"),
            p(r("Fait à "), _signet(41, "lieu", ""), r(", le "), _signet(42, "quand", coupe("jour", " dit"))),
            p(r("Chère "), _publipostage("Dame"), r(",")),
            p(f'<w:fldSimple w:instr=" MERGEFIELD Ville ">{r("«Ville»")}</w:fldSimple>'),
        )
    )


def _blancs() -> str:
    taquet = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9000"/></w:tabs>'
    return "".join(
        (
            p(coupe("No", "m : ", "…………", "…………")),
            p(r("Rue __________ Ville ………")),
            p(r("Objet : [à compléter]")),
            p(r("Motif : « à préciser »")),
            p(r("Signé le "), r("……/……/"), r("……")),
            p(r("Courriel :")),
            p(r("Téléphone :"), "<w:r><w:tab/></w:r>", proprietes=taquet),
            tableau(["Raison sociale", ""], ["SIRET :", ""]),
            tableau(["", "N-2", "N-1", "N"], ["Internat", "", "", ""], ["Externat", "", "", ""]),
            tableau(["Prénom", "Rôle"], ["", ""]),
            p(r("Habilité : ☐ Oui "), r("☐", "<w:b/>"), r(" Non")),
            p(_sym(), r(" Permanent"), "<w:r><w:tab/></w:r>", _sym(), r(" Temporaire")),
            p(r("\u00a8", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), r(" Saisonnier")),
        )
    )


def formulaire() -> bytes:
    """Le formulaire vierge."""
    return docx(
        _controles() + _lies() + _autrefois() + _blancs() + _zone_de_texte(),
        entete=p(
            r("En tête : ………"), controle("nom_lie", "<w:text/>", plus=liaison("/f[1]/nom[1]"), invite=True)
        ),
        pied=p(controle("pied", "<w:text/>", invite=True)) + p(r("Pied de page : ____")),
        notes=p(controle("note", "<w:text/>", invite=True), r(" Renvoi : ……")),
        magasin=MAGASIN,
        titre="Titre",
        societe="Autorité",
        reglages="<w:mailMerge><w:mainDocumentType w:val='formLetters'/></w:mailMerge>",
        images={"rIdA": png(10, 10, (200, 200, 200))},
    )


VALEURS: dict[str, tuple[object, str]] = {
    "controle:simple": ("Les « Tilleuls » & Cie", "Les « Tilleuls » & Cie"),
    "controle:long": ("ligne un\nligne deux", "ligne deux"),
    "controle:riche_court": ("riche court", "riche court"),
    "controle:riche": ("premier paragraphe\n\ndernier paragraphe", "dernier paragraphe"),
    "controle:bloc": ("en bloc", "en bloc"),
    "controle:jour": (JOUR, "mardi 31 mars 2026"),
    "controle:jour2": (date(2025, 12, 1), "lundi 1 décembre 2025"),
    "controle:statut": ("privé NON lucratif", "Privé non lucratif"),
    "controle:modifiable": ("Régie", "Régie"),
    "controle:oui": (True, "☒"),
    "controle:wing": (True, ""),
    "controle:logo": (LOGO, ""),
    "controle:photo": (LOGO, ""),
    "controle:cellule": ("dans la cellule", "dans la cellule"),
    "controle:ligne": ("dans la ligne", "dans la ligne"),
    "section:actions!intitule#1": ("Action A", "Action A"),
    "section:actions!detail#1": ("détail A1\ndétail A2", "détail A2"),
    "section:actions!intitule#2": ("Action B", "Action B"),
    "section:actions!detail#3": ("détail C", "détail C"),
    "section:lignes!qui#1": ("Anne", "Anne"),
    "section:lignes!quoi#2": ("pilote", "pilote"),
    "controle:nom_lie": ("Association liée", "Association liée"),
    "controle:jour_lie": (date(2026, 2, 14), "samedi 14 février 2026"),
    "controle:oui_lie": (True, "☒"),
    "controle:statut_lie": ("Public", "Public"),
    "controle:sigle_lie": ("AL", "AL"),
    "controle:logo_lie": (LOGO, ""),
    "controle:projet_lie": ("projet lié, un\nprojet lié, deux", "projet lié, deux"),
    "controle:titre": ("Fiche 2026", "Fiche 2026"),
    "controle:societe": ("Société liée", "Société liée"),
    "champ:Texte1#1": ("Mme Un", "Mme Un"),
    "champ:Texte1#2": ("Mme Deux", "Mme Deux"),
    "libelle:Sans données": ("par son libellé", "par son libellé"),
    "champ:finess": ("010000123", "010000123"),
    "champ:sans_milieu": ("milieu", "milieu"),
    "champ:case1": (True, ""),
    "champ:case2": (False, ""),
    "champ:dept": ("marne", "Marne"),
    "champ:projet": ("projet tenu\nen deux lignes", "en deux lignes (fin)"),
    "signet:lieu": ("Reims", "Fait à Reims, le"),
    "signet:quand": ("ce jour", ", le ce jour"),
    "champ:Dame": ("Madame Neuf", "Chère Madame Neuf,"),
    "champ:Ville": ("Épernay", "Épernay"),
    "libelle:Nom": ("Zoé l’Aînée", "Nom : Zoé l’Aînée"),
    "libelle:Rue": ("des Lilas", "Rue des Lilas"),
    "libelle:Ville": ("Châlons", "Châlons"),
    "libelle:Objet": ("objet <dit>", "Objet : objet <dit>"),
    "libelle:Motif": ("motif {{ x }}", "Motif : motif {{ x }}"),
    "libelle:Signé le": (date(2026, 1, 5), "Signé le 05/01/2026"),
    "libelle:Courriel": ("a@b.fr", "Courriel : a@b.fr"),
    "libelle:Téléphone": ("03 00 00 00 00", "03 00 00 00 00"),
    "libelle:Raison sociale": ("Raison", "Raison"),
    "libelle:SIRET": ("00000000000000", "00000000000000"),
    "tableau:5!B2": (12, "12"),
    "tableau:5!C2": (Decimal("1234.5"), "1 234,50 €"),
    "tableau:5!D3": (0, "0"),
    "tableau:6!A2": ("Jean", "Jean"),
    "tableau:6!B2": ("chef", "chef"),
    "tableau:6!A2+1": ("Lise", "Lise"),
    "tableau:6!B2+2": ("vigie", "vigie"),
    "coche:Oui": (True, "☒ Oui"),
    "coche:Non": (False, "☐ Non"),
    "coche:Permanent": (True, ""),
    "coche:Temporaire": (False, ""),
    "coche:Saisonnier": (True, ""),
    "libelle:Zone": ("dans la zone", "Zone : dans la zone"),
    "controle:zone": ("zone liée", "zone liée"),
    "libelle:En tête": ("tête", "En tête : tête"),
    "controle:pied": ("pied", "pied"),
    "libelle:Pied de page": ("dessous", "Pied de page : dessous"),
    "controle:note": ("noté", "noté"),
    "libelle:Renvoi": ("renvoyé", "Renvoi : renvoyé"),
}
"""Par case, la valeur qui y va et le texte qu’on doit y lire ; une image, un objet `Image`."""


def saisie_pour(case: str, valeur: object) -> Saisie:
    """La saisie d’une de ces valeurs."""
    adresse, plus, ajout = case.partition("+")
    dite = saisie(adresse, "logo.png" if isinstance(valeur, Image) else valeur)
    if plus:
        return replace(dite, case=replace(dite.case, cellule=f"{dite.case.cellule}+{ajout}"))
    return replace(dite, image=valeur) if isinstance(valeur, Image) else dite
