"""Le calendrier des échéances, à importer dans une messagerie."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cpomdocs.commandes.communes import Dossier, Json, ecran, groupe
from cpomdocs.terminal.aide_francaise import Commande

app = groupe()


@app.command(cls=Commande)
def calendrier(
    dossier: Dossier = Path(),
    sortie: Annotated[
        Path | None,
        typer.Option("--sortie", "-s", metavar="FICHIER", help="Où l’écrire (sorties/echeances.ics)."),
    ] = None,
    json: Json = False,
) -> None:
    """Écrire le calendrier des échéances (.ics) : Outlook, Thunderbird et les autres l’importent."""
    from cpomdocs.agenda import ecrire_agenda
    from cpomdocs.lecture import lire_classeur
    from cpomdocs.reglages import lire_reglages, trouver_classeur

    donnees, anomalies = lire_classeur(trouver_classeur(dossier, lire_reglages(dossier)))
    agenda = ecrire_agenda(donnees, sortie or dossier / "sorties" / "echeances.ics", anomalies)
    if json:
        typer.echo(agenda.model_dump_json(indent=2))
        return
    combien = len(agenda.evenements)
    mots = "aucune date" if not combien else "une date" if combien == 1 else f"{combien} dates"
    ecran.print(f"Calendrier ({mots}) : [bold]{escape(agenda.chemin)}[/]", soft_wrap=True)
    if anomalies:
        ecran.print(
            f"Remarques à la lecture du classeur : {len(anomalies)}. Une date qui n’est pas comprise manque "
            "au calendrier ; « cpomdocs controler » dit où la corriger.",
            soft_wrap=True,
        )
