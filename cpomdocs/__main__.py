"""Le point d’entrée : une interruption pendant le chargement ne montre pas de trace."""

import sys


def principal() -> None:
    """Exécute la ligne de commande ; sort avec son code (130 : interrompue)."""
    try:
        from cpomdocs.cli import principal as commande

        commande()
    except KeyboardInterrupt:
        sys.stderr.write("Interrompu.\n")
        sys.exit(130)


if __name__ == "__main__":
    principal()
