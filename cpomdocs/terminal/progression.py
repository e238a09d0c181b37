"""La barre de progression d’une génération : documents faits, rythme, temps restant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from cpomdocs.rapport import DocumentProduit
from cpomdocs.suivi import MUET, Suivi


class Barre:
    """Une barre de progression sur un terminal."""

    def __init__(self, progression: Progress) -> None:
        self._progression = progression
        self._tache = progression.add_task("Lecture du classeur maître…", total=None)

    def debut(self, total: int, quoi: str = "Documents") -> None:
        """Fixe le nombre de documents, et repart de zéro."""
        self._progression.reset(self._tache, total=total, description=quoi)

    def avance(self, document: DocumentProduit) -> None:
        """Avance d’un document."""
        self._progression.advance(self._tache)


class Rythme(ProgressColumn):
    """« 12,3 documents/s », une fois qu’on le sait."""

    def render(self, task: Task) -> Text:
        """Le rythme de la tâche."""
        vitesse = task.finished_speed or task.speed
        if vitesse is None or task.total is None:
            return Text("")
        return Text(f"{vitesse:.1f}/s".replace(".", ","), style="dim")


@contextmanager
def suivre(console: Console, montrer: bool) -> Iterator[Suivi]:
    """Le suivi d’une commande : une barre sur un terminal, rien sinon."""
    if not (montrer and console.is_terminal):
        yield MUET
        return
    avancement = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    restant = (TextColumn("[dim]reste"), TimeRemainingColumn(compact=True))
    with Progress(*avancement, Rythme(), *restant, console=console, transient=True) as progression:
        yield Barre(progression)
