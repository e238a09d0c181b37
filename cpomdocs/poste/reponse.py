"""La réponse d’une commande à la macro qui l’a lancée : l’avancement, puis le résultat.

Deux fichiers en ASCII : `X` porte l’avancement, et `X.fin`, posé d’un coup, le résultat. Tout caractère
autre qu’ASCII y est noté `\\uXXXX` : la macro les lit de la même façon quel que soit le système.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cpomdocs.rapport import Rapport
from cpomdocs.suivi import Compteur

Ton = Literal["bien", "attention", "echec"]
_BATTEMENT = 5.0
_RESERVES = "\\|"


@dataclass(frozen=True)
class Pose:
    """Une valeur que la macro pose dans le classeur ouvert ; ligne et colonne à partir de 1."""

    feuille: str
    ligne: int
    colonne: int
    valeur: str | float


@dataclass(frozen=True)
class Extension:
    """Un tableau Excel que la macro agrandit jusqu’à cette ligne, s’il s’arrête avant."""

    feuille: str
    tableau: str
    derniere: int


@dataclass(frozen=True)
class Reponse:
    """Ce que la macro montre, et ce qu’elle pose ; le rapport, quand un contrôle a été fait."""

    message: str
    ton: Ton = "bien"
    poses: tuple[Pose, ...] = ()
    extensions: tuple[Extension, ...] = ()
    rapport: Rapport | None = None

    def lignes(self) -> Iterator[str]:
        """La réponse, une ligne par chose à faire."""
        yield f"ton={self.ton}"
        for e in self.extensions:
            yield f"etendre={coder(e.feuille)}|{e.tableau}|{e.derniere}"
        for p in self.poses:
            valeur = f"texte|{coder(p.valeur)}" if isinstance(p.valeur, str) else f"nombre|{p.valeur!r}"
            yield f"poser={coder(p.feuille)}|{p.ligne}|{p.colonne}|{valeur}"
        yield f"message={coder(self.message)}"


def coder(texte: str) -> str:
    """Le texte en ASCII, sur une ligne, sans séparateur."""
    unites = texte.encode("utf-16-be", "replace")
    codes = (int.from_bytes(unites[rang : rang + 2], "big") for rang in range(0, len(unites), 2))
    return "".join(chr(c) if 32 <= c < 127 and chr(c) not in _RESERVES else f"\\u{c:04X}" for c in codes)


class Canal(Compteur):
    """Où la macro attend : l’avancement s’y lit pendant le travail. C’est aussi un suivi du couloir."""

    def __init__(self, fichier: Path) -> None:
        self._fichier = fichier
        self._texte = "cpomdocs travaille…"
        self._battements = 0
        self._plume = threading.Lock()

    def dire(self, texte: str) -> None:
        """Montre une phrase d’avancement."""
        self._texte = texte
        self.battre()

    def battre(self) -> None:
        """Récrit l’avancement ; la macro voit ainsi que le travail continue."""
        with self._plume, suppress(OSError):  # refus : la macro lit ce fichier ; au prochain battement
            self._battements += 1
            _ecrire(self._fichier, [coder(self._texte), str(self._battements)])

    def finir(self, reponse: Reponse) -> None:
        """Pose le résultat, d’un coup."""
        provisoire = self._fichier.with_name(f"{self._fichier.name}.fait")
        _ecrire(provisoire, reponse.lignes())
        provisoire.replace(self._fichier.with_name(f"{self._fichier.name}.fin"))


@contextmanager
def canal_vivant(fichier: Path) -> Iterator[Canal]:
    """Un canal qui bat tant que le bloc travaille, même pendant une longue attente."""
    canal, arret = Canal(fichier), threading.Event()

    def battre() -> None:
        while not arret.wait(_BATTEMENT):
            canal.battre()

    canal.battre()
    fil = threading.Thread(target=battre, daemon=True)
    fil.start()
    try:
        yield canal
    finally:
        arret.set()
        fil.join()


def _ecrire(fichier: Path, lignes: Iterable[str]) -> None:
    """Écrit un fichier que son seul propriétaire lit ; VBA veut les fins de ligne de Windows."""
    octets = "".join(f"{ligne}\r\n" for ligne in lignes).encode("ascii")
    descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descripteur, "wb") as flux:
        flux.write(octets)
