"""Les documents Word à balises que le gestionnaire écrit lui-même (dialecte de docxtpl)."""

from __future__ import annotations

from cpomdocs.modeles.chemins import Portee
from cpomdocs.remplissage.balises.rendu import GabaritBalise, champs_lus, preparer, remplir
from cpomdocs.remplissage.balises.verification import champs_de_la_partie, defauts_de_la_partie

__all__ = ["GabaritBalise", "champs_cites", "champs_lus", "preparer", "remplir", "verifier"]


def verifier(prepare: GabaritBalise, portee: Portee) -> list[str]:
    """Les noms employés qui n’existent pas, chacun avec son lieu et le nom le plus proche."""
    return [defaut for partie in prepare.parties for defaut in defauts_de_la_partie(partie, portee)]


def champs_cites(prepare: GabaritBalise) -> frozenset[tuple[str, str]]:
    """Les (collection ou fiche, champ) que le document cite, sans donnée."""
    return frozenset(champ for partie in prepare.parties for champ in champs_de_la_partie(partie))
