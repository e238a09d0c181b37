"""Refabrique tous les gabarits d’exemple : `python -m outils.gabarits`."""

from outils.gabarits.excel.__main__ import construire_tous as construire_excel
from outils.gabarits.word.__main__ import construire_tous as construire_word

for chemin in (*construire_word(), *construire_excel()):
    print(chemin)
