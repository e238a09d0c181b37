"""Retrouver, pour la vérification, les endroits d’un document Word et ce qu’ils disent.

Écrit sans le code de remplissage : une erreur de l’un ne doit pas se cacher dans l’autre.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive

Element = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
TEXTES = re.compile(
    r"wordprocessingml\.(document|template|header|footer|footnotes|endnotes)|macroEnabled.*\.main"
)
BLANC = re.compile(r"[\s.…‥_·]*")
DATE_OU_CROCHETS = re.compile(
    r"\s*(?:[\[(«]\s*(?:[.…‥_]+|[àa] (?:compléter|préciser|renseigner|remplir|indiquer))\s*[\])»]"
    r"|[.…‥_][.…‥_\s]*/[.…‥_\s]*[.…‥_][.…‥_\s]*(?:/\s?(?:20)?[.…‥_](?:\s?[.…‥_])*|(?=/\s?[12]\d{3}(?!\d))))",
    re.IGNORECASE,
)
"""Une date à compléter, ou « [à compléter] », après le blanc qui précède."""
SIGNES = {
    f"{W}t": "",
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
MUETS = {f"{W}{n}" for n in ("del", "moveFrom", "drawing", "pict", "object", "rPr", "pPr", "sdtPr")}
MUETS.add(f"{MC}AlternateContent")


class Occurrence(NamedTuple):
    """Un libellé : la cellule entière (`fin` vaut 0) ou le paragraphe où il finit à `fin`."""

    element: Element
    fin: int


def parties_de_texte(archive: Archive) -> list[str]:
    """Le corps d’abord, puis les autres parties de texte, d’après leurs types de contenu."""
    types = analyser_xml(archive.lire("[Content_Types].xml"))
    noms = [
        (e.get("PartName") or "").lstrip("/")
        for e in types
        if "glossary" not in (e.get("PartName") or "") and TEXTES.search(e.get("ContentType") or "")
    ]
    corps = [nom for nom in noms if analyser_xml(archive.lire(nom)).tag == f"{W}document"]
    return corps + sorted(set(noms) - set(corps))


def en_invite(sdt: Element) -> bool:
    """Vrai si le contrôle ne montre que son texte d’invite."""
    marque = sdt.find(f"{W}sdtPr/{W}showingPlcHdr")
    return marque is not None and marque.get(f"{W}val") not in ("0", "false", "off")


def porteurs(element: Element) -> Iterator[Element]:
    """Ce qui porte du texte dans un paragraphe, et ce qui n’est ni texte ni propriété."""
    for enfant in element:
        if enfant.tag in SIGNES:
            yield enfant
        elif enfant.tag not in MUETS and not (enfant.tag == f"{W}sdt" and en_invite(enfant)):
            yield from porteurs(enfant)


def lire(element: Element) -> str:
    """Le texte visible."""
    return "".join(SIGNES[p.tag] or p.text or "" for p in porteurs(element))


def signes_avant(paragraphe: Element, element: Element) -> int:
    """Le nombre de caractères visibles du paragraphe avant cet élément."""
    rangs = {e: rang for rang, e in enumerate(paragraphe.iter())}
    avant = (p for p in porteurs(paragraphe) if rangs[p] < rangs[element])
    return sum(len(SIGNES[p.tag] or p.text or "") for p in avant)


def paragraphes_de(cadre: Element) -> list[Element]:
    """Les paragraphes d’une cellule ou d’un contrôle, hors tableaux et zones de texte qu’il contient."""
    limite = (f"{W}tc", f"{W}txbxContent")
    dedans = []
    for paragraphe in cadre.iter(f"{W}p"):
        autour = next((a for a in paragraphe.iterancestors() if a is cadre or a.tag in limite), None)
        if autour is cadre:
            dedans.append(paragraphe)
    return dedans


def lire_cadre(cadre: Element) -> str:
    """Le texte d’une cellule ou d’un contrôle, un paragraphe par ligne, invites exclues."""
    invites = {p for sdt in cadre.iter(f"{W}sdt") if en_invite(sdt) for p in sdt.iter(f"{W}p")}
    return "\n".join(lire(p) for p in paragraphes_de(cadre) if p not in invites)


def lignes_de(tableau: Element) -> list[Element]:
    """Les lignes d’un tableau, sans celles des tableaux qu’il contient."""
    return [r for r in tableau.iter(f"{W}tr") if next(r.iterancestors(f"{W}tbl")) is tableau]


def cellules_de(ligne: Element) -> list[Element]:
    """Les cellules d’une ligne."""
    return [c for c in ligne.iter(f"{W}tc") if next(c.iterancestors(f"{W}tr")) is ligne]


def cellule_du_tableau(racine: Element, numero: int, adresse: str) -> Element | None:
    """La cellule à cette adresse, les fusions comptant pour leurs colonnes."""
    interdits = (f"{W}tbl", f"{W}txbxContent")
    tableaux = [t for t in racine.iter(f"{W}tbl") if next(t.iterancestors(*interdits), None) is None]
    forme = re.fullmatch(r"([A-Z]+)(\d+)", adresse)
    if forme is None or numero > len(tableaux) or int(forme[2]) > len(lignes_de(tableaux[numero - 1])):
        return None
    return cellule_de_la_ligne(lignes_de(tableaux[numero - 1])[int(forme[2]) - 1], forme[1])


def cellule_de_la_ligne(ligne: Element, lettres: str) -> Element | None:
    """La cellule qui commence à cette colonne, les fusions comptant pour les leurs."""
    colonne = 0
    for lettre in lettres:
        colonne = colonne * 26 + ord(lettre) - 64
    avant = ligne.find(f"{W}trPr/{W}gridBefore")
    place = 1 + int(avant.get(f"{W}val") or 0 if avant is not None else 0)
    for cellule in cellules_de(ligne):
        if place == colonne:
            return cellule
        etendue = cellule.find(f"{W}tcPr/{W}gridSpan")
        place += int(etendue.get(f"{W}val") or 1) if etendue is not None else 1
    return None


def aplatir(texte: str) -> str:
    """Un libellé sans casse, blancs ni apostrophes particulières, ni « : » final."""
    return " ".join(texte.replace("’", "'").replace("ʼ", "'").casefold().split()).rstrip(" :")


class Ligne(NamedTuple):
    """Un paragraphe, son texte tel quel et aplati, et le texte de la cellule dont il est le premier."""

    paragraphe: Element
    texte: str
    plat: str
    cellule: Element | None
    plat_de_cellule: str


def lignes_de_texte(racine: Element) -> list[Ligne]:
    """Les paragraphes où un libellé peut se trouver : ni rendus de repli, ni textes d’invite."""
    lignes = []
    for paragraphe in racine.iter(f"{W}p"):
        muet = next(paragraphe.iterancestors(f"{MC}Fallback"), None) is not None
        if muet or any(en_invite(sdt) for sdt in paragraphe.iterancestors(f"{W}sdt")):
            continue
        cellule = next(paragraphe.iterancestors(f"{W}tc"), None)
        if cellule is not None and paragraphes_de(cellule)[:1] != [paragraphe]:
            cellule = None
        texte = lire(paragraphe)
        entier = "" if cellule is None else aplatir(lire_cadre(cellule))
        lignes.append(Ligne(paragraphe, texte, aplatir(texte), cellule, entier))
    return lignes


def occurrences(lignes: list[Ligne], libelle: str) -> list[Occurrence]:
    """Les endroits qui portent ce libellé."""
    cherche = aplatir(libelle)
    trouvees: list[Occurrence] = []
    for ligne in lignes:
        if ligne.cellule is not None and ligne.plat_de_cellule == cherche:
            trouvees.append(Occurrence(ligne.cellule, 0))
        elif cherche in ligne.plat:
            trouvees += [Occurrence(ligne.paragraphe, fin) for fin in _fins(ligne.texte, cherche)]
    return trouvees


def _fins(texte: str, cherche: str) -> Iterator[int]:
    """Où finit chaque mention du libellé suivie de « : » ou de pointillés."""
    for debut in range(len(texte)):
        if texte[debut].isspace() or (debut and texte[debut - 1].isalnum()):
            continue
        fin = _suivre(texte, debut, cherche)
        if fin is None or (fin < len(texte) and texte[fin].isalnum()):
            continue
        suite = texte[fin:]
        if suite.lstrip().startswith(":"):
            yield fin + suite.index(":") + 1
        elif DATE_OU_CROCHETS.match(suite) or suite.lstrip().startswith(
            ("…", "...", ". . .", "___", "_ _ _", "···", "‥‥‥")
        ):
            yield fin


def _suivre(texte: str, debut: int, cherche: str) -> int | None:
    """La fin de la mention qui commence ici, blancs et casse mis à part."""
    position = debut
    for signe in cherche:
        if signe == " ":
            saut = position
            while saut < len(texte) and texte[saut].isspace():
                saut += 1
            if saut == position:
                return None
            position = saut
        elif (
            position < len(texte) and texte[position].replace("’", "'").replace("ʼ", "'").casefold() == signe
        ):
            position += 1
        else:
            return None
    return position
