"""Ce que les formulaires demandent au classeur maître : de quelles feuilles et colonnes ils ont besoin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cpomdocs.classeur.besoins import FormulaireResume
from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.formulaires.correspondance import Placement
from cpomdocs.modeles.base import cles, infos
from cpomdocs.modeles.chemins import ELEMENTS, lire_chemin, modele_de
from cpomdocs.modeles.dossier import COLLECTIONS, FICHES, Dossier
from cpomdocs.remplissage.moteurs import champs_cites

ChampSaisi = tuple[str, str]
"""Une fiche ou une collection saisie, et le nom d’un de ses champs."""


def resumer(formulaires: Iterable[Formulaire], dossier: Dossier | None) -> list[FormulaireResume]:
    """Chaque formulaire, s’il est à remettre, et les champs à saisir pour lui."""
    ecartes = {f.nom for f in dossier.formulaires if f.a_remettre is False} if dossier else set()
    return [
        FormulaireResume(
            nom=f.nom,
            libelle=f.correspondance.formulaire.libelle,
            a_remettre=f.nom not in ecartes,
            champs=champs_a_saisir(f),
        )
        for f in formulaires
    ]


def champs_a_saisir(formulaire: Formulaire) -> frozenset[ChampSaisi]:
    """Les champs saisis dont le formulaire dépend, calculs remontés jusqu’à leurs entrées."""
    return frozenset(
        saisi for collection, champ in _champs_montres(formulaire) for saisi in _remonter(collection, champ)
    )


def _champs_montres(formulaire: Formulaire) -> Iterator[ChampSaisi]:
    for attribution in formulaire.attributions:
        if attribution.chemin.champ is not None:
            yield _collection(attribution.chemin.racine), attribution.chemin.champ
    for tableau in formulaire.correspondance.tableaux:
        source = lire_chemin(tableau.source)
        for colonne in tableau.colonnes.values():
            yield source.racine, colonne.champ if isinstance(colonne, Placement) else colonne
        for cle, _ in source.selecteurs:
            yield source.racine, cle
    for section in formulaire.correspondance.sections:
        source = lire_chemin(section.source)
        for ecrit in section.controles.values():
            yield source.racine, ecrit.champ if isinstance(ecrit, Placement) else ecrit
        yield from ((source.racine, cle) for cle, _ in source.selecteurs)
    for condition in formulaire.correspondance.formulaire.pour:
        chemin = lire_chemin(condition)
        if chemin.champ is not None:
            yield _collection(chemin.racine), chemin.champ
    yield from champs_cites(formulaire.gabarit)


def _collection(racine: str) -> str:
    return ELEMENTS.get(racine, racine)


def _remonter(collection: str, champ: str, vus: Sequence[ChampSaisi] = ()) -> Iterator[ChampSaisi]:
    """Le champ, ou les champs saisis dont il est calculé, avec les clés de leurs lignes."""
    modele = COLLECTIONS.get(collection) or FICHES.get(collection) or modele_de(lire_chemin(collection))
    info = infos(modele).get(champ)
    if info is None or (collection, champ) in vus:
        return
    if not info.calcule and modele.feuille is not None:
        yield collection, champ
        yield from ((collection, cle) for cle in cles(modele))
    for entree in info.entrees:
        prefixe, _, suffixe = entree.rpartition(".")
        liee = modele.liens.get(prefixe, prefixe) or collection
        yield from _remonter(liee, suffixe, (*vus, (collection, champ)))
