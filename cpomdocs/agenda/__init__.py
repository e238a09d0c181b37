"""Le calendrier des échéances, à importer dans une messagerie."""

from cpomdocs.agenda.ecriture import Agenda, ecrire_agenda
from cpomdocs.agenda.evenements import Evenement

__all__ = ["Agenda", "Evenement", "ecrire_agenda"]
