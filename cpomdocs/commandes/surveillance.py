"""Surveiller un dossier : les documents suivent le classeur maître."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cpomdocs.commandes.communes import Dossier, Json, ecran, erreurs, groupe
from cpomdocs.terminal.aide_francaise import Commande

app = groupe()


@app.command(cls=Commande)
def veiller(
    dossier: Dossier = Path(),
    sondage: Annotated[
        bool, typer.Option("--sondage", help="Regarder chaque seconde, pour un dossier en réseau.")
    ] = False,
    sans_bulle: Annotated[
        bool, typer.Option("--sans-bulle", help="Ne pas montrer de notification sur le bureau.")
    ] = False,
    au_demarrage: Annotated[
        bool, typer.Option("--au-demarrage", help="Surveiller dès l’ouverture de la session.")
    ] = False,
    retirer: Annotated[
        bool, typer.Option("--retirer", help="Avec --au-demarrage : ne plus le faire.")
    ] = False,
    json: Json = False,
) -> None:
    """Mettre les documents à jour à chaque enregistrement du classeur maître."""
    from cpomdocs.veille import commande  # ici : les autres commandes n’ont pas à charger watchdog

    if au_demarrage or retirer:
        for ligne in commande.au_demarrage(dossier, retirer=retirer):
            ecran.print(escape(ligne), soft_wrap=True)
        return
    sortie = erreurs if json else ecran
    commande.surveiller(
        dossier,
        lambda phrase: sortie.print(escape(phrase), soft_wrap=True, highlight=False),
        lambda rapport: typer.echo(rapport.model_dump_json()) if json else None,
        sondage=sondage,
        bulles=not sans_bulle,
    )
