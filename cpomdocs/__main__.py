"""Le point d’entrée : une interruption pendant le chargement ne montre pas de trace."""

import gc
import sys


def principal() -> None:
    """Exécute la ligne de commande ; sort avec son code (130 : interrompue)."""
    gc.disable()  # jusqu’à ce que les commandes soient chargées : rien de ce qu’elles créent ne s’en va
    try:
        from cpomdocs.cli import principal as commande

        commande()
    except KeyboardInterrupt:
        sys.stderr.write("Interrompu.\n")
        sys.exit(130)


if __name__ == "__main__":
    principal()
