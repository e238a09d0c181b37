"""`{{p champ|document }}` : le corps d’un document du dossier, à la place du paragraphe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.remplissage.balises.objets import Objet
from cpomdocs.remplissage.balises.objets.nettoyage import EMBED, PIC, WP, A
from cpomdocs.remplissage.word.ooxml import Element, P, valeur, w
from cpomdocs.saisies import Annexe

if TYPE_CHECKING:
    from cpomdocs.remplissage.balises.gabarit.dialecte import Balise
    from cpomdocs.remplissage.balises.langage.etat import Etat

_STYLES = {w("pStyle"): "paragraph", w("rStyle"): "character", w("tblStyle"): "table"}
_VIDE = "<w:p/>"


class DocumentAInserer(Objet):
    """Le document de ce nom ; sans extension, un .docx."""

    def __init__(self, nom: str) -> None:
        self._nom = nom if nom.lower().endswith(".docx") else f"{nom}.docx"

    def passages(self, etat: Etat, balise: Balise) -> str:
        """Un document ne tient pas dans un paragraphe : lève `ErreurFormulaire`."""
        raise ErreurFormulaire(
            "Un document s’insère à la place d’un paragraphe.",
            "Mettre la balise seule dans son paragraphe, et l’écrire {{p …|document }}.",
        )

    def paragraphes(self, etat: Etat, balise: Balise) -> str:
        """Ses paragraphes et ses tableaux ; rien tant qu’on ne fait que lire, ou s’il manque."""
        etat.images.append(self._nom)
        annexe = etat.inserer(self._nom)
        if annexe is None:
            return _VIDE
        corps = analyser_xml(annexe.corps, self._nom)
        self._raccorder(corps, annexe, etat)
        blocs = [str(etree.tostring(bloc, encoding="unicode", with_tail=False)) for bloc in corps]
        # Word veut un paragraphe au bout d’une cellule, et confond deux tableaux qui se suivent.
        finit_bien = len(corps) > 0 and corps[-1].tag == P
        return "".join(blocs if finit_bien else [*blocs, _VIDE])

    def _raccorder(self, corps: Element, annexe: Annexe, etat: Etat) -> None:
        """Styles que le gabarit connaît, numéros de dessin et relations de cette partie."""
        styles = etat.styles
        for style in list(corps.iter(*_STYLES)):
            parent = style.getparent()
            if parent is not None and (_STYLES[str(style.tag)], valeur(style)) not in styles:
                parent.remove(style)
        for dessin in corps.iter(f"{WP}docPr", f"{PIC}cNvPr"):
            etat.numeros += 1
            dessin.set("id", str(etat.numeros))
        images = dict(annexe.images)
        for pixels in corps.iter(f"{A}blip"):
            pixels.set(EMBED, etat.relier(images[pixels.get(EMBED) or ""]))
