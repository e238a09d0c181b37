"""Créer un dossier, produire ses documents, le contrôler."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cpomdocs import production
from cpomdocs.classeur.controle_ferme import ecrire_dans_le_classeur
from cpomdocs.commandes.communes import (
    Dossier,
    Etablissements,
    Formulaires,
    Json,
    ecran,
    erreurs,
    groupe,
    rendre,
)
from cpomdocs.rapport import Rapport
from cpomdocs.reglages import lire_reglages, trouver_classeur
from cpomdocs.terminal.aide_francaise import Commande
from cpomdocs.terminal.progression import suivre

app = groupe()
SansMacros = Annotated[bool, typer.Option("--sans-macros", help="Un classeur .xlsx, sans boutons ni macro.")]


@app.command(cls=Commande)
def demo(
    dossier: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Où la créer.", readable=False)] = Path(
        "cpom-demo"
    ),
    sans_macros: SansMacros = False,
    json: Json = False,
) -> None:
    """Créer un dossier de démonstration et produire tous ses documents."""
    from cpomdocs import dossiers  # tout ce qui écrit un classeur : inutile aux autres commandes

    chemin = dossiers.creer_demonstration(dossier, macros=not sans_macros)
    rapport = _suivre_generation(dossier, json)
    produits = {"cree", "remplace", "inchange", "orphelin"}
    tous_produits = all(d.statut in produits for d in rapport.documents)
    if not json:
        ecran.print(f"\nClasseur maître : [bold]{escape(str(chemin))}[/]")
        ecran.print(f"Documents       : [bold]{escape(str(dossier / 'sorties'))}[/]")
        ecran.print(f"Contrôle        : [bold]{escape(str(dossier / 'sorties' / 'controle.xlsx'))}[/]")
        ecran.print("\nChanger une cellule du classeur, l’enregistrer, puis : ", end="")
        ecran.print(f"[bold]cpomdocs generer {escape(str(dossier))}[/]")
    raise typer.Exit(0 if tous_produits else 1)


@app.command(cls=Commande)
def nouveau(
    dossier: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Le dossier à créer.", readable=False)],
    sans_macros: SansMacros = False,
) -> None:
    """Créer un dossier : classeur maître vierge, formulaires livrés, réglages."""
    from cpomdocs import dossiers

    chemin = dossiers.creer_dossier(dossier, macros=not sans_macros)
    ecran.print(f"[green]Dossier créé.[/] Ouvrir [bold]{escape(str(chemin))}[/] et suivre « Mode d’emploi ».")


@app.command(cls=Commande)
def generer(
    dossier: Dossier = Path(),
    etablissement: Etablissements = None,
    formulaire: Formulaires = None,
    forcer: Annotated[
        bool, typer.Option("--forcer", help="Remplacer aussi les documents modifiés à la main, après copie.")
    ] = False,
    garder: Annotated[
        list[str] | None,
        typer.Option(
            "--garder",
            metavar="DOCUMENT",
            help="Garder ce document modifié à la main (chemin ou clé) tant que ses données ne changent pas, "
            "et ne traiter que lui.",
        ),
    ] = None,
    a_blanc: Annotated[
        bool, typer.Option("--a-blanc", help="Dire ce qui serait fait, sans rien écrire.")
    ] = False,
    sans_recalcul: Annotated[
        bool, typer.Option("--sans-recalcul", help="Laisser Excel calculer les totaux à l’ouverture.")
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Poser aussi un PDF à côté de chaque document (par LibreOffice).")
    ] = False,
    travailleurs: Annotated[
        int | None,
        typer.Option(
            "--travailleurs",
            metavar="N",
            min=1,
            help="Fabriquer dans N processus (1 : aucun ; par défaut, selon les cœurs et le travail).",
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask", metavar="ADRESSE", help="Fabriquer sur un cluster Dask (« tcp://machine:8786 »)."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Produire les documents de chaque établissement."""
    rapport = _suivre_generation(
        dossier,
        json,
        etablissements=etablissement or (),
        formulaires=formulaire or (),
        forcer=forcer,
        a_blanc=a_blanc,
        recalcul=not sans_recalcul,
        pdf=pdf,
        documents=garder or (),
        garder=bool(garder),
        travailleurs=travailleurs,
        dask=dask,
    )
    raise typer.Exit(rapport.code_sortie)


def _suivre_generation(dossier: Path, json: bool, **demande: object) -> Rapport:
    with suivre(erreurs, not json) as suivi:
        rapport = production.generer(dossier, suivi=suivi, **demande)  # type: ignore[arg-type]
    rendre(rapport, json, documents=True)
    return rapport


@app.command(cls=Commande)
def controler(
    dossier: Dossier = Path(),
    dans_le_classeur: Annotated[
        bool,
        typer.Option("--dans-le-classeur", help="Écrire aussi la feuille « Contrôle » du classeur fermé."),
    ] = False,
    json: Json = False,
) -> None:
    """Dire ce qui manque ou ne va pas, et la cellule à corriger."""
    with suivre(erreurs, not json) as suivi:
        rapport = production.controler(dossier, suivi=suivi)
    if dans_le_classeur:
        ecrire_dans_le_classeur(trouver_classeur(dossier, lire_reglages(dossier)), rapport)
    rendre(rapport, json, documents=False)
    if not json:
        fichier = escape(str(dossier / "sorties" / "controle.xlsx"))
        ecran.print(f"\nLe détail, avec un lien vers chaque cellule : {fichier}")
    raise typer.Exit(rapport.code_sortie)
