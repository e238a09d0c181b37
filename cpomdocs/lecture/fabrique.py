"""Ce que lignes et fiches partagent : les cellules d’une entité, sa construction, ses anomalies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from cpomdocs.lecture.garde import Place
from cpomdocs.lecture.grilles import Grille
from cpomdocs.lecture.valeurs.conversion import Probleme
from cpomdocs.lecture.valeurs.textes import montrer
from cpomdocs.modeles.base import Entite, InfoChamp, Source, infos
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.rapport import Anomalie


@dataclass(eq=False, slots=True)
class Endroits(Mapping[str, Source]):
    """Les cellules d’une ligne, champ par champ, fabriquées à la demande : des milliers de lignes en ont.

    `cellules` : pour chaque champ, les lettres de sa colonne, ou l’adresse de l’en-tête si la colonne manque.
    """

    feuille: str
    cellules: Mapping[str, str]
    numero: int

    def __getitem__(self, champ: str) -> Source:
        lettres = self.cellules[champ]
        return Source(
            feuille=self.feuille, cellule=f"{lettres}{self.numero}" if lettres.isalpha() else lettres
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.cellules)

    def __len__(self) -> int:
        return len(self.cellules)

    def __contains__(self, champ: object) -> bool:
        return champ in self.cellules


def champs_saisis(modele: type[Entite]) -> list[InfoChamp]:
    """Les champs que l’on tape dans le classeur, dans l’ordre du modèle."""
    return [info for info in infos(modele).values() if not info.calcule]


def probleme_tu(grille: Grille, place: Place) -> Probleme | None:
    """Le problème d’une cellule que le lecteur rapide rend vide alors qu’elle ne l’est pas."""
    erreur = grille.constats.erreurs.get(place)
    if erreur is not None:
        constat = f"La cellule affiche l’erreur {montrer(erreur)}."
        return Probleme("LC-08", "bloquante", constat, "Corriger la formule, ou taper la valeur.")
    if place in grille.constats.sans_resultat:
        constat = "La formule de cette cellule n’a jamais été calculée."
        return Probleme("LC-07", "bloquante", constat, "Ouvrir le classeur dans Excel et l’enregistrer.")
    return None


def construire(
    modele: type[Entite], valeurs: Mapping[str, ValeurSimple], sans_objet: Collection[str]
) -> tuple[Entite, list[tuple[str, Probleme]]]:
    """L’entité de ces valeurs, et les champs que le modèle refuse : ils restent vides, le reste est gardé."""
    donnees: dict[str, object] = {**valeurs}
    if sans_objet:
        donnees["sans_objet"] = frozenset(sans_objet)
    try:
        return modele.model_validate(donnees), []
    except ValidationError as erreur:
        refuses = {str(detail["loc"][0]): str(detail["msg"]) for detail in erreur.errors() if detail["loc"]}
    gardees = {nom: valeur for nom, valeur in donnees.items() if nom not in refuses}
    problemes = [
        (
            nom,
            Probleme(
                "LC-13",
                "bloquante",
                f"« {montrer(valeurs[nom])} » n’est pas admis ici ({motif}).",
                "Corriger la cellule.",
            ),
        )
        for nom, motif in refuses.items()
        if nom in valeurs
    ]
    return modele.model_validate(gardees), problemes


def anomalie(
    collection: str, info: InfoChamp, probleme: Probleme, source: Source, etablissement: str | None = None
) -> Anomalie:
    """L’anomalie d’une cellule : son champ, son libellé, où elle est, ce qu’il faut faire."""
    return Anomalie(
        code=probleme.code,
        gravite=probleme.gravite,
        message=f"{info.libelle} : {probleme.constat}",
        remede=probleme.remede,
        etablissement=etablissement,
        champ=f"{collection}.{info.nom}",
        libelle=info.libelle,
        sources=(source,),
    )
