"""La valeur d’une cellule lue dans ses octets : texte, nombre, booléen ou code d’erreur."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from html import unescape

from lxml import etree

from cpomdocs.office.feuille import Cellule, FeuilleOctets
from cpomdocs.office.styles import NS, entier


@dataclass(frozen=True)
class CodeErreur:
    """L’erreur que montre une cellule : « #DIV/0! », « #N/A »…"""

    code: str

    def __str__(self) -> str:
        return self.code


ValeurCellule = str | Decimal | bool
_ECHAPPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PHONETIQUE = re.compile(rb"<(?:\w+:)?rPh[\s>].*?</(?:\w+:)?rPh>", re.DOTALL)
_TEXTE = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</(?:\w+:)?t>")
_RESULTAT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</(?:\w+:)?v>")


def decoder_texte(texte: str) -> str:
    """Le texte tel que la personne l’a tapé : les échappements `_xHHHH_` d’Excel rendus."""
    return _ECHAPPE.sub(lambda m: chr(int(m[1], 16)), texte) if "_x" in texte else texte


def texte_riche(element: etree._Element) -> str:
    """Le texte d’un `si` ou d’un `is` : ses `t`, ceux de ses passages `r`, sans la phonétique."""
    morceaux = [t.text or "" for t in element.iterfind(f"{NS}t")]
    morceaux += [t.text or "" for t in element.iterfind(f"{NS}r/{NS}t")]
    return decoder_texte("".join(morceaux))


def valeur_cellule(feuille: FeuilleOctets, cellule: Cellule, chaines: Sequence[str]) -> ValeurCellule | None:
    """La valeur (ou le dernier résultat) d’une cellule ; `None` si elle est vide. Une erreur est son code."""
    contenu = feuille.contenu(cellule)
    genre = feuille.attributs(cellule).get("t", "n")
    if genre == "inlineStr":
        morceaux = _TEXTE.findall(_PHONETIQUE.sub(b"", contenu))
        return decoder_texte(unescape(b"".join(morceaux).decode("utf-8", "replace")))
    resultat = _RESULTAT.search(contenu)
    if resultat is None:
        return None
    texte = unescape(resultat[1].decode("utf-8", "replace"))
    if genre == "s":
        rang = entier(texte, -1)
        return chaines[rang] if 0 <= rang < len(chaines) else None
    if genre == "b":
        return texte.strip() in ("1", "true")
    return _nombre(texte) if genre == "n" else decoder_texte(texte)


def _nombre(texte: str) -> ValeurCellule | None:
    try:
        return Decimal(texte.strip()) if texte.strip() else None
    except InvalidOperation:
        return texte
