"""Les formats de cellule du classeur maître, créés une fois par classeur."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from cpomdocs.classeur import disposition as d
from cpomdocs.modeles.base import InfoChamp

_FORMATS = {
    "texte": "@",
    "texte_long": "@",
    "entier": "#,##0",
    "decimal": "#,##0.00",
    "montant": '#,##0.00\\ "€"',
    "taux": "0.0#\\ %",
    "date": "dd/mm/yyyy",
    "booleen": "@",
    "annee": "0",
}
_ALIGNES_A_GAUCHE = {"texte", "texte_long"}
_CENTRES = {"date", "booleen", "annee"}


class Styles:
    """Les formats partagés ; le même format demandé deux fois n’est créé qu’une fois."""

    def __init__(self, classeur: Workbook) -> None:
        self._classeur = classeur
        self._faits: dict[tuple[tuple[str, Any], ...], Format] = {}

    def de(self, **proprietes: Any) -> Format:
        """Le format de ces propriétés, en Calibri 11, aligné en haut."""
        voulues = {
            "font_name": "Calibri",
            "font_size": 11,
            "valign": "top",
            "font_color": d.ENCRE,
            **proprietes,
        }
        cle = tuple(sorted(voulues.items()))
        if cle not in self._faits:
            self._faits[cle] = self._classeur.add_format(voulues)
        return self._faits[cle]

    def valeur(self, info: InfoChamp, **proprietes: Any) -> Format:
        """Le format d’une donnée selon sa nature."""
        nature = info.nature.nom
        alignement = "center" if nature in _CENTRES else "left" if nature in _ALIGNES_A_GAUCHE else "right"
        return self.de(
            num_format=_FORMATS[nature],
            align=alignement,
            text_wrap=nature == "texte_long",
            **({"font_color": d.BLEU} if info.cle else {}),
            **({"indent": 1} if alignement == "left" and not info.cle else {}),
            **proprietes,
        )

    def entete(self, info: InfoChamp) -> Format:
        """L’en-tête d’une colonne au repos ; le format de nombre ajoute « * » s’il est obligatoire."""
        return self.de(
            bold=info.obligatoire,
            bg_color=d.BRUME,
            font_color=d.GRIS,
            text_wrap=True,
            valign="vcenter",
            align="left",
            border=1,
            border_color=d.FILET,
            num_format='@" *"' if info.obligatoire else "@",
        )

    def titre(self) -> Format:
        """Le titre d’une feuille."""
        return self.de(bold=True, font_size=18, font_color=d.NUIT, bg_color=d.BLANC, valign="vcenter")

    def sous_titre(self) -> Format:
        """Le titre d’un second tableau sur une feuille."""
        return self.de(bold=True, font_size=12, font_color=d.NUIT, bg_color=d.BLANC, valign="vcenter")

    def aide(self) -> Format:
        """La phrase d’aide sous le titre."""
        return self.de(font_color=d.GRIS, bg_color=d.BLANC, valign="vcenter")

    def demande(self) -> Format:
        """La phrase qui dit quels formulaires demandent la feuille."""
        return self.de(italic=True, font_color=d.GRIS, bg_color=d.BLANC, valign="vcenter")

    def marque(self) -> Format:
        """La marque d’une colonne."""
        return self.de(
            font_size=8, font_color=d.GRIS, bg_color=d.BLANC, text_wrap=True, valign="bottom", align="left"
        )

    def lien(self) -> Format:
        """Un lien vers une autre feuille."""
        return self.de(font_color=d.BLEU, bg_color=d.BLANC, underline=1, valign="vcenter")

    def saillant(self) -> Format:
        """Mise en forme conditionnelle d’un en-tête demandé."""
        return self._classeur.add_format({"bg_color": d.BLEU, "font_color": d.BLANC})

    def marque_saillante(self) -> Format:
        """Mise en forme conditionnelle d’une marque active."""
        return self._classeur.add_format({"font_color": d.BLEU, "bold": True})

    def a_remplir(self) -> Format:
        """Mise en forme conditionnelle d’une cellule vide que l’on attend."""
        return self._classeur.add_format({"bg_color": d.JAUNE})

    def fond(self, couleur: str) -> Format:
        """Mise en forme conditionnelle : une couleur de fond."""
        return self._classeur.add_format({"bg_color": couleur})

    def filet(self) -> Format:
        """Mise en forme conditionnelle : un filet autour de la cellule."""
        return self._classeur.add_format({"border": 1, "border_color": d.FILET})

    def libre(self) -> Format:
        """Une cellule d’une feuille protégée où la macro écrit ce que cpomdocs a répondu."""
        return self.de(
            num_format="@",
            locked=False,
            bg_color=d.BLANC,
            font_color=d.NUIT,
            text_wrap=True,
            valign="vcenter",
        )

    def bandeau(self) -> Format:
        """L’en-tête d’une fiche ou du sommaire."""
        return self.de(
            bold=True, bg_color=d.NUIT, font_color=d.BLANC, valign="vcenter", border=1, border_color=d.NUIT
        )

    def rubrique(self, info: InfoChamp) -> Format:
        """Le libellé d’une rubrique au repos."""
        return self.de(
            bold=info.obligatoire,
            bg_color=d.BRUME,
            font_color=d.GRIS,
            valign="vcenter",
            text_wrap=True,
            border=1,
            border_color=d.FILET,
            num_format='@" *"' if info.obligatoire else "@",
        )

    def reponse(self, info: InfoChamp) -> Format:
        """La cellule où se tape la réponse d’une fiche."""
        return self.de(
            num_format=_FORMATS[info.nature.nom],
            align="left",
            valign="top" if info.nature.nom == "texte_long" else "vcenter",
            text_wrap=info.nature.nom == "texte_long",
            border=1,
            border_color=d.FILET,
        )

    def savoir(self) -> Format:
        """Un texte d’explication, discret."""
        return self.de(font_size=9, font_color=d.GRIS, valign="vcenter", text_wrap=True)

    def consigne(self, titre: bool) -> Format:
        """Une ligne du mode d’emploi : son titre ou son texte."""
        return self.de(bold=titre, font_color=d.NUIT if titre else d.ENCRE, valign="vcenter")

    def pastilles(self) -> list[Format | str]:
        """La légende des couleurs, en texte riche."""
        bleu, gris, jaune = (self.de(bold=True, font_color=c) for c in (d.BLEU, d.GRIS, "#C99700"))
        return [bleu, "■ bleu : demandé", self.de(), "     ", gris, "■ gris : facultatif", self.de(), "     ",
                jaune, "■ jaune : à remplir"]  # fmt: skip
