"""Ce que les commandes partagent : l’écran, les options, la façon de rendre un rapport."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cpomdocs.rapport import Rapport
from cpomdocs.terminal import aide_francaise
from cpomdocs.terminal.affichage import montrer_anomalies, montrer_documents

ecran = Console()
erreurs = Console(stderr=True)


def groupe(aide: str = "") -> typer.Typer:
    """Un groupe de commandes dont l’aide est en français."""
    return typer.Typer(cls=aide_francaise.Groupe, help=aide or None, no_args_is_help=True)


Dossier = Annotated[
    Path,
    typer.Argument(
        metavar="DOSSIER",
        help="Le dossier (par défaut, celui où l’on est).",
        show_default=False,
        readable=False,
    ),
]
Json = Annotated[
    bool, typer.Option("--json", help="Imprimer le rapport en JSON, seul sur la sortie standard.")
]
Etablissements = Annotated[
    list[str] | None,
    typer.Option("--etablissement", "-e", metavar="CODE", help="Seulement cet établissement."),
]
Formulaires = Annotated[
    list[str] | None, typer.Option("--formulaire", "-f", metavar="NOM", help="Seulement ce formulaire.")
]


def rendre(rapport: Rapport, json: bool, *, documents: bool) -> None:
    """Imprime le rapport : en JSON, seul sur la sortie standard, ou en tableaux."""
    if json:
        typer.echo(rapport.model_dump_json(indent=2))
        return
    if documents:
        montrer_documents(ecran, rapport)
    montrer_anomalies(ecran, rapport)
