"""Relire une cellule remplie et dire si elle porte bien la valeur prévue, avec son type."""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from lxml import etree

from cpomdocs.formats import pourcent

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ECHAPPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OUI = {True: {"oui", "vrai", "yes", "o", "1", "x"}, False: {"non", "faux", "no", "n", "0"}}
_JOUR = 86_400


class Lue(NamedTuple):
    """La valeur d’une cellule : `genre` vaut `texte`, `nombre`, `booleen`, `erreur` ou `vide`."""

    genre: str
    texte: str


class Regle(NamedTuple):
    """Ce qui décide de la forme attendue : cellule au format texte, à liste déroulante, système de dates."""

    format_texte: bool
    a_liste: bool
    date1904: bool


def lire(cellule: etree._Element, chaines: list[str]) -> Lue:
    """La valeur de la cellule, échappements d’Excel rendus."""
    genre = cellule.get("t", "n")
    riche = cellule.find(f"{NS}is")
    if genre == "inlineStr":
        return Lue("texte", texte_riche(riche)) if riche is not None else Lue("vide", "")
    valeur = cellule.findtext(f"{NS}v")
    if valeur is None:
        return Lue("vide", "")
    if genre == "s":
        rang = int(valeur) if valeur.strip().isdecimal() else -1
        return (
            Lue("texte", chaines[rang]) if 0 <= rang < len(chaines) else Lue("erreur", "texte partagé absent")
        )
    noms = {"n": "nombre", "b": "booleen", "e": "erreur", "str": "texte"}
    return Lue(noms.get(genre, "erreur"), _rendre(valeur) if genre == "str" else valeur.strip())


def texte_riche(element: etree._Element) -> str:
    """Le texte d’un `is` ou d’un `si`, sans la phonétique."""
    chemins = (f"{NS}t", f"{NS}r/{NS}t")
    return _rendre("".join(t.text or "" for chemin in chemins for t in element.iterfind(chemin)))


def conforme(lue: Lue, attendue: object, regle: Regle) -> bool:
    """Vrai si la cellule porte la valeur prévue ; dans une liste, l’orthographe de la liste est admise."""
    if isinstance(attendue, bool):
        return _booleen(lue, attendue, regle)
    if isinstance(attendue, datetime.date):
        return _date(lue, attendue, regle)
    if isinstance(attendue, int | float | Decimal):
        return _nombre(lue, Decimal(str(attendue)), regle)
    texte = str(attendue).replace("\r\n", "\n").replace("\r", "\n")
    if lue.genre in ("texte", "vide") and lue.texte == texte:
        return True
    if not regle.a_liste:
        return False
    return _plier(lue.texte) == _plier(texte) or (
        lue.genre in ("texte", "nombre")
        and _decimal(texte) is not None
        and _decimal(texte) == _decimal(lue.texte)
    )


def _booleen(lue: Lue, attendue: bool, regle: Regle) -> bool:
    if lue.genre == "vide":
        return regle.a_liste and not attendue
    if lue.genre == "booleen":
        return (lue.texte in ("1", "true")) is attendue
    return _plier(lue.texte) in _OUI[attendue]


def _date(lue: Lue, attendue: datetime.date, regle: Regle) -> bool:
    if lue.genre == "texte":
        return lue.texte == attendue.strftime("%d/%m/") + f"{attendue.year:04d}"
    nombre = _decimal(lue.texte)
    if lue.genre != "nombre" or nombre is None:
        return False
    if regle.date1904:
        origine = datetime.datetime(1904, 1, 1)
    else:
        origine = datetime.datetime(1899, 12, 30 if nombre > 60 else 31)
    instant = origine + datetime.timedelta(seconds=float(round(nombre * _JOUR)))
    if isinstance(attendue, datetime.datetime):
        return abs(instant - attendue.replace(tzinfo=None)) < datetime.timedelta(seconds=1)
    return instant == datetime.datetime(attendue.year, attendue.month, attendue.day)


def _nombre(lue: Lue, attendue: Decimal, regle: Regle) -> bool:
    lu = _decimal(lue.texte)
    if lue.genre == "nombre":
        return lu is not None and float(lu) == float(attendue)
    if lue.genre != "texte" or not (regle.format_texte or regle.a_liste):
        return False
    return lue.texte == pourcent(attendue) or (lu is not None and float(lu) == float(attendue))


def _decimal(texte: str) -> Decimal | None:
    nu = re.sub(r"\s", "", texte).replace(",", ".")
    try:
        nombre = Decimal(nu.removesuffix("%"))
    except InvalidOperation:
        return None
    if not nombre.is_finite():
        return None
    return nombre / 100 if nu.endswith("%") else nombre


def _rendre(texte: str) -> str:
    return _ECHAPPE.sub(lambda echappe: chr(int(echappe[1], 16)), texte)


def _plier(texte: str) -> str:
    nu = "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c)).casefold()
    for signe, simple in (("’", "'"), ("œ", "oe"), ("–", "-"), ("‑", "-")):
        nu = nu.replace(signe, simple)
    return re.sub(r"\s", "", nu)
