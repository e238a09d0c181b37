"""Ce qu’on confie à un travailleur et ce qu’il rend : tout y est, rien n’est lu sur le disque."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.modeles.dossier import FICHES, SAISIES, Dossier, code_de
from cpomdocs.modeles.observation import TOUTES, Reperes
from cpomdocs.rapport import Anomalie
from cpomdocs.recalcul import Qualification
from cpomdocs.remplissage.moteurs import Genre
from cpomdocs.saisies import Annexe, Image, Saisie


@dataclass(frozen=True)
class Extrait:
    """La part du dossier qu’un document balisé lit, et pour qui il est rempli."""

    donnees: dict[str, Any]
    etablissement: str | None
    objectif: int | None

    def contexte(self) -> Contexte:
        """Le contexte de remplissage, sur un dossier réduit à cette part."""
        dossier = Dossier(**self.donnees)
        objectif = None if self.objectif is None else dossier.objectifs[self.objectif]
        return Contexte(dossier, dossier.etablissement(self.etablissement), objectif)


@dataclass(frozen=True)
class Travail:
    """Un document à fabriquer : ses cases, ce que ses formules doivent retrouver, et pour qui.

    `contexte` : ce qu’un document balisé lit ; pour un autre programme, un `Extrait` en tient lieu ;
    `images` : celles qu’il cite, et les documents qu’il insère.
    """

    cle: str
    etablissement: str | None
    saisies: tuple[Saisie, ...]
    comparaisons: tuple[Saisie, ...]
    contexte: Contexte | Extrait
    images: tuple[tuple[str, Image | Annexe], ...] = ()


@dataclass(frozen=True)
class Lot:
    """Des documents d’un même formulaire, à fabriquer à la suite.

    `constat` : ce que le moteur de calcul sait faire de ce gabarit, ou pourquoi il le refuse ; `moteur` :
    celui qui doit calculer (`None` : aucun) ; `version` : le cpomdocs qui doit fabriquer.
    """

    formulaire: str
    genre: Genre
    gabarit: bytes
    fichier: str
    langue: str
    constat: Qualification | str | None
    moteur: str | None
    maintenant: datetime.datetime | None
    version: str
    travaux: tuple[Travail, ...]


@dataclass(frozen=True)
class Fabrication:
    """Un document fabriqué, ou pourquoi il ne l’est pas.

    `reproche` : ce que la vérification de conformité refuse ; `erreur` : message et remède ; `defaut` : le
    type et les lignes de programme d’un défaut de cpomdocs, pour le journal.
    """

    octets: bytes = b""
    reproche: str = ""
    refusees: int = 0
    anomalies: tuple[Anomalie, ...] = ()
    erreur: tuple[str, str] | None = None
    defaut: tuple[str, str] | None = None


def extraire(contexte: Contexte, lues: Reperes) -> Extrait:
    """La part du dossier que ces lectures désignent, détachée de lui."""
    dossier = contexte.dossier
    donnees: dict[str, Any] = {nom: dossier.__dict__[nom] for nom in FICHES}
    for collection in SAISIES:
        lignes: list[Entite] = dossier.__dict__[collection]
        parts = {repere.part for repere in lues if repere.nom == collection}
        donnees[collection] = [x for x in lignes if TOUTES in parts or code_de(x) in parts] if parts else []
    etablissement, objectif = contexte.etablissement, contexte.objectif
    if etablissement is not None and etablissement not in donnees["etablissements"]:
        donnees["etablissements"] = [etablissement]
    if objectif is not None:
        donnees["objectifs"] = list(dossier.objectifs)
    rang = None if objectif is None else next(i for i, o in enumerate(donnees["objectifs"]) if o is objectif)
    return Extrait(donnees, etablissement.code if etablissement else None, rang)
