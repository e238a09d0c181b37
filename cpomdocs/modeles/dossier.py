"""Le dossier : toutes les données d’un CPOM, en mémoire, et ce qu’on peut lui demander.

Trois fiches (une valeur chacune), des collections saisies (une liste de lignes chacune) et des vues
(des lignes calculées). Un dossier se construit d’un coup et ne change plus : ses index et ses vues
sont calculés une seule fois.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from cpomdocs.modeles import attendus
from cpomdocs.modeles.base import Entite, Source, infos, unir
from cpomdocs.modeles.entites.activite import Activite, AnneeExercice, Dependance, Public
from cpomdocs.modeles.entites.budget import Affectation, Compte, Dotation, Resultat
from cpomdocs.modeles.entites.contrat import Contrat, Instance, Jalon, Membre, Orientation, Signataire
from cpomdocs.modeles.entites.documents import Complement, DocumentAttendu
from cpomdocs.modeles.entites.identite import Autorisation, Etablissement, Gestionnaire
from cpomdocs.modeles.entites.objectifs import Action, Indicateur, Objectif, ValeurIndicateur
from cpomdocs.modeles.entites.parametres import FormulaireDemande, Parametres
from cpomdocs.modeles.entites.patrimoine import (
    Emprunt,
    Financement,
    Investissement,
    LignePgfp,
    PosteBilan,
    QuotePartSiege,
)
from cpomdocs.modeles.entites.qualite import Constat, Immobilier, Partenariat, Qualite
from cpomdocs.modeles.entites.rh import Effectif, RhIndicateur
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.modeles.vues import VUES, construire

FICHES: dict[str, type[Entite]] = {
    "parametres": Parametres,
    "gestionnaire": Gestionnaire,
    "contrat": Contrat,
}
"""Les entités qui n’ont qu’une valeur par dossier."""

SAISIES: dict[str, type[Entite]] = {
    "formulaires": FormulaireDemande,
    "etablissements": Etablissement,
    "autorisations": Autorisation,
    "annees": AnneeExercice,
    "activite": Activite,
    "publics": Public,
    "dependance": Dependance,
    "effectifs": Effectif,
    "rh_indicateurs": RhIndicateur,
    "comptes": Compte,
    "dotations": Dotation,
    "resultats": Resultat,
    "affectations": Affectation,
    "bilan": PosteBilan,
    "financements": Financement,
    "pgfp": LignePgfp,
    "emprunts": Emprunt,
    "investissements": Investissement,
    "siege": QuotePartSiege,
    "qualite": Qualite,
    "immobilier": Immobilier,
    "partenariats": Partenariat,
    "constats": Constat,
    "signataires": Signataire,
    "instances": Instance,
    "membres": Membre,
    "jalons": Jalon,
    "orientations": Orientation,
    "objectifs": Objectif,
    "actions": Action,
    "indicateurs": Indicateur,
    "valeurs_indicateurs": ValeurIndicateur,
    "documents": DocumentAttendu,
    "complements": Complement,
}
"""Les collections que l’on tape, une feuille chacune."""

COLLECTIONS: dict[str, type[Entite]] = {**SAISIES, **VUES}
"""Les collections saisies et les vues calculées."""

ORDRE_DES_FEUILLES: tuple[str, ...] = (
    "parametres",
    "formulaires",
    "gestionnaire",
    "etablissements",
    "autorisations",
    "annees",
    "instances",
    "membres",
    "jalons",
    "documents",
    "activite",
    "publics",
    "dependance",
    "effectifs",
    "rh_indicateurs",
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
    "qualite",
    "immobilier",
    "partenariats",
    "constats",
    "orientations",
    "objectifs",
    "actions",
    "indicateurs",
    "valeurs_indicateurs",
    "contrat",
    "signataires",
    "complements",
)
"""Fiches et collections saisies, dans l’ordre où une personne travaille : cadrage, collecte, diagnostic,
objectifs, contrat."""


_Repere = tuple[str | None, int | None]
"""Établissement et année ; `None` : tous."""


class Dossier(BaseModel):
    """Un CPOM d’un gestionnaire : fiches, lignes saisies, vues."""

    model_config = ConfigDict(extra="forbid")

    parametres: Parametres = Field(default_factory=Parametres)
    gestionnaire: Gestionnaire = Field(default_factory=Gestionnaire)
    contrat: Contrat = Field(default_factory=Contrat)
    formulaires: list[FormulaireDemande] = Field(default_factory=list)
    etablissements: list[Etablissement] = Field(default_factory=list)
    autorisations: list[Autorisation] = Field(default_factory=list)
    annees: list[AnneeExercice] = Field(default_factory=list)
    activite: list[Activite] = Field(default_factory=list)
    publics: list[Public] = Field(default_factory=list)
    dependance: list[Dependance] = Field(default_factory=list)
    effectifs: list[Effectif] = Field(default_factory=list)
    rh_indicateurs: list[RhIndicateur] = Field(default_factory=list)
    comptes: list[Compte] = Field(default_factory=list)
    dotations: list[Dotation] = Field(default_factory=list)
    resultats: list[Resultat] = Field(default_factory=list)
    affectations: list[Affectation] = Field(default_factory=list)
    bilan: list[PosteBilan] = Field(default_factory=list)
    financements: list[Financement] = Field(default_factory=list)
    pgfp: list[LignePgfp] = Field(default_factory=list)
    emprunts: list[Emprunt] = Field(default_factory=list)
    investissements: list[Investissement] = Field(default_factory=list)
    siege: list[QuotePartSiege] = Field(default_factory=list)
    qualite: list[Qualite] = Field(default_factory=list)
    immobilier: list[Immobilier] = Field(default_factory=list)
    partenariats: list[Partenariat] = Field(default_factory=list)
    constats: list[Constat] = Field(default_factory=list)
    signataires: list[Signataire] = Field(default_factory=list)
    instances: list[Instance] = Field(default_factory=list)
    membres: list[Membre] = Field(default_factory=list)
    jalons: list[Jalon] = Field(default_factory=list)
    orientations: list[Orientation] = Field(default_factory=list)
    objectifs: list[Objectif] = Field(default_factory=list)
    actions: list[Action] = Field(default_factory=list)
    indicateurs: list[Indicateur] = Field(default_factory=list)
    valeurs_indicateurs: list[ValeurIndicateur] = Field(default_factory=list)
    documents: list[DocumentAttendu] = Field(default_factory=list)
    complements: list[Complement] = Field(default_factory=list)

    _toutes: dict[str, list[Entite]] = PrivateAttr(default_factory=dict)
    _rangees: dict[str, dict[_Repere, list[Entite]]] = PrivateAttr(default_factory=dict)
    _emplacements: dict[str, dict[str, Source]] = PrivateAttr(default_factory=dict)
    _attentes: attendus.Attentes | None = PrivateAttr(default=None)

    def model_post_init(self, contexte: object, /) -> None:
        """Rattache chaque ligne au dossier."""
        super().model_post_init(contexte)
        for ligne in self._toutes_les_lignes():
            ligne._dossier = self

    def __eq__(self, autre: object) -> bool:
        """Deux dossiers sont égaux quand leurs données le sont, d’où qu’elles viennent."""
        return isinstance(autre, Dossier) and self.__dict__ == autre.__dict__

    def _toutes_les_lignes(self) -> Iterator[Entite]:
        for nom in FICHES:
            yield getattr(self, nom)
        for nom in SAISIES:
            yield from getattr(self, nom)

    def lignes(
        self, collection: str, etablissement: str | None = None, annee: int | None = None
    ) -> list[Entite]:
        """Les lignes d’une collection ou d’une vue, toutes ou celles d’un établissement et d’une année.

        `etablissement=""` : les lignes sans établissement. Lève `KeyError` si la collection n’existe pas.
        """
        if collection not in self._toutes:
            self._toutes[collection] = self._lire(collection)
        champs = infos(COLLECTIONS[collection])
        code = etablissement if "etablissement" in champs else None
        exercice = annee if "annee" in champs else None
        if code is None and exercice is None:
            return self._toutes[collection]
        if collection not in self._rangees:
            self._rangees[collection] = _ranger(self._toutes[collection])
        return self._rangees[collection].get((code, exercice), [])

    def _lire(self, collection: str) -> list[Entite]:
        if collection in SAISIES:
            return list(getattr(self, collection))
        lignes = construire(collection, self)
        for ligne in lignes:
            ligne._dossier = self
        return lignes

    def etablissement(self, code: str | None) -> Etablissement | None:
        """L’établissement de ce code, s’il existe."""
        return next((e for e in self.etablissements if e.code == code), None)

    def perimetre(self) -> list[Etablissement]:
        """Les établissements du contrat : tous, sauf ceux déclarés hors périmètre."""
        return [e for e in self.etablissements if e.dans_perimetre_cpom is not False]

    def attend(self, collection: str, cles: Mapping[str, ValeurSimple | None]) -> bool:
        """Vrai si des lignes portant ces clés sont attendues ; mêmes règles que `lignes_attendues`."""
        if self._attentes is None:
            self._attentes = attendus.Attentes(self, SAISIES)
        return self._attentes.attend(collection, cles)

    def lignes_attendues(self) -> dict[str, list[dict[str, ValeurSimple]]]:
        """Les clés des lignes à préparer et encore absentes, par collection."""
        if self._attentes is None:
            self._attentes = attendus.Attentes(self, SAISIES)
        return self._attentes.a_preparer()

    def situer_collection(self, collection: str, sources: Mapping[str, Source]) -> None:
        """Retient où se tape chaque champ d’une collection, pour les lignes qui n’existent pas encore."""
        self._emplacements[collection] = dict(sources)

    def emplacement(self, collection: str, champ: str) -> tuple[Source, ...]:
        """Où taper un champ dont la ligne manque ; pour un champ calculé, où taper ses entrées."""
        connue = self._emplacements.get(collection, {}).get(champ)
        if connue is not None:
            return (connue,)
        modele = COLLECTIONS.get(collection) or FICHES.get(collection)
        info = infos(modele).get(champ) if modele else None
        if modele is None or info is None:
            return ()
        entrees = (entree.rpartition(".") for entree in info.entrees)
        return unir(
            self.emplacement(modele.liens.get(prefixe, prefixe) or collection, suffixe)
            for prefixe, _, suffixe in entrees
        )


def _ranger(lignes: list[Entite]) -> dict[_Repere, list[Entite]]:
    """Les lignes par établissement, par année, et par les deux."""
    rangees: dict[_Repere, list[Entite]] = {}
    for ligne in lignes:
        code, annee = getattr(ligne, "etablissement", None) or "", getattr(ligne, "annee", None)
        reperes: list[_Repere] = (
            [(code, None)] if annee is None else [(code, None), (None, annee), (code, annee)]
        )
        for repere in reperes:
            rangees.setdefault(repere, []).append(ligne)
    return rangees
