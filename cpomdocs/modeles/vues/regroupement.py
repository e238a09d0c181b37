"""Regrouper des lignes saisies par clés : ce que toutes les vues ont en commun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from pydantic import PrivateAttr

from cpomdocs.modeles.base import Entite

_E = TypeVar("_E", bound=Entite)
_V = TypeVar("_V", bound="Vue")


class Vue(Entite):
    """Une ligne calculée sur des lignes saisies."""

    _lignes: list[Entite] = PrivateAttr(default_factory=list)

    @property
    def lignes(self) -> list[Entite]:
        """Les lignes saisies que la vue résume."""
        return self._lignes


def regrouper(lignes: Iterable[_E], noms: tuple[str, ...]) -> dict[tuple[object, ...], list[_E]]:
    """Les lignes de même clé, dans l’ordre ; une ligne dont une clé est vide n’entre dans aucun groupe."""
    groupes: dict[tuple[object, ...], list[_E]] = {}
    for ligne in lignes:
        cle = tuple(getattr(ligne, nom) for nom in noms)
        if all(valeur not in (None, "") for valeur in cle):
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
        vue._lignes = list(groupe)
        vues.append(vue)
    return vues
