"""Ce qu’un calcul lit du dossier : de quoi savoir, plus tard, s’il donnerait encore le même résultat.

Un repère nomme une part des données : les lignes d’une collection pour un établissement, toutes ses lignes,
ou le champ d’une fiche. Qui relit les mêmes parts, inchangées, n’a rien à recalculer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

_T = TypeVar("_T")
TOUTES = "*"
"""La part d’une collection qui les réunit toutes."""


class Repere(NamedTuple):
    """Une part du dossier : collection et établissement (ou `TOUTES`), ou fiche et champ."""

    nom: str
    part: str


Reperes = frozenset[Repere]


class Observations:
    """Les calculs en cours, et ce que chacun a lu jusqu’ici."""

    def __init__(self) -> None:
        self._pile: list[set[Repere]] = []

    def noter(self, reperes: Iterable[Repere]) -> None:
        """Retient que le calcul en cours, s’il y en a un, a lu ces parts."""
        if self._pile:
            self._pile[-1].update(reperes)

    def observer(self, calculer: Callable[[], _T]) -> tuple[_T, Reperes]:
        """Le résultat d’un calcul et les parts qu’il a lues ; le calcul qui l’englobe les a lues aussi."""
        self._pile.append(set())
        try:
            valeur = calculer()
        finally:
            lues = self._pile.pop()
            if self._pile:
                self._pile[-1] |= lues
        return valeur, frozenset(lues)
