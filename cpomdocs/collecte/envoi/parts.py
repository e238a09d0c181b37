"""Les parts du classeur maître : un établissement, ou un domaine (finance, RH, qualité, activité)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cpomdocs.classeur.besoins import FormulaireResume, champs_saisis, demandeurs
from cpomdocs.collecte.echange.releve import Ligne
from cpomdocs.lecture.valeurs.textes import normaliser
from cpomdocs.modeles.dossier import ORDRE_DES_FEUILLES, SAISIES, Dossier

Genre = Literal["etablissement", "domaine"]
ETABLISSEMENT: Genre = "etablissement"
DOMAINE: Genre = "domaine"
DOMAINES: dict[str, tuple[str, tuple[str, ...]]] = {
    "finance": (
        "Finances",
        (
            "comptes",
            "dotations",
            "resultats",
            "affectations",
            "bilan",
            "financements",
            "pgfp",
            "emprunts",
            "investissements",
            "siege",
        ),
    ),
    "rh": ("Ressources humaines", ("effectifs", "rh_indicateurs")),
    "qualite": ("Qualité", ("qualite", "immobilier", "partenariats", "constats")),
    "activite": ("Activité", ("autorisations", "activite", "publics", "dependance")),
}
"""Code du domaine → son nom et ses feuilles."""


@dataclass(frozen=True)
class Part:
    """Ce qu’une personne reçoit : un établissement ou un domaine, et les feuilles qu’elle tient."""

    genre: Genre
    code: str
    libelle: str
    collections: tuple[str, ...]

    @property
    def nom(self) -> str:
        """Comment la désigner en une ligne : « EHPAD1 » ou « domaine RH »."""
        return self.code if self.genre == ETABLISSEMENT else f"domaine {self.libelle}"

    def contient(self, collection: str, ligne: Ligne) -> bool:
        """Vrai si la ligne est de cette part : toutes celles du domaine, ou celles de l’établissement."""
        return bool(self.lignes(collection, [ligne]))

    def lignes(self, collection: str, toutes: Sequence[Ligne]) -> list[Ligne]:
        """Celles de ces lignes qui sont de cette part."""
        if self.genre == DOMAINE:
            return list(toutes)
        champ, code = champ_etablissement(collection) or "", normaliser(self.code) or self.code
        return [li for li in toutes if (lue := li.donnees.get(champ)) is not None and lue.repere == code]


@cache
def champ_etablissement(collection: str) -> str | None:
    """Le champ d’une collection qui porte le code de l’établissement."""
    if collection == "etablissements":
        return "code"
    champs = champs_saisis(collection)
    return next((info.nom for info in champs if info.reference == "etablissements"), None)


def decouper(dossier: Dossier, genre: Genre, formulaires: Sequence[FormulaireResume]) -> list[Part]:
    """Les parts du dossier, chacune avec les feuilles que ces formulaires demandent (toutes, sans eux)."""
    demandees = {c for c in SAISIES if demandeurs(formulaires, c)} or set(SAISIES)
    if genre == ETABLISSEMENT:
        siennes = [c for c in ORDRE_DES_FEUILLES if c in SAISIES and champ_etablissement(c)]
        collections = tuple(c for c in siennes if c in demandees or c == "etablissements")
        return [Part(genre, e.code, e.nom or e.code, collections) for e in dossier.perimetre() if e.code]
    parts = [
        Part(genre, code, libelle, tuple(c for c in siennes if c in demandees))
        for code, (libelle, siennes) in DOMAINES.items()
    ]
    return [part for part in parts if part.collections]
