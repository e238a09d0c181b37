"""« Tester mon installation » : ce que ce poste permet aux boutons, et le remède à ce qui les empêche."""

from cpomdocs.poste.verifications.constats import Constat
from cpomdocs.poste.verifications.ensemble import verifier_poste

__all__ = ["Constat", "verifier_poste"]
