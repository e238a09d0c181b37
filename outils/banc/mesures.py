"""Mesurer : temps de processeur alternés et médians, mémoire au plus haut, tableaux."""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence

Action = Callable[[], object]
_DUREE_VOULUE = 0.05
"""Secondes de processeur qu’une mesure doit durer : une action brève y est répétée."""
_REPETITIONS = 500


def alterner(actions: Mapping[str, Action], fois: int) -> dict[str, float]:
    """Le temps de processeur médian de chaque action (secondes).

    Les actions se relaient à chaque tour : ce qui ralentit la machine les ralentit toutes.
    """
    repetitions = {nom: _calibrer(action) for nom, action in actions.items()}
    releves: dict[str, list[float]] = {nom: [] for nom in actions}
    for _ in range(fois):
        for nom, action in actions.items():
            releves[nom].append(_chronometrer(action, repetitions[nom]))
    return {nom: statistics.median(durees) for nom, durees in releves.items()}


def _calibrer(action: Action) -> int:
    """Combien de fois répéter l’action pour que l’horloge la mesure bien ; la fait deux fois avant."""
    action()
    duree = _chronometrer(action, 1)
    return max(1, min(_REPETITIONS, round(_DUREE_VOULUE / max(duree, 1e-6))))


def _chronometrer(action: Action, repetitions: int) -> float:
    gc.collect()
    debut = time.process_time()
    for _ in range(repetitions):
        action()
    return (time.process_time() - debut) / repetitions


def memoire(action: Action) -> int:
    """Le plus d’octets que l’action ait tenus à la fois (objets de Python), résultat compris."""
    gc.collect()
    tracemalloc.start()
    try:
        resultat = action()
        del resultat
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def tableau(titre: str, entetes: Sequence[str], lignes: Sequence[Sequence[str]]) -> str:
    """Le tableau en Markdown, précédé de son titre."""
    rangees = [entetes, ["---"] + ["---:"] * (len(entetes) - 1), *lignes]
    return "\n".join([f"\n### {titre}\n", *("| " + " | ".join(rangee) + " |" for rangee in rangees)])


def millisecondes(duree: float) -> str:
    """« 12,3 ms »."""
    decimales = 3 if duree < 1e-3 else 2 if duree < 1e-2 else 1 if duree < 1 else 0
    return f"{duree * 1000:.{decimales}f} ms".replace(".", ",")


def rapport(reference: float, duree: float) -> str:
    """« × 52 » : combien de fois la référence tient."""
    quotient = reference / duree
    return f"× {quotient:.0f}" if quotient >= 10 else f"× {quotient:.1f}".replace(".", ",")


def comparer(titre: str, reference: str, durees: Mapping[str, float]) -> str:
    """Le tableau des durées, chacune devant la première."""
    premiere = next(iter(durees.values()))
    lignes = [[nom, millisecondes(duree), rapport(premiere, duree)] for nom, duree in durees.items()]
    return tableau(titre, ["", "processeur", reference], lignes)
