"""Les images posées, vues par la vérification : la bonne, dans son cadre, et seulement déclarée en plus."""

from __future__ import annotations

import base64
import binascii
import posixpath
from collections import Counter

from cpomdocs.certificat import PARTIES_D_IMAGE_POSEE, PARTIES_IMAGE
from cpomdocs.certificat.word.examen import Examen
from cpomdocs.certificat.word.lecture import Element, W
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive
from cpomdocs.saisies import Image, Saisie

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CADRE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


def recoit_une_image(sdt: Element) -> bool:
    """Vrai pour un contrôle d’image."""
    return sdt.find(f"{W}sdtPr/{W}picture") is not None


def image_dite(document: Archive, partie: str, ancien: Element, nouveau: Element, saisie: Saisie) -> bool:
    """Vrai si le contrôle du document montre cette image, dans le cadre du gabarit, non déformée."""
    blip = next(nouveau.iter(f"{_A}blip"), None)
    image = saisie.image
    if blip is None or image is None or nouveau.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
        return False
    cible = _cible(document, partie, blip.get(f"{_R}embed") or "")
    montree = cible in document and document.lire(cible) == image.octets
    avant, apres = _etendue(ancien), _etendue(nouveau)
    return montree and avant is not None and apres is not None and _tient(avant, apres, image)


def donnee_dite(lu: str, saisie: Saisie) -> bool:
    """Vrai si la donnée liée porte les octets de l’image."""
    try:
        return saisie.image is not None and base64.b64decode(lu, validate=True) == saisie.image.octets
    except binascii.Error:
        return False


def effacer_image(sdt: Element) -> None:
    """Ôte du contrôle ce qu’une autre image y change ; tout le reste du dessin est comparé."""
    sdt.set("efface", "1")
    for chemin in (f"{W}sdtPr/{W}showingPlcHdr", f".//{_A}blip/{_A}extLst"):
        for element in list(sdt.iterfind(chemin)):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    for element in sdt.iter(f"{_A}blip", f"{_A}srcRect", _CADRE, f"{_A}ext"):
        for nom in (f"{_R}embed", f"{_R}link", "cx", "cy", "l", "t", "r", "b"):
            element.attrib.pop(nom, "")


def verifier_declarations(examen: Examen) -> None:
    """Note ce qui, dans les parties qui déclarent une image posée, n’est pas un simple ajout d’image."""
    for nom in examen.document.noms:
        if not PARTIES_D_IMAGE_POSEE.match(nom):
            continue
        avant, apres = (_declarations(archive, nom) for archive in (examen.gabarit, examen.document))
        neuves = [dict(attributs) for attributs in (apres - avant).elements()]
        if avant - apres or not all(_annonce_une_image(neuve) for neuve in neuves):
            examen.noter(nom, nom, "autre chose qu’une image posée y est déclaré")


def _declarations(archive: Archive, nom: str) -> Counter[tuple[tuple[str, str], ...]]:
    if nom not in archive:
        return Counter()
    racine = analyser_xml(archive.lire(nom), nom)
    return Counter(tuple(sorted((str(c), str(v)) for c, v in e.attrib.items())) for e in racine)


def _annonce_une_image(neuve: dict[str, str]) -> bool:
    if neuve.get("ContentType") in ("image/png", "image/jpeg"):
        return neuve.get("Extension") == neuve["ContentType"].removeprefix("image/")
    cible = posixpath.normpath(posixpath.join("word", neuve.get("Target") or ""))
    return neuve.get("Type") == _IMAGE and PARTIES_IMAGE.match(cible) is not None


def _cible(document: Archive, partie: str, relation: str) -> str:
    dossier, nom = posixpath.split(partie)
    relations = posixpath.join(dossier, "_rels", f"{nom}.rels")
    for element in analyser_xml(document.lire(relations), relations) if relations in document else ():
        if element.get("Id") == relation and element.get("Type") == _IMAGE:
            return posixpath.normpath(posixpath.join(dossier, element.get("Target") or ""))
    return ""


def _etendue(sdt: Element) -> tuple[int, int] | None:
    cadre = next(sdt.iter(_CADRE), None)
    mesures = [] if cadre is None else [cadre.get("cx") or "", cadre.get("cy") or ""]
    return (int(mesures[0]), int(mesures[1])) if mesures and all(m.isdecimal() for m in mesures) else None


def _tient(cadre: tuple[int, int], etendue: tuple[int, int], image: Image) -> bool:
    """Dans le cadre, et aux proportions de l’image (à un arrondi près)."""
    dedans = 0 < etendue[0] <= cadre[0] and 0 < etendue[1] <= cadre[1]
    ecart = abs(etendue[0] * image.hauteur - etendue[1] * image.largeur)
    return dedans and ecart <= image.largeur + image.hauteur
