"""Le classeur maître : préparer les lignes à saisir, changer d’année."""

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


@app.command("mettre-a-niveau", cls=Commande)
def classeur_mettre_a_niveau(dossier: Dossier = Path()) -> None:
    """Passer à un classeur neuf après une nouvelle version de cpomdocs, ou si le classeur a été remanié."""
    fait = dossiers.mettre_a_niveau_dossier(dossier)
    for constat in fait.constats:
        ecran.print(f"  [yellow]●[/] {escape(constat)}", soft_wrap=True)
    ecran.print(f"Classeur mis à niveau : {fait.donnees} données reprises.", highlight=False)
    ecran.print(f"L’ancien est à côté : {escape(fait.ancien.name)}", soft_wrap=True)


@app.command("annee-suivante", cls=Commande)
def classeur_annee_suivante(dossier: Dossier = Path()) -> None:
    """Faire de l’année N l’année d’après : prévisions à confirmer, lignes nouvelles préparées."""
    passage = dossiers.passer_le_dossier_a_l_annee_suivante(dossier)
    for fait in passage.faits:
        ecran.print(f"  [green]●[/] {escape(fait)}", soft_wrap=True, highlight=False)
    ecran.print(f"L’année N est maintenant {passage.annee}. Il reste à :", highlight=False)
    for reste in passage.a_faire:
        ecran.print(f"  [yellow]●[/] {escape(reste)}", soft_wrap=True, highlight=False)
    ecran.print(f"L’ancien classeur est à côté : {escape(passage.ancien.name)}", soft_wrap=True)
