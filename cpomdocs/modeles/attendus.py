"""Les lignes qu’on attend d’un dossier : celles à préparer, et celles dont l’absence est un manque.

Les deux viennent des mêmes règles (`regles_attendus`). Une attente sans toutes ses clés (un budget
entier, sans numéro de compte) signale un manque mais ne prépare pas de ligne.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cpomdocs.modeles.base import Entite, cles, infos
from cpomdocs.modeles.regles_attendus import REGLES, Cles
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.modeles.vues import ORIGINES

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_Repere = tuple[str, int | None]


class Attentes:
    """Les lignes attendues d’un dossier, rangées par collection, établissement et année."""

    def __init__(self, dossier: Dossier, modeles: Mapping[str, type[Entite]]) -> None:
        self._dossier = dossier
        self._modeles = modeles
        self._rangees: dict[str, dict[_Repere, list[Cles]]] = {}

    def attend(self, collection: str, voulues: Mapping[str, ValeurSimple | None]) -> bool:
        """Vrai si une ligne attendue ou présente porte ces clés, ou si rien ne règle la collection."""
        collection = ORIGINES.get(collection, collection)
        if collection not in REGLES or self._dossier.parametres.annee_n is None:
            return True
        donnees = {nom: valeur for nom, valeur in voulues.items() if valeur is not None}
        return any(_convient(attente, donnees) for attente in self._candidates(collection, donnees))

    def a_preparer(self) -> dict[str, list[Cles]]:
        """Les clés des lignes à préparer et encore absentes, par collection."""
        trouvees: dict[str, list[Cles]] = {}
        for collection, regle in REGLES.items():
            n = self._dossier.parametres.annee_n
            noms = cles(self._modeles[collection])
            presentes = {_identite(cle, noms) for cle in self._presentes(collection)}
            lignes = [a for a in regle(self._dossier, n) if self._complete(collection, a)] if n else []
            nouvelles = [a for a in lignes if _identite(a, noms) not in presentes]
            if nouvelles:
                trouvees[collection] = nouvelles
        return trouvees

    def _complete(self, collection: str, attente: Cles) -> bool:
        champs = infos(self._modeles[collection])
        return all(nom in attente for nom in cles(self._modeles[collection]) if champs[nom].obligatoire)

    def _presentes(self, collection: str) -> Iterator[Cles]:
        noms = cles(self._modeles[collection])
        for ligne in self._dossier.lignes(collection):
            yield {nom: getattr(ligne, nom) for nom in noms if getattr(ligne, nom) is not None}

    def _candidates(self, collection: str, donnees: Mapping[str, ValeurSimple]) -> Iterable[Cles]:
        rangees = self._rangees.get(collection)
        if rangees is None:
            rangees = {}
            regle = REGLES[collection]
            attentes = [
                *regle(self._dossier, self._dossier.parametres.annee_n or 0),
                *self._presentes(collection),
            ]
            for attente in attentes:
                rangees.setdefault(_repere(attente), []).append(attente)
            self._rangees[collection] = rangees
        if {"etablissement", "annee"} <= donnees.keys():
            return rangees.get(_repere(donnees), ())
        return (attente for rangee in rangees.values() for attente in rangee)


def _repere(donnees: Mapping[str, ValeurSimple]) -> _Repere:
    annee = donnees.get("annee")
    return str(donnees.get("etablissement", "")), annee if isinstance(annee, int) else None


def _identite(attente: Cles, noms: tuple[str, ...]) -> tuple[ValeurSimple, ...]:
    return tuple(attente.get(nom, "") for nom in noms)


def _convient(attente: Cles, donnees: Mapping[str, ValeurSimple]) -> bool:
    return all(attente.get(nom, "") == valeur for nom, valeur in donnees.items())
