"""Ce que XlsxWriter n’écrit pas, ajouté au XML qu’il produit ; et un zip sans heure ni trace du disque.

- listes déroulantes d’une autre feuille : en extension x14, comme Excel les enregistre ;
- protection par empreinte SHA-512, celle d’Excel depuis 2013, et structure du classeur verrouillée ;
- résultat « texte vide » d’une formule, avec son type ;
- pas de recalcul forcé à l’ouverture : les résultats enregistrés sont ceux du formulaire vide, comme dans un
  vrai cadre, et c’est au remplissage de demander le recalcul.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile

MOT_DE_PASSE = "fictif"
"""Publié exprès (voir les LISEZMOI.md) : la protection des exemples n’a rien à cacher."""

_TOURS = 100_000
_STRUCTURE = b'<workbookProtection lockStructure="1"/>'
_DATE_DU_ZIP = (1980, 1, 1, 0, 0, 0)
_VALIDATION = re.compile(r"<dataValidation [^>]*?(?:/>|>.*?</dataValidation>)", re.DOTALL)
_BLOC = re.compile(r"<dataValidations [^>]*>.*?</dataValidations>", re.DOTALL)
_EXT_X14 = "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"
_ESPACE_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_ESPACE_XM = "http://schemas.microsoft.com/office/excel/2006/main"


def retoucher(octets: bytes, *, verrouiller: bool = True) -> bytes:
    """Le classeur de XlsxWriter, feuilles retouchées, zip normalisé (ordre gardé, dates fixes).

    `verrouiller` : interdire d’ajouter, d’ôter ou de renommer une feuille.
    """
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as lu, zipfile.ZipFile(sortie, "w") as ecrit:
        for membre in lu.infolist():
            contenu = lu.read(membre)
            if membre.filename.startswith("xl/worksheets/sheet"):
                contenu = _retoucher_feuille(contenu.decode(), membre.filename).encode()
            elif membre.filename == "xl/workbook.xml":
                contenu = contenu.replace(b' fullCalcOnLoad="1"', b"")
                if verrouiller:
                    contenu = contenu.replace(b"<bookViews>", _STRUCTURE + b"<bookViews>")
            fiche = zipfile.ZipInfo(membre.filename, _DATE_DU_ZIP)
            fiche.compress_type = zipfile.ZIP_DEFLATED
            fiche.create_system = 0
            ecrit.writestr(fiche, contenu)
    return sortie.getvalue()


def _retoucher_feuille(xml: str, partie: str) -> str:
    xml = re.sub(r'<sheetProtection (?:password="[0-9A-F]+" )?', lambda _: _protection(partie), xml)
    xml = re.sub(r'(<c r="[A-Z]+\d+"(?: s="\d+")?)(><f>[^<]*</f><v></v></c>)', r'\1 t="str"\2', xml)
    return _listes_en_x14(xml)


def _protection(partie: str) -> str:
    """Début de l’élément de protection : algorithme, empreinte, sel tiré du nom de la feuille, tours."""
    sel = hashlib.sha256(partie.encode()).digest()[:16]
    empreinte = hashlib.sha512(sel + MOT_DE_PASSE.encode("utf-16-le")).digest()
    for tour in range(_TOURS):
        empreinte = hashlib.sha512(empreinte + tour.to_bytes(4, "little")).digest()
    return (
        f'<sheetProtection algorithmName="SHA-512" hashValue="{base64.b64encode(empreinte).decode()}" '
        f'saltValue="{base64.b64encode(sel).decode()}" spinCount="{_TOURS}" '
    )


def _listes_en_x14(xml: str) -> str:
    """Déplace dans l’extension x14 les validations dont la liste est sur une autre feuille."""
    bloc = _BLOC.search(xml)
    if bloc is None:
        return xml
    validations = _VALIDATION.findall(bloc[0])
    ailleurs = [v for v in validations if "!" in _balise(v, "formula1")]
    ici = [v for v in validations if v not in ailleurs]
    reste = f'<dataValidations count="{len(ici)}">{"".join(ici)}</dataValidations>' if ici else ""
    xml = xml.replace(bloc[0], reste)
    return _ajouter_extension(xml, _extension(ailleurs)) if ailleurs else xml


def _extension(validations: list[str]) -> str:
    corps = "".join(_en_x14(v) for v in validations)
    return (
        f'<ext xmlns:x14="{_ESPACE_X14}" uri="{_EXT_X14}">'
        f'<x14:dataValidations xmlns:xm="{_ESPACE_XM}" count="{len(validations)}">{corps}'
        "</x14:dataValidations></ext>"
    )


def _en_x14(validation: str) -> str:
    attributs = re.sub(r' sqref="[^"]*"', "", re.match(r"<dataValidation( [^>]*)>", validation)[1])  # type: ignore[index]
    plage = re.search(r'sqref="([^"]*)"', validation)[1]  # type: ignore[index]
    return (
        f"<x14:dataValidation{attributs}><x14:formula1><xm:f>{_balise(validation, 'formula1')}</xm:f>"
        f"</x14:formula1><xm:sqref>{plage}</xm:sqref></x14:dataValidation>"
    )


def _balise(xml: str, nom: str) -> str:
    trouvee = re.search(rf"<{nom}>(.*?)</{nom}>", xml, re.DOTALL)
    return trouvee[1] if trouvee else ""


def _ajouter_extension(xml: str, extension: str) -> str:
    """L’extension va dans `extLst`, dernier élément de la feuille, créé au besoin."""
    if "</extLst>" in xml:
        return xml.replace("</extLst>", f"{extension}</extLst>")
    return xml.replace("</worksheet>", f"<extLst>{extension}</extLst></worksheet>")
