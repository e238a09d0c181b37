"""Les cases à cocher d’un formulaire, quel que soit leur genre, et le libellé de chacune.

Un carré tapé (☐) ou pris dans une police de symboles, un contrôle à cocher, un champ de formulaire à cocher.
Le libellé suit la case, ou la précède ; quand rien ne le dit, la personne l’écrit : « ☐ Oui » ou « Oui ☐ ».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cpomdocs.remplissage.word.genres.champs import champs_de
from cpomdocs.remplissage.word.genres.controles import genre_de
from cpomdocs.remplissage.word.ooxml import (
    HORS_TEXTE,
    RPR,
    SDT,
    SIGNES,
    TC,
    TR,
    Element,
    P,
    R,
    T,
    descendre,
    est_indication,
    jumeau,
    morceaux,
    paragraphes,
    texte_de,
    texte_de_cellule,
    w,
)

Cote = Literal["avant", "apres"]
SYM = w("sym")
CARRES, COCHES = "☐□❏❐❑❒▢◻⬜", "☒☑"
_SYMBOLES = {
    "wingdings": ((0xA8, 0x6F, 0x71, 0x72), (0xFE, 0xFD, 0x78)),
    "wingdings 2": ((0xA3,), (0x52, 0x53, 0x54)),
}
"""Par police : les codes des carrés vides, puis ceux des carrés cochés ; on écrit les premiers."""
_COUPE = re.compile(r"\t|\n| {3,}|[.…‥_]{3,}|…")
_BORDS = " \u00a0\u202f\t\n:;,.…‥_·-–"


@dataclass(frozen=True)
class Boite:
    """Une case à cocher : son paragraphe, l’élément qui la montre ; `position` : son rang de caractère."""

    paragraphe: Element
    element: Element
    position: int = 0

    @property
    def tapee(self) -> bool:
        """Vrai pour un carré du texte ; faux pour un contrôle ou un champ, qui ont leur propre état."""
        return self.element.tag in (T, SYM)


@dataclass(frozen=True)
class Coche:
    """Une case à cocher et ses libellés : `cote` dit lequel est le sien ; `None` si rien ne le dit."""

    boite: Boite
    avant: str
    apres: str
    cote: Cote | None
    question: str = ""

    @property
    def libelle(self) -> str:
        """Le libellé de la case ; vide si rien ne dit lequel est le sien."""
        return "" if self.cote is None else self.avant if self.cote == "avant" else self.apres


def coches_de(racine: Element) -> Iterator[Coche]:
    """Les cases à cocher d’une partie, dans l’ordre du document."""
    for paragraphe in paragraphes(racine):
        jetons = _jetons(paragraphe)
        boites = [jeton for jeton in jetons if isinstance(jeton, Boite)]
        cellule = next(paragraphe.iterancestors(TC), None)
        if boites and cellule is not None and seule_boite(cellule) is not None:
            yield from (c for c in _de_la_ligne(cellule) if c.boite.element is boites[0].element)
        elif boites:
            yield from _etiqueter(jetons)


def seule_boite(cellule: Element) -> Boite | None:
    """La case à cocher d’une cellule qui ne contient rien d’autre."""
    jetons = [j for p in descendre(cellule, P) for j in _jetons(p)]
    boites = [j for j in jetons if isinstance(j, Boite)]
    vide = not any(isinstance(j, str) and j.strip() for j in jetons)
    return boites[0] if len(boites) == 1 and vide else None


def boite_apres(paragraphe: Element, position: int) -> Boite | None:
    """La case à cocher qui est seule après cette position du paragraphe."""
    if texte_de(paragraphe)[position:].strip(f" \u00a0\t{CARRES}{COCHES}"):
        return None
    derriere = [j for j in _jetons(paragraphe) if isinstance(j, Boite) and _debut(j) >= position]
    return derriere[0] if len(derriere) == 1 else None


def double(boite: Boite) -> Boite | None:
    """La même case dans le rendu de repli d’une zone de texte."""
    autre = jumeau(boite.paragraphe)
    if autre is None:
        return None
    ici, la = ([j for j in _jetons(p) if isinstance(j, Boite)] for p in (boite.paragraphe, autre))
    rang = next(i for i, b in enumerate(ici) if b == boite)
    return la[rang] if rang < len(la) else None


def _debut(boite: Boite) -> int:
    """Le nombre de caractères visibles avant la case."""
    if boite.element.tag == T:
        return boite.position
    rangs = {e: rang for rang, e in enumerate(boite.paragraphe.iter())}
    rang = rangs.get(boite.element, 0)
    return sum(len(texte) for porteur, texte in morceaux(boite.paragraphe) if rangs[porteur] < rang)


def _jetons(paragraphe: Element) -> list[str | Boite]:
    """Les textes et les cases du paragraphe, dans l’ordre."""
    autour = next((s for s in paragraphe.iterancestors(SDT) if genre_de(s) == "case"), None)
    if autour is not None:
        return [Boite(paragraphe, autour)]
    champs = {c.debut for c in champs_de(paragraphe) if c.code == "FORMCHECKBOX"}
    trouves: list[str | Boite] = []
    _parcourir(paragraphe, paragraphe, 0, champs, trouves)
    return trouves


def _parcourir(
    element: Element, paragraphe: Element, position: int, champs: set[Element], trouves: list[str | Boite]
) -> int:
    """Ajoute les jetons de l’élément ; rend la position après lui."""
    for enfant in element:
        if enfant.tag == SDT and genre_de(enfant) == "case":
            trouves.append(Boite(paragraphe, enfant))
            position += 0 if est_indication(enfant) else len(texte_de(enfant))
        elif enfant in champs or (enfant.tag == SYM and _etat_du_symbole(enfant) is not None):
            trouves.append(Boite(paragraphe, enfant))
        elif enfant.tag == T or enfant.tag in SIGNES:
            texte = (enfant.text or "") if enfant.tag == T else SIGNES[enfant.tag]
            for rang, signe in enumerate(texte):
                boite = enfant.tag == T and _etat_du_signe(signe, _police(enfant)) is not None
                trouves.append(Boite(paragraphe, enfant, position + rang) if boite else signe)
            position += len(texte)
        elif enfant.tag not in HORS_TEXTE and not (enfant.tag == SDT and est_indication(enfant)):
            position = _parcourir(enfant, paragraphe, position, champs, trouves)
    return position


def _police(porteur: Element) -> str:
    passage = porteur.getparent()
    polices = None if passage is None or passage.tag != R else passage.find(f"{RPR}/{w('rFonts')}")
    return "" if polices is None else (polices.get(w("ascii")) or polices.get(w("hAnsi")) or "").casefold()


def _etat_du_signe(signe: str, police: str) -> bool | None:
    """Coché ou non ; `None` si ce signe n’est pas une case."""
    if police in _SYMBOLES:
        vides, pleins = _SYMBOLES[police]
        code = ord(signe) & 0xFF if ord(signe) < 0x100 or 0xF000 <= ord(signe) < 0xF100 else -1
        return False if code in vides else True if code in pleins else None
    return False if signe in CARRES else True if signe in COCHES else None


def _etat_du_symbole(sym: Element) -> bool | None:
    code = sym.get(w("char")) or ""
    if not re.fullmatch("[0-9A-Fa-f]{1,4}", code):
        return None
    return _etat_du_signe(chr(int(code, 16)), (sym.get(w("font")) or "").casefold())


def _etiqueter(jetons: list[str | Boite]) -> Iterator[Coche]:
    boites = [jeton for jeton in jetons if isinstance(jeton, Boite)]
    textes = [""]
    for jeton in jetons:
        if isinstance(jeton, Boite):
            textes.append("")
        else:
            textes[-1] += jeton
    question = textes[0].strip()
    avants = [_dernier_mot(texte) for texte in textes[:-1]]
    apres = [_premier_mot(texte) for texte in textes[1:]]
    cote = _cote(textes)
    if not all(avants if cote == "avant" else apres):
        cote = None
    tete = question if cote == "apres" else question.removesuffix(avants[0]) if cote == "avant" else ""
    for boite, avant, suite in zip(boites, avants, apres, strict=True):
        yield Coche(boite, avant, suite, cote, tete.strip(_BORDS))


def _cote(textes: list[str]) -> Cote | None:
    """De quel côté de leur case sont les libellés, d’après ce qui précède la première et suit la dernière."""
    tete, queue = textes[0], textes[-1]
    if not queue.strip(_BORDS):
        return "avant" if tete.strip(_BORDS) else None
    if not tete.strip(_BORDS):
        return "apres"
    question = re.search(r"(?:[:?]\s*|\t| {3,})$", tete) is not None
    return "apres" if question and not textes[1].startswith("\t") else None


def _premier_mot(texte: str) -> str:
    """Le libellé qui suit une case : jusqu’à une tabulation ou des pointillés."""
    return _COUPE.split(texte.strip(_BORDS))[0].strip(_BORDS)


def _dernier_mot(texte: str) -> str:
    """Le libellé qui précède une case : depuis une tabulation, des pointillés ou « : »."""
    coupes = [c for c in _COUPE.split(texte.strip(_BORDS)) if c.strip(_BORDS)]
    return coupes[-1].rpartition(": ")[2].strip(_BORDS) if coupes else ""


def _de_la_ligne(cellule: Element) -> Iterator[Coche]:
    """Les cases seules dans leur cellule, étiquetées par les cellules voisines."""
    ligne = next(cellule.iterancestors(TR))
    jetons: list[str | Boite] = []
    for voisine in descendre(ligne, TC):
        boite = seule_boite(voisine)
        if boite is not None:
            jetons.append(boite)
            continue
        if jetons and isinstance(jetons[-1], str):
            jetons.append("\t")
        jetons.append(" ".join(texte_de_cellule(voisine).split()))
    yield from _etiqueter(jetons)


def marquer(element: Element, position: int, coche: bool) -> None:
    """Coche ou décoche un carré du texte : un symbole, ou le caractère à cette position du paragraphe."""
    if element.tag == SYM:
        if _etat_du_symbole(element) is not coche:
            code = _SYMBOLES[(element.get(w("font")) or "").casefold()][coche][0]
            element.set(w("char"), f"F0{code:02X}")
        return
    arrivee = 0
    for porteur, texte in morceaux(element):
        depart, arrivee = arrivee, arrivee + len(texte)
        if depart <= position < arrivee:
            rang, police = position - depart, _police(porteur)
            if _etat_du_signe(texte[rang], police) is not coche:
                neuf = _signe(police, coche, texte[rang])
                porteur.text = texte[:rang] + neuf + texte[rang + 1 :]
            return


def _signe(police: str, coche: bool, ancien: str) -> str:
    if police not in _SYMBOLES:
        return COCHES[0] if coche else CARRES[0]
    code: int = _SYMBOLES[police][coche][0]
    return chr(code + 0xF000 if ord(ancien) >= 0xF000 else code)
