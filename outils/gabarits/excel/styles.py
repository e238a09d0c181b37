"""L’apparence des cadres : couleurs, formats de nombre, et le classeur que les feuilles partagent."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.retouches import MOT_DE_PASSE, retoucher

MARINE, BLEU, PALE = "#1F3864", "#2E5C8A", "#DCE6F1"
SAISIE, CALCUL, RESERVE = "#FFF8DC", "#EDEDED", "#D9D9D9"
ROUGE, ROUGE_PALE, ORANGE_PALE, VERT, VERT_PALE = "#9C0006", "#FFC7CE", "#FFE0B2", "#006100", "#C6EFCE"
NOTE = "Exemple fictif, à la manière des cadres des autorités ; ce n’est pas un document officiel."

_BORDS = {"border": 1, "border_color": "#A6A6A6"}
_STYLES: dict[str, dict[str, Any]] = {
    "base": {"font_name": "Arial", "font_size": 10, "valign": "vcenter"},
    "titre": {"font_size": 15, "bold": True, "font_color": MARINE},
    "bandeau": {"font_size": 14, "bold": True, "font_color": "white", "bg_color": MARINE, "indent": 1},
    "sous_titre": {"font_size": 10, "font_color": MARINE, "bg_color": PALE, "indent": 1},
    "fictif": {"font_size": 9, "italic": True, "font_color": ROUGE},
    "section": {"bold": True, "font_color": "white", "bg_color": BLEU, "indent": 1, **_BORDS},
    "entete": {
        "bold": True,
        "font_color": "white",
        "bg_color": BLEU,
        "align": "center",
        "text_wrap": True,
        **_BORDS,
    },
    "colonne": {"font_size": 9, "bg_color": PALE, "align": "center", "text_wrap": True, **_BORDS},
    "libelle": {"indent": 1, "text_wrap": True, **_BORDS},
    "aide": {"font_size": 9, "italic": True, "font_color": "#595959", "text_wrap": True},
    "paragraphe": {"text_wrap": True, "valign": "top"},
    "saisie": {"bg_color": SAISIE, "locked": False, **_BORDS},
    "calcul": {"bg_color": CALCUL, **_BORDS},
    "total": {"bg_color": PALE, "bold": True, "top": 1, "bottom": 1, "border_color": "#7F7F7F", **_BORDS},
    "grand_total": {"bg_color": MARINE, "font_color": "white", "bold": True, **_BORDS},
    "reserve": {"pattern": 14, "fg_color": "#9C8FB5", "bg_color": "#F1EDF7", "locked": False, **_BORDS},
    "reserve_titre": {"bold": True, "font_color": "#404040", "bg_color": RESERVE, "indent": 1, **_BORDS},
    "neutre": {"bg_color": RESERVE, **_BORDS},
    "multiligne": {"text_wrap": True, "align": "left", "valign": "top", "indent": 1},
    "deux_lignes": {"text_wrap": True, "align": "left", "indent": 1},
    "entoure": {"text_wrap": True, "align": "center"},
    "gauche": {"align": "left", "indent": 1},
    "centre": {"align": "center"},
    "droite": {"align": "right"},
    "gras": {"bold": True},
    "retrait": {"indent": 2},
    "petit": {"font_size": 9},
    "texte": {"num_format": "@"},
    "entier": {"num_format": "#,##0_ "},
    "annee": {"num_format": "0"},
    "decimal": {"num_format": "#,##0.00_ "},
    "montant": {"num_format": '#,##0.00\\ "€"'},
    "euros": {"num_format": "#,##0.00_ ;[Red]-#,##0.00_ "},
    "taux": {"num_format": "0.0%_ "},
    "pour_cent": {"num_format": "0%"},
    "nombre": {"num_format": "General"},
    "pour_mille": {"num_format": "0.00%_ "},
    "signe": {"num_format": "+#,##0;[Red]-#,##0;0"},
    "variation": {"num_format": "+0.0%_ ;[Red]-0.0%_ ;0.0%_ "},
    "date": {"num_format": "dd/mm/yyyy"},
}


class Ouvrage:
    """Le classeur en construction et ses formats, créés une seule fois chacun."""

    protege = True
    """Feuilles et structure protégées, comme dans un cadre d’autorité."""

    def __init__(self, titre: str, objet: str) -> None:
        self._flux = io.BytesIO()
        options = {"in_memory": True, "default_format_properties": dict(_STYLES["base"])}
        self.classeur = Workbook(self._flux, options)
        self.classeur.set_properties(
            {
                "title": titre,
                "subject": objet,
                "author": "ARS Val-d’Exemple (fictive)",
                "company": "ARS Val-d’Exemple (fictive)",
                "comments": NOTE,
                "created": datetime.datetime(2025, 9, 1, 8, 0, 0),
            }
        )
        self._formats: dict[tuple[str, ...], Format] = {}

    def style(self, *noms: str) -> Format:
        """Le format qui réunit ces styles, les derniers l’emportant."""
        if noms not in self._formats:
            reuni = {cle: valeur for nom in ("base", *noms) for cle, valeur in _STYLES[nom].items()}
            self._formats[noms] = self.classeur.add_format(reuni)
        return self._formats[noms]

    def alerte(self, fond: str, encre: str, gras: bool = False) -> Format:
        """Un format de mise en forme conditionnelle."""
        return self.classeur.add_format({"bg_color": fond, "font_color": encre, "bold": gras})

    def feuille(self, nom: str, onglet: str, colonnes: Mapping[str, float]) -> Worksheet:
        """Une feuille sans quadrillage, au format A4 ; `colonnes` : plage → largeur."""
        feuille = self.classeur.add_worksheet(nom)
        feuille.set_tab_color(onglet)
        feuille.hide_gridlines(2)
        for plage, largeur in colonnes.items():
            feuille.set_column(plage, largeur, self.style())
        if self.protege:
            feuille.protect(MOT_DE_PASSE, {"format_columns": True, "format_rows": True})
        feuille.set_paper(9)
        feuille.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        feuille.set_footer("&L&8Exemple fictif, sans valeur officielle&C&8&A&R&8Page &P / &N")
        return feuille

    def octets(self) -> bytes:
        """Ferme le classeur ; rend le fichier, retouches faites."""
        self.classeur.close()
        return retoucher(self._flux.getvalue(), verrouiller=self.protege)
