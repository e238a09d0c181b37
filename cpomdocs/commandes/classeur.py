"""Le classeur maître : préparer les lignes à saisir."""

from __future__ import annotations

from pathlib import Path

from rich.markup import escape

from cpomdocs import dossiers
from cpomdocs.commandes.communes import Dossier, ecran, groupe
from cpomdocs.terminal.aide_francaise import Commande

app = groupe("Le classeur maître : préparer les lignes à saisir.")


@app.command("preparer", cls=Commande)
def classeur_preparer(dossier: Dossier = Path()) -> None:
    """Ajouter au classeur maître les lignes à saisir, sans toucher au reste."""
    ajouts = dossiers.preparer_dossier(dossier)
    for ajout in ajouts:
        ecran.print(f"  [green]●[/] {escape(ajout)}")
    ecran.print(
        "Rien à ajouter : toutes les lignes attendues sont là." if not ajouts else "Classeur maître préparé."
    )
