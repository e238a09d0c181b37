"""D’un classeur maître à un autre : tout ce qui a été saisi y passe, et rien n’en tombe."""

from cpomdocs.transfert.annee import Passage, passer_a_l_annee_suivante
from cpomdocs.transfert.mise_a_niveau import Transfert, mettre_a_niveau

__all__ = ["Passage", "Transfert", "mettre_a_niveau", "passer_a_l_annee_suivante"]
