"""La collecte : répartir le classeur maître, rassembler les réponses, relancer."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cpomdocs.collecte.envoi.parts import DOMAINE, ETABLISSEMENT, Genre
from cpomdocs.collecte.lieux import RETOURS, TABLEAU, dossier_de
from cpomdocs.collecte.rassemblement import rassembler
from cpomdocs.collecte.relances import relancer
from cpomdocs.collecte.repartition import DemandeDeCollecte, repartir
from cpomdocs.commandes.communes import Dossier, Formulaires, Json, ecran
from cpomdocs.erreurs import ErreurDossier
from cpomdocs.lecture.valeurs.dates import date_de_texte
from cpomdocs.terminal.aide_francaise import Commande
from cpomdocs.terminal.collecte import (
    envois_en_json,
    etats_en_json,
    montrer_bilan,
    montrer_envois,
    montrer_etats,
)

app = typer.Typer()


def _genre(ecrit: str) -> Genre:
    if ecrit == ETABLISSEMENT:
        return ETABLISSEMENT
    if ecrit == DOMAINE:
        return DOMAINE
    raise ErreurDossier(
        f"« {ecrit} » : on répartit par établissement ou par domaine.", "Écrire --par domaine."
    )


def _echeance(ecrite: str | None) -> datetime.date | None:
    date = date_de_texte(ecrite) if ecrite else None
    if ecrite and date is None:
        raise ErreurDossier(f"« {ecrite} » n’est pas une date.", "Écrire par exemple --echeance 15/12/2026.")
    return date


@app.command("repartir", cls=Commande)
def classeur_repartir(
    dossier: Dossier = Path(),
    par: Annotated[
        str,
        typer.Option(
            "--par", metavar="etablissement|domaine", help="Une part par établissement, ou domaine."
        ),
    ] = ETABLISSEMENT,
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--etablissement", "-e", metavar="CODE", help="Seulement cet établissement, ou ce domaine."
        ),
    ] = None,
    echeance: Annotated[
        str | None, typer.Option("--echeance", metavar="DATE", help="À renvoyer avant (15/12/2026).")
    ] = None,
    contact: Annotated[
        str, typer.Option("--contact", metavar="QUI", help="Qui joindre (par défaut, le référent CPOM).")
    ] = "",
    formulaire: Formulaires = None,
    json: Json = False,
) -> None:
    """Écrire un classeur par établissement (ou domaine) : ses lignes seules, à remplir et à renvoyer."""
    demande = DemandeDeCollecte(_genre(par), part or (), _echeance(echeance), contact, formulaire or ())
    envois = repartir(dossier, demande)
    if json:
        typer.echo(envois_en_json(envois))
        return
    montrer_envois(ecran, envois)
    ecran.print(
        f"\nMettre les réponses dans {escape(str(dossier / RETOURS))}, puis : ", end="", soft_wrap=True
    )
    ecran.print(f"[bold]cpomdocs classeur rassembler --dossier {escape(str(dossier))}[/]", soft_wrap=True)


@app.command("rassembler", cls=Commande)
def classeur_rassembler(
    chemins: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FICHIER…",
            help="Les réponses reçues, ou leur répertoire (par défaut, collecte/retours).",
            show_default=False,
            readable=False,
        ),
    ] = None,
    dossier: Annotated[
        Path | None,
        typer.Option(
            "--dossier",
            "-d",
            metavar="DOSSIER",
            help="Le dossier (par défaut, celui où l’on est, ou des fichiers).",
        ),
    ] = None,
    a_blanc: Annotated[
        bool, typer.Option("--a-blanc", help="Dire ce qui serait fait, sans rien écrire.")
    ] = False,
    reprendre: Annotated[
        bool, typer.Option("--reprendre", help="Relire aussi ce qui a déjà été rassemblé.")
    ] = False,
    json: Json = False,
) -> None:
    """Reprendre les réponses dans le classeur maître ; ce qui diverge est montré et décidé d’abord."""
    racine = dossier or dossier_de(Path()) or (dossier_de(chemins[0]) if chemins else None) or Path()
    bilan = rassembler(racine, chemins or (), a_blanc=a_blanc, reprendre=reprendre)
    if json:
        typer.echo(bilan.model_dump_json(indent=2))
    else:
        montrer_bilan(ecran, bilan)
    raise typer.Exit(bilan.code_sortie)


@app.command("relancer", cls=Commande)
def classeur_relancer(
    dossier: Dossier = Path(),
    tous: Annotated[
        bool, typer.Option("--tous", help="Toutes les parts incomplètes, même avant l’échéance.")
    ] = False,
    json: Json = False,
) -> None:
    """Dire où en est chaque part, et préparer un rappel pour celles qui sont en retard."""
    relances, etats = relancer(dossier, tous=tous)
    if json:
        typer.echo(etats_en_json(etats, relances))
        return
    montrer_etats(ecran, etats)
    for relance in relances:
        a = f" <{relance.courriel}>" if relance.courriel else ""
        ecran.print(f"\n[bold]{escape(relance.destinataire + a)}[/]", soft_wrap=True)
        ecran.print(f"Objet : {escape(relance.objet)}\n", soft_wrap=True, highlight=False)
        ecran.print(escape(relance.texte), soft_wrap=True, highlight=False)
        ecran.print(
            f"[dim]Prêt à coller ou à ouvrir : {escape(' et '.join(relance.fichiers))}[/]", soft_wrap=True
        )
    if not relances:
        ecran.print("\nPersonne à relancer." + ("" if tous else " (--tous : avant l’échéance aussi)"))
    ecran.print(f"Le tableau : {escape(str(dossier / TABLEAU))}", soft_wrap=True)
