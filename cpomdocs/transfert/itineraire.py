"""Où va chaque cellule de l’ancien classeur dans le neuf ; ce qui n’y a pas de place est dit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur.besoins import champs_saisis
from cpomdocs.classeur.feuilles.fiches import ENTETES
from cpomdocs.lecture.classeur import feuille_de
from cpomdocs.transfert.ancien import Ancien, Lieu, Region

_COLONNE_DES_VALEURS = 1


@dataclass
class Itineraire:
    """Le trajet de chaque cellule saisie, et les places nouvelles des colonnes et rubriques ajoutées.

    `retires` : les cellules de l’ancien classeur que cpomdocs y avait écrites, et réécrit à sa façon.
    """

    trajets: dict[Lieu, Lieu] = field(default_factory=dict)
    ajoutees: list[str] = field(default_factory=list)
    retires: set[Lieu] = field(default_factory=set)


def tracer(ancien: Ancien, formulaires: int) -> Itineraire:
    """L’itinéraire de toutes les feuilles connues. `formulaires` : le nombre de ceux que le neuf liste."""
    itineraire = Itineraire()
    for region in ancien.regions:
        if region.est_fiche:
            _tracer_fiche(ancien, region, itineraire)
        else:
            _tracer_liste(ancien, region, itineraire, formulaires)
    return itineraire


def _tracer_fiche(ancien: Ancien, region: Region, itineraire: Itineraire) -> None:
    neuve, champs = feuille_de(region.collection).nom, champs_saisis(region.collection)
    for rang, info in enumerate(champs):
        if info.nom in region.rangs:
            ligne = region.rangs[info.nom]
            itineraire.retires.add(Lieu(region.feuille, ligne, region.repere))
            ici = Lieu(region.feuille, ligne, region.valeurs)
            itineraire.trajets[ici] = Lieu(neuve, d.PREMIERE_LIGNE + rang, _COLONNE_DES_VALEURS)
    itineraire.retires |= _colonnes_a_nous(ancien, region)
    libre = d.PREMIERE_LIGNE + len(champs)
    for ligne in _rubriques_ajoutees(ancien, region):
        libelle = Lieu(region.feuille, ligne, region.repere)
        itineraire.trajets[libelle] = Lieu(neuve, libre, 0)
        itineraire.trajets[Lieu(region.feuille, ligne, region.valeurs)] = Lieu(
            neuve, libre, _COLONNE_DES_VALEURS
        )
        itineraire.ajoutees.append(f"« {region.feuille} » : la rubrique « {ancien.valeur(libelle)} »")
        libre += 1


def _colonnes_a_nous(ancien: Ancien, region: Region) -> set[Lieu]:
    """Les cellules des colonnes d’explication d’une fiche, sous leurs en-têtes."""
    entetes, hauteur = region.entetes, len(ancien.grille(region.feuille).lignes)
    nous = [
        c for c in range(_largeur(ancien, region.feuille)) if _texte(ancien, region, entetes, c) in ENTETES
    ]
    explications = [c for c in nous if c not in (region.repere, region.valeurs)]
    a_nous = {Lieu(region.feuille, entetes, colonne) for colonne in nous}
    return a_nous | {Lieu(region.feuille, li, c) for li in range(entetes, hauteur) for c in explications}


def _rubriques_ajoutees(ancien: Ancien, region: Region) -> Iterator[int]:
    for ligne in range(min(region.rangs.values()), len(ancien.grille(region.feuille).lignes)):
        if ligne not in region.rangs.values() and _texte(ancien, region, ligne, region.repere):
            yield ligne


def _tracer_liste(ancien: Ancien, region: Region, itineraire: Itineraire, formulaires: int) -> None:
    neuve, champs = feuille_de(region.collection).nom, champs_saisis(region.collection)
    gauche = d.COLONNE_TABLEAU_FORMULAIRES if region.collection == "formulaires" else 0
    colonnes = {region.rangs[i.nom]: gauche + rang for rang, i in enumerate(champs) if i.nom in region.rangs}
    for colonne in colonnes:
        itineraire.retires.add(Lieu(region.feuille, region.repere, colonne))
        itineraire.retires.add(Lieu(region.feuille, region.repere - 1, colonne))
    libre = gauche + len(champs)
    for colonne in _colonnes_ajoutees(ancien, region):
        entete = Lieu(region.feuille, region.repere, colonne)
        itineraire.trajets[entete] = Lieu(neuve, d.LIGNE_ENTETES, libre)
        itineraire.ajoutees.append(f"« {region.feuille} » : la colonne « {ancien.valeur(entete)} »")
        colonnes[colonne] = libre
        libre += 1
    for ici, la in _lignes(ancien, region, colonnes, formulaires):
        for colonne, nouvelle in colonnes.items():
            itineraire.trajets[Lieu(region.feuille, ici, colonne)] = Lieu(neuve, la, nouvelle)


def _colonnes_ajoutees(ancien: Ancien, region: Region) -> Iterator[int]:
    """Les colonnes d’un tableau dont l’en-tête n’est à aucun champ."""
    debut = min(region.rangs.values()) if region.collection == "formulaires" else 0
    for colonne in range(debut, _largeur(ancien, region.feuille)):
        if colonne not in region.rangs.values() and _texte(ancien, region, region.repere, colonne):
            yield colonne


def _lignes(
    ancien: Ancien, region: Region, colonnes: dict[int, int], formulaires: int
) -> Iterator[tuple[int, int]]:
    """L’ancien et le nouveau rang de chaque ligne ; celles qui n’ont pas pu être lues viennent après."""
    elements = getattr(ancien.dossier, region.collection)
    lues = {ancien.rang(element, region.collection): rang for rang, element in enumerate(elements)}
    libre = d.PREMIERE_LIGNE + len(elements) + (formulaires if region.collection == "formulaires" else 0)
    for ligne in range(region.repere + 1, len(ancien.grille(region.feuille).lignes)):
        if ligne in lues:
            yield ligne, d.PREMIERE_LIGNE + lues[ligne]
        elif any(not ancien.est_vide(Lieu(region.feuille, ligne, colonne)) for colonne in colonnes):
            yield ligne, libre
            libre += 1


def _largeur(ancien: Ancien, feuille: str) -> int:
    return max((len(ligne) for ligne in ancien.grille(feuille).lignes), default=0)


def _texte(ancien: Ancien, region: Region, ligne: int, colonne: int) -> str:
    return str(ancien.valeur(Lieu(region.feuille, ligne, colonne))).strip()
