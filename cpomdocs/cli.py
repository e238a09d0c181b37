"""La porte du terminal : chaque commande traduit, appelle le couloir et montre son rapport."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from cpomdocs import __version__, dossiers, production, schemas
from cpomdocs.certificat.comparaison.affichage import montrer_comparaison
from cpomdocs.certificat.comparaison.certification import certifier_fichiers
from cpomdocs.erreurs import ErreurCpomdocs, motif
from cpomdocs.formulaires.cases import lister_cases
from cpomdocs.formulaires.catalogue import repertoire_des_formulaires
from cpomdocs.formulaires.verification import Verdict, verifier_formulaires
from cpomdocs.rapport import Anomalie, Rapport
from cpomdocs.terminal import aide_francaise
from cpomdocs.terminal.affichage import (
    montrer_anomalies,
    montrer_cases,
    montrer_documents,
    montrer_verdicts,
    suivre,
)
from cpomdocs.terminal.aide_francaise import Commande

aide_francaise.installer()

app = typer.Typer(
    name="cpomdocs",
    cls=aide_francaise.Groupe,
    help="Remplir les formulaires imposés d’un CPOM à partir d’un seul classeur Excel.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)
formulaire = typer.Typer(
    cls=aide_francaise.Groupe, help="Les formulaires : lister, vérifier, certifier.", no_args_is_help=True
)
classeur = typer.Typer(
    cls=aide_francaise.Groupe, help="Le classeur maître : préparer les lignes à saisir.", no_args_is_help=True
)
app.add_typer(formulaire, name="formulaire")
app.add_typer(classeur, name="classeur")

ecran = Console()
erreurs = Console(stderr=True)

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


@app.command(cls=Commande)
def demo(
    dossier: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Où la créer.", readable=False)] = Path(
        "cpom-demo"
    ),
    json: Json = False,
) -> None:
    """Créer un dossier de démonstration et produire tous ses documents."""
    chemin = dossiers.creer_demonstration(dossier)
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
) -> None:
    """Créer un dossier : classeur maître vierge, formulaires livrés, réglages."""
    chemin = dossiers.creer_dossier(dossier)
    ecran.print(f"[green]Dossier créé.[/] Ouvrir [bold]{escape(str(chemin))}[/] et suivre « Mode d’emploi ».")


@app.command(cls=Commande)
def generer(
    dossier: Dossier = Path(),
    etablissement: Etablissements = None,
    formulaire: Formulaires = None,
    forcer: Annotated[
        bool, typer.Option("--forcer", help="Remplacer aussi les documents modifiés à la main, après copie.")
    ] = False,
    a_blanc: Annotated[
        bool, typer.Option("--a-blanc", help="Dire ce qui serait fait, sans rien écrire.")
    ] = False,
    sans_recalcul: Annotated[
        bool, typer.Option("--sans-recalcul", help="Laisser Excel calculer les totaux à l’ouverture.")
    ] = False,
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
    )
    raise typer.Exit(rapport.code_sortie)


def _suivre_generation(dossier: Path, json: bool, **demande: object) -> Rapport:
    with suivre(erreurs, not json) as suivi:
        rapport = production.generer(dossier, suivi=suivi, **demande)  # type: ignore[arg-type]
    _rendre(rapport, json, documents=True)
    return rapport


@app.command(cls=Commande)
def controler(dossier: Dossier = Path(), json: Json = False) -> None:
    """Dire ce qui manque ou ne va pas, et la cellule à corriger."""
    with suivre(erreurs, not json) as suivi:
        rapport = production.controler(dossier, suivi=suivi)
    _rendre(rapport, json, documents=False)
    if not json:
        fichier = escape(str(dossier / "sorties" / "controle.xlsx"))
        ecran.print(f"\nLe détail, avec un lien vers chaque cellule : {fichier}")
    raise typer.Exit(rapport.code_sortie)


@app.command(cls=Commande)
def veiller(
    dossier: Dossier = Path(),
    sondage: Annotated[
        bool, typer.Option("--sondage", help="Regarder chaque seconde, pour un dossier en réseau.")
    ] = False,
    sans_bulle: Annotated[
        bool, typer.Option("--sans-bulle", help="Ne pas montrer de notification sur le bureau.")
    ] = False,
    au_demarrage: Annotated[
        bool, typer.Option("--au-demarrage", help="Surveiller dès l’ouverture de la session.")
    ] = False,
    retirer: Annotated[
        bool, typer.Option("--retirer", help="Avec --au-demarrage : ne plus le faire.")
    ] = False,
    json: Json = False,
) -> None:
    """Mettre les documents à jour à chaque enregistrement du classeur maître."""
    from cpomdocs.veille import commande  # ici : les autres commandes n’ont pas à charger watchdog

    if au_demarrage or retirer:
        for ligne in commande.au_demarrage(dossier, retirer=retirer):
            ecran.print(escape(ligne), soft_wrap=True)
        return
    sortie = erreurs if json else ecran
    commande.surveiller(
        dossier,
        lambda phrase: sortie.print(escape(phrase), soft_wrap=True, highlight=False),
        lambda rapport: typer.echo(rapport.model_dump_json()) if json else None,
        sondage=sondage,
        bulles=not sans_bulle,
    )


def _rendre(rapport: Rapport, json: bool, *, documents: bool) -> None:
    if json:
        typer.echo(rapport.model_dump_json(indent=2))
        return
    if documents:
        montrer_documents(ecran, rapport)
    montrer_anomalies(ecran, rapport)


@formulaire.command("lister", cls=Commande)
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


@formulaire.command("verifier", cls=Commande)
def formulaire_verifier(dossier: Dossier = Path(), json: Json = False) -> None:
    """Vérifier chaque formulaire sans donnée : empreinte, champs, cases."""
    verdicts = verifier_formulaires(repertoire_des_formulaires(dossier))
    _rendre_verdicts(verdicts, json, detail=True)
    raise typer.Exit(1 if any(v.defauts for v in verdicts) else 0)


@formulaire.command("certifier", cls=Commande)
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


@classeur.command("preparer", cls=Commande)
def classeur_preparer(dossier: Dossier = Path()) -> None:
    """Ajouter au classeur maître les lignes à saisir, sans toucher au reste."""
    ajouts = dossiers.preparer_dossier(dossier)
    for ajout in ajouts:
        ecran.print(f"  [green]●[/] {escape(ajout)}")
    ecran.print(
        "Rien à ajouter : toutes les lignes attendues sont là." if not ajouts else "Classeur maître préparé."
    )


@app.command("schemas", cls=Commande)
def schemas_commande(
    repertoire: Annotated[
        Path, typer.Argument(metavar="RÉPERTOIRE", help="Où les écrire.", readable=False)
    ] = Path("schemas"),
) -> None:
    """Réécrire les schémas publiés et le classeur maître vierge."""
    for fichier in schemas.publier(repertoire):
        ecran.print(escape(str(fichier)))


@app.callback(invoke_without_command=True)
def racine(version: Annotated[bool, typer.Option("--version", help="Afficher la version.")] = False) -> None:
    """Remplir les formulaires imposés d’un CPOM à partir d’un seul classeur Excel."""
    if version:
        ecran.print(f"cpomdocs {__version__}")
        raise typer.Exit


def principal() -> None:
    """Le point d’entrée : traduit les erreurs en phrases et en codes de sortie (0, 1 ou 2)."""
    sys.exit(executer(sys.argv[1:]))


def executer(arguments: list[str]) -> int:
    """Exécute une ligne de commande et rend son code de sortie."""
    try:
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
