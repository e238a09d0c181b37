"""Les graphiques d’un document à balises : dessinés d’après ce que les lignes d’une liste contiennent.

`{{ comptes_gestionnaire|barres(titre='…', etiquette='annee', valeurs=['total_charges', 'total_produits']) }}`
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from cpomdocs.remplissage.balises.objets.images import Figure
from cpomdocs.saisies import Image

if TYPE_CHECKING:
    from cpomdocs.remplissage.balises.langage.etat import Etat


class Dessin(Figure):
    """Un graphique ; il n’est dessiné que si le document s’écrit. `dessiner` rend un PNG."""

    def __init__(self, titre: str, dessiner: Callable[[], bytes], largeur: float) -> None:
        super().__init__(largeur, None, titre)
        self._dessiner = dessiner

    def poser(self, etat: Etat) -> tuple[Image, str] | None:
        """Le graphique, dessiné ; `None` tant qu’on ne fait que lire."""
        if etat.illustrations is None:
            return None
        octets = self._dessiner()
        image = Image(octets, "png", *struct.unpack(">II", octets[16:24]))
        return image, etat.relier(image)
