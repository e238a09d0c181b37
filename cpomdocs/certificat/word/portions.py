"""Comparer signe par signe une ligne où des valeurs ont été écrites, des cases cochées, puis l’effacer."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from cpomdocs.certificat.word.effacement import oter, oter_si_vide
from cpomdocs.certificat.word.genres.coches import est_cochee, police_du_passage, symbole_coche
from cpomdocs.certificat.word.lecture import BLANC, DATE_OU_CROCHETS, SIGNES, Element, W, porteurs

_Signe = tuple[str, bytes, str]
"""Un caractère, son format canonique, sa police."""


class Ajout(NamedTuple):
    """Une valeur écrite après cette position du gabarit ; `coche` : l’état du carré qui y est."""

    fin: int
    valeur: str
    coche: bool | None = None
    saut: int = 0
    """Nombre de caractères du gabarit que la valeur remplace."""


def effacer_paragraphe(avant: Element, apres: Element, ajouts: list[Ajout]) -> bool:
    """Vrai si la ligne est celle du gabarit, chaque valeur ajoutée à la place qui suit sa position.

    Efface les textes des deux lignes ; les signes gardés ont été comparés un à un, format compris.
    """
    conforme = _aligner(_signes(avant), _signes(apres), ajouts)
    for paragraphe in (avant, apres):
        oter(list(porteurs(paragraphe)))
        for passage in list(paragraphe.iter(f"{W}r")):
            oter_si_vide(passage)
    return conforme


def _signes(paragraphe: Element) -> list[_Signe]:
    signes: list[_Signe] = []
    for porteur in porteurs(paragraphe):
        passage = next(porteur.iterancestors(f"{W}r"))
        format_ = passage.find(f"{W}rPr")
        canonique = b"" if format_ is None else bytes(etree.tostring(format_, method="c14n", with_tail=False))
        police = police_du_passage(passage)
        signes += [(signe, canonique, police) for signe in SIGNES[porteur.tag] or porteur.text or ""]
    return signes


def _aligner(avant: list[_Signe], apres: list[_Signe], ajouts: list[Ajout]) -> bool:
    ancien = "".join(s[0] for s in avant)
    nouveau = "".join(s[0] for s in apres)
    i = j = 0
    for fin, valeur, coche, remplaces in ajouts:
        if avant[i:fin] != apres[j : j + fin - i]:
            return False
        j += fin - i
        if coche is not None:
            if not _meme_carre(avant[fin : fin + 1], apres[j : j + 1], coche):
                return False
            i, j = fin + 1, j + 1
            continue
        if remplaces:
            if not nouveau.startswith(valeur, j):
                return False
            i, j = fin + remplaces, j + len(valeur)
            continue
        entier = DATE_OU_CROCHETS.match(ancien, fin)
        blancs = BLANC.match(ancien, entier.end() if entier else fin)
        longueur = blancs.end() - fin if blancs else 0
        saut = next((s for s in range(longueur + 2) if _suit(nouveau, j, s, valeur)), None)
        if saut is None:
            return False
        i, j = fin + longueur, j + saut + len(valeur)
        reste = BLANC.match(nouveau, j)
        j = reste.end() if reste else j
    return avant[i:] == apres[j:]


def _suit(texte: str, debut: int, saut: int, valeur: str) -> bool:
    """Vrai si la valeur paraît après ce saut, fait de blancs seulement."""
    blancs = BLANC.fullmatch(texte[debut : debut + saut]) is not None
    return blancs and texte.startswith(valeur, debut + saut)


def _meme_carre(avant: list[_Signe], apres: list[_Signe], coche: bool) -> bool:
    """Vrai si l’un et l’autre sont des carrés de même format, et le second dans l’état voulu."""
    if not avant or not apres or avant[0][1:] != apres[0][1:]:
        return False
    (ancien, _, police), (nouveau, _, _) = avant[0], apres[0]
    return est_cochee(ancien, police) is not None and est_cochee(nouveau, police) is coche


def effacer_symbole(avant: Element, apres: Element, sym: Element, coche: bool) -> bool:
    """Vrai si le même symbole du paragraphe est dans l’état voulu ; efface l’état des deux côtés."""
    rang = list(avant.iter(f"{W}sym")).index(sym)
    nouveau = next(iter(list(apres.iter(f"{W}sym"))[rang : rang + 1]), None)
    if nouveau is None or symbole_coche(nouveau) is not coche:
        return False
    for element in (sym, nouveau):
        element.set(f"{W}char", "0000")
    return True
