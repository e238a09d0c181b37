"""Une cause, une anomalie : ce que la lecture refuse n’est pas redit « non renseigné » par formulaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cpomdocs.rapport import Anomalie, Gravite, Source

_RANGS: dict[Gravite, int] = {"information": 0, "avertissement": 1, "bloquante": 2}
_MANQUE = "DM-01"


def rattacher(lecture: Sequence[Anomalie], autres: Sequence[Anomalie]) -> list[Anomalie]:
    """Les anomalies réunies, sans les manques dont la lecture a déjà dit la cause.

    La cause (valeur incomprise, feuille ou colonne introuvable) prend la gravité des manques qu’elle
    explique, et nomme les formulaires qui en dépendent.
    """
    cellules: dict[Source, list[int]] = {}
    for rang, lue in enumerate(lecture):
        for source in lue.sources:
            cellules.setdefault(source, []).append(rang)
    causes = list(lecture)
    prives: dict[int, list[Anomalie]] = {}
    restantes: list[Anomalie] = []
    for anomalie in autres:
        cause = _cause(anomalie, cellules, lecture)
        if cause is None:
            restantes.append(anomalie)
        else:
            prives.setdefault(cause, []).append(anomalie)
    for rang, manques in prives.items():
        causes[rang] = _aggraver(causes[rang], manques)
    return [*causes, *dict.fromkeys(restantes)]


def _cause(
    manque: Anomalie, cellules: Mapping[Source, Sequence[int]], lecture: Sequence[Anomalie]
) -> int | None:
    """Le rang de l’anomalie de lecture qui explique tout ce manque, s’il y en a une."""
    if manque.code != _MANQUE or not manque.sources or not all(s in cellules for s in manque.sources):
        return None
    rangs = sorted({rang for source in manque.sources for rang in cellules[source]})
    nommes = [rang for rang in rangs if f"« {manque.libelle} »" in lecture[rang].message]
    return (nommes or sorted(rangs, key=lambda rang: -_RANGS[lecture[rang].gravite]))[0]


def _aggraver(cause: Anomalie, manques: Sequence[Anomalie]) -> Anomalie:
    gravite = max((cause.gravite, *(m.gravite for m in manques)), key=_RANGS.__getitem__)
    formulaires = sorted({m.formulaire for m in manques if m.formulaire})
    suite = f" En dépend{'ent' if len(formulaires) > 1 else ''} : {', '.join(formulaires)}."
    return cause.model_copy(update={"gravite": gravite, "message": cause.message + suite})
