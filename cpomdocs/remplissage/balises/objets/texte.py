"""Un texte en XML de Word : échappé, lignes et tabulations comprises, dans un passage au format voulu."""

from __future__ import annotations

import re
from collections.abc import Iterable

porte_un_signe_particulier = re.compile('[<>&"\x00-\x1f\ud800-\udfff\ufffe\uffff]').search
"""Trouve ce qu’un texte ne peut pas écrire tel quel."""
ILLISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Ce que XML ne sait pas dire."""
OUVERTURE = '<w:t xml:space="preserve">'
_ELEMENT = re.compile(r"<w:(\w+)(?: [^<>]*)?/>")
_REVISION = re.compile(r"<w:rPrChange\b.*?</w:rPrChange>", re.DOTALL)
_ORDRE = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
    "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u"
)
_RANGS = {nom: rang for rang, nom in enumerate(_ORDRE.split())}
"""L’ordre que le schéma impose aux propriétés d’un passage (ECMA-376, § 17.3.2.28) ; les autres suivent."""


def entites(texte: str) -> str:
    """Le texte dont les signes de XML sont des entités."""
    return texte.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def echapper(texte: str) -> str:
    """Le texte tel qu’un `w:t` ouvert le reçoit, sauts de ligne et tabulations compris."""
    if porte_un_signe_particulier(texte) is None:
        return texte
    uni = texte.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    sur = entites(ILLISIBLES.sub("", uni))
    return sur.replace("\n", f"</w:t><w:br/>{OUVERTURE}").replace("\t", f"</w:t><w:tab/>{OUVERTURE}")


def passage(texte: str, proprietes: str) -> str:
    """Un passage (`w:r`) qui porte ce texte, à ce format (le XML d’un `w:rPr`, ou rien)."""
    return f"<w:r>{proprietes}{OUVERTURE}{echapper(texte)}</w:t></w:r>"


def completer(proprietes: str, ajouts: Iterable[str]) -> str:
    """Le `w:rPr` où ces éléments remplacent ceux de même nom, ou prennent leur rang."""
    interieur = _REVISION.sub("", proprietes.removeprefix("<w:rPr>").removesuffix("</w:rPr>"))
    simples = {e[1]: e[0] for e in _ELEMENT.finditer(interieur)}
    reste = _ELEMENT.sub("", interieur)
    simples |= {e[1]: e[0] for ajout in ajouts for e in _ELEMENT.finditer(ajout)}
    ranges = sorted(simples.items(), key=lambda paire: _RANGS.get(paire[0], len(_RANGS)))
    complet = "".join(element for _, element in ranges) + reste
    return f"<w:rPr>{complet}</w:rPr>" if complet else ""
