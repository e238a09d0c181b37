"""Les lignes et les listes que parcourt un document balisé."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from cpomdocs.formats import formater, presentation
from cpomdocs.modeles.base import Entite, InfoChamp, cles, infos
from cpomdocs.modeles.chemins import ELEMENTS, Chemin, Contexte, lignes
from cpomdocs.modeles.dossier import COLLECTIONS, FICHES
from cpomdocs.remplissage.balises.donnees.valeurs import Lue, Origine, envelopper

_NOMBRES = frozenset({"entier", "decimal", "montant", "taux", "annee"})


@cache
def collections_liees(collection: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Les collections dont les lignes se rattachent à une ligne de celle-ci : `objectif.actions`.

    Pour chacune, les couples (champ de la ligne liée, clé de celle-ci) qui doivent être égaux.
    """
    if collection not in COLLECTIONS or not cles(COLLECTIONS[collection]):
        return {}
    *autres, propre = cles(COLLECTIONS[collection])
    role = collection.removesuffix("s")
    liees = {}
    for nom, modele in COLLECTIONS.items():
        champs = infos(modele)
        rattache = role in champs and champs[role].reference in (None, collection)
        if nom != collection and rattache and all(cle in champs for cle in autres):
            liees[nom] = ((role, propre), *((cle, cle) for cle in autres))
    return liees


@cache
def _presentations(modele: type[Entite]) -> dict[str, Callable[[Any], str]]:
    """Comment s’écrit chaque champ d’une ligne, quand il est là."""
    return {nom: _presentation(info) for nom, info in infos(modele).items()}


def _presentation(info: InfoChamp) -> Callable[[Any], str]:
    if info.nature.nom in _NOMBRES:
        return presentation(info.nature.nom, info.unite)
    return lambda valeur: formater(valeur, info.nature, info.unite)


class Vue:
    """Une ligne : ses champs saisis et calculés, et les lignes qui s’y rattachent."""

    __slots__ = ("_collection", "_infos", "_ligne", "_origine", "_presentations")

    def __init__(self, ligne: Entite, racine: str, collection: str) -> None:
        self._ligne = ligne
        self._origine = Origine(ligne, racine)
        self._collection = collection
        self._infos = infos(type(ligne))
        self._presentations = _presentations(type(ligne))

    def lire(self, nom: str) -> Lue | ListeVues | None:
        """Un champ ou une liste liée ; `None` si ce nom n’existe pas."""
        info = self._infos.get(nom)
        if info is not None:
            return envelopper(getattr(self._ligne, nom), info, self._origine)
        egalites = collections_liees(self._collection).get(nom)
        if egalites is None:
            return None
        return ListeVues(self._liees(nom, egalites), nom, self._origine)

    def texte(self, nom: str) -> str | None:
        """Le texte français d’un champ présent ; `None` s’il manque ou n’existe pas."""
        presenter = self._presentations.get(nom)
        if presenter is None:
            return None
        brute = getattr(self._ligne, nom)
        if type(brute) is str:
            return brute
        return None if brute is None else presenter(brute)

    def reference(self, nom: str) -> tuple[Origine, InfoChamp]:
        """De quoi retrouver, après le rendu, un champ qui a été lu."""
        return self._origine, self._infos[nom]

    def _liees(self, collection: str, egalites: Iterable[tuple[str, str]]) -> list[Entite]:
        cherchees = {champ: getattr(self._ligne, cle) for champ, cle in egalites}
        if any(valeur is None for valeur in cherchees.values()):
            return []
        candidates = self._ligne.dossier.lignes(collection, cherchees.get("etablissement"))
        return [x for x in candidates if all(getattr(x, c) == v for c, v in cherchees.items())]


class VueGardee(Vue):
    """Une fiche ou l’élément courant : un document en relit les mêmes champs, leur texte est gardé."""

    __slots__ = ("_textes",)

    def __init__(self, ligne: Entite, racine: str, collection: str) -> None:
        super().__init__(ligne, racine, collection)
        self._textes: dict[str, str | None] = {}

    def texte(self, nom: str) -> str | None:
        """Le texte français d’un champ présent ; `None` s’il manque ou n’existe pas."""
        if nom not in self._textes:
            self._textes[nom] = super().texte(nom)
        return self._textes[nom]


class ListeVues:
    """Des lignes, dans l’ordre du classeur maître ; `origine` : la ligne à laquelle elles se rattachent."""

    def __init__(self, entites: list[Entite], collection: str, origine: Origine | None = None) -> None:
        self._entites = entites
        self.collection = collection
        self.origine = origine

    @property
    def chemin(self) -> str:
        """Le nom de la liste : « actions », « objectifs[numero=2].actions »."""
        return self.collection if self.origine is None else str(self.origine.chemin(self.collection))

    def __iter__(self) -> Iterator[Vue]:
        return (Vue(ligne, self.collection, self.collection) for ligne in self._entites)

    def __len__(self) -> int:
        return len(self._entites)


class ListeParesseuse(ListeVues):
    """Une collection, lue seulement si le document la demande (certaines se calculent)."""

    def __init__(self, collection: str, contexte: Contexte) -> None:
        super().__init__([], collection)
        self._contexte: Contexte | None = contexte

    def _lire(self) -> None:
        if self._contexte is not None:
            self._entites = lignes(Chemin(self.collection), self._contexte)
            self._contexte = None

    def __iter__(self) -> Iterator[Vue]:
        self._lire()
        return super().__iter__()

    def __len__(self) -> int:
        self._lire()
        return super().__len__()


def contexte_de_rendu(contexte: Contexte, employes: Iterable[str]) -> dict[str, object]:
    """Ce que désignent les noms qu’un document emploie, pour cet établissement et cet objectif."""
    noms: dict[str, object] = {}
    for nom in employes:
        if nom in FICHES:
            noms[nom] = VueGardee(getattr(contexte.dossier, nom), nom, nom)
        elif nom in COLLECTIONS:
            noms[nom] = ListeParesseuse(nom, contexte)
        elif nom in ELEMENTS and getattr(contexte, nom) is not None:
            noms[nom] = VueGardee(getattr(contexte, nom), nom, ELEMENTS[nom])
        elif nom == "N":
            noms[nom] = Vue(contexte.dossier.parametres, "parametres", "parametres").lire("annee_n")
    return noms
