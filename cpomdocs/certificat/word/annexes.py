"""Les documents insérés, vus par la vérification : tout leur texte, dans leur ordre, et leurs images."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from lxml import etree

from cpomdocs.certificat import Ecart
from cpomdocs.certificat.word.lecture import SIGNES, Element, W, parties_de_texte
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive, lire_archive

_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_CADRES = {f"{W}{nom}": f"\0{nom}\0" for nom in ("p", "tbl", "tr", "tc")}
_EFFACES = tuple(f"{W}{nom}" for nom in ("del", "moveFrom", "pPr", "rPr"))


def verifier_annexe(annexe: bytes, document: Archive, parties: Iterable[str]) -> list[Ecart]:
    """Ce qui manque de ce document inséré dans les parties rendues ; une liste vide s’il y est entier."""
    archive = lire_archive(annexe, "document inséré")
    principale = parties_de_texte(archive)[0]
    corps = analyser_xml(archive.lire(principale), principale).find(f"{W}body")
    if corps is None:
        return [Ecart(principale, "document inséré", "il n’a pas de corps")]
    attendue = _charpente(corps)
    rendues = (analyser_xml(document.lire(nom), nom) for nom in parties if nom in document)
    if not any(f"{attendue}\0" in f"{_charpente(racine)}\0" for racine in rendues):
        lu = " ".join(attendue.replace("\0", " ").split())
        return [Ecart("", lu[:60], "le document inséré n’y est pas tout entier")]
    posees = {document.lire(nom) for nom in document.noms if nom.startswith("word/media/")}
    if any(image not in posees for image in _images(archive, principale, corps)):
        return [Ecart("", "document inséré", "une de ses images n’a pas été posée")]
    return []


def _charpente(racine: Element) -> str:
    """Les paragraphes, tableaux, lignes et cellules, et leur texte ; ce qui est supprimé, ôté."""
    morceaux = []
    marche = etree.iterwalk(racine, events=("start",), tag=(*_CADRES, *SIGNES, *_EFFACES))
    for _, element in marche:
        if element.tag in _EFFACES or element.find(f"{W}trPr/{W}del") is not None:
            marche.skip_subtree()
            continue
        morceaux.append(_CADRES.get(element.tag) or SIGNES[element.tag] or element.text or "")
    return "".join(morceaux)


def _images(archive: Archive, principale: str, corps: Element) -> list[bytes]:
    dossier, nom = posixpath.split(principale)
    relations = posixpath.join(dossier, "_rels", f"{nom}.rels")
    demandees = {blip.get(_EMBED) for blip in corps.iter(_BLIP)}
    cibles = [
        posixpath.normpath(posixpath.join("/", dossier, e.get("Target") or ""))
        for e in (analyser_xml(archive.lire(relations), relations) if relations in archive else ())
        if e.get("Id") in demandees
    ]
    return [archive.lire(cible) for cible in cibles if cible in archive]
