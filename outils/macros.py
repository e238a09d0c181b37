"""Construire `cpomdocs/classeur/macros/vbaProject.bin` d’après la source des macros : `make macros`.

Mêmes sources, mêmes octets. À refaire quand `Cpomdocs.bas` change, ou quand le classeur maître gagne ou perd
une feuille : le projet porte un module par feuille.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import xlsxwriter
from pyopenvba import ExcelFile

from cpomdocs.classeur.macros import projet

_PARTIE = "xl/vbaProject.bin"


def construire() -> bytes:
    """Le projet VBA : le module du classeur, celui de chaque feuille, vides, et celui des macros."""
    with tempfile.TemporaryDirectory() as repertoire:
        squelette = Path(repertoire) / "squelette.xlsm"
        _ecrire_squelette(squelette)
        with ExcelFile(squelette) as fichier:
            fichier.add_vba_project().add_module(projet.MODULE, projet.SOURCE.read_text(encoding="ascii"))
            fichier.save()
        with zipfile.ZipFile(squelette) as archive:
            return archive.read(_PARTIE)


def _ecrire_squelette(chemin: Path) -> None:
    """Un classeur sans macro dont les feuilles annoncent leurs modules."""
    with xlsxwriter.Workbook(str(chemin)) as classeur:
        classeur.set_vba_name(projet.CLASSEUR)
        for feuille, module in projet.modules().items():
            classeur.add_worksheet(feuille).set_vba_name(module)


if __name__ == "__main__":
    projet.PROJET.write_bytes(construire())
    print(projet.PROJET)
