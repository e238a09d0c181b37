"""Un verrou par travail et par dossier : le second venu attend le premier, ou renonce."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from cpomdocs.erreurs import ErreurDossier, motif


def occuper(prive: Path, attente: float) -> AbstractContextManager[None]:
    """Occupe le dossier le temps du bloc. `prive` : son répertoire privé ; `attente` : en secondes.

    Lève `ErreurDossier` si une autre commande ne le libère pas à temps, ou si le disque refuse.
    """
    pris = ErreurDossier(
        "Une autre commande travaille sur ce dossier depuis trop longtemps.",
        "Attendre qu’elle finisse, ou la fermer, puis relancer.",
    )
    return tenir(prive / "verrou", attente, pris)


@contextmanager
def tenir(verrou: Path, attente: float, pris: ErreurDossier) -> Iterator[None]:
    """Tient ce verrou le temps du bloc ; crée son répertoire. `attente` : en secondes.

    Lève `pris` si un autre le tient encore après l’attente, `ErreurDossier` si le disque refuse.
    """
    tenu = FileLock(verrou, timeout=attente)
    try:
        verrou.parent.mkdir(mode=0o700, exist_ok=True)
        tenu.acquire()
    except Timeout:
        raise pris from None
    except OSError as erreur:
        raise ErreurDossier(
            f"« {verrou.parent} » ne peut pas être écrit : {motif(erreur)}.",
            "Vérifier les droits sur le dossier, ou le copier ailleurs.",
        ) from None
    try:
        yield
    finally:
        tenu.release()
