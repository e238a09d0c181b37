"""Les jours ouvrés : du lundi au vendredi, hors jours fériés du département."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from functools import cache

UN_JOUR = datetime.timedelta(days=1)
_ANNEES = range(1950, 2101)
_SAMEDI = 5
_PARTICULIERS = {
    **dict.fromkeys(("67", "68"), "6AE"),
    **{code: code for code in ("57", "971", "972", "973", "974", "976")},
}
"""Les départements qui ont des jours fériés de plus, et leur nom dans la bibliothèque."""


def plausible(date: datetime.date | None) -> datetime.date | None:
    """La date, si elle peut être celle d’un calendrier de travail ; pas une faute de frappe."""
    return date if date is not None and date.year in _ANNEES else None


@cache
def feries(annee: int, departement: str | None = None) -> Mapping[datetime.date, str]:
    """Les jours fériés d’une année et leur nom, dans l’ordre."""
    from holidays import country_holidays  # lourd, et inutile à la plupart des commandes

    subdivision = _PARTICULIERS.get(departement or "")
    trouves = country_holidays("FR", subdiv=subdivision, years=annee, language="fr")
    return {date: nom.replace("'", "’") for date, nom in sorted(trouves.items())}


def mois_avant(date: datetime.date, mois: int) -> datetime.date:
    """La même date, tant de mois plus tôt ; le dernier jour du mois s’il n’a pas ce quantième.

    Avant l’an 1, que le calendrier de Python ne connaît pas, rend sa première date.
    """
    annee, rang = divmod(date.year * 12 + date.month - 1 - mois, 12)
    if annee < datetime.MINYEAR:
        return datetime.date.min
    dernier = calendar.monthrange(annee, rang + 1)[1]
    return datetime.date(annee, rang + 1, min(date.day, dernier))


class JoursOuvres:
    """Le calendrier de travail d’un département."""

    def __init__(self, departement: str | None = None) -> None:
        self._departement = departement if departement in _PARTICULIERS else None

    def feries(self, annee: int) -> Mapping[datetime.date, str]:
        """Les jours fériés d’une année et leur nom."""
        return feries(annee, self._departement)

    def est_ouvre(self, date: datetime.date) -> bool:
        """Vrai du lundi au vendredi, hors jours fériés."""
        return date.weekday() < _SAMEDI and date not in self.feries(date.year)

    def nom(self, date: datetime.date) -> str:
        """Pourquoi ce jour n’est pas ouvré : « dimanche », « Toussaint » ; rien s’il l’est."""
        if date in self.feries(date.year):
            return self.feries(date.year)[date]
        return {5: "samedi", 6: "dimanche"}.get(date.weekday(), "")

    def suivant(self, date: datetime.date) -> datetime.date:
        """Ce jour, ou le premier jour ouvré après lui."""
        while not self.est_ouvre(date):
            date += UN_JOUR
        return date

    def precedent(self, date: datetime.date) -> datetime.date:
        """Ce jour, ou le dernier jour ouvré avant lui."""
        while not self.est_ouvre(date):
            date -= UN_JOUR
        return date

    def entre(self, debut: datetime.date, fin: datetime.date) -> int:
        """Le nombre de jours ouvrés du premier au dernier jour, tous deux compris ; zéro s’ils sont à
        l’envers."""
        if fin < debut:
            return 0
        semaines, reste = divmod((fin - debut).days + 1, 7)
        isoles = sum((debut.weekday() + rang) % 7 < _SAMEDI for rang in range(reste))
        chomes = sum(
            date.weekday() < _SAMEDI
            for annee in range(debut.year, fin.year + 1)
            for date in self.feries(annee)
            if debut <= date <= fin
        )
        return semaines * _SAMEDI + isoles - chomes

    def ecart(self, depart: datetime.date, arrivee: datetime.date) -> int:
        """Les jours ouvrés qui séparent deux dates : positif si l’arrivée est après, zéro le même jour."""
        if arrivee >= depart:
            return self.entre(depart + UN_JOUR, arrivee)
        return -self.entre(arrivee + UN_JOUR, depart)

    def finir(self, debut: datetime.date, duree: int) -> datetime.date:
        """Le dernier jour d’un travail de tant de jours ouvrés qui commence ce jour-là."""
        fin = self.suivant(debut)
        for _ in range(duree - 1):
            fin = self.suivant(fin + UN_JOUR)
        return fin

    def commencer(self, fin: datetime.date, duree: int) -> datetime.date:
        """Le premier jour d’un travail de tant de jours ouvrés qui finit ce jour-là."""
        debut = self.precedent(fin)
        for _ in range(duree - 1):
            debut = self.precedent(debut - UN_JOUR)
        return debut
