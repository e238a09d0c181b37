"""La vérification de conformité : le document ne diffère du gabarit qu’aux cases prévues.

Écrite sans le code de remplissage. Ce module est le seul endroit qui dit ce qui est permis en plus
(conception, § 1).
"""

from __future__ import annotations

import re
from typing import NamedTuple

RESULTATS_PERMIS = frozenset({"t", "v"})
"""Excel : dans une cellule à formule, l’attribut `t` et l’élément `v` (le résultat) peuvent changer."""
CALCUL_PERMIS = ("calcPr", "fullCalcOnLoad")
"""Excel : l’élément et l’attribut de `xl/workbook.xml` qui demandent un recalcul à l’ouverture."""
CADRES_PERMIS = frozenset({"dimension", "spans"})
"""Excel : l’étendue de la feuille et celle des lignes suivent les cellules créées."""
PARTIES_LIEES = re.compile(r"^(customXml/item\d+|docProps/(core|app))\.xml$")
"""Word : le XML lié à un contrôle rempli peut changer."""
PARTIES_IMAGE = re.compile(r"^(word|xl)/media/[^/]+$")
"""Les images posées dans une case sont les seules parties nouvelles."""
PARTIES_D_IMAGE_POSEE = re.compile(r"^(\[Content_Types\]\.xml|(word|xl)/(.+/)?_rels/[^/]+\.rels)$")
"""Les parties qui déclarent une image posée : elles ne peuvent que s’enrichir."""


class Ecart(NamedTuple):
    """Une différence imprévue : la partie du fichier, le lieu pour une personne, ce qui a changé."""

    partie: str
    lieu: str
    message: str
