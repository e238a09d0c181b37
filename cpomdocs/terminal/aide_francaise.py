"""L’aide et les messages de la ligne de commande, en français. La bibliothèque ne les donne qu’en anglais."""

from __future__ import annotations

from collections.abc import Callable

import typer
from rich.console import Console
from typer._click import exceptions
from typer._click.core import Context
from typer._click.formatting import HelpFormatter
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from cpomdocs.erreurs import ErreurCpomdocs

INTERROMPUE = 130
"""Code de sortie d’une commande arrêtée par Ctrl+C."""

_TITRES = {
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commandes",
    "ERRORS_PANEL_TITLE": "Erreur",
    "DEFAULT_STRING": "[par défaut : {}]",
    "REQUIRED_LONG_STRING": "[obligatoire]",
    "ABORTED_TEXT": "Interrompu.",
}


def installer() -> None:
    """Tait les types (« <bool> ») dans l’aide."""
    for genre in (TyperArgument, TyperOption):
        genre.display_type_rich = _sans_type(genre.display_type_rich)  # type: ignore[method-assign]


def _sans_type(montrer: Callable[..., str | None]) -> Callable[..., str | None]:
    def montrer_sans_type(parametre: object, ctx: Context) -> str | None:
        texte = montrer(parametre, ctx)
        return None if texte is None or texte.startswith("<") else texte

    return montrer_sans_type


class _EnFrancais:
    """Ce que le groupe et les commandes ont en commun : les titres, la ligne d’emploi et l’option d’aide."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        from typer import rich_utils  # lourd, et l’aide seule s’en sert

        for nom, texte in _TITRES.items():
            setattr(rich_utils, nom, texte)
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        morceaux = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        for anglais, francais in (("COMMAND [ARGS]...", "COMMANDE"), ("{", ""), ("}", "")):
            morceaux = morceaux.replace(anglais, francais)
        formatter.write_usage(ctx.command_path, morceaux, prefix="Emploi : ")

    def get_help_option(self, ctx: Context) -> object:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Afficher cette aide."
        return option


class Commande(_EnFrancais, TyperCommand):  # type: ignore[misc]
    """Une commande dont l’aide est en français."""


class Groupe(_EnFrancais, TyperGroup):  # type: ignore[misc]
    """Un groupe de commandes dont l’aide est en français."""


def executer(app: typer.Typer, arguments: list[str], erreurs: Console) -> int:
    """Exécute la ligne de commande et rend son code de sortie (`INTERROMPUE` après Ctrl+C).

    Lève `ErreurCpomdocs` quand elle est mal écrite.
    """
    commande = typer.main.get_command(app)
    try:
        code = commande.main(arguments, prog_name="cpomdocs", standalone_mode=False)
    except exceptions.NoArgsIsHelpError as aide:
        aide.show()
        return 0
    except exceptions.UsageError as erreur:
        ou = erreur.ctx.command_path if erreur.ctx else "cpomdocs"
        raise ErreurCpomdocs(_traduire(erreur), f"Voir « {ou} --help ».") from None
    if code == INTERROMPUE:
        erreurs.print("Interrompu : ce qui est écrit est entier, le reste se refera.")
    return code if isinstance(code, int) else 0


def _traduire(erreur: exceptions.UsageError) -> str:
    if isinstance(erreur, exceptions.NoSuchOption):
        proches = ", ".join(erreur.possibilities or ())
        suite = f" ; vouliez-vous dire {proches} ?" if proches else "."
        return f"L’option « {erreur.option_name} » n’existe pas{suite}"
    if isinstance(erreur, exceptions.MissingParameter):
        return f"Il manque {_parametre(erreur)}."
    if isinstance(erreur, exceptions.BadParameter):
        return (
            f"La valeur donnée à {_parametre(erreur)} n’est pas admise, ou le fichier est interdit d’accès."
        )
    if erreur.message.startswith("No such command"):
        nom = erreur.message.removeprefix("No such command").strip(" .'")
        return f"La commande « {nom} » n’existe pas."
    if "requires an argument" in erreur.message:
        return "Il manque une valeur après la dernière option."
    return "La commande est incomplète, ou contient un mot de trop."


def _parametre(erreur: exceptions.BadParameter) -> str:
    nom = getattr(erreur.param, "metavar", None) or getattr(erreur.param, "name", None)
    return f"« {nom} »" if nom else "un paramètre"
