"""Une place d’un formulaire : ce qui peut s’y écrire, et l’adresse qui la désigne dans une correspondance."""

from __future__ import annotations

from typing import NamedTuple

from cpomdocs.saisies import Case


class Place(NamedTuple):
    """Une place à remplir. `contenu` : ce qu’elle montre aujourd’hui ; `choix` : les valeurs admises."""

    genre: str
    case: Case
    libelle: str
    contenu: str = ""
    choix: tuple[str, ...] = ()
    obstacle: str | None = None
