"""Les feuilles d’un classeur remplies une par établissement ; celui qui n’en a pas est signalé."""

from __future__ import annotations

from collections.abc import Iterator

from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.formulaires.correspondance import FeuilleRepetee, Tableau
from cpomdocs.formulaires.feuilles import reperer
from cpomdocs.modeles.chemins import Contexte, lire_chemin, resoudre
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.plan.anomalies import anomalie_bloquante
from cpomdocs.plan.contenu import Contenu, ajouter_attribution, ajouter_tableau
from cpomdocs.rapport import Anomalie

_NOMMES = 5


def contenus_des_feuilles(formulaire: Formulaire, contexte: Contexte) -> Iterator[tuple[Contexte, Contenu]]:
    """Le contenu de chaque feuille répétée, avec le contexte de son établissement."""
    for bloc in formulaire.correspondance.feuilles:
        reperage = reperer(formulaire.gabarit, bloc)
        prises: set[str] = set()
        sans_feuille: list[Etablissement] = []
        for rang, etablissement in enumerate(_concernes(bloc, contexte.dossier), 1):
            feuille = reperage.feuille_de(etablissement, rang)
            if feuille is None or feuille in prises:
                sans_feuille.append(etablissement)
                continue
            prises.add(feuille)
            propre = Contexte(contexte.dossier, etablissement)
            yield propre, _contenu(formulaire, bloc, feuille, propre)
        if sans_feuille:
            yield (
                contexte,
                Contenu([], [_sans_feuille(bloc, sans_feuille, len(prises), formulaire, contexte)]),
            )


def _concernes(bloc: FeuilleRepetee, dossier: Dossier) -> list[Etablissement]:
    """Les établissements du périmètre que le bloc concerne, dans l’ordre du classeur maître."""
    return [
        e
        for e in dossier.etablissements
        if e.code
        and e.dans_le_perimetre
        and all(
            resoudre(lire_chemin(champ), Contexte(dossier, e)).valeur in admises
            for champ, admises in bloc.pour.items()
        )
    ]


def _contenu(formulaire: Formulaire, bloc: FeuilleRepetee, feuille: str, contexte: Contexte) -> Contenu:
    contenu = Contenu()
    for attribution in formulaire.de_la_feuille(bloc, feuille):
        ajouter_attribution(contenu, attribution, formulaire, contexte)
    for tableau in bloc.tableaux:
        situe = Tableau(feuille=feuille, **tableau.model_dump())
        ajouter_tableau(contenu, situe, formulaire, contexte)
    return contenu


def _sans_feuille(
    bloc: FeuilleRepetee,
    etablissements: list[Etablissement],
    remplies: int,
    formulaire: Formulaire,
    contexte: Contexte,
) -> Anomalie:
    noms = ", ".join(str(e.code) for e in etablissements[:_NOMMES])
    reste = len(etablissements) - _NOMMES
    suite = f" et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else ""
    nombre = len(etablissements)
    message = (
        f"{nombre} établissement{'s' if nombre > 1 else ''} sans feuille dans le formulaire "
        f"(« {bloc.noms or bloc.finess} », {remplies} remplie{'s' if remplies > 1 else ''}) : {noms}{suite}."
    )
    remede = "Préparer une copie du cadre qui ait assez de feuilles (voir son LISEZMOI)."
    return anomalie_bloquante("DM-06", formulaire, contexte, message, remede)
