"""Les lignes qu’on attend d’un dossier : celles à préparer, et celles dont l’absence est un manque.

Les deux viennent des mêmes règles (`regles_attendus`). Une attente sans toutes ses clés (un budget
entier, sans numéro de compte) signale un manque mais ne prépare pas de ligne.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cpomdocs.modeles.base import Entite, cles, infos
from cpomdocs.modeles.observation import Reperes
from cpomdocs.modeles.regles_attendus import REGLES, Cles
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.modeles.vues import ORIGINES, VUES

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier
    from cpomdocs.modeles.entites.identite import Etablissement

_Annees = dict[int | None, list[Cles]]


class Attentes:
    """Les lignes attendues d’un dossier, rangées par collection, établissement et année."""

    def __init__(self, dossier: Dossier, modeles: Mapping[str, type[Entite]]) -> None:
        self._dossier = dossier
        self._modeles = modeles
        self._rangees: dict[tuple[str, str | None], tuple[_Annees, Reperes]] = {}

    def attend(self, collection: str, voulues: Mapping[str, ValeurSimple | None]) -> bool:
        """Vrai si une ligne attendue ou présente porte ces clés, ou si rien ne règle la collection.

        Choisie sur un champ calculé (un rang, une marque), aucune ligne n’est promise.
        """
        if collection in VUES and any(infos(VUES[collection])[nom].calcule for nom in voulues):
            return False
        collection = ORIGINES.get(collection, collection)
        if collection not in REGLES or self._dossier.parametres.annee_n is None:
            return True
        donnees = {nom: valeur for nom, valeur in voulues.items() if valeur is not None}
        return any(_convient(attente, donnees) for attente in self._candidates(collection, donnees))

    def absentes(self, collection: str, code: str) -> list[Cles]:
        """Les clés des lignes attendues d’un établissement qu’aucune ligne présente ne porte.

        Une attente générale (un exercice) ne compte pas à côté de celles qui la précisent (ses modalités).
        """
        n = self._dossier.parametres.annee_n
        if collection not in REGLES or n is None:
            return []
        presentes = [frozenset(cle.items()) for cle in self._presentes(collection, code)]
        attendues = REGLES[collection](self._dossier, self._concernes(code), n)
        absentes = {frozenset(a.items()): a for a in attendues}
        connues = [*presentes, *absentes]
        return [
            a
            for cle, a in absentes.items()
            if not any(cle < autre for autre in connues) and cle not in presentes
        ]

    def a_preparer(self) -> dict[str, list[Cles]]:
        """Les clés des lignes à préparer et encore absentes, par collection."""
        trouvees: dict[str, list[Cles]] = {}
        for collection, regle in REGLES.items():
            n = self._dossier.parametres.annee_n
            noms = cles(self._modeles[collection])
            presentes = {_identite(cle, noms) for cle in self._presentes(collection, None)}
            attendues = regle(self._dossier, self._dossier.perimetre(), n) if n else ()
            lignes = [a for a in attendues if self._complete(collection, a)]
            nouvelles = [a for a in lignes if _identite(a, noms) not in presentes]
            if nouvelles:
                trouvees[collection] = nouvelles
        return trouvees

    def _complete(self, collection: str, attente: Cles) -> bool:
        champs = infos(self._modeles[collection])
        return all(nom in attente for nom in cles(self._modeles[collection]) if champs[nom].obligatoire)

    def _presentes(self, collection: str, code: str | None) -> Iterator[Cles]:
        noms = cles(self._modeles[collection])
        for ligne in self._dossier.lignes(collection, code):
            yield {nom: getattr(ligne, nom) for nom in noms if getattr(ligne, nom) is not None}

    def _candidates(self, collection: str, donnees: Mapping[str, ValeurSimple]) -> Iterable[Cles]:
        """Les lignes attendues ou présentes de l’établissement (de tous s’il n’est pas dit) et de l’année."""
        code = str(donnees["etablissement"]) if "etablissement" in donnees else None
        if (collection, code) not in self._rangees:
            self._rangees[collection, code] = self._dossier.observer(lambda: self._ranger(collection, code))
        annees, lues = self._rangees[collection, code]
        self._dossier.noter(lues)
        annee = donnees.get("annee")
        if code is not None and isinstance(annee, int):
            return annees.get(annee, ())
        return [attente for attentes in annees.values() for attente in attentes]

    def _ranger(self, collection: str, code: str | None) -> _Annees:
        n = self._dossier.parametres.annee_n or 0
        attentes = [
            *(a for a in REGLES[collection](self._dossier, self._concernes(code), n) if _de(a, code)),
            *self._presentes(collection, code),
        ]
        annees: _Annees = {}
        for attente in attentes:
            annee = attente.get("annee")
            annees.setdefault(annee if isinstance(annee, int) else None, []).append(attente)
        return annees

    def _concernes(self, code: str | None) -> list[Etablissement]:
        if code is None:
            return self._dossier.perimetre()
        trouve = self._dossier.etablissement(code)
        return [trouve] if trouve is not None and trouve.dans_le_perimetre else []


def _de(attente: Cles, code: str | None) -> bool:
    return code is None or attente.get("etablissement", "") == code


def _identite(attente: Cles, noms: tuple[str, ...]) -> tuple[ValeurSimple, ...]:
    return tuple(attente.get(nom, "") for nom in noms)


def _convient(attente: Cles, donnees: Mapping[str, ValeurSimple]) -> bool:
    return all(attente.get(nom, "") == valeur for nom, valeur in donnees.items())
