"""L’habillage des classeurs internes de la démarche : bandeau, mention, blocs de valeurs par année."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.styles import ROUGE, VERT_PALE, Ouvrage

MENTION = "Modèle de document interne, à adapter. Exemple fictif ; ce n’est pas un document officiel."
COULEURS = ("#1F3864", "#00767E", "#E2725B", "#B8860B")
"""Une couleur par série d’un graphique."""


class OuvrageInterne(Ouvrage):
    """Un classeur du gestionnaire : rien n’y est protégé."""

    protege = False

    def __init__(self, titre: str) -> None:
        super().__init__(titre, "Démarche CPOM")
        self.classeur.set_properties(
            {
                "title": titre,
                "subject": "Démarche CPOM",
                "author": "Document interne",
                "comments": MENTION,
                "created": datetime.datetime(2025, 9, 1, 8, 0, 0),
            }
        )

    def page(self, nom: str, titre: str, largeurs: dict[str, float], derniere: str) -> Worksheet:
        """Une feuille en paysage : bandeau jusqu’à la colonne `derniere`, nom du gestionnaire, mention."""
        feuille = self.feuille(nom, "#2E5C8A", {"A:A": 2, **largeurs})
        feuille.set_landscape()
        feuille.set_footer("&L&8Document interne&C&8&A&R&8Page &P / &N")
        feuille.set_row(0, 28)
        feuille.merge_range(f"B1:{derniere}1", titre, self.style("bandeau"))
        feuille.merge_range(f"B2:{derniere}2", "", self.style("sous_titre", "gras"))
        feuille.merge_range(f"B3:{derniere}3", MENTION, self.style("fictif"))
        return feuille

    def identite(self, feuille: Worksheet, cellule: str) -> None:
        """Le nom du gestionnaire, repris de la cellule de la première feuille où il est écrit."""
        formule = f'=IF({cellule}="","",{cellule})'
        feuille.write_formula("B2", formule, self.style("sous_titre", "gras"), "")

    def calculer(self, feuille: Worksheet, cellule: str, formule: str, *styles: str) -> None:
        """Une formule, vide dans le cadre vide."""
        feuille.write_formula(cellule, formule, self.style(*styles), "")

    def vides(self, feuille: Worksheet, cellules: Sequence[str], *styles: str) -> None:
        """Des cellules à remplir."""
        for cellule in cellules:
            feuille.write_blank(cellule, None, self.style(*styles))

    def deficits_en_rouge(self, feuille: Worksheet, plage: str) -> None:
        """Un nombre négatif en rouge et en gras."""
        premiere = plage.partition(":")[0]
        feuille.conditional_format(
            plage,
            {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({premiere}),{premiere}<0)",
                "format": self.classeur.add_format({"font_color": ROUGE, "bold": True}),
            },
        )

    def surligner(self, feuille: Worksheet, plage: str, condition: str) -> None:
        """Un fond vert sous condition : ce qui est retenu."""
        fond = self.classeur.add_format({"bg_color": VERT_PALE})
        feuille.conditional_format(plage, {"type": "formula", "criteria": f"={condition}", "format": fond})


def si_connus(cellules: str, nombre: int, expression: str) -> str:
    """Une formule qui reste vide tant que ces cellules (« C4,C8 », « C4:C6 ») n’ont pas toutes un nombre."""
    return f'=IF(COUNT({cellules})<{nombre},"",{expression})'


def axe_des_montants(titre: str = "€") -> dict[str, Any]:
    """L’axe vertical d’un graphique en euros."""
    return {
        "name": titre,
        "name_font": {"size": 9, "bold": False},
        "num_format": "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    }
