"""Publier les schémas et le classeur maître vierge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cpomdocs import schemas
from cpomdocs.commandes.communes import ecran, groupe
from cpomdocs.terminal.aide_francaise import Commande

app = groupe()


@app.command("schemas", cls=Commande)
def schemas_commande(
    repertoire: Annotated[
        Path, typer.Argument(metavar="RÉPERTOIRE", help="Où les écrire.", readable=False)
    ] = Path("schemas"),
) -> None:
    """Réécrire les schémas publiés et le classeur maître vierge."""
    for fichier in schemas.publier(repertoire):
        ecran.print(escape(str(fichier)))
