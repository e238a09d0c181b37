"""Le tableau de bord : une page à montrer, imprimer ou envoyer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cpomdocs import production
from cpomdocs.commandes.communes import Dossier, Json, ecran, erreurs, groupe
from cpomdocs.terminal.aide_francaise import Commande
from cpomdocs.terminal.progression import suivre

app = groupe()


@app.command(cls=Commande)
def tableau(
    dossier: Dossier = Path(),
    sortie: Annotated[
        Path | None,
        typer.Option("--sortie", "-s", metavar="FICHIER", help="Où l’écrire (sorties/tableau.html)."),
    ] = None,
    json: Json = False,
) -> None:
    """Écrire le tableau de bord du CPOM : une page qui se suffit, sans accès au réseau."""
    from cpomdocs.lecture import lire_classeur
    from cpomdocs.reglages import lire_reglages, trouver_classeur
    from cpomdocs.tableau import ecrire_tableau

    with suivre(erreurs, not json) as suivi:
        rapport = production.controler(dossier, suivi=suivi)
    donnees, _ = lire_classeur(trouver_classeur(dossier, lire_reglages(dossier)))
    page = ecrire_tableau(donnees, rapport, sortie or dossier / "sorties" / "tableau.html")
    if json:
        typer.echo(page.model_dump_json(indent=2))
        return
    ecran.print(f"Tableau de bord : [bold]{escape(page.chemin)}[/]", soft_wrap=True)
