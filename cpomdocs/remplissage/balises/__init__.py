"""Les documents Word à balises que le gestionnaire écrit lui-même (dialecte de docxtpl)."""

from __future__ import annotations

from cpomdocs.modeles.chemins import Portee
from cpomdocs.remplissage.balises.langage.etat import Lectures
from cpomdocs.remplissage.balises.rendu import GabaritBalise, lectures_du_document, preparer, remplir
from cpomdocs.remplissage.balises.verification import (
    champs_des_parties,
    champs_sans_garde,
    defauts_des_parties,
)

__all__ = [
    "GabaritBalise",
    "Lectures",
    "champs_cites",
    "lectures_du_document",
    "preparer",
    "remarques",
    "remplir",
    "verifier",
]


def verifier(prepare: GabaritBalise, portee: Portee) -> list[str]:
    """Les noms employés qui n’existent pas, chacun avec son lieu et le nom le plus proche."""
    return defauts_des_parties(prepare.parties, portee)


def remarques(prepare: GabaritBalise, portee: Portee) -> list[str]:
    """Les champs facultatifs que le document écrit sans prévoir leur absence."""
    return champs_sans_garde(prepare.parties, portee)


def champs_cites(prepare: GabaritBalise) -> frozenset[tuple[str, str]]:
    """Les (collection ou fiche, champ) que le document cite, sans donnée."""
    return champs_des_parties(prepare.parties)
