"""Le journal de la veille, `.cpomdocs/veille.log` : ce qu’elle a fait et quand, jamais avec quelle valeur."""

from __future__ import annotations

import io
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

FICHIER = "veille.log"
_TAILLE_MAX = 500_000
_ANCIENS = 3


class Carnet:
    """Un journal qui tourne, lisible de son seul propriétaire ; un disque plein ou absent ne l’arrête pas."""

    def __init__(self, repertoire: Path) -> None:
        self._fichier = _FichierPrive(
            repertoire / FICHIER, maxBytes=_TAILLE_MAX, backupCount=_ANCIENS, encoding="utf-8", delay=True
        )
        self._fichier.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._journal = logging.Logger("cpomdocs.veille")
        self._journal.addHandler(self._fichier)

    def noter(self, phrase: str) -> None:
        """Ajoute une ligne datée."""
        self._journal.info("%s", phrase)

    def fermer(self) -> None:
        """Ferme le fichier."""
        self._fichier.close()


class _FichierPrive(RotatingFileHandler):
    def _open(self) -> io.TextIOWrapper:
        descripteur = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descripteur, "a", encoding=self.encoding)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Se tait : le journal ne doit jamais empêcher le travail."""
