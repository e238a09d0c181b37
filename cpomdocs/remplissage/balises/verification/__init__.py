"""Vérifier un document balisé avant toute donnée : noms inconnus, champs facultatifs lus sans garde."""

from __future__ import annotations

from collections.abc import Iterable

from cpomdocs.modeles.base import infos
from cpomdocs.modeles.chemins import Portee
from cpomdocs.remplissage.balises.gabarit.parties import PartieBalisee
from cpomdocs.remplissage.balises.verification.examen import LectureSansGarde, examiner, modele_de_collection


def defauts_des_parties(parties: Iterable[PartieBalisee], portee: Portee) -> list[str]:
    """Les noms inconnus, chacun avec son lieu et le nom le plus proche."""
    return [defaut for partie in parties for defaut in examiner(partie, portee).defauts]


def champs_des_parties(parties: Iterable[PartieBalisee]) -> frozenset[tuple[str, str]]:
    """Les (collection ou fiche, champ) que le document cite."""
    return frozenset(champ for partie in parties for champ in examiner(partie, None).champs)


def champs_sans_garde(parties: Iterable[PartieBalisee], portee: Portee) -> list[str]:
    """Une phrase par champ facultatif écrit sans garde, avec le premier lieu et le nombre des autres."""
    trouves: dict[tuple[str, str], list[LectureSansGarde]] = {}
    for partie in parties:
        for lecture in examiner(partie, portee).sans_garde:
            trouves.setdefault((lecture.collection, lecture.champ), []).append(lecture)
    return [_phrase(lectures) for lectures in trouves.values()]


def _phrase(lectures: list[LectureSansGarde]) -> str:
    premiere, autres = lectures[0], len(lectures) - 1
    libelle = infos(modele_de_collection(premiere.collection))[premiere.champ].libelle
    pluriel = "s" if autres > 1 else ""
    suite = f" (et {autres} autre{pluriel} endroit{pluriel})" if autres else ""
    return (
        f"« {premiere.collection}.{premiere.champ} » ({libelle}) est facultatif, et écrit sans « if » "
        f"ni « default » {premiere.lieu}{suite}."
    )
