"""Ce que le style d’une cellule dit de sa valeur : date, texte, pourcentage, verrouillée."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PREDEFINIS = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "d/m/yy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 49: "@",
}  # fmt: skip
"""Formats numérotés par la norme (ECMA-376, § 18.8.30), dont les fichiers ne donnent pas le code."""
_COCHE = "{http://schemas.microsoft.com/office/spreadsheetml/2022/featurepropertybag}xfComplement"
_DATES_LOCALES = {*range(27, 37), *range(50, 59)}
_NEUTRE = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|_.|\*.")


@dataclass(frozen=True)
class Style:
    """Le format de nombre d’une cellule et son verrou, lus une fois pour toutes."""

    format: str = "General"
    date: bool = False
    texte: bool = False
    pourcent: bool = False
    verrouillee: bool = True
    coche: bool = False
    """Vrai si la cellule s’affiche en case à cocher (Excel 365)."""


@lru_cache(maxsize=1024)
def est_format_date(code: str) -> bool:
    """Vrai si le code de format montre un jour, un mois ou une année (une heure seule ne suffit pas)."""
    if code.casefold() in ("general", "standard"):
        return False
    nu = _NEUTRE.sub("", code.split(";", 1)[0]).lower()
    return "d" in nu or "y" in nu or ("m" in nu and not {"h", "s"} & set(nu))


class Styles:
    """Les styles de cellule d’un classeur, lus quand on les demande : il en a des centaines."""

    def __init__(self, racine: etree._Element) -> None:
        """`racine` : celle de la partie des styles."""
        self._codes = {
            entier(element.get("numFmtId"), -1): element.get("formatCode", "General")
            for element in racine.iterfind(f"{NS}numFmts/{NS}numFmt")
        }
        self._nommes = list(racine.iterfind(f"{NS}cellStyleXfs/{NS}xf"))
        self._cellules = list(racine.iterfind(f"{NS}cellXfs/{NS}xf"))
        self._lus: dict[int, Style] = {}

    def style(self, numero: int) -> Style:
        """Le style de ce numéro (`c/@s`) ; celui par défaut s’il n’existe pas."""
        if not 0 <= numero < len(self._cellules):
            return Style()
        if numero not in self._lus:
            self._lus[numero] = _style(self._cellules[numero], self._codes, self._nommes)
        return self._lus[numero]


def _style(xf: etree._Element, codes: dict[int, str], nommes: list[etree._Element]) -> Style:
    numero = entier(xf.get("numFmtId"))
    code = codes.get(numero) or _PREDEFINIS.get(numero, "General")
    date = (
        numero in _DATES_LOCALES
        if numero not in codes and numero not in _PREDEFINIS
        else est_format_date(code)
    )
    texte, pourcent = _texte_ou_pourcent(code)
    coche = next(xf.iter(_COCHE), None) is not None
    return Style(code, date, texte, pourcent, _verrouillee(xf, nommes), coche)


@lru_cache(maxsize=1024)
def _texte_ou_pourcent(code: str) -> tuple[bool, bool]:
    """Si ce format est celui des textes, s’il montre un pourcentage."""
    return _NEUTRE.sub("", code.split(";", 1)[0]).strip() == "@", "%" in _NEUTRE.sub("", code)


def _verrouillee(xf: etree._Element, nommes: list[etree._Element]) -> bool:
    """Le verrou de la cellule : le sien, sinon celui de son style nommé, sinon verrouillée (ECMA-376)."""
    protection = xf.find(f"{NS}protection")
    rang = entier(xf.get("xfId"))
    if protection is None and not vrai(xf.get("applyProtection")) and 0 <= rang < len(nommes):
        protection = nommes[rang].find(f"{NS}protection")
    return protection is None or vrai(protection.get("locked", "1"))


def vrai(texte: str | None) -> bool:
    """La valeur d’un booléen XML ; absent, il est faux."""
    return texte in ("1", "true", "on")


def entier(texte: str | None, defaut: int = 0) -> int:
    """L’entier écrit dans un attribut ; la valeur par défaut s’il manque ou n’en est pas un."""
    chiffres = (texte or "").strip()
    return int(chiffres) if chiffres.isascii() and chiffres.isdigit() and len(chiffres) < 10 else defaut
