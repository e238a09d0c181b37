"""La porte du terminal : réunit les commandes, traduit les erreurs en phrases et en codes de sortie."""

from __future__ import annotations

import gc
import sys
from functools import cache
from importlib import import_module
from typing import Annotated

import typer
from rich.markup import escape

from cpomdocs import __version__
from cpomdocs.commandes.communes import ecran, erreurs
from cpomdocs.erreurs import ErreurCpomdocs, motif
from cpomdocs.rapport import Anomalie, Rapport
from cpomdocs.terminal import aide_francaise

aide_francaise.installer()

_SEULES = {"generer": "generation", "controler": "generation", "veiller": "surveillance"}
"""Les commandes les plus fréquentes, et le module qui les porte : les autres ne sont pas chargés."""


def _vide() -> typer.Typer:
    app = typer.Typer(
        name="cpomdocs",
        cls=aide_francaise.Groupe,
        help="Remplir les formulaires imposés d’un CPOM à partir d’un seul classeur Excel.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback(invoke_without_command=True)(racine)
    return app


@cache
def application() -> typer.Typer:
    """Toutes les commandes, réunies."""
    from cpomdocs.commandes import (
        calendrier,
        classeur,
        collecte,
        contrat,
        formulaire,
        generation,
        poste,
        publication,
        surveillance,
        tableau,
    )

    app = _vide()
    app.add_typer(generation.app)
    app.add_typer(surveillance.app)
    app.add_typer(tableau.app)
    app.add_typer(calendrier.app)
    app.add_typer(publication.app)
    app.add_typer(formulaire.app, name="formulaire")
    classeur.app.add_typer(collecte.app)
    app.add_typer(classeur.app, name="classeur")
    app.add_typer(contrat.app, name="contrat")
    app.add_typer(poste.app, name="poste")
    app.add_typer(poste.clic)
    return app


def _application_de(arguments: list[str]) -> typer.Typer:
    """Toutes les commandes ; pour une commande fréquente, elle et ses voisines seulement."""
    if not arguments or arguments[0] not in _SEULES:
        return application()
    app = _vide()
    app.add_typer(import_module(f"cpomdocs.commandes.{_SEULES[arguments[0]]}").app)
    return app


def racine(version: Annotated[bool, typer.Option("--version", help="Afficher la version.")] = False) -> None:
    """Remplir les formulaires imposés d’un CPOM à partir d’un seul classeur Excel."""
    if version:
        ecran.print(f"cpomdocs {__version__}")
        raise typer.Exit


def principal() -> None:
    """Le point d’entrée : traduit les erreurs en phrases et en codes de sortie (0, 1 ou 2)."""
    code = executer(sys.argv[1:])
    gc.freeze()  # en partant, ne pas parcourir une dernière fois tout le dossier lu
    sys.exit(code)


def executer(arguments: list[str]) -> int:
    """Exécute une ligne de commande et rend son code de sortie."""
    try:
        app = _application_de(arguments)
        gc.enable()
        return aide_francaise.executer(app, arguments, erreurs)
    except ErreurCpomdocs as erreur:
        return _echouer("DO-00", erreur.message, erreur.remede, "--json" in arguments)
    except OSError as erreur:
        quoi = f"« {erreur.filename} »" if erreur.filename else "Un fichier"
        message = f"{quoi} ne peut pas être lu ou écrit : {motif(erreur)}."
        return _echouer("DO-01", message, "Vérifier les droits et la place libre.", "--json" in arguments)
    except Exception:
        message = "cpomdocs a rencontré un défaut : ce n’est pas de votre fait."
        remede = "Le journal du dossier (.cpomdocs/journal.log) dit où : le joindre à un signalement."
        return _echouer("DO-99", message, remede, "--json" in arguments)


def _echouer(code: str, message: str, remede: str, json: bool) -> int:
    """Dit pourquoi rien n’a pu être fait, en JSON aussi si on le demande ; rend 2."""
    if json:
        anomalie = Anomalie(code=code, gravite="bloquante", message=message, remede=remede or None)
        typer.echo(Rapport(anomalies=[anomalie]).conclure().model_dump_json(indent=2))
    erreurs.print(f"[red]{escape(message)}[/]")
    if remede:
        erreurs.print(escape(remede))
    return 2
