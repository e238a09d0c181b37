"""Ce que les formulaires demandent au classeur maître : de quelles feuilles et colonnes ils ont besoin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cpomdocs.classeur.besoins import FormulaireResume
from cpomdocs.formulaires.attributions import Attribution
from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.formulaires.correspondance import Placement
from cpomdocs.modeles.base import cles, infos
from cpomdocs.modeles.chemins import ELEMENTS, Chemin, lire_chemin, modele_de
from cpomdocs.modeles.dossier import COLLECTIONS, FICHES, Dossier
from cpomdocs.modeles.vues import ORIGINES
from cpomdocs.remplissage.moteurs import champs_cites

ChampSaisi = tuple[str, str]
"""Une fiche ou une collection saisie, et le nom d’un de ses champs."""


def resumer(formulaires: Iterable[Formulaire], dossier: Dossier | None) -> list[FormulaireResume]:
    """Chaque formulaire, s’il est à remettre, et les champs à saisir pour lui."""
    formulaires = list(formulaires)
    retenus = {f.nom for f in (a_remettre(dossier, formulaires) if dossier else formulaires)}
    return [
        FormulaireResume(
            nom=f.nom,
            libelle=f.correspondance.formulaire.libelle,
            a_remettre=f.nom in retenus,
            champs=champs_a_saisir(f),
        )
        for f in formulaires
    ]


def a_remettre(dossier: Dossier, formulaires: Iterable[Formulaire]) -> list[Formulaire]:
    """Les formulaires cochés « à remettre » ; tous ceux dont la feuille « Paramètres » ne dit rien."""
    ecartes = {ligne.nom for ligne in dossier.formulaires if ligne.a_remettre is False}
    return [f for f in formulaires if f.nom not in ecartes]


def champs_a_saisir(formulaire: Formulaire) -> frozenset[ChampSaisi]:
    """Les champs saisis dont le formulaire dépend, calculs remontés jusqu’à leurs entrées."""
    return frozenset(
        saisi for collection, champ in _champs_montres(formulaire) for saisi in _remonter(collection, champ)
    )


def _champs_montres(formulaire: Formulaire) -> Iterator[ChampSaisi]:
    correspondance = formulaire.correspondance
    yield from _des_attributions(formulaire.attributions)
    for tableau in correspondance.tableaux:
        yield from _des_lignes(tableau.source, tableau.colonnes.values())
    for section in correspondance.sections:
        yield from _des_lignes(section.source, section.controles.values())
    for bloc, feuille in formulaire.feuilles:
        yield from _des_attributions(formulaire.de_la_feuille(bloc, feuille))
        for repete in bloc.tableaux:
            yield from _des_lignes(repete.source, repete.colonnes.values())
    conditions = [correspondance.formulaire.pour, *(bloc.pour for bloc in correspondance.feuilles)]
    for champ in (champ for condition in conditions for champ in condition):
        yield from _du_chemin(lire_chemin(champ))
    yield from champs_cites(formulaire.gabarit)


def _des_attributions(attributions: Iterable[Attribution]) -> Iterator[ChampSaisi]:
    for attribution in attributions:
        yield from _du_chemin(attribution.chemin)


def _du_chemin(chemin: Chemin) -> Iterator[ChampSaisi]:
    if chemin.champ is not None:
        yield _collection(chemin.racine), chemin.champ


def _des_lignes(collection: str, colonnes: Iterable[str | Placement]) -> Iterator[ChampSaisi]:
    """Les champs d’un tableau ou d’une section répétée, et les clés de sa source."""
    source = lire_chemin(collection)
    for ecrit in colonnes:
        yield source.racine, ecrit.champ if isinstance(ecrit, Placement) else ecrit
    yield from ((source.racine, cle) for cle, _ in source.selecteurs)


def _collection(racine: str) -> str:
    return ELEMENTS.get(racine, racine)


def _remonter(collection: str, champ: str, vus: Sequence[ChampSaisi] = ()) -> Iterator[ChampSaisi]:
    """Le champ, ou les champs saisis dont il est calculé ou repris, avec les clés de leurs lignes."""
    modele = COLLECTIONS.get(collection) or FICHES.get(collection) or modele_de(lire_chemin(collection))
    info = infos(modele).get(champ)
    if info is None or (collection, champ) in vus:
        return
    if not info.calcule and modele.feuille is not None:
        yield collection, champ
        yield from ((collection, cle) for cle in cles(modele))
    if not info.calcule and collection in ORIGINES and champ in infos(COLLECTIONS[ORIGINES[collection]]):
        yield from _remonter(ORIGINES[collection], champ, (*vus, (collection, champ)))
    for entree in info.entrees:
        prefixe, _, suffixe = entree.rpartition(".")
        liee = modele.liens.get(prefixe, prefixe) or collection
        yield from _remonter(liee, suffixe, (*vus, (collection, champ)))
