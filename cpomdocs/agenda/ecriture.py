"""Écrire le calendrier au format iCalendar (RFC 5545) : mêmes données, mêmes octets."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from cpomdocs.agenda.evenements import Evenement, evenements
from cpomdocs.ecriture.depot import poser_ou_refuser
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.rapport import Anomalie

if TYPE_CHECKING:
    from icalendar import Event

_JOUR = datetime.timedelta(days=1)
_DERNIER = datetime.date.max
_CATEGORIES = {
    "etape": "Étape",
    "formation": "Formation",
    "decision": "Décision à suivre",
    "imposee": "Date imposée",
    "proposee": "Contre-proposition",
    "reunion": "Réunion",
    "validation": "Validation",
    "document": "Document à remettre",
    "contrat": "Contrat",
    "legale": "Échéance légale",
}


class Agenda(BaseModel):
    """Ce qui a été écrit, et où ; `anomalies` : ce que la lecture du classeur n’a pas compris."""

    chemin: str
    evenements: list[Evenement]
    anomalies: list[Anomalie] = []


def ecrire_agenda(dossier: Dossier, sortie: Path, anomalies: Sequence[Anomalie] = ()) -> Agenda:
    """Écrit le calendrier. Lève `ErreurEcriture` si le disque refuse."""
    dates = evenements(dossier)
    poser_ou_refuser(sortie, en_icalendar(dossier, dates))
    return Agenda(chemin=sortie.as_posix(), evenements=dates, anomalies=list(anomalies))


def en_icalendar(dossier: Dossier, dates: list[Evenement]) -> bytes:
    """Le fichier : une journée par événement, qui n’occupe pas l’emploi du temps."""
    from icalendar import Calendar

    nom = " – ".join(
        filter(None, ("CPOM", dossier.gestionnaire.sigle or dossier.gestionnaire.raison_sociale))
    )
    calendrier = Calendar()
    calendrier.add("prodid", "-//cpomdocs//Calendrier du CPOM//FR")
    calendrier.add("version", "2.0")
    calendrier.add("method", "PUBLISH")
    calendrier.add("x-wr-calname", nom)
    instant = _instant(dossier)
    vus: Counter[tuple[str, str]] = Counter()
    for date in dates:
        vus[date.genre, date.cle] += 1
        rang = vus[date.genre, date.cle]
        identifiant = _identifiant(dossier.gestionnaire.finess_ej or nom, date, rang)
        calendrier.add_component(_en_vevent(date, identifiant, instant))
    octets: bytes = calendrier.to_ical()
    return octets


def _en_vevent(date: Evenement, identifiant: str, instant: datetime.datetime) -> Event:
    from icalendar import Event

    journee = Event()
    journee.add("uid", identifiant)
    journee.add("dtstamp", instant)
    journee.add("dtstart", date.date)
    if date.date < _DERNIER:
        journee.add("dtend", date.date + _JOUR)
    journee.add("summary", date.titre)
    journee.add("categories", [_CATEGORIES[date.genre]])
    journee.add("transp", "TRANSPARENT")
    if date.details:
        journee.add("description", date.details)
    if date.lieu:
        journee.add("location", date.lieu)
    return journee


def _instant(dossier: Dossier) -> datetime.datetime:
    """L’instant de production est la date de référence : le fichier ne dépend pas de l’horloge."""
    jour = dossier.parametres.date_reference or datetime.date(dossier.parametres.annee_n or 2000, 1, 1)
    return datetime.datetime(jour.year, jour.month, jour.day, tzinfo=datetime.UTC)


def _identifiant(gestionnaire: str, date: Evenement, rang: int) -> str:
    """Le même pour le même événement d’une production à l’autre : un nouvel import le met à jour."""
    empreinte = hashlib.sha256(f"{gestionnaire}|{date.genre}|{date.cle}|{rang}".encode()).hexdigest()
    return f"{empreinte[:32]}@cpomdocs"
