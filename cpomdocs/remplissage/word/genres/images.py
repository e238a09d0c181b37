"""Les contrôles qui montrent une image : en mettre une autre, dans le même cadre, sans la déformer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cpomdocs.remplissage.word.ooxml import CONTENU, SDTPR, Element, w
from cpomdocs.remplissage.word.texte import CaseRefusee, extrait
from cpomdocs.saisies import Image, Saisie

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def verifier_image(sdt: Element, nom: str) -> None:
    """Lève `CaseRefusee` si le contrôle ne montre pas une image, et une seule."""
    if len(list(_dessins(sdt))) != 1:
        raise CaseRefusee(
            "RW-07",
            f"Le contrôle « {nom} » ne montre pas une image ordinaire.",
            "Y mettre l’image à la main.",
        )


def image_de(saisie: Saisie) -> Image:
    """L’image que la saisie apporte. Lève `CaseRefusee` si elle n’en apporte pas."""
    if saisie.image is None:
        raise CaseRefusee(
            "RW-08",
            f"La case « {extrait(str(saisie.case))} » attend une image : « {extrait(str(saisie.a_ecrire))} » "
            "n’en est pas une.",
            "Y placer un champ qui nomme un fichier .png ou .jpg du dossier.",
        )
    return saisie.image


def ecrire_image(sdt: Element, image: Image, relation: str) -> None:
    """Montre l’image de cette relation, à la plus grande taille que le cadre permet."""
    proprietes = sdt.find(SDTPR)
    if proprietes is not None:
        for invite in proprietes.findall(w("showingPlcHdr")):
            proprietes.remove(invite)
    dessin, pixels = next(_dessins(sdt))
    pixels.set(f"{_R}embed", relation)
    pixels.attrib.pop(f"{_R}link", "")
    for autre in pixels.findall(f"{_A}extLst"):
        pixels.remove(autre)
    remplissage = pixels.getparent()
    for rogne in remplissage.findall(f"{_A}srcRect") if remplissage is not None else ():
        rogne.attrib.clear()
    cadre = dessin.find(f"*/{_WP}extent")
    taille = None if cadre is None else _ajuster(cadre, image)
    for etendue in (cadre, next(dessin.iterfind(f".//{_PIC}spPr/{_A}xfrm/{_A}ext"), None)):
        if etendue is not None and taille is not None:
            etendue.set("cx", str(taille[0]))
            etendue.set("cy", str(taille[1]))


def _dessins(sdt: Element) -> Iterator[tuple[Element, Element]]:
    """Les dessins du contrôle qui tiennent une image, et l’élément qui la désigne."""
    contenu = sdt.find(CONTENU)
    for dessin in contenu.iter(w("drawing")) if contenu is not None else ():
        trouves = list(dessin.iter(f"{_A}blip"))
        cadre = dessin.find(f"*/{_WP}extent")
        if len(trouves) == 1 and cadre is not None and all(map(_positif, (cadre.get("cx"), cadre.get("cy")))):
            yield dessin, trouves[0]


def _positif(mesure: str | None) -> bool:
    return mesure is not None and re.fullmatch("[1-9][0-9]{0,9}", mesure) is not None


def _ajuster(cadre: Element, image: Image) -> tuple[int, int]:
    """La taille (EMU) de l’image dans le cadre, proportions gardées."""
    largeur, hauteur = (int(cadre.get(n) or 0) for n in ("cx", "cy"))
    echelle = min(largeur / image.largeur, hauteur / image.hauteur)
    return max(1, round(image.largeur * echelle)), max(1, round(image.hauteur * echelle))
