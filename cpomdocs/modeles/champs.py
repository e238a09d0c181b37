"""Déclarer un champ : son libellé, sa nature, et ce qu’il faut pour le présenter et le contrôler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cpomdocs.modeles.types import Nature


class Source(BaseModel):
    """La cellule du classeur maître d’où vient une donnée."""

    model_config = ConfigDict(frozen=True)

    feuille: str
    cellule: str


@dataclass(frozen=True)
class Feuille:
    """La feuille du classeur maître qui porte une entité : son nom, une phrase d’aide, sa disposition.

    `liste` : une ligne par élément, en-têtes en colonnes ; `fiche` : un champ par ligne, une seule valeur.
    """

    nom: str
    aide: str
    disposition: Literal["liste", "fiche"] = "liste"


@dataclass(frozen=True)
class InfoChamp:
    """Tout ce qu’on sait d’un champ sans lire de donnée."""

    nom: str
    libelle: str
    nature: Nature
    unite: str | None = None
    cle: bool = False
    obligatoire: bool = False
    liste: str | None = None
    reference: str | None = None
    exemple: str | None = None
    aide: str | None = None
    calcule: bool = False
    entrees: tuple[str, ...] = ()


def champ(
    libelle: str,
    *,
    cle: bool = False,
    obligatoire: bool | None = None,
    unite: str | None = None,
    liste: str | None = None,
    reference: str | None = None,
    exemple: object = None,
    aide: str | None = None,
    **contraintes: Any,
) -> Any:
    """Déclare un champ saisi : son libellé, et ce qu’il faut pour le présenter et le contrôler.

    `cle` : fait partie de l’identité de la ligne ; une clé est obligatoire sauf `obligatoire=False`
    (la clé peut alors rester vide). `liste` : nom d’une nomenclature de valeurs admises.
    `reference` : collection dont la clé est attendue (« etablissements »).
    """
    extra: dict[str, Any] = {
        "x-cle": cle,
        "x-obligatoire": cle if obligatoire is None else obligatoire,
        "x-unite": unite,
        "x-liste": liste,
        "x-reference": reference,
        "x-exemple": None if exemple is None else str(exemple),
    }
    return Field(
        default=None,
        title=libelle,
        description=aide,
        json_schema_extra={nom: valeur for nom, valeur in extra.items() if valeur not in (None, False)},
        **contraintes,
    )
