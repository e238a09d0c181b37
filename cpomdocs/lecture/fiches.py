"""Une fiche : un libellé et une valeur par ligne, une seule entité par feuille."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cpomdocs.lecture import structure
from cpomdocs.lecture.fabrique import Endroits, anomalie, construire, probleme_tu
from cpomdocs.lecture.garde import Place
from cpomdocs.lecture.grilles import Grille
from cpomdocs.lecture.localisation import Fiche
from cpomdocs.lecture.valeurs.conversion import VIDE, Attente, Lu, Probleme, convertir
from cpomdocs.modeles.base import Entite, InfoChamp, Source
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.rapport import Anomalie


def lire_fiche(
    collection: str,
    modele: type[Entite],
    champs: Sequence[InfoChamp],
    grille: Grille,
    fiche: Fiche,
    attendre: Callable[[InfoChamp], Attente],
) -> tuple[Entite, Endroits, list[Anomalie]]:
    """L’entité, la cellule de chaque champ, et ce qui n’a pas pu être lu."""
    valeurs: dict[str, ValeurSimple] = {}
    sans_objet: list[str] = []
    problemes: list[tuple[str, Probleme]] = []
    connus = {info.nom: info for info in champs}
    for nom, rang in fiche.lignes.items():
        lu = _lire_case(grille, Place(rang, fiche.colonne_valeurs), attendre(connus[nom]))
        if lu.valeur is not None:
            valeurs[nom] = lu.valeur
        elif lu.sans_objet:
            sans_objet.append(nom)
        if lu.probleme is not None:
            problemes.append((nom, lu.probleme))
    entite, refus = construire(modele, valeurs, sans_objet)
    haut = Place(min(fiche.lignes.values()), fiche.colonne_libelles).adresse
    cellules = {nom: Place(rang, fiche.colonne_valeurs).adresse for nom, rang in fiche.lignes.items()}
    endroits = Endroits(grille.nom, {info.nom: cellules.get(info.nom, haut) for info in champs}, 1)
    entite.situer(endroits)
    absents = [info for info in champs if info.nom not in fiche.lignes]
    lieu = Source(feuille=grille.nom, cellule=haut)
    anomalies = structure.colonnes_absentes(collection, lieu, absents, fiche.inconnus, "La rubrique")
    anomalies += [anomalie(collection, connus[nom], p, endroits[nom]) for nom, p in problemes + refus]
    return entite, endroits, anomalies


def _lire_case(grille: Grille, place: Place, attente: Attente) -> Lu:
    ligne = grille.lignes[place.ligne]
    brut = ligne[place.colonne] if place.colonne < len(ligne) else ""
    if brut == "":
        probleme = probleme_tu(grille, place)
        return Lu(probleme=probleme) if probleme else VIDE
    return convertir(brut, attente)
