"""Choisir, parmi les endroits qui portent un même nom, celui que la case désigne."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from cpomdocs.erreurs import vouliez_vous_dire
from cpomdocs.remplissage.word.genres.coches import CARRES, Boite, Coche
from cpomdocs.remplissage.word.ooxml import Partie
from cpomdocs.remplissage.word.texte import CaseRefusee, extrait, normaliser
from cpomdocs.saisies import CaseWord

_T = TypeVar("_T")


def choisir(trouves: list[_T], case: CaseWord, sorte: str) -> _T:
    """Celui que le rang de la case désigne. Lève `CaseRefusee` si le rang manque ou dépasse."""
    nom = extrait(case.nom)
    if case.rang > len(trouves):
        raise CaseRefusee(
            "RW-01",
            f"{sorte} « {nom} » ne paraît que {len(trouves)} fois."
            if nom
            else f"Il n’y en a que {len(trouves)}.",
            f"Choisir un rang de 1 à {len(trouves)}.",
        )
    if not case.rang and len(trouves) > 1:
        raise CaseRefusee(
            "RW-02",
            f"{sorte} « {nom} » paraît {len(trouves)} fois dans le document.",
            f"Préciser lequel : « {case.genre}:{nom}#1 » à « #{len(trouves)} ».",
        )
    return trouves[max(case.rang, 1) - 1]


def coches_dites(
    coches: list[tuple[Partie, Coche]], nommees: Mapping[str, list[tuple[Partie, Coche]]], nom: str
) -> list[tuple[Partie, Coche]]:
    """Les cases à cocher de ce libellé, entier, sinon commencé, dans l’ordre du document."""
    cherche = normaliser(nom.strip(f"{CARRES} "))
    trouves = [(p, c) for p, c in nommees.get(cherche, ()) if cherche in _libelles(c, nom.strip())]
    if trouves or not cherche:
        return trouves
    noms = [(p, c, _libelles(c, nom.strip())) for p, c in coches]
    return [(p, c) for p, c, dits in noms if any(_commence(n, cherche) for n in dits)]


def choisir_coche(
    trouves: list[tuple[Partie, Coche]], case: CaseWord, connus: Collection[str]
) -> tuple[Partie, Boite]:
    """Celle que la case désigne. Lève `CaseRefusee` si elle manque, ou si son libellé est ambigu."""
    nom = extrait(case.nom)
    if not trouves:
        raise CaseRefusee(
            "RW-01",
            f"Aucune case à cocher n’a pour libellé « {nom} ».",
            vouliez_vous_dire(case.nom, {extrait(connu, 80) for connu in connus}),
        )
    dite = case.nom.strip()[:1] in CARRES or case.nom.strip()[-1:] in CARRES
    if not dite and any(coche.cote is None for _, coche in trouves):
        raise CaseRefusee(
            "RW-02",
            f"Le libellé « {nom} » est à côté de plusieurs cases à cocher.",
            f"Dire de quel côté est la sienne : « coche:☐ {nom} » ou « coche:{nom} ☐ ».",
        )
    partie, retenue = choisir(trouves, case, "La case à cocher")
    return partie, retenue.boite


def _libelles(coche: Coche, nom: str) -> set[str]:
    """Les libellés sous lesquels cette case se désigne, selon le côté que l’adresse impose."""
    if nom[:1] in CARRES:
        return {normaliser(coche.apres)} - {""}
    if nom[-1:] in CARRES:
        return {normaliser(coche.avant)} - {""}
    noms = (coche.avant, coche.apres) if coche.cote is None else (coche.libelle,)
    return {normaliser(n) for n in noms} - {""}


def _commence(libelle: str, cherche: str) -> bool:
    return libelle.startswith(cherche) and not libelle[len(cherche) :][:1].isalnum()
