"""Ce que fait `cpomdocs veiller` : une veille arrêtée par Ctrl+C, ou son démarrage avec la session."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from cpomdocs.rapport import Rapport
from cpomdocs.reglages import lire_reglages, trouver_classeur
from cpomdocs.veille.demarrage import Session, lanceur
from cpomdocs.veille.notification import notifier
from cpomdocs.veille.veilleur import Veilleur

_SIGNAUX = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def surveiller(
    dossier: Path,
    dire: Callable[[str], None],
    rendre: Callable[[Rapport], None],
    *,
    sondage: bool = False,
    bulles: bool = True,
) -> None:
    """Surveille le dossier jusqu’à Ctrl+C, ou jusqu’à ce que le système demande l’arrêt.

    Lève `ErreurDossier` si le dossier ne peut pas servir, ou s’il est déjà surveillé.
    """
    avertir = notifier if bulles else _taire
    veilleur = Veilleur(dossier, dire, rendre=rendre, avertir=avertir, sondage=sondage)
    with _signaux(veilleur.interrompre):
        veilleur.veiller()


def au_demarrage(dossier: Path, *, retirer: bool = False) -> list[str]:
    """Pose, ou retire, ce qui lance la veille avec la session ; dit quels fichiers.

    Lève `ErreurDossier` si le dossier ne peut pas servir, `ErreurEcriture` si le système refuse.
    """
    if not retirer:
        trouver_classeur(dossier, lire_reglages(dossier))
    prevu = lanceur(dossier.resolve(), Session.actuelle())
    if retirer:
        retires = [f"Retiré : {fichier}" for fichier in prevu.retirer()]
        return retires or ["Rien à retirer : ce dossier n’est pas surveillé au démarrage."]
    ecrits = [f"Écrit : {fichier}" for fichier in prevu.installer()]
    return [*ecrits, "La surveillance commencera à la prochaine session. Sans attendre :", prevu.maintenant]


@contextmanager
def _signaux(interrompre: Callable[[], None]) -> Iterator[None]:
    """Confie les signaux d’arrêt à la veille, le temps du bloc."""

    def recevoir(numero: int, cadre: FrameType | None) -> None:
        interrompre()

    presents = [getattr(signal, nom) for nom in _SIGNAUX if hasattr(signal, nom)]
    anciens = {numero: signal.signal(numero, recevoir) for numero in presents}
    try:
        yield
    finally:
        for numero, ancien in anciens.items():
            signal.signal(numero, ancien)


def _taire(texte: str) -> None:
    """Ne montre aucune bulle."""
