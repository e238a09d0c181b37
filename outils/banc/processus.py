"""La mémoire qu’un remplissage ajoute à un processus neuf : `python -m outils.banc.processus GABARIT CASES`.

`CASES` : un fichier JSON de {« Feuille!A1 » : valeur}. Imprime un nombre d’octets.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cpomdocs.modeles.chemins import Valeur
from cpomdocs.modeles.types import Nature
from cpomdocs.remplissage.excel import preparer, remplir
from cpomdocs.saisies import CaseExcel, Saisie


def principal() -> None:
    """Remplit le gabarit une fois, document compris, et mesure."""
    gabarit, cases = map(Path, sys.argv[1:3])
    saisies = []
    for case, valeur in json.loads(cases.read_text(encoding="utf-8")).items():
        feuille, _, cellule = case.rpartition("!")
        nature = Nature("texte" if isinstance(valeur, str) else "montant")
        donnee = Valeur("banc.champ", "Champ du banc", nature, valeur, "renseigne")
        saisies.append(Saisie(CaseExcel(feuille, cellule), donnee))
    avant = _plus_haut()
    octets = gabarit.read_bytes()
    rempli = remplir(preparer(octets), saisies)
    assert rempli.ecrites
    print(_plus_haut() - avant)


def _plus_haut() -> int:
    """Le plus de mémoire que ce processus ait tenue (octets), selon Linux."""
    lignes = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(ligne.split()[1] for ligne in lignes if ligne.startswith("VmHWM"))) * 1024


if __name__ == "__main__":
    principal()
