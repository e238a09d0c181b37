"""Les cases à cocher vues par la vérification : où elles sont, leur libellé, leur état."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cpomdocs.certificat.word.genres.champs import debuts_de_champ
from cpomdocs.certificat.word.lecture import (
    MUETS,
    SIGNES,
    W14,
    Element,
    Ligne,
    W,
    aplatir,
    cellules_de,
    en_invite,
    lire,
    lire_cadre,
    paragraphes_de,
)

_VIDES, _PLEINES = set("☐□❏❐❑❒▢◻⬜"), set("☒☑")
_POLICES = {
    "wingdings": ({0xA8, 0x6F, 0x71, 0x72}, {0xFE, 0xFD, 0x78}),
    "wingdings 2": ({0xA3}, {82, 83, 84}),
}
_MARGE = " \u00a0\u202f\t\n:;,.…‥_·-–"
_Image = list[tuple[str, "Boite | None"]]
"""Les signes d’une ligne ; une case à cocher y tient la place d’un signe."""


class Boite(NamedTuple):
    """Une case : son paragraphe, l’élément qui la montre, sa position s’il s’agit d’un signe du texte."""

    paragraphe: Element
    element: Element
    position: int


def est_cochee(signe: str, police: str) -> bool | None:
    """L’état d’un carré ; `None` si ce signe n’en est pas un."""
    if police not in _POLICES:
        return True if signe in _PLEINES else False if signe in _VIDES else None
    vides, pleines = _POLICES[police]
    code = ord(signe) - 0xF000 if 0xF000 <= ord(signe) <= 0xF0FF else ord(signe)
    return True if code in pleines else False if code in vides else None


def police_du_passage(passage: Element | None) -> str:
    """La police du passage, en minuscules."""
    polices = None if passage is None else passage.find(f"{W}rPr/{W}rFonts")
    return "" if polices is None else str(polices.get(f"{W}ascii") or polices.get(f"{W}hAnsi") or "").lower()


def symbole_coche(sym: Element) -> bool | None:
    """L’état d’un symbole (`w:sym`)."""
    code = sym.get(f"{W}char") or ""
    if len(code) > 4 or not set(code) <= set("0123456789abcdefABCDEF"):
        return None
    return est_cochee(chr(int(code or "0", 16)), (sym.get(f"{W}font") or "").lower())


def _est_un_controle(sdt: Element) -> bool:
    return sdt.find(f"{W}sdtPr/{W14}checkbox") is not None


def _image(paragraphe: Element) -> _Image:
    autour = [s for s in paragraphe.iterancestors(f"{W}sdt") if _est_un_controle(s)]
    if autour:
        return [("☐", Boite(paragraphe, autour[0], 0))]
    champs = [d for d in debuts_de_champ(paragraphe) if d.find(f"{W}ffData/{W}checkBox") is not None]
    image: _Image = []
    position = 0
    for element in _feuilles(paragraphe):
        if element.tag == f"{W}sdt" or element in champs:
            image.append(("☐", Boite(paragraphe, element, position)))
            position += len(lire(element)) if element.tag == f"{W}sdt" and not en_invite(element) else 0
        elif element.tag == f"{W}sym" and symbole_coche(element) is not None:
            image.append(("☐", Boite(paragraphe, element, position)))
        elif element.tag in SIGNES:
            police = police_du_passage(element.getparent())
            for signe in SIGNES[element.tag] or element.text or "":
                carre = element.tag == f"{W}t" and est_cochee(signe, police) is not None
                image.append(("☐", Boite(paragraphe, element, position)) if carre else (signe, None))
                position += 1
    return image


def _feuilles(element: Element) -> Iterator[Element]:
    montrees = {f"{W}sym", f"{W}fldChar", *SIGNES}
    for enfant in element:
        controle = enfant.tag == f"{W}sdt"
        if enfant.tag in montrees or (controle and _est_un_controle(enfant)):
            yield enfant
        elif enfant.tag not in MUETS and not (controle and en_invite(enfant)):
            yield from _feuilles(enfant)


def boite_de_la_cellule(cellule: Element) -> Boite | None:
    """La case à cocher qui est tout le contenu de la cellule."""
    signes = [s for p in paragraphes_de(cellule) for s in _image(p) if s[1] is not None or s[0].strip()]
    return signes[0][1] if len(signes) == 1 else None


def boite_apres(paragraphe: Element, fin: int) -> Boite | None:
    """La seule case à cocher de la fin de la ligne, si rien d’autre n’y est écrit."""
    suite = lire(paragraphe)[fin:]
    if any(signe not in _VIDES | _PLEINES and not signe.isspace() for signe in suite):
        return None
    boites = [boite for _, boite in _image(paragraphe) if boite is not None and boite.position >= fin]
    return boites[0] if len(boites) == 1 else None


def boites_prevues(lignes: Iterable[Ligne], nom: str) -> list[Boite]:
    """Les cases à cocher que ce libellé désigne."""
    impose = "apres" if nom.strip()[:1] in _VIDES else "avant" if nom.strip()[-1:] in _VIDES else ""
    cherche = aplatir(nom.strip("".join(_VIDES) + " "))
    tous = [
        (boite, {aplatir(texte) for texte in textes})
        for ligne in lignes
        for boite, textes in _etiquettes(ligne.paragraphe, impose)
    ]
    exactes = [boite for boite, textes in tous if cherche in textes]
    if exactes:
        return exactes
    return [b for b, textes in tous if any(re.match(rf"{re.escape(cherche)}(?![^\W_])", t) for t in textes)]


def _etiquettes(paragraphe: Element, impose: str) -> Iterator[tuple[Boite, list[str]]]:
    cellule = next(paragraphe.iterancestors(f"{W}tc"), None)
    image = _image(paragraphe)
    seule = None if cellule is None or not any(b for _, b in image) else boite_de_la_cellule(cellule)
    if cellule is not None and seule is not None:
        image = _image_de_ligne(next(cellule.iterancestors(f"{W}tr")))
    boites = [boite for _, boite in image if boite is not None]
    if not boites:
        return
    textes = "".join("\0" if boite else signe for signe, boite in image).split("\0")
    avant = [re.split(r"\t|\n| {3,}|[.…‥_]{3,}|…", t.strip(_MARGE))[-1] for t in textes[:-1]]
    avant = [t.split(": ")[-1].strip(_MARGE) for t in avant]
    apres = [re.split(r"\t|\n| {3,}|[.…‥_]{3,}|…", t.strip(_MARGE))[0].strip(_MARGE) for t in textes[1:]]
    cote = impose or _cote(textes, avant, apres)
    for boite, *paire in zip(boites, avant, apres, strict=True):
        if seule is None or boite.element is seule.element:
            retenus = paire if not cote else paire[cote == "apres" :][:1]
            yield boite, [t for t in retenus if t]


def _cote(textes: list[str], avant: list[str], apres: list[str]) -> str:
    tete, queue = textes[0].strip(_MARGE), textes[-1].strip(_MARGE)
    if not queue:
        return "avant" if tete and all(avant) else ""
    demande = not tete or (re.search(r"([:?]\s*|\t| {3,})$", textes[0]) and not textes[1].startswith("\t"))
    return "apres" if demande and all(apres) else ""


def _image_de_ligne(ligne: Element) -> _Image:
    image: _Image = []
    for cellule in cellules_de(ligne):
        boite = boite_de_la_cellule(cellule)
        if boite is not None:
            image.append(("☐", boite))
            continue
        if image and image[-1][1] is None:
            image.append(("\t", None))
        image += [(signe, None) for signe in " ".join(lire_cadre(cellule).split())]
    return image
