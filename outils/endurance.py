"""L’endurance de la veille : des milliers d’enregistrements, de toutes les façons, sans fuite ni état manqué.

    python -m outils.endurance [NOMBRE]

Toutes les cent fois, on attend la veille : à blanc, une génération ne doit plus rien avoir à changer.
Sort avec le code 1 si un état a été manqué.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cpomdocs import generer
from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.demo import dossier_de_demonstration
from cpomdocs.formulaires.catalogue import repertoire_livre
from cpomdocs.veille.veilleur import Veilleur

_FORMULAIRE = "fiche-signaletique"
_VERSIONS = 5
_PAQUET = 100
_PATIENCE = 60.0
_PAUSES, _POIDS = (0.0, 0.01, 0.05, 0.8), (60, 25, 12, 3)
"""Secondes entre deux enregistrements, et leur fréquence."""


def _versions() -> list[bytes]:
    """Le classeur de la démonstration, où le nom de chaque établissement porte un numéro."""
    classeurs = []
    for numero in range(_VERSIONS):
        donnees = dossier_de_demonstration()
        for etablissement in donnees.etablissements:
            etablissement.nom = f"{etablissement.nom} {numero}"
        tampon = io.BytesIO()
        ecrire_classeur(tampon, donnees, [])
        classeurs.append(tampon.getvalue())
    return classeurs


def _sur_place(classeur: Path, octets: bytes) -> None:
    classeur.write_bytes(octets)


def _par_remplacement(classeur: Path, octets: bytes) -> None:
    provisoire = classeur.with_name("lu5f3a.tmp")
    provisoire.write_bytes(octets)
    provisoire.replace(classeur)


def _comme_excel(classeur: Path, octets: bytes) -> None:
    provisoire = classeur.with_name("5B2C7E10")
    provisoire.write_bytes(octets)
    classeur.unlink()
    provisoire.rename(classeur)


_FACONS: tuple[Callable[[Path, bytes], None], ...] = (_sur_place, _par_remplacement, _comme_excel)


def _memoire() -> float:
    """La mémoire de ce programme (Mo), ou 0 là où le système ne la dit pas ainsi."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _a_jour(dossier: Path) -> bool:
    """Vrai quand, à blanc, plus rien ne changerait ; faux si la patience s’épuise d’abord."""
    limite = time.monotonic() + _PATIENCE
    while time.monotonic() < limite:
        time.sleep(1.0)
        if all(d.message == "resterait inchangé" for d in generer(dossier, a_blanc=True).documents):
            return True
    return False


def eprouver(dossier: Path, nombre: int) -> int:
    """Enregistre `nombre` fois sous la veille ; rend le nombre d’états manqués."""
    hasard, versions = random.Random(5), _versions()
    classeur = dossier / "classeur-maitre.xlsx"
    classeur.write_bytes(versions[0])
    shutil.copytree(repertoire_livre() / _FORMULAIRE, dossier / "gabarits" / _FORMULAIRE)
    lignes: list[str] = []
    veilleur = Veilleur(dossier, lignes.append, avertir=lambda texte: None)
    fil = threading.Thread(target=veilleur.veiller)
    fil.start()
    manques = 0
    for rang in range(1, nombre + 1):
        hasard.choice(_FACONS)(classeur, hasard.choice(versions))
        time.sleep(hasard.choices(_PAUSES, _POIDS)[0])
        if rang % _PAQUET == 0 or rang == nombre:
            manques += not _a_jour(dossier)
            etat = f"{rang} enregistrements, {len(lignes)} lignes, {manques} manqués, {_memoire():.0f} Mo"
            print(etat, flush=True)
    veilleur.arreter()
    fil.join()
    return manques


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as repertoire:
        sys.exit(1 if eprouver(Path(repertoire), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000) else 0)
