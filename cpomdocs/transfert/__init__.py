"""D’un classeur maître à un autre : tout ce qui a été saisi y passe, et rien n’en tombe."""

from cpomdocs.transfert.mise_a_niveau import Transfert, mettre_a_niveau

__all__ = ["Transfert", "mettre_a_niveau"]
