"""Ce qu’il faut savoir d’un gabarit : ce que vaut son recalcul, s’il est bien le fichier de l’autorité."""

from __future__ import annotations

from collections.abc import Iterator

from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.rapport import Anomalie
from cpomdocs.recalcul import MoteurEnEchec, moteur_disponible, qualification_gardee
from cpomdocs.recalcul.qualification import FICHIER
from cpomdocs.remplissage.moteurs import feuilles_du_gabarit

_NOMMEES = 10


def remarques_du_gabarit(formulaire: Formulaire) -> list[str]:
    """Converti d’un autre format, préparé avec la macro du cadre, ou encore à préparer."""
    entete, remarques = formulaire.correspondance.formulaire, []
    if entete.converti:
        remarques.append(
            f"Gabarit converti : « {entete.gabarit} » a été enregistré à partir d’un autre format. "
            "Demander à l’autorité si elle l’accepte ainsi."
        )
    if formulaire.prepare:
        feuilles = " · ".join(feuilles_du_gabarit(formulaire.gabarit))
        remarques.append(
            f"Gabarit préparé pour ce dossier : « {entete.gabarit} » n’est plus le fichier de l’autorité, "
            f"mais la copie faite avec sa macro. Feuilles : {feuilles}."
        )
    elif entete.a_preparer:
        remarques.append(
            "Gabarit à préparer : c’est encore le fichier de l’autorité. Si ses feuilles sont à créer, "
            "suivre LISEZMOI.md, puis mettre la copie à sa place, sous le même nom."
        )
    return remarques


def nature_du_gabarit(formulaire: Formulaire) -> str:
    """« converti », « préparé », « à préparer » ; vide pour le fichier de l’autorité."""
    entete = formulaire.correspondance.formulaire
    preparation = "préparé" if formulaire.prepare else "à préparer" if entete.a_preparer else ""
    return ", ".join(filter(None, ("converti" if entete.converti else "", preparation)))


def totaux_du_gabarit(formulaire: Formulaire) -> str | None:
    """Ce que le moteur de calcul retrouve des résultats du gabarit, et les cellules qu’il ne retrouve pas."""
    if formulaire.correspondance.genre != "excel":
        return None
    moteur = moteur_disponible()
    if moteur is None:
        return "Calculés par Excel à l’ouverture : le moteur de calcul n’est pas installé."
    livree = formulaire.repertoire / FICHIER
    langue = formulaire.correspondance.formulaire.langue
    try:
        constat = qualification_gardee(formulaire.octets, moteur, langue, livree=livree)
    except MoteurEnEchec as echec:
        return f"Calculés par Excel à l’ouverture : {echec}"
    lieux = ", ".join(f"{x.lieu.feuille}!{x.lieu.cellule}" for x in constat.non_reproduits[:_NOMMEES])
    return constat.resumer() + (f" Laissées à Excel, et ce qui en dépend : {lieux}…" if lieux else "")


def informations_du_gabarit(formulaire: Formulaire) -> Iterator[Anomalie]:
    """Les mêmes remarques, pour le rapport : elles n’empêchent rien."""
    for remarque in remarques_du_gabarit(formulaire):
        yield Anomalie(code="FO-05", gravite="information", formulaire=formulaire.nom, message=remarque)
