"""Les refus du remplissage Word : codes stables `RW-nn`, chacun avec sa phrase et son remède.

RW-01 case absente du gabarit            RW-06 caractère interdit
RW-02 libellé ambigu                     RW-07 case d’un genre non pris en charge
RW-03 case déjà remplie                  RW-08 valeur qui ne convient pas à la case
RW-04 case verrouillée                   RW-09 deux valeurs pour la même case
RW-05 valeur hors de la liste du formulaire
"""

from __future__ import annotations


class CaseRefusee(Exception):
    """Une saisie que le gabarit n’accepte pas ; devient un `Refus` de la saisie."""

    def __init__(self, code: str, message: str, remede: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remede = remede


def extrait(texte: str, longueur: int = 40) -> str:
    """Le début d’un texte, sur une ligne, pour un message."""
    ligne = " ".join(texte.split())
    return ligne if len(ligne) <= longueur else ligne[: longueur - 1] + "…"
