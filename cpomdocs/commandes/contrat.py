"""Le contrat : dire ce qu’un nouveau projet change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cpomdocs.commandes.communes import Json, ecran, groupe
from cpomdocs.terminal.aide_francaise import Commande

app = groupe("Le contrat : dire ce qu’un nouveau projet change.")


@app.callback()
def contrat() -> None:
    """Le contrat : dire ce qu’un nouveau projet change."""


@app.command("comparer", cls=Commande)
def contrat_comparer(
    ancien: Annotated[Path, typer.Argument(metavar="ANCIEN", help="Le projet précédent (.docx).")],
    nouveau: Annotated[Path, typer.Argument(metavar="NOUVEAU", help="Le projet reçu (.docx).")],
    sortie: Annotated[
        Path | None,
        typer.Option("--sortie", "-s", metavar="FICHIER", help="Le rapport à écrire : .html ou .docx."),
    ] = None,
    json: Json = False,
) -> None:
    """Dire, article par article, ce que l’autorité a changé entre deux projets de contrat."""
    from cpomdocs.contrats import comparer_contrats
    from cpomdocs.contrats.rapports import ecrire_rapport, montrer, resumer

    comparaison = comparer_contrats(ancien, nouveau)
    if json:
        typer.echo(comparaison.model_dump_json(indent=2))
    else:
        montrer(ecran, comparaison)
        ecran.print(f"\n{resumer(comparaison)}", highlight=False)
    if sortie is not None:
        ecrire_rapport(comparaison, sortie)
        if not json:
            ecran.print(f"Le rapport : {escape(str(sortie))}", soft_wrap=True)
