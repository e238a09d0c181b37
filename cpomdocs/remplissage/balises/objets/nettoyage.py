"""Le corps d’un document à insérer, réduit à ce qui se suffit : paragraphes, tableaux, images.

Liens, contrôles, révisions et champs laissent leur texte ; notes, commentaires, signets, numéros de liste et
mises en page disparaissent ; ce qui vit dans d’autres parties du fichier est nommé, pour être refusé.
"""

from __future__ import annotations

from lxml import etree

from cpomdocs.remplissage.word.ooxml import ALTERNATIVE, RPR, TBL, TR, Element, P, T, w

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ESPACES = (w(""), WP, A, PIC, _MATHS)
_ATTRIBUTS = (w(""), _MATHS, "{http://www.w3.org/XML/1998/namespace}")
_ENVELOPPES = "hyperlink smartTag customXml sdt sdtContent ins moveTo fldSimple"
_OUVERTS = {w(nom) for nom in _ENVELOPPES.split()}
"""Ce qui s’efface autour de son contenu."""
_APPELS = (
    "footnoteReference endnoteReference footnoteRef endnoteRef commentReference commentRangeStart "
    "commentRangeEnd annotationRef bookmarkStart bookmarkEnd permStart permEnd fldChar instrText"
)
_REGLAGES = "sectPr numPr divId proofErr lastRenderedPageBreak sdtPr sdtEndPr smartTagPr customXmlPr"
_REVISIONS = (
    "del moveFrom delText delInstrText rPrChange pPrChange sectPrChange tblPrChange tblPrExChange trPrChange "
    "tcPrChange tblGridChange numberingChange cellIns cellDel cellMerge moveFromRangeStart moveFromRangeEnd "
    "moveToRangeStart moveToRangeEnd customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart "
    "customXmlDelRangeEnd customXmlMoveFromRangeStart customXmlMoveFromRangeEnd customXmlMoveToRangeStart "
    "customXmlMoveToRangeEnd"
)
_RETIRES = {w(nom) for nom in f"{_APPELS} {_REGLAGES} {_REVISIONS}".split()} | {
    f"{A}{nom}" for nom in ("extLst", "hlinkClick", "hlinkHover")
}
"""Ce qui disparaît avec son contenu."""
_REFUSES = {
    w("object"): "un objet incorporé",
    w("control"): "un contrôle ActiveX",
    w("pict"): "une image ou une forme d’un ancien Word",
    w("altChunk"): "un autre fichier incorporé",
    w("subDoc"): "un sous-document",
    ALTERNATIVE: "une forme ou une zone de texte",
}
_DESSINS = {"chart": "un graphique", "diagram": "un diagramme SmartArt"}
_IMBRIQUES = "des champs de Word imbriqués"
_RECENT = "un contenu d’une version récente de Word"


def nettoyer(corps: Element) -> list[str]:
    """Réduit le corps, sur place ; rend ce qu’il contient et qui ne peut pas être inséré, chacun une fois."""
    for ligne in list(corps.iter(TR)):
        if ligne.find(f"{w('trPr')}/{w('del')}") is not None:
            _oter(ligne)
    refus = [_IMBRIQUES] if _texte_dans_une_instruction(corps) else []
    for element in reversed(list(corps.iter())):
        if element is not corps:
            refus += _reduire(element)
    refus += [_RECENT for bloc in corps if bloc.tag not in (P, TBL)]
    etree.cleanup_namespaces(corps)
    return list(dict.fromkeys(refus))


def _reduire(element: Element) -> list[str]:
    """Ôte, ouvre ou allège l’élément, dont l’intérieur l’est déjà ; rend ce qui est à refuser."""
    nom = element.tag
    if not isinstance(nom, str) or nom in _RETIRES:
        _oter(element)
        return []
    if nom in _REFUSES:
        return [_REFUSES[nom]]
    if nom in _OUVERTS:
        for enfant in list(element):
            element.addprevious(enfant)
        _oter(element)
        return []
    if not nom.startswith(_ESPACES):
        return _ecarter(element)
    for attribut in list(element.attrib):
        if _est_superflu(element, str(attribut)):
            del element.attrib[attribut]
    if nom == f"{A}graphicData" and element.get("uri") != PIC[1:-1]:
        genre = (element.get("uri") or "").rpartition("/")[2]
        return [_DESSINS.get(genre, "une forme ou une zone de texte")]
    if nom == f"{A}blip" and element.get(EMBED) is None:
        return ["une image qui n’est pas dans le fichier"]
    return []


def _ecarter(element: Element) -> list[str]:
    """Un réglage récent d’un passage ou d’un dessin s’ôte ; tout autre contenu inconnu se refuse."""
    if next(element.iterancestors(RPR, w("drawing"), w("sdtPr"), ALTERNATIVE), None) is None:
        return [_RECENT]
    if next(element.iterancestors(f"{A}graphicData", ALTERNATIVE), None) is None:
        _oter(element)
    return []


def _est_superflu(element: Element, attribut: str) -> bool:
    if attribut == EMBED:
        return element.tag != f"{A}blip"
    return attribut.startswith(w("rsid")) or (attribut[0] == "{" and not attribut.startswith(_ATTRIBUTS))


def _oter(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _texte_dans_une_instruction(corps: Element) -> bool:
    """Vrai si un texte visible est dans l’instruction d’un champ : l’ôter ou le garder serait faux."""
    instructions: list[bool] = []
    for element in corps.iter(w("fldChar"), T):
        if element.tag == T:
            if any(instructions):
                return True
            continue
        genre = element.get(w("fldCharType"))
        if genre == "begin":
            instructions.append(True)
        elif instructions and genre == "separate":
            instructions[-1] = False
        elif instructions and genre == "end":
            instructions.pop()
    return False
