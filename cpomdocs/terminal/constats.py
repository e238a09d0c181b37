"""Montrer les points vérifiés d’une installation : une ligne chacun, et son remède."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from cpomdocs.poste.verifications import Constat

_SIGNES = {"bon": ("✓", "green"), "attention": ("!", "yellow"), "mauvais": ("✗", "red")}


def montrer_constats(console: Console, constats: Sequence[Constat]) -> None:
    """Une ligne par point, verte, jaune ou rouge, puis ce qu’il faut faire."""
    for constat in constats:
        signe, style = _SIGNES[constat.etat]
        ligne = Text.assemble((f"{signe} ", style), (constat.point, "bold"), f" : {constat.constat}")
        console.print(Padding(ligne, (0, 0, 0, 2)))
        if constat.remede:
            console.print(Padding(Text(constat.remede), (0, 0, 0, 6)))
    mauvais = sum(constat.etat == "mauvais" for constat in constats)
    console.print(
        "Tout est prêt." if not mauvais else f"{mauvais} point{'s' if mauvais > 1 else ''} à régler.",
        style="green" if not mauvais else "red",
    )
