"""Le poste de travail : vérifier l’installation, réparer les boutons, répondre à un clic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.markup import escape

from cpomdocs.classeur.macros.boutons import Action
from cpomdocs.commandes.communes import Dossier, Json, ecran, groupe
from cpomdocs.terminal.aide_francaise import Commande

app = groupe("Le poste : vérifier l’installation, réparer les boutons du classeur.")
clic = groupe()


@app.command("verifier", cls=Commande)
def poste_verifier(dossier: Dossier = Path(), json: Json = False) -> None:
    """Tester mon installation : chaque point, et son remède s’il ne va pas."""
    from cpomdocs.poste.verifications import verifier_poste  # ici : les autres commandes s’en passent
    from cpomdocs.terminal.constats import montrer_constats

    constats = verifier_poste(dossier)
    if json:
        typer.echo("[" + ",\n".join(constat.model_dump_json() for constat in constats) + "]")
    else:
        montrer_constats(ecran, constats)
    raise typer.Exit(1 if any(constat.etat == "mauvais" for constat in constats) else 0)


@app.command("reparer", cls=Commande)
def poste_reparer(dossier: Dossier = Path()) -> None:
    """Relier les boutons du classeur à l’installation de ce poste."""
    from cpomdocs.poste.reparation import reparer_dossier

    for phrase in reparer_dossier(dossier):
        ecran.print(escape(phrase), soft_wrap=True)


@clic.command("bouton", cls=Commande, hidden=True)
def bouton(
    action: Annotated[str, typer.Argument(metavar="ACTION", help=", ".join(get_args(Action)))],
    classeur: Annotated[str, typer.Argument(metavar="CLASSEUR", help="Son chemin, ou son adresse OneDrive.")],
    reponse: Annotated[Path, typer.Option("--reponse", metavar="FICHIER", help="Où répondre.")],
    jeton: Annotated[str, typer.Option("--jeton", help="Ce que la macro a noté dans le classeur.")] = "",
) -> None:
    """Répondre à un bouton du classeur maître."""
    from cpomdocs.poste.clic import repondre  # ici : les autres commandes n’ont pas à le charger

    repondre(next(connue for connue in get_args(Action) if connue == action), classeur, reponse, jeton)
