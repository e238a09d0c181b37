"""Le diagnostic : les repères de lecture, et les axes dans les mots et l’ordre de l’autorité."""

from __future__ import annotations

from typing import ClassVar

from cpomdocs.modeles.base import Entite, Feuille, calcul, champ
from cpomdocs.modeles.entites.reperes import commentaire
from cpomdocs.modeles.types import Nature, Nombre, Texte, TexteLong
from cpomdocs.nomenclatures import libelle, nomenclature

HORS_DE_L_ORDRE = 1000
"""Le rang à partir duquel se rangent les axes que l’autorité n’a pas ordonnés."""


class RepereLecture(Entite):
    """Les valeurs devant lesquelles un indicateur du diagnostic se lit, quand celles d’usage ne vont pas."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Repères de lecture",
        "À remplir seulement pour changer les repères d’usage d’un ratio : bon, à surveiller, fragile.",
    )

    indicateur: Texte = champ(
        "Indicateur", cle=True, liste="indicateurs_diagnostic", exemple="tresorerie_jours"
    )
    bon: Nombre = champ("Bon à partir de", exemple="30", aide="Un taux s’écrit en fraction : 0,95 ou 95 %.")
    fragile: Nombre = champ("Fragile au-delà de", exemple="15", aide="Vide : aucune lecture « fragile ».")
    commentaire: TexteLong = commentaire()


class ParAxe(Entite):
    """Une ligne rangée sous un axe : l’axe se dit et se classe comme l’autorité le fait."""

    liens: ClassVar[dict[str, str]] = {"axe_de_l_autorite": "axes_retenus"}

    @property
    def axe_de_l_autorite(self) -> list[Entite]:
        """L’axe tel que l’autorité le retient, s’il l’est."""
        voulu = getattr(self, "axe", None)
        return [
            ligne for ligne in self.dossier.lignes("axes_retenus") if getattr(ligne, "axe", None) == voulu
        ]

    @property
    @calcul("Axe de l’autorité", Nature("texte"), entrees=("axe", "axe_de_l_autorite.intitule"))
    def axe_intitule(self) -> str | None:
        """L’intitulé que l’autorité donne à l’axe ; à défaut, celui de la nomenclature."""
        propre = next((getattr(ligne, "intitule", None) for ligne in self.axe_de_l_autorite), None)
        return propre or libelle("axes", getattr(self, "axe", None))

    @property
    @calcul("Ordre de l’axe", Nature("entier"), entrees=("axe", "axe_de_l_autorite.ordre"))
    def axe_ordre(self) -> int | None:
        """L’ordre de l’autorité ; les axes qu’elle n’a pas ordonnés suivent, dans le nôtre."""
        axe = getattr(self, "axe", None)
        if axe is None:
            return None
        ordre = next((getattr(ligne, "ordre", None) for ligne in self.axe_de_l_autorite), None)
        codes = list(nomenclature("axes"))
        return (
            ordre
            if ordre is not None
            else HORS_DE_L_ORDRE + (codes.index(axe) if axe in codes else len(codes))
        )
