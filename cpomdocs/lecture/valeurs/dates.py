"""Lire une date comme on la tape : « 31/12/2026 », « 31 décembre 2026 », « 2026-12-31 »."""

from __future__ import annotations

import datetime
import re

from cpomdocs.lecture.valeurs.textes import normaliser

_MOIS = {
    "janvier": 1,
    "fevrier": 2,
    "mars": 3,
    "avril": 4,
    "mai": 5,
    "juin": 6,
    "juillet": 7,
    "aout": 8,
    "septembre": 9,
    "octobre": 10,
    "novembre": 11,
    "decembre": 12,
}
_ABREGES = {"janv": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12}
_CHIFFRES = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_LETTRES = re.compile(r"(?:[a-z]+ )?([0-9]{1,2})(?:er)? ([a-z]+) ([0-9]{4})")
_ORIGINE = datetime.date(1899, 12, 30)
_PREMIER_SERIE, _DERNIER_SERIE = 18_264, 73_050
_ANNEES_SEULES = range(1950, 2101)


def date_de_texte(texte: str) -> datetime.date | None:
    """La date écrite en toutes lettres ou en chiffres (jour d’abord) ; `None` si elle n’existe pas."""
    propre = texte.strip()
    if iso := _ISO.fullmatch(propre):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if chiffres := _CHIFFRES.fullmatch(propre):
        return _date(_siecle(chiffres[3]), int(chiffres[2]), int(chiffres[1]))
    if lettres := _LETTRES.fullmatch(normaliser(propre)):
        mois = _MOIS.get(lettres[2]) or _ABREGES.get(lettres[2])
        return _date(int(lettres[3]), mois, int(lettres[1])) if mois else None
    return None


def date_de_serie(nombre: float) -> datetime.date | None:
    """La date d’un numéro de série d’Excel entre 1950 et 2099 (format de cellule perdu), sinon `None`."""
    if nombre.is_integer() and _PREMIER_SERIE <= nombre <= _DERNIER_SERIE:
        return _ORIGINE + datetime.timedelta(days=int(nombre))
    return None


def annee_tapee_seule(date: datetime.date) -> int | None:
    """L’année que quelqu’un a sans doute tapée seule dans une cellule de date (2026 s’y lit 18/07/1905)."""
    serie = (date - _ORIGINE).days
    return serie if serie in _ANNEES_SEULES else None


def _siecle(ecrite: str) -> int:
    """L’année sur quatre chiffres ; sur deux, de 1930 à 2029, comme Excel."""
    annee = int(ecrite)
    return annee if len(ecrite) == 4 else annee + (2000 if annee < 30 else 1900)


def _date(annee: int, mois: int, jour: int) -> datetime.date | None:
    try:
        return datetime.date(annee, mois, jour)
    except ValueError:
        return None
