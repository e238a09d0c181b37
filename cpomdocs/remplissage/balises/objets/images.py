"""`{{ gestionnaire.logo_fichier|image(40) }}` : une image du dossier, de cette largeur (mm)."""

from __future__ import annotations

from abc import abstractmethod
from html import escape
from typing import TYPE_CHECKING

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.objets import Objet

if TYPE_CHECKING:
    from cpomdocs.remplissage.balises.gabarit.dialecte import Balise
    from cpomdocs.remplissage.balises.langage.etat import Etat
    from cpomdocs.saisies import Image

_EMU_PAR_MM = 36_000
_EMU_PAR_PIXEL = 9_525
"""À 96 pixels par pouce, quand le document ne dit pas de taille."""
_MM_MAX = 1_000
_MARGES = 'distT="0" distB="0" distL="0" distR="0"'
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Figure(Objet):
    """Une image en ligne avec le texte, à cette largeur ou à cette hauteur (mm), jamais déformée.

    Lève `ErreurFormulaire` si une taille est démesurée.
    """

    def __init__(self, largeur: float | None, hauteur: float | None, description: str = "") -> None:
        for mesure in (largeur, hauteur):
            if mesure is not None and not 0 < mesure <= _MM_MAX:
                raise ErreurFormulaire(
                    f"La taille d’une image va de 1 à {_MM_MAX} mm.", "Écrire par exemple |image(40)."
                )
        self._largeur, self._hauteur, self._description = largeur, hauteur, description

    @abstractmethod
    def poser(self, etat: Etat) -> tuple[Image, str] | None:
        """L’image et sa relation dans la partie ; `None` tant qu’on ne fait que lire, ou sans image."""

    def passages(self, etat: Etat, balise: Balise) -> str:
        """Le dessin, en ligne avec le texte ; rien tant qu’on ne fait que lire."""
        posee = self.poser(etat)
        if posee is None:
            return ""
        image, relation = posee
        largeur, hauteur = self._etendue(image.largeur, image.hauteur)
        etat.numeros += 1
        etendue = f'cx="{largeur}" cy="{hauteur}"'
        identite = f'id="{etat.numeros}" name="Image {etat.numeros}"'
        decrite = f' descr="{escape(self._description)}"' if self._description else ""
        return (
            f'<w:r>{balise.passage}<w:drawing><wp:inline xmlns:wp="{_WP}" {_MARGES}>'
            f"<wp:extent {etendue}/><wp:docPr {identite}{decrite}/>"
            f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_PIC}"><pic:pic xmlns:pic="{_PIC}">'
            f"<pic:nvPicPr><pic:cNvPr {identite}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip xmlns:r="{_R}" r:embed="{relation}"/>'
            "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {etendue}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def _etendue(self, pixels_larges: int, pixels_hauts: int) -> tuple[int, int]:
        """La largeur et la hauteur (EMU) : celles demandées, l’autre en proportion."""
        echelles = [
            mesure * _EMU_PAR_MM / pixels
            for mesure, pixels in ((self._largeur, pixels_larges), (self._hauteur, pixels_hauts))
            if mesure is not None
        ]
        echelle = min(echelles, default=float(_EMU_PAR_PIXEL))
        return max(round(pixels_larges * echelle), 1), max(round(pixels_hauts * echelle), 1)


class ImageAPoser(Figure):
    """L’image du dossier qui porte ce nom."""

    def __init__(self, nom: str, largeur: float | None, hauteur: float | None) -> None:
        super().__init__(largeur, hauteur)
        self._nom = nom

    def poser(self, etat: Etat) -> tuple[Image, str] | None:
        """L’image de ce nom, notée comme demandée."""
        etat.images.append(self._nom)
        return etat.poser_image(self._nom)
