"""Ce qu’un document balisé voit du dossier : des champs, des listes de lignes, et rien d’autre."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from cpomdocs.modeles.base import Entite, InfoChamp, cles, infos
from cpomdocs.modeles.chemins import ELEMENTS, Chemin, Contexte, Valeur, lignes, valeur_du_champ
from cpomdocs.modeles.dossier import COLLECTIONS, FICHES
from cpomdocs.remplissage.balises.valeurs import Lue, envelopper


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


class Vue:
    """Une ligne : ses champs saisis et calculés, et les lignes qui s’y rattachent."""

    def __init__(self, ligne: Entite, racine: str, collection: str) -> None:
        self._ligne = ligne
        self._racine = racine
        self._collection = collection

    def lire(self, nom: str) -> Lue | ListeVues | None:
        """Un champ ou une liste liée ; `None` si ce nom n’existe pas."""
        info = infos(type(self._ligne)).get(nom)
        if info is not None:
            return envelopper(self._valeur(info))
        egalites = collections_liees(self._collection).get(nom)
        if egalites is None:
            return None
        cherchees = [(champ, getattr(self._ligne, cle)) for champ, cle in egalites]
        if any(valeur is None for _, valeur in cherchees):
            return ListeVues([], nom)
        liees = self._ligne.dossier.lignes(nom)
        return ListeVues([x for x in liees if all(getattr(x, c) == v for c, v in cherchees)], nom)

    def _valeur(self, info: InfoChamp) -> Valeur:
        return valeur_du_champ(self._ligne, info, str(self._chemin(info.nom)))

    def _chemin(self, champ: str) -> Chemin:
        if self._racine in FICHES or self._racine in ELEMENTS:
            return Chemin(self._racine, (), champ)
        valeurs = ((cle, getattr(self._ligne, cle)) for cle in cles(type(self._ligne)))
        return Chemin(self._racine, tuple((c, "-" if v in (None, "") else str(v)) for c, v in valeurs), champ)


class ListeVues:
    """Des lignes, dans l’ordre du classeur maître."""

    def __init__(self, entites: list[Entite], collection: str) -> None:
        self._entites = entites
        self._collection = collection

    def __iter__(self) -> Iterator[Vue]:
        return (Vue(ligne, self._collection, self._collection) for ligne in self._entites)

    def __len__(self) -> int:
        return len(self._entites)


def contexte_de_rendu(contexte: Contexte) -> dict[str, object]:
    """Les noms qu’un document balisé peut employer, pour cet établissement et cet objectif."""
    noms: dict[str, object] = {fiche: Vue(getattr(contexte.dossier, fiche), fiche, fiche) for fiche in FICHES}
    noms["N"] = Vue(contexte.dossier.parametres, "parametres", "parametres").lire("annee_n")
    for role, collection in ELEMENTS.items():
        element = getattr(contexte, role)
        if element is not None:
            noms[role] = Vue(element, role, collection)
    for collection in COLLECTIONS:
        noms[collection] = ListeParesseuse(collection, contexte)
    return noms


class ListeParesseuse(ListeVues):
    """Une collection, lue seulement si le document la demande (certaines se calculent)."""

    def __init__(self, collection: str, contexte: Contexte) -> None:
        super().__init__([], collection)
        self._contexte: Contexte | None = contexte

    def _lire(self) -> None:
        if self._contexte is not None:
            self._entites = lignes(Chemin(self._collection), self._contexte)
            self._contexte = None

    def __iter__(self) -> Iterator[Vue]:
        self._lire()
        return super().__iter__()

    def __len__(self) -> int:
        self._lire()
        return super().__len__()
