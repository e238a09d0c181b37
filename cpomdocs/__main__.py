"""Le point d’entrée : une interruption ne montre de trace ni pendant le chargement, ni à la fermeture."""

import gc
import os
import signal
import sys


def principal() -> None:
    """Exécute la ligne de commande ; sort avec son code (130 : interrompue)."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # il les chercherait dans tout ce qui est là
    gc.disable()  # jusqu’à ce que les commandes soient chargées : rien de ce qu’elles créent ne s’en va
    try:
        from cpomdocs.cli import principal as commande

        try:
            commande()
        finally:
            _ne_plus_interrompre()
    except KeyboardInterrupt:
        _ne_plus_interrompre()
        sys.stderr.write("Interrompu.\n")
        sys.exit(130)


def _ne_plus_interrompre() -> None:
    """Le travail est fini : Python attend ses fils et se ferme, un Ctrl+C n’y montrerait que sa trace."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    principal()
