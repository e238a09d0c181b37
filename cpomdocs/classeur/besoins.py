"""Ce que les formulaires choisis demandent : quelles feuilles, quelles colonnes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cpomdocs.lecture import fabrique
from cpomdocs.modeles.base import Entite, InfoChamp, infos
from cpomdocs.modeles.dossier import FICHES, SAISIES, Dossier

PUCE = "●"
FACULTATIF = "facultatif"
CLE = "clé"
CLE_FACULTATIVE = "clé facultative"


@dataclass(frozen=True)
class FormulaireResume:
    """Un formulaire vu du classeur : son nom, s’il est à remettre, les champs qu’il demande.

    `champs` : des couples (fiche ou collection saisie, champ saisi).
    """

    nom: str
    libelle: str
    a_remettre: bool
    champs: frozenset[tuple[str, str]] = frozenset()


def modele_de(collection: str) -> type[Entite]:
    """L’entité d’une fiche ou d’une collection saisie."""
    return FICHES.get(collection) or SAISIES[collection]


def champs_saisis(collection: str) -> list[InfoChamp]:
    """Les champs que l’on tape, dans l’ordre du modèle."""
    return fabrique.champs_saisis(modele_de(collection))


def a_remettre(formulaires: Sequence[FormulaireResume], dossier: Dossier | None) -> list[FormulaireResume]:
    """Les formulaires, chacun avec le choix de la personne s’il est déjà dans le classeur.

    Seul « non » écarte un formulaire. Ceux que personne ne décrit plus gardent leur ligne, sans champ.
    """
    connus = {formulaire.nom: formulaire for formulaire in formulaires}
    choisis: dict[str, FormulaireResume] = {}
    for demande in dossier.formulaires if dossier is not None else ():
        nom = demande.nom or ""
        decrit = connus.get(nom, FormulaireResume(nom, demande.libelle or nom, False))
        choisis[nom] = FormulaireResume(
            nom, demande.libelle or decrit.libelle, demande.a_remettre is not False, decrit.champs
        )
    return [*choisis.values(), *(f for nom, f in connus.items() if nom not in choisis)]


def demandeurs(
    formulaires: Sequence[FormulaireResume], collection: str, champ: str | None = None
) -> list[int]:
    """Les rangs des formulaires, à remettre ou non, qui demandent ce champ (ou un champ de cette entité).

    Une clé obligatoire est demandée dès que la feuille l’est.
    """
    info = infos(modele_de(collection)).get(champ) if champ else None
    entiere = champ is None or (info is not None and info.cle and info.obligatoire)
    return [
        rang
        for rang, formulaire in enumerate(formulaires)
        if any(c == collection and (entiere or nom == champ) for c, nom in formulaire.champs)
    ]
