"""Passer le classeur maître à l’année suivante, en place : rien n’est retapé, rien n’est retiré."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cpomdocs.classeur.besoins import FormulaireResume, champs_saisis
from cpomdocs.classeur.chantier import Chantier
from cpomdocs.classeur.en_place import ajouter_lignes, refuser_ouvert, remplacer
from cpomdocs.classeur.marquage import grille_de
from cpomdocs.classeur.preparation import en_cellules, preparer_classeur
from cpomdocs.erreurs import ErreurClasseur
from cpomdocs.lecture import lire_classeur
from cpomdocs.lecture.grilles import ClasseurLu, ouvrir_classeur
from cpomdocs.lecture.localisation import trouver_tableau
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.exercices import Reprise, reprises
from cpomdocs.office.adresses import lire_cellule
from cpomdocs.transfert.rangement import ranger_a_cote


@dataclass(frozen=True)
class Passage:
    """L’année nouvelle, où l’ancien classeur est rangé, ce qui a été fait, ce qui reste à saisir."""

    annee: int
    ancien: Path
    faits: tuple[str, ...]
    a_faire: tuple[str, ...]


def passer_a_l_annee_suivante(
    chemin: Path, formulaires: Callable[[Dossier], Sequence[FormulaireResume]]
) -> Passage:
    """Fait de N l’année d’après ; l’ancien classeur reste à côté.

    Les prévisions de N sont reprises en réel, marquées « À confirmer » (règle AN-01) ; les lignes de la
    nouvelle année sont préparées. Aucune ligne n’est retirée.
    Lève `ErreurClasseur` si l’année N manque ou si le classeur ne se lit pas, `ErreurEcriture` s’il est
    ouvert ou si le disque refuse : rien n’est alors changé.
    """
    refuser_ouvert(chemin)
    lu = ouvrir_classeur(chemin)
    dossier, _ = lire_classeur(chemin)
    n = dossier.parametres.annee_n
    if n is None:
        raise ErreurClasseur(
            "L’année N n’est pas saisie : il n’y a pas d’année à faire suivre.",
            "La saisir dans « Paramètres », puis relancer.",
        )
    chantier = Chantier(lu.archive)
    repris = [_reprendre(chantier, lu, nom, lignes) for nom, lignes in reprises(dossier).items()]
    _changer_l_annee(chantier, dossier, n + 1)
    with tempfile.TemporaryDirectory() as provisoire:
        suivant = Path(provisoire) / chemin.name
        suivant.write_bytes(chantier.terminer() or lu.archive.octets)
        relu, _ = lire_classeur(suivant)
        prepares = preparer_classeur(suivant, relu, formulaires(relu))
        octets = suivant.read_bytes()
    ancien = ranger_a_cote(chemin, lu.archive.octets, f"campagne {n}")
    remplacer(chemin, lu.archive.octets, octets)
    return Passage(n + 1, ancien, (*filter(None, repris), *prepares), _a_faire(dossier, n))


def _reprendre(chantier: Chantier, lu: ClasseurLu, collection: str, lignes: list[Reprise]) -> str | None:
    """Ajoute les lignes du réel sous celles de leur feuille ; `None` si ses en-têtes ont disparu."""
    champs, grille = champs_saisis(collection), grille_de(lu, collection)
    tableau = trouver_tableau(grille, champs) if grille is not None else None
    if grille is None or tableau is None:
        return None
    ajouter_lignes(chantier, grille, tableau, en_cellules(lignes, champs))
    combien = "1 prévision reprise" if len(lignes) == 1 else f"{len(lignes)} prévisions reprises"
    return f"{grille.nom} : {combien} en réel, à confirmer"


def _changer_l_annee(chantier: Chantier, dossier: Dossier, annee: int) -> None:
    source = dossier.parametres.sources("annee_n")[0]
    place = lire_cellule(source.cellule)
    if place is None:
        raise ErreurClasseur(
            "La cellule de l’année N est introuvable.", "Vérifier la feuille « Paramètres »."
        )
    chantier.poser(chantier.exiger(source.feuille), {place: annee})


def _a_faire(dossier: Dossier, n: int) -> tuple[str, ...]:
    """Ce que personne ne peut savoir à la place de la personne."""
    parametres = dossier.parametres
    dates = [
        f"« Paramètres » : la {quoi} est restée à {valeur}, la changer s’il le faut."
        for quoi, valeur in (
            ("date de référence", parametres.date_reference and f"{parametres.date_reference:%d/%m/%Y}"),
            ("campagne", parametres.campagne),
        )
        if valeur
    ]
    return (
        *dates,
        f"« Années » : passer {n} à « Clos » quand ses comptes sont arrêtés.",
        f"Confirmer ou corriger le réel {n} : « cpomdocs controler » en donne les cellules (AN-01).",
        f"Saisir les prévisions {n + 1} : leurs lignes sont prêtes.",
    )
