"""Ouvrir des fichiers un à un, chacun dans un processus à lui, et dire ce que chacun a coûté.

python bornes.py CHEMIN… : une ligne JSON par fichier et par usage (classeur, gabarit).
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.lecture import lire_classeur, ouvrir_classeur
from cpomdocs.modeles.chemins import Valeur
from cpomdocs.modeles.types import Nature
from cpomdocs.remplissage.excel import obstacle, preparer, remplir
from cpomdocs.remplissage.word import preparer as preparer_word
from cpomdocs.saisies import CaseExcel, Saisie


def comme_classeur(chemin: Path) -> str:
    """Le fichier lu en entier, puis comme classeur maître."""
    lu = ouvrir_classeur(chemin)
    for nom in lu.feuilles:
        lu.grille(nom)
    lire_classeur(chemin)
    return "lu"


def comme_gabarit(chemin: Path) -> str:
    """Le fichier préparé, puis A1 et une case lointaine remplies dans chaque feuille."""
    if chemin.suffix == ".docx":
        preparer_word(chemin.read_bytes(), chemin.name)
        return "préparé"
    prepare = preparer(chemin.read_bytes(), chemin.name)
    cases = [CaseExcel(nom, adresse) for nom in prepare.feuilles for adresse in ("A1", "ZZ9999")]
    libres = [case for case in cases if obstacle(prepare, case) is None]
    valeur = Valeur("x.y", "Libellé", Nature("texte"), "essai", "renseigne")
    rempli = remplir(prepare, [Saisie(case, valeur) for case in libres])
    return f"rempli : {len(rempli.ecrites)} cases"


LIMITE = 10
"""Secondes de processeur au bout desquelles un essai est arrêté."""
USAGES: dict[str, Callable[[Path], str]] = {"classeur": comme_classeur, "gabarit": comme_gabarit}


def essayer(usage: str, chemin: Path) -> dict[str, object]:
    """Ce que l’usage a dit (une phrase), son temps de processeur (s) et sa mémoire au plus haut (Mo)."""
    lecture, ecriture = os.pipe()
    enfant = os.fork()
    if enfant == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMITE, LIMITE))
        try:
            dit = USAGES[usage](chemin)
        except ErreurCpomdocs as refus:
            dit = refus.message
        except BaseException as defaut:
            dit = f"DÉFAUT {type(defaut).__name__} : {defaut}"
        os.write(ecriture, dit.encode()[:4000])
        os._exit(0)
    os.close(ecriture)
    with os.fdopen(lecture, "rb") as tube:
        dit = tube.read().decode()
    _, etat, cout = os.wait4(enfant, 0)
    return {
        "fichier": chemin.name,
        "usage": usage,
        "dit": dit or f"DÉFAUT : arrêté ({etat})",
        "secondes": round(cout.ru_utime + cout.ru_stime, 2),
        "mega": cout.ru_maxrss // 1024,
    }


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        for usage in USAGES:
            print(json.dumps(essayer(usage, Path(argument)), ensure_ascii=False), flush=True)
