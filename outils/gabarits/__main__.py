"""Refabrique tous les gabarits d’exemple et note leurs empreintes : `python -m outils.gabarits`."""

from outils.gabarits.excel.__main__ import RACINE, noter_empreinte
from outils.gabarits.excel.__main__ import construire_tous as construire_excel
from outils.gabarits.word.__main__ import construire_tous as construire_word

for chemin in (*construire_word(), *construire_excel()):
    print(f"{chemin.relative_to(RACINE.parent)}  {noter_empreinte(chemin)}")
