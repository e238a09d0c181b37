"""L’enregistrement d’un gabarit Word : mêmes octets à chaque fois, et l’en-tête XML que Word écrit."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

from docx.document import Document as TypeDocument
from lxml import etree

_DATE = (2026, 1, 12, 9, 0, 0)
_BASE = "http://schemas.openxmlformats.org"
_MICROSOFT = "http://schemas.microsoft.com/office/word"
_ESPACES = {
    "mc": f"{_BASE}/markup-compatibility/2006",
    "o": "urn:schemas-microsoft-com:office:office",
    "r": f"{_BASE}/officeDocument/2006/relationships",
    "v": "urn:schemas-microsoft-com:vml",
    "wp": f"{_BASE}/drawingml/2006/wordprocessingDrawing",
    "w10": "urn:schemas-microsoft-com:office:word",
    "w": f"{_BASE}/wordprocessingml/2006/main",
    "w14": f"{_MICROSOFT}/2010/wordml",
    "wps": f"{_MICROSOFT}/2010/wordprocessingShape",
}
_RACINES = re.compile(r"^word/(document|header\d+|footer\d+|footnotes)\.xml$")


def enregistrer(document: TypeDocument, destination: Path) -> Path:
    """Écrit le document, rend son chemin ; ni l’heure ni l’ordre d’un dictionnaire n’y entrent."""
    tampon = io.BytesIO()
    document.save(tampon)
    destination.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(tampon) as lu, zipfile.ZipFile(destination, "w", zipfile.ZIP_DEFLATED) as ecrit:
        for nom in lu.namelist():
            octets = lu.read(nom)
            if _RACINES.match(nom):
                octets = _comme_word(octets)
            entree = zipfile.ZipInfo(nom, _DATE)
            entree.compress_type = zipfile.ZIP_DEFLATED
            ecrit.writestr(entree, octets)
    return destination


def sans_vignette(document: TypeDocument) -> None:
    """Retire la vignette du modèle vide de python-docx."""
    relations = document.part.package.rels
    for numero, relation in list(relations.items()):
        if relation.reltype.endswith("/thumbnail"):
            del relations[numero]


def _comme_word(octets: bytes) -> bytes:
    """Déclare tous les espaces de noms à la racine, avec `mc:Ignorable`, comme le fait Word."""
    ancienne = etree.fromstring(octets)
    racine = etree.Element(ancienne.tag, dict(ancienne.attrib), nsmap=ancienne.nsmap | _ESPACES)
    racine.set(f"{{{_ESPACES['mc']}}}Ignorable", "w14")
    racine.extend(list(ancienne))
    etree.cleanup_namespaces(racine, keep_ns_prefixes=list(_ESPACES))
    return etree.tostring(racine, xml_declaration=True, encoding="UTF-8", standalone=True)


def noter_empreinte(gabarit: Path) -> str:
    """Recopie l’empreinte du gabarit dans la `correspondance.toml` voisine, si elle existe ; la rend."""
    empreinte = "sha256:" + hashlib.sha256(gabarit.read_bytes()).hexdigest()
    correspondance = gabarit.with_name("correspondance.toml")
    if correspondance.exists():
        texte = correspondance.read_text(encoding="utf-8")
        texte = re.sub(r'(?m)^(empreinte\s*=\s*)"[^"]*"', rf'\1"{empreinte}"', texte, count=1)
        correspondance.write_text(texte, encoding="utf-8", newline="\n")
    return empreinte
