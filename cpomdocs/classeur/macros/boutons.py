"""Les boutons du classeur : leur légende, la macro qu’ils lancent, l’action que cette macro demande."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from xlsxwriter.worksheet import Worksheet

Action = Literal[
    "generer", "controler", "ouvrir", "preparer", "pdf", "repartir", "selection", "garder", "remplacer"
]
_HAUTEUR, _INTERVALLE, _MARGE = 32, 8, 7


class Bouton(NamedTuple):
    """Un bouton : l’action demandée, sa légende, sa largeur en pixels."""

    action: Action
    legende: str
    largeur: int

    @property
    def macro(self) -> str:
        """La procédure VBA que lance le bouton."""
        return f"Cpomdocs{self.action.capitalize()}"


ACCUEIL = (
    Bouton("generer", "Générer", 130),
    Bouton("controler", "Contrôler", 130),
    Bouton("ouvrir", "Ouvrir les documents", 170),
    Bouton("preparer", "Préparer mes lignes", 165),
    Bouton("pdf", "PDF", 90),
    Bouton("repartir", "Répartir la saisie", 140),
)
PILOTAGE = (
    Bouton("selection", "Générer la sélection", 150),
    Bouton("garder", "Garder ma version", 140),
    Bouton("remplacer", "Remplacer ma version", 155),
)


def poser_boutons(feuille: Worksheet, ligne: int, colonne: int, boutons: Sequence[Bouton]) -> None:
    """Pose les boutons côte à côte sur une ligne, qui prend leur hauteur."""
    feuille.set_row_pixels(ligne, _HAUTEUR + 2 * _MARGE)
    gauche = 0
    for bouton in boutons:
        reglages = {"macro": bouton.macro, "caption": bouton.legende, "width": bouton.largeur}
        place = {"height": _HAUTEUR, "x_offset": gauche, "y_offset": _MARGE}
        feuille.insert_button(ligne, colonne, {**reglages, **place})
        gauche += bouton.largeur + _INTERVALLE
