"""Regrouper des lignes saisies par clés : ce que toutes les vues ont en commun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from cpomdocs.modeles.base import Entite

_E = TypeVar("_E", bound=Entite)
_V = TypeVar("_V", bound="Vue")

VERSIONS = ("reel", "anticipe", "executoire", "previsionnel")
"""Les versions d’un exercice, de la plus sûre à la moins sûre ; une cible n’en est pas une."""
BUDGETS = ("executoire", "previsionnel")
"""Celles d’un budget, la plus sûre d’abord."""


class Vue(Entite):
    """Une ligne calculée sur des lignes saisies."""

    __slots__ = ("_lignes",)

    if TYPE_CHECKING:
        _lignes: list[Entite]

    def model_post_init(self, contexte: object, /) -> None:
        """Une vue naît sans ligne."""
        super().model_post_init(contexte)
        object.__setattr__(self, "_lignes", [])

    def resumer(self, lignes: Sequence[Entite]) -> None:
        """Retient les lignes que la vue résume."""
        object.__setattr__(self, "_lignes", list(lignes))

    @property
    def lignes(self) -> list[Entite]:
        """Les lignes saisies que la vue résume."""
        return self._lignes


def la_plus_sure(lignes: Iterable[_E], versions: Sequence[str] = VERSIONS) -> list[_E]:
    """La ligne dont la version vient la première dans `versions`, seule ; vide si aucune ne convient.

    Une ligne d’une feuille sans version convient toujours.
    """
    rangs = {version: rang for rang, version in enumerate(versions)}
    admises = [ligne for ligne in lignes if getattr(ligne, "version", versions[0]) in rangs]
    return sorted(admises, key=lambda ligne: rangs[getattr(ligne, "version", versions[0])])[:1]


def regrouper(lignes: Iterable[_E], noms: tuple[str, ...]) -> dict[tuple[object, ...], list[_E]]:
    """Les lignes de même clé, dans l’ordre ; une ligne dont une clé est vide n’entre dans aucun groupe."""
    groupes: dict[tuple[object, ...], list[_E]] = {}
    for ligne in lignes:
        cle = tuple([getattr(ligne, nom) for nom in noms])
        if None not in cle and "" not in cle:
            groupes.setdefault(cle, []).append(ligne)
    return groupes


def resumer(modele: type[_V], lignes: Iterable[Entite], noms: tuple[str, ...]) -> list[_V]:
    """Une ligne de vue par groupe de lignes de même clé."""
    return decrire(modele, regrouper(lignes, noms), noms)


def decrire(
    modele: type[_V], groupes: Mapping[tuple[object, ...], Sequence[Entite]], noms: tuple[str, ...]
) -> list[_V]:
    """Une ligne de vue par groupe ; `noms` : les champs de la clé."""
    vues = []
    for cle, groupe in groupes.items():
        vue = modele.model_validate(dict(zip(noms, cle, strict=True)))
        vue.resumer(groupe)
        vues.append(vue)
    return vues
