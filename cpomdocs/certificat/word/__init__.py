"""La vérification d’un document Word, écrite sans le code de remplissage."""

from cpomdocs.certificat.word.balises import certifier_balises
from cpomdocs.certificat.word.conformite import certifier

__all__ = ["certifier", "certifier_balises"]
