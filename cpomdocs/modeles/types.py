"""Les natures de champ : ce qu’on type, avec quelle unité, et comment cela se lit et s’écrit.

Chaque type admet `None` : une donnée peut manquer, et le contrôle le dit. « Sans objet » est un
troisième état, porté par l’entité (`Entite.sans_objet`), pour que vide, zéro et sans objet restent trois.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

Nom = Literal["texte", "texte_long", "entier", "decimal", "montant", "taux", "date", "booleen", "annee"]


@dataclass(frozen=True)
class Nature:
    """Nature d’un champ : son nom et son unité par défaut."""

    nom: Nom
    unite: str | None = None


Texte = Annotated[str | None, Nature("texte")]
TexteLong = Annotated[str | None, Nature("texte_long")]
Entier = Annotated[int | None, Nature("entier")]
Nombre = Annotated[Decimal | None, Nature("decimal")]
Montant = Annotated[Decimal | None, Nature("montant", "€")]
Etp = Annotated[Decimal | None, Nature("decimal", "ETP")]
Taux = Annotated[Decimal | None, Nature("taux", "%")]
"""Un taux est une fraction (0,95), affichée 95 %."""
Places = Annotated[int | None, Nature("entier", "places")]
Journees = Annotated[int | None, Nature("entier", "journées")]
Jours = Annotated[int | None, Nature("entier", "jours")]
Personnes = Annotated[int | None, Nature("entier", "personnes")]
Date = Annotated[datetime.date | None, Nature("date")]
OuiNon = Annotated[bool | None, Nature("booleen")]
Annee = Annotated[int | None, Nature("annee")]

ValeurSimple = str | int | Decimal | datetime.date | bool
"""Ce qu’une case de formulaire peut recevoir."""
