"""Être réveillé par le système quand un fichier surveillé bouge. Un réveil manqué n’est qu’un retard."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from watchdog.events import (
    FileClosedNoWriteEvent,
    FileOpenedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from cpomdocs.erreurs import motif
from cpomdocs.veille.releve import GABARITS, Perimetre

_Identite = tuple[tuple[int, int] | None, ...]


class Alarme(FileSystemEventHandler):
    """L’observateur du système, réarmé quand le dossier est remplacé ou revient.

    Le répertoire est observé, pas le fichier : Excel et LibreOffice remplacent le classeur par un autre.
    """

    def __init__(
        self, perimetre: Perimetre, reveiller: Callable[[], None], noter: Callable[[str], None]
    ) -> None:
        self._perimetre = perimetre
        self._reveiller = reveiller
        self._noter = noter
        self._observateur: BaseObserver | None = None
        self._identite: _Identite = ()

    def armer(self) -> None:
        """Observe le dossier, si ce n’est déjà fait. Un refus du système est noté : les rondes suffisent."""
        identite = tuple(_identite(chemin) for chemin in self._chemins())
        observateur = self._observateur
        if identite == self._identite and (observateur is None or _vivant(observateur)):
            return
        self.desarmer()
        self._identite = identite
        if identite[0] is None:
            return
        try:
            self._observateur = self._observer()
        except OSError as erreur:
            self._noter(f"pas d’événements du système ({motif(erreur)}) : rondes seulement")

    def desarmer(self) -> None:
        """Cesse d’observer."""
        if self._observateur is not None:
            self._observateur.stop()
            self._observateur.join()
            self._observateur = None

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Réveille la veille si l’événement touche un fichier surveillé, sauf une simple lecture."""
        if isinstance(event, FileOpenedEvent | FileClosedNoWriteEvent):
            return
        chemins = (os.fsdecode(chemin) for chemin in (event.src_path, event.dest_path) if chemin)
        if any(self._perimetre.concerne(chemin) for chemin in chemins):
            self._reveiller()

    def _chemins(self) -> tuple[Path, Path]:
        return self._perimetre.dossier, self._perimetre.dossier / GABARITS

    def _observer(self) -> BaseObserver:
        dossier, gabarits = self._chemins()
        observateur = Observer()
        observateur.schedule(self, str(dossier), recursive=False)
        if gabarits.is_dir():
            observateur.schedule(self, str(gabarits), recursive=True)
        observateur.daemon = True
        observateur.start()
        return observateur


def _identite(chemin: Path) -> tuple[int, int] | None:
    try:
        etat = chemin.stat()
    except OSError:
        return None
    return (etat.st_dev, etat.st_ino)


def _vivant(observateur: BaseObserver) -> bool:
    return observateur.is_alive() and all(emetteur.is_alive() for emetteur in observateur.emitters)
