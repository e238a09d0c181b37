"""Ce qu’un classeur retient du poste, dans sa feuille cachée « Poste » : le lire, le réparer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cpomdocs.classeur.chantier import Chantier
from cpomdocs.classeur.en_place import refuser_ouvert, remplacer
from cpomdocs.classeur.feuilles.poste import INTERPRETEUR, JETON, PLACES, POSTE
from cpomdocs.erreurs import ErreurClasseur, ErreurFichier
from cpomdocs.lecture.grilles import ouvrir_classeur

PROJET = "xl/vbaProject.bin"


@dataclass(frozen=True)
class Enregistrement:
    """Les interpréteurs que les boutons essaient, dans l’ordre, et le jeton du dernier clic."""

    interpreteurs: tuple[str, ...] = ()
    jeton: str = ""
    places: tuple[int, ...] = ()
    """Les lignes (à partir de 1) réservées aux interpréteurs."""


def a_des_macros(classeur: Path) -> bool:
    """Vrai si le classeur porte un projet VBA et la feuille « Poste ». Lève `ErreurClasseur`."""
    lu = ouvrir_classeur(classeur)
    return PROJET in lu.archive and POSTE in lu.feuilles


def lire_poste(classeur: Path) -> Enregistrement:
    """Ce que retient le classeur ; rien s’il n’a pas de feuille « Poste ».

    Lève `ErreurClasseur` si le classeur ne se lit pas.
    """
    lu = ouvrir_classeur(classeur)
    if POSTE not in lu.feuilles:
        return Enregistrement()
    try:
        lignes = lu.grille(POSTE).lignes
    except ErreurFichier as erreur:
        raise ErreurClasseur(erreur.message, erreur.remede) from erreur
    couples = [(str(ligne[0]), str(ligne[1]) if len(ligne) > 1 else "") for ligne in lignes]
    return Enregistrement(
        tuple(valeur for cle, valeur in couples if cle == INTERPRETEUR and valeur),
        next((valeur for cle, valeur in couples if cle == JETON), ""),
        tuple(rang for rang, (cle, _) in enumerate(couples, start=1) if cle == INTERPRETEUR),
    )


def reparer(classeur: Path, interpreteur: str) -> bool:
    """Met cet interpréteur en tête de ceux du classeur, sans toucher au reste ; faux s’il l’était déjà.

    Ceux des autres postes restent derrière : un dossier partagé sert à chacun. Lève `ErreurClasseur` si le
    classeur n’a pas de boutons ou ne se lit pas, `ErreurEcriture` s’il est ouvert ou ne peut pas être écrit.
    """
    connus = lire_poste(classeur)
    if not connus.places:
        raise ErreurClasseur(
            f"« {classeur.name} » n’a pas de boutons : il n’y a rien à y réparer.",
            "Se servir de la surveillance, « cpomdocs veiller » : enregistrer le classeur vaut un clic.",
        )
    autres = [chemin for chemin in connus.interpreteurs if chemin != interpreteur]
    voulus = [interpreteur, *autres][:PLACES]
    if tuple(voulus) == connus.interpreteurs:
        return False
    refuser_ouvert(classeur)
    lu = ouvrir_classeur(classeur)
    chantier = Chantier(lu.archive)
    chantier.poser(
        chantier.exiger(POSTE),
        {(ligne, 2): valeur for ligne, valeur in zip(connus.places, voulus, strict=False)},
    )
    octets = chantier.terminer()
    if octets is not None:
        remplacer(classeur, lu.archive.octets, octets)
    return True
