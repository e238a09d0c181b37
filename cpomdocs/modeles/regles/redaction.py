"""Les mots des messages : nombres à la française, énumérations, justification."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal

from cpomdocs.formats import formater
from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.types import Nature
from cpomdocs.rapport import Gravite

_JUSTIFICATIONS = ("commentaire", "justification")


def nombre(valeur: Decimal | int) -> str:
    """« 1 234,5 » : séparateur de milliers et virgule."""
    return formater(valeur, Nature("decimal"))


def le(date: datetime.date) -> str:
    """« 31/12/2026 »."""
    return f"{date:%d/%m/%Y}"


def ans_apres(date: datetime.date, ans: int) -> datetime.date:
    """La même date, tant d’années plus tard ; un 29 février devient un 1er mars.

    Passé l’an 9999, que le calendrier de Python ne connaît pas, rend sa dernière date.
    """
    if date.year + ans > datetime.MAXYEAR:
        return datetime.date.max
    try:
        return date.replace(year=date.year + ans)
    except ValueError:
        return datetime.date(date.year + ans, 3, 1)


def enumerer(mots: Iterable[str]) -> str:
    """« a, b et c »."""
    *debut, fin = list(mots)
    return f"{', '.join(debut)} et {fin}" if debut else fin


def justifiee(ligne: Entite) -> bool:
    """Vrai si la ligne porte un commentaire ou une justification."""
    return any((getattr(ligne, champ, None) or "").strip() for champ in _JUSTIFICATIONS)


def attenuee(ligne: Entite) -> Gravite | None:
    """« avertissement » si la ligne est commentée : un écart expliqué ne bloque plus ; sinon `None`."""
    return "avertissement" if justifiee(ligne) else None
