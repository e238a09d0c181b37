"""Les formulaires : lister, vérifier, certifier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cpomdocs.certificat.comparaison.affichage import montrer_comparaison
from cpomdocs.certificat.comparaison.certification import certifier_fichiers
from cpomdocs.commandes.communes import Dossier, Json, ecran, groupe
from cpomdocs.formulaires.cases import lister_cases
from cpomdocs.formulaires.catalogue import repertoire_des_formulaires
from cpomdocs.formulaires.verification import Verdict, verifier_formulaires
from cpomdocs.terminal.affichage import montrer_cases, montrer_verdicts
from cpomdocs.terminal.aide_francaise import Commande

app = groupe("Les formulaires : lister, vérifier, certifier.")


@app.command("lister", cls=Commande)
def formulaire_lister(
    dossier: Dossier = Path(),
    cases: Annotated[
        str | None,
        typer.Option("--cases", metavar="F", help="Toutes les places du formulaire F, ou d’un fichier."),
    ] = None,
    json: Json = False,
) -> None:
    """Montrer les formulaires du dossier (ou ceux qui sont livrés avec cpomdocs)."""
    if cases is not None:
        relevees = lister_cases(cases, repertoire_des_formulaires(dossier))
        if json:
            typer.echo(relevees.model_dump_json(indent=2))
        else:
            montrer_cases(ecran, relevees)
        return
    _rendre_verdicts(verifier_formulaires(repertoire_des_formulaires(dossier)), json, detail=False)


@app.command("verifier", cls=Commande)
def formulaire_verifier(dossier: Dossier = Path(), json: Json = False) -> None:
    """Vérifier chaque formulaire sans donnée : empreinte, champs, cases."""
    verdicts = verifier_formulaires(repertoire_des_formulaires(dossier))
    _rendre_verdicts(verdicts, json, detail=True)
    raise typer.Exit(1 if any(v.defauts for v in verdicts) else 0)


@app.command("certifier", cls=Commande)
def formulaire_certifier(
    gabarit: Annotated[Path, typer.Argument(metavar="GABARIT", help="Le fichier vierge reçu de l’autorité.")],
    document: Annotated[Path, typer.Argument(metavar="DOCUMENT", help="Ce même fichier, rempli.")],
    json: Json = False,
) -> None:
    """Dire ce qu’un document a perdu de son gabarit : formules, listes, protections, textes."""
    comparaison = certifier_fichiers(gabarit, document)
    if json:
        typer.echo(comparaison.model_dump_json(indent=2))
    else:
        montrer_comparaison(ecran, comparaison)
    raise typer.Exit(comparaison.code_sortie)


def _rendre_verdicts(verdicts: list[Verdict], json: bool, *, detail: bool) -> None:
    if json:
        typer.echo("[" + ",\n".join(v.model_dump_json() for v in verdicts) + "]")
        return
    montrer_verdicts(ecran, verdicts, detail=detail)
