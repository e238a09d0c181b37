"""Une liste de valeurs admises : un code s’écrit lui-même, ou par son libellé, ou « code – libellé »."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cpomdocs.lecture.valeurs.textes import normaliser, plus_proche
from cpomdocs.nomenclatures import nomenclature

_TIRET = " – "


class Liste:
    """Les codes d’une nomenclature et toutes les façons de les écrire dans le classeur."""

    def __init__(self, libelles: Mapping[str, str]) -> None:
        self._libelles = dict(libelles)
        self._codes: dict[str, str] = {}
        for ecrire in (lambda c: c, self.affichage, self._libelles.__getitem__):
            for code in self._libelles:
                self._codes.setdefault(normaliser(ecrire(code)), code)

    def code(self, ecrit: str) -> str | None:
        """Le code écrit sous l’une de ses formes, casse et accents indifférents ; `None` s’il est inconnu."""
        if ecrit in self._libelles:
            return ecrit
        normal = normaliser(ecrit)
        if normal in self._codes:
            return self._codes[normal]
        largeur = max((len(c) for c in self._libelles if c.isdigit()), default=0)
        return self._codes.get(normal.zfill(largeur)) if normal.isdigit() else None

    def affichage(self, code: str) -> str:
        """Ce que la liste déroulante montre : un libellé, ou « 500 – EHPAD » pour un code officiel."""
        libelle = self._libelles.get(code)
        if libelle is None or normaliser(libelle) == normaliser(code):
            return libelle or code
        return libelle if _est_interne(code) else f"{code}{_TIRET}{libelle}"

    def affichages(self) -> list[str]:
        """Les valeurs de la liste déroulante, dans l’ordre de la nomenclature."""
        return [self.affichage(code) for code in self._libelles]

    def proche(self, ecrit: str) -> str | None:
        """La valeur de la liste qui ressemble le plus à ce qui est écrit."""
        return plus_proche(ecrit, self.affichages())


@cache
def liste(nom: str) -> Liste:
    """La liste d’une nomenclature. Lève l’erreur de `nomenclature` si elle n’existe pas."""
    return Liste(nomenclature(nom))


def _est_interne(code: str) -> bool:
    """Un code en minuscules (« internat_semaine ») est un mot d’ici : on n’en voit que le libellé."""
    return code == code.lower() and ("_" in code or any(c.isalpha() for c in code))
