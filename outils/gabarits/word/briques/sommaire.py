"""Un sommaire Word (champ TOC) déjà calculé, avec ses points de suite."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as TypeDocument
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from outils.gabarits.word.briques.commun import BLEU, ecrire


def sommaire(document: TypeDocument, entrees: Sequence[tuple[str, int]]) -> None:
    """Écrit le titre « Sommaire » et une ligne par entrée (titre, page)."""
    titre = document.add_paragraph()
    ecrire(titre, "Sommaire", gras=True, couleur=BLEU, taille=12)
    droite = document.sections[0].page_width - Cm(3.6)
    for rang, (texte, page) in enumerate(entrees):
        ligne = document.add_paragraph()
        ligne.paragraph_format.space_after = Pt(3)
        ligne.paragraph_format.tab_stops.add_tab_stop(droite, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        if rang == 0:
            _marque(ligne, "begin")
            ligne.add_run()._r.append(
                parse_xml(
                    f'<w:instrText {nsdecls("w")} xml:space="preserve"> TOC \\o "1-1" \\z \\u </w:instrText>'
                )
            )
            _marque(ligne, "separate")
        ecrire(ligne, f"{texte}\t{page}")
        if rang == len(entrees) - 1:
            _marque(ligne, "end")


def _marque(ligne: Paragraph, genre: str) -> None:
    ligne.add_run()._r.append(OxmlElement("w:fldChar", {qn("w:fldCharType"): genre}))
