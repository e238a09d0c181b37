"""Les marges d’un rétroplanning : au plus tard en remontant de la signature, au plus tôt depuis ce jour.

Une étape commence après la fin de celles qu’elle suit : le jour ouvré d’après. Elle finit au plus tard à la
date visée, à la date qu’elle doit tenir, et la veille de celles qui la suivent.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cpomdocs.modeles.planification.jours import UN_JOUR, JoursOuvres, plausible

_DUREE_MAX = 2_000
"""Jours ouvrés au-delà desquels une durée est une faute de frappe."""


@dataclass(frozen=True)
class Etape:
    """Ce que le calcul sait d’une étape. `bornes` : les dates auxquelles elle doit finir au plus tard."""

    nom: str
    suit: tuple[str, ...]
    debut: datetime.date | None
    fin: datetime.date | None
    bornes: tuple[datetime.date, ...]
    finie_le: datetime.date | None
    finie: bool


@dataclass(frozen=True)
class Marge:
    """Ce que le calcul rend d’une étape ; ce qui ne se calcule pas est absent."""

    duree: int | None = None
    debut_tard: datetime.date | None = None
    fin_tard: datetime.date | None = None
    fin_tot: datetime.date | None = None
    en_boucle: bool = False


def calculer(etapes: Sequence[Etape], jour: datetime.date | None, jours: JoursOuvres) -> dict[str, Marge]:
    """La marge de chaque étape, par nom."""
    par_nom = {etape.nom: etape for etape in etapes}
    ordre = list(_ordonner(par_nom))
    durees = {etape.nom: _duree(etape, jours) for etape in etapes}
    tard = _au_plus_tard(par_nom, ordre, durees, jours)
    tot = _au_plus_tot(par_nom, ordre, durees, plausible(jour), jours)
    return {
        nom: Marge(durees[nom], *tard.get(nom, (None, None)), tot.get(nom), nom not in set(ordre))
        for nom in par_nom
    }


def _ordonner(etapes: Mapping[str, Etape]) -> Iterator[str]:
    """Chaque étape après celles qu’elle suit ; celles qui tournent en rond n’en sont pas."""
    restantes = {nom: {p for p in etape.suit if p in etapes} for nom, etape in etapes.items()}
    while pretes := [nom for nom, attendues in restantes.items() if not attendues]:
        yield from pretes
        for nom in pretes:
            del restantes[nom]
        for attendues in restantes.values():
            attendues.difference_update(pretes)


def _duree(etape: Etape, jours: JoursOuvres) -> int | None:
    """Ses jours ouvrés, un au moins ; une étape sans début est une date, comme une réunion."""
    debut, fin = plausible(etape.debut), plausible(etape.fin)
    if fin is None:
        return None
    duree = max(jours.entre(debut or fin, fin), 1)
    return duree if (debut is None or debut <= fin) and duree <= _DUREE_MAX else None


def _au_plus_tard(
    etapes: Mapping[str, Etape], ordre: Sequence[str], durees: Mapping[str, int | None], jours: JoursOuvres
) -> dict[str, tuple[datetime.date | None, datetime.date | None]]:
    """Début et fin au plus tard des étapes qui restent, de la dernière à la première."""
    veilles: dict[str, list[datetime.date]] = {}
    trouves: dict[str, tuple[datetime.date | None, datetime.date | None]] = {}
    for nom in reversed(ordre):
        etape, duree = etapes[nom], durees[nom]
        limites = [*filter(plausible, etape.bornes), *veilles.get(nom, [])]
        if etape.finie or not limites:
            continue
        fin = jours.precedent(min(limites))
        debut = None if duree is None else jours.commencer(fin, duree)
        trouves[nom] = (debut, fin)
        for avant in etape.suit:
            veilles.setdefault(avant, []).append((debut or fin) - UN_JOUR)
    return trouves


def _au_plus_tot(
    etapes: Mapping[str, Etape],
    ordre: Sequence[str],
    durees: Mapping[str, int | None],
    jour: datetime.date | None,
    jours: JoursOuvres,
) -> dict[str, datetime.date]:
    """La fin au plus tôt de chaque étape : celle qui est faite, ou ce qui reste à faire depuis ce jour."""
    fins: dict[str, datetime.date] = {}
    for nom in ordre:
        etape, duree = etapes[nom], durees[nom]
        if etape.finie:
            fin = plausible(etape.finie_le or etape.fin)
        else:
            avant = [fins[p] + UN_JOUR for p in etape.suit if p in fins]
            fin = None if duree is None else _finir(etape, duree, jour, avant, jours)
        if fin is not None:
            fins[nom] = fin
    return fins


def _finir(
    etape: Etape,
    duree: int,
    jour: datetime.date | None,
    apres: Sequence[datetime.date],
    jours: JoursOuvres,
) -> datetime.date | None:
    debut = plausible(etape.debut)
    if jour is not None and debut is not None and debut <= jour:
        return max(jours.finir(debut, duree), jours.suivant(jour))
    departs = [*apres, *([jour] if jour is not None else [])] or [d for d in (debut or etape.fin,) if d]
    return jours.finir(max(departs), duree) if departs else None
