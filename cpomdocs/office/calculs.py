"""Les formules d’une feuille, repérées dans ses octets : où elles sont, où est leur résultat."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import Plage, lire_plage
from cpomdocs.office.lignes import ATTRIBUTS, Ligne, attributs

FORMULES = 200_000
"""Formules au-delà desquelles une feuille ne se remplit pas ; les gros formulaires en ont dix mille."""
Formule = tuple[int, int, int, int]
"""Où commencent la cellule et sa formule, bornes du résultat qui la suit (-1 s’il n’y est pas)."""


class Matrice(NamedTuple):
    """Une formule qui déborde de sa cellule : matricielle, dynamique ou table de données."""

    plage: Plage
    genre: str


def lire_calculs(
    octets: bytes, donnees: Ligne, prefixe: bytes, refus: Callable[[str], ErreurFichier]
) -> tuple[list[Formule], list[Matrice]]:
    """Les formules entre les bornes de `donnees`, en ordre, et les plages qu’une seule remplit.

    `refus(raison)` : l’erreur à lever.
    """
    formules: list[Formule] = []
    matrices: list[Matrice] = []
    nombre = octets.count(b"<" + prefixe + b"f")
    if nombre > FORMULES:
        raise refus(f"a plus de {FORMULES} formules")
    if nombre == 0:
        return formules, matrices
    ouvrante = b"<" + prefixe + b"c"
    for balise in _motif_de_formule(prefixe).finditer(octets, donnees.contenu, donnees.fin_contenu):
        debut = balise.start()
        cellule = octets.rfind(b"<", 0, debut)
        if not octets.startswith(ouvrante, cellule):
            raise refus("porte une formule hors de sa place")
        formules.append((cellule, debut, *balise.span(2)))
        if b"ref" in balise[1]:
            dits = attributs(balise[1])
            plage = lire_plage(dits.get("ref", ""))
            if plage and dits.get("t") in ("array", "dataTable"):
                matrices.append(Matrice(plage, dits["t"]))
    return formules, matrices


@cache
def _motif_de_formule(prefixe: bytes) -> re.Pattern[bytes]:
    """Une formule, ses attributs (groupe 1) et, s’il la suit, son résultat (groupe 2)."""
    f, v = re.escape(prefixe) + b"f", re.escape(prefixe) + b"v"
    resultat = rb"(<%b(?:\s[^>]*+)?>[^<]*+</%b>)" % (v, v)
    return re.compile(rb"<%b(?=[\s/>])(%b)(?:/>|>[^<]*+</%b>)(?:\s*+%b)?" % (f, ATTRIBUTS, f, resultat))
