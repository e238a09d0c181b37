"""Les références d’une formule : les décaler de quelques lignes, ou dire quelles plages elle cite.

Les formules d’un fichier sont en anglais et en style A1 (ECMA-376, § 18.17.2). Les textes entre guillemets,
les noms de feuille entre apostrophes et les références structurées entre crochets n’en sont pas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cpomdocs.office.adresses import LIGNES

_OPAQUE = r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
_COIN = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_JETON = re.compile(
    rf"({_OPAQUE})|(?<![\w.\\$])(?:({_COIN}(?::{_COIN})?)|(\$?[0-9]+:\$?[0-9]+))(?![\w.\\(!])"
)
_LIGNE = re.compile(r"(\$?)([0-9]+)(?=$|:)")
_FEUILLE = re.compile(r"(?:('(?:[^']|'')+')|([\w.]+))!$")


class PlageCitee(NamedTuple):
    """Une plage de plusieurs lignes : sa feuille (`None` : celle de la formule), ses lignes, leurs `$`."""

    feuille: str | None
    haut: int
    bas: int
    haut_fixe: bool
    bas_fixe: bool


def decaler(formule: str, lignes: int) -> str:
    """La formule telle qu’Excel la copie `lignes` plus bas : les lignes sans `$` suivent."""

    def suivre(jeton: re.Match[str]) -> str:
        if jeton[1] is not None:
            return jeton[0]
        return _LIGNE.sub(lambda x: x[0] if x[1] else str(min(int(x[2]) + lignes, LIGNES)), jeton[0])

    return _JETON.sub(suivre, formule)


def plages_citees(formule: str) -> Iterator[PlageCitee]:
    """Les plages de plusieurs lignes que la formule cite, avec leur feuille."""
    for jeton in _JETON.finditer(formule):
        if jeton[1] is not None or ":" not in jeton[0]:
            continue
        (dollar_haut, haut), (dollar_bas, bas) = ((x[1], int(x[2])) for x in _LIGNE.finditer(jeton[0]))
        if haut != bas:
            feuille = _FEUILLE.search(formule, 0, jeton.start())
            nom = (feuille[1] or feuille[2]).strip("'").replace("''", "'") if feuille else None
            yield PlageCitee(nom, min(haut, bas), max(haut, bas), bool(dollar_haut), bool(dollar_bas))
