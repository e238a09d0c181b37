"""Retrouver, d’un classeur à l’autre, quelle ligne est la même : par sa clé, sinon par ce qu’elle porte.

L’ordre des lignes ne compte pas : les gens trient, insèrent, collent.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from cpomdocs.collecte.echange.releve import Ligne

Paire = tuple[Ligne | None, Ligne | None]
_ASSEZ = 0.5
"""Part des données communes au-delà de laquelle deux lignes sans clé sont la même."""


def apparier(avant: Sequence[Ligne], apres: Sequence[Ligne], cles: Sequence[str]) -> list[Paire]:
    """Les paires (avant, après), dans l’ordre de `avant`, puis les lignes nouvelles ; chacune y est une fois.

    Quatre passages : lignes identiques, même clé, mêmes données sous une autre clé, ressemblance pour les
    lignes d’une feuille sans clé.
    """
    paires: dict[int, Ligne] = {}
    reste_avant, reste_apres = list(avant), list(apres)
    criteres: list[Callable[[Ligne], Hashable | None]] = [_contenu]
    if cles:
        criteres += [lambda ligne: _cle(ligne, cles), lambda ligne: _hors_cle(ligne, cles)]
    for critere in criteres:
        trouvees = _par(critere, reste_avant, reste_apres)
        paires |= trouvees
        pris = {id(ligne) for ligne in trouvees.values()}
        reste_avant = [ligne for ligne in reste_avant if id(ligne) not in paires]
        reste_apres = [ligne for ligne in reste_apres if id(ligne) not in pris]
    if not cles:
        trouvees = _ressemblantes(reste_avant, reste_apres)
        paires |= trouvees
        pris = {id(ligne) for ligne in trouvees.values()}
        reste_apres = [ligne for ligne in reste_apres if id(ligne) not in pris]
    connues: list[Paire] = [(ligne, paires.get(id(ligne))) for ligne in avant]
    return connues + [(None, ligne) for ligne in reste_apres]


def _contenu(ligne: Ligne) -> Hashable:
    return frozenset(ligne.donnees.items())


def _cle(ligne: Ligne, cles: Sequence[str]) -> Hashable | None:
    cle = ligne.cle(cles)
    return cle if any(cle) else None


def _hors_cle(ligne: Ligne, cles: Sequence[str]) -> Hashable | None:
    """Les données hors de la clé, si elles suffisent à reconnaître la ligne (deux au moins)."""
    autres = frozenset((nom, lue) for nom, lue in ligne.donnees.items() if nom not in cles)
    return autres if len(autres) > 1 else None


def _par(
    critere: Callable[[Ligne], Hashable | None], avant: Sequence[Ligne], apres: Sequence[Ligne]
) -> dict[int, Ligne]:
    """Les lignes de même critère, dans l’ordre : la première avec la première."""
    rangees: dict[Hashable, list[Ligne]] = {}
    for ligne in apres:
        repere = critere(ligne)
        if repere is not None:
            rangees.setdefault(repere, []).append(ligne)
    trouvees: dict[int, Ligne] = {}
    for ligne in avant:
        candidates = rangees.get(critere(ligne))
        if candidates:
            trouvees[id(ligne)] = candidates.pop(0)
    return trouvees


def _ressemblantes(avant: Sequence[Ligne], apres: Sequence[Ligne]) -> dict[int, Ligne]:
    """Les lignes qui partagent le plus de données, les plus semblables d’abord."""
    notees = sorted(
        (
            (-note, rang, autre)
            for rang, ligne in enumerate(avant)
            for autre, candidate in enumerate(apres)
            if (note := _ressemblance(ligne, candidate)) >= _ASSEZ
        ),
    )
    trouvees: dict[int, Ligne] = {}
    prises: set[int] = set()
    for _, rang, autre in notees:
        if id(avant[rang]) not in trouvees and autre not in prises:
            trouvees[id(avant[rang])] = apres[autre]
            prises.add(autre)
    return trouvees


def _ressemblance(une: Ligne, autre: Ligne) -> float:
    communes = len(une.donnees.items() & autre.donnees.items())
    return communes / max(len(une.donnees), len(autre.donnees))
