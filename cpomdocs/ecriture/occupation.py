"""Une seule commande à la fois par dossier : la seconde attend la première."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from cpomdocs.erreurs import ErreurDossier, motif


@contextmanager
def occuper(prive: Path, attente: float) -> Iterator[None]:
    """Occupe le dossier le temps du bloc. `prive` : son répertoire privé ; `attente` : en secondes.

    Lève `ErreurDossier` si une autre commande ne le libère pas à temps, ou si le disque refuse.
    """
    verrou = FileLock(prive / "verrou", timeout=attente)
    try:
        prive.mkdir(mode=0o700, exist_ok=True)
        verrou.acquire()
    except Timeout:
        raise ErreurDossier(
            "Une autre commande travaille sur ce dossier depuis trop longtemps.",
            "Attendre qu’elle finisse, ou la fermer, puis relancer.",
        ) from None
    except OSError as erreur:
        raise ErreurDossier(
            f"« {prive} » ne peut pas être écrit : {motif(erreur)}.",
            "Vérifier les droits sur le dossier, ou le copier ailleurs.",
        ) from None
    try:
        yield
    finally:
        verrou.release()
