"""Le rapport : ce qui a été fait, ce qui manque, la cellule à corriger. Toutes les portes rendent le même."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from cpomdocs.modeles.base import Source

Gravite = Literal["bloquante", "avertissement", "information"]
Statut = Literal[
    "cree", "remplace", "inchange", "garde", "conflit", "verrouille", "orphelin", "erreur", "a_blanc"
]

INCHANGE_A_BLANC = "resterait inchangé"
"""Ce que dit à blanc un document à jour."""

__all__ = [
    "INCHANGE_A_BLANC",
    "Anomalie",
    "DocumentProduit",
    "Gravite",
    "Rapport",
    "Resume",
    "Source",
    "Statut",
]


class Anomalie(BaseModel):
    """Une donnée manquante, fausse ou incohérente : où, quoi, ce qui était attendu, que faire."""

    model_config = ConfigDict(frozen=True)

    code: str
    gravite: Gravite
    message: str
    remede: str | None = None
    etablissement: str | None = None
    formulaire: str | None = None
    champ: str | None = None
    libelle: str | None = None
    sources: tuple[Source, ...] = ()


class DocumentProduit(BaseModel):
    """Le sort d’un document : son chemin relatif au dossier, son statut, ses cases.

    `retouches` : ce qu’une personne y a changé, une ligne par case ou par texte.
    """

    cle: str
    formulaire: str
    etablissement: str | None = None
    chemin: str
    statut: Statut
    chemin_conflit: str | None = None
    message: str | None = None
    retouches: tuple[str, ...] = ()
    cases_remplies: int = Field(default=0, ge=0)
    cases_manquantes: int = Field(default=0, ge=0)


class Resume(BaseModel):
    """Les comptes du rapport : documents par statut, anomalies par gravité."""

    documents: dict[str, int] = Field(default_factory=dict)
    anomalies: dict[str, int] = Field(default_factory=dict)
    cases_remplies: int = 0
    cases_manquantes: int = 0


class Rapport(BaseModel):
    """Ce que rendent `generer` et `controler`, et ce que `--json` imprime."""

    documents: list[DocumentProduit] = Field(default_factory=list)
    anomalies: list[Anomalie] = Field(default_factory=list)
    resume: Resume = Field(default_factory=Resume)
    code_sortie: int = Field(default=0, exclude=True)
    """0 : produit et complet ; 1 : anomalie bloquante, conflit ou erreur ; 2 : rien n’a pu être fait."""

    def conclure(self) -> Rapport:
        """Le même rapport, résumé compté et code de sortie établi."""
        documents: dict[str, int] = {}
        for document in self.documents:
            documents[document.statut] = documents.get(document.statut, 0) + 1
        anomalies: dict[str, int] = {}
        for anomalie in self.anomalies:
            anomalies[anomalie.gravite] = anomalies.get(anomalie.gravite, 0) + 1
        resume = Resume(
            documents=documents,
            anomalies=anomalies,
            cases_remplies=sum(d.cases_remplies for d in self.documents),
            cases_manquantes=sum(d.cases_manquantes for d in self.documents),
        )
        empeche = anomalies.get("bloquante") or {"conflit", "verrouille", "erreur"} & documents.keys()
        code = max(self.code_sortie, 1 if empeche else 0)
        return self.model_copy(update={"resume": resume, "code_sortie": code})
