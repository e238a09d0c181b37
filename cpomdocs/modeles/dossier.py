"""Le dossier : toutes les données d’un CPOM, en mémoire, et ce qu’on peut lui demander.

Trois fiches (une valeur chacune), des collections saisies (une liste de lignes chacune) et des vues
(des lignes calculées). Un dossier se construit d’un coup et ne change plus : ses index et ses vues
sont calculés une seule fois. Tout ce qui s’y lit peut s’observer : un document sait de quoi il dépend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from cpomdocs.modeles import attendus
from cpomdocs.modeles.base import Entite, Source, infos, unir
from cpomdocs.modeles.entites.activite import Activite, AnneeExercice, Dependance, Public
from cpomdocs.modeles.entites.budget import Affectation, Compte, Dotation, Resultat
from cpomdocs.modeles.entites.contrat import Contrat, Instance, Jalon, Membre, Orientation, Signataire
from cpomdocs.modeles.entites.documents import Complement, DocumentAttendu
from cpomdocs.modeles.entites.identite import Autorisation, Etablissement, Gestionnaire
from cpomdocs.modeles.entites.methode.cadrage import AxeRetenu, Contrainte, Problematique, Reference
from cpomdocs.modeles.entites.methode.diagnostic import RepereLecture
from cpomdocs.modeles.entites.methode.negociation import Decision, Engagement, Position, Reunion
from cpomdocs.modeles.entites.methode.roles import Formation, Role, Tache, Validation
from cpomdocs.modeles.entites.methode.scenarios import (
    ChoixAction,
    CoutAction,
    Hypothese,
    PlaceOffre,
    Scenario,
)
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
from cpomdocs.modeles.inventaire import COLLECTIONS, FICHES, ORDRE_DES_FEUILLES, SAISIES
from cpomdocs.modeles.observation import TOUTES, Observations, Repere, Reperes
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.modeles.vues import ORIGINES, VUES, construire
from cpomdocs.modeles.vues.regroupement import Vue

_T = TypeVar("_T")

__all__ = ["COLLECTIONS", "EMPLACEMENT", "FICHES", "ORDRE_DES_FEUILLES", "SAISIES", "Dossier", "code_de"]

EMPLACEMENT = "emplacement"
"""Le nom des repères qui disent où se tape une collection."""
_Rang = tuple[str | None, int | None]
"""Établissement et année ; `None` : tous."""


class Dossier(BaseModel):
    """Un CPOM d’un gestionnaire : fiches, lignes saisies, vues."""

    model_config = ConfigDict(extra="forbid")
    __slots__ = ("_attentes", "_emplacements", "_observations", "_rangees", "_toutes")

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
    reperes: list[RepereLecture] = Field(default_factory=list)
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
    roles: list[Role] = Field(default_factory=list)
    formations: list[Formation] = Field(default_factory=list)
    validations: list[Validation] = Field(default_factory=list)
    taches: list[Tache] = Field(default_factory=list)
    contraintes: list[Contrainte] = Field(default_factory=list)
    axes_retenus: list[AxeRetenu] = Field(default_factory=list)
    problematiques: list[Problematique] = Field(default_factory=list)
    references: list[Reference] = Field(default_factory=list)
    couts_actions: list[CoutAction] = Field(default_factory=list)
    scenarios: list[Scenario] = Field(default_factory=list)
    hypotheses: list[Hypothese] = Field(default_factory=list)
    choix_actions: list[ChoixAction] = Field(default_factory=list)
    offre: list[PlaceOffre] = Field(default_factory=list)
    reunions: list[Reunion] = Field(default_factory=list)
    engagements: list[Engagement] = Field(default_factory=list)
    positions: list[Position] = Field(default_factory=list)
    decisions: list[Decision] = Field(default_factory=list)

    if TYPE_CHECKING:
        _toutes: dict[str, tuple[list[Entite], Reperes]]
        _rangees: dict[tuple[str, str], tuple[dict[_Rang, list[Entite]], Reperes]]
        _emplacements: dict[str, dict[str, Source]]
        _attentes: attendus.Attentes
        _observations: Observations

    def model_post_init(self, contexte: object, /) -> None:
        """Rattache chaque ligne au dossier."""
        self._toutes, self._rangees, self._emplacements = {}, {}, {}
        self._observations, self._attentes = Observations(), attendus.Attentes(self, SAISIES)
        for ligne in self._toutes_les_lignes():
            ligne.rattacher(self)

    def __copy__(self) -> Self:
        """Un dossier aux mêmes lignes, qui restent rattachées à celui-ci."""
        copie = super().__copy__()
        copie._toutes, copie._rangees, copie._emplacements = {}, {}, self._emplacements
        copie._observations, copie._attentes = Observations(), attendus.Attentes(copie, SAISIES)
        return copie

    def __getattribute__(self, nom: str) -> Any:
        """L’attribut ; lire une collection entière s’observe, d’où qu’on la lise."""
        if nom in SAISIES:
            self.noter((Repere(nom, TOUTES),))
        return object.__getattribute__(self, nom)

    def __eq__(self, autre: object) -> bool:
        """Deux dossiers sont égaux quand leurs données le sont, d’où qu’elles viennent."""
        return isinstance(autre, Dossier) and self.__dict__ == autre.__dict__

    def _toutes_les_lignes(self) -> Iterator[Entite]:
        donnees = self.__dict__
        for nom in FICHES:
            yield donnees[nom]
        for nom in SAISIES:
            yield from donnees[nom]

    def noter(self, reperes: Iterable[Repere]) -> None:
        """Retient que le calcul observé, s’il y en a un, a lu ces parts."""
        self._observations.noter(reperes)

    def observer(self, calculer: Callable[[], _T]) -> tuple[_T, Reperes]:
        """Le résultat d’un calcul et les parts du dossier qu’il a lues."""
        return self._observations.observer(calculer)

    def lignes(
        self, collection: str, etablissement: str | None = None, annee: int | None = None
    ) -> list[Entite]:
        """Les lignes d’une collection ou d’une vue, toutes ou celles d’un établissement et d’une année.

        `etablissement=""` : les lignes sans établissement. Lève `KeyError` si la collection n’existe pas.
        """
        champs = infos(COLLECTIONS[collection])
        code = etablissement if "etablissement" in champs or collection == "etablissements" else None
        exercice = annee if "annee" in champs else None
        origine = ORIGINES.get(collection, collection)
        self._observations.noter((Repere(origine, TOUTES if code is None else code),))
        if code is None and exercice is None:
            return self._entiere(collection)
        return self._part(collection, code).get((code, exercice), [])

    def _entiere(self, collection: str) -> list[Entite]:
        if collection not in self._toutes:
            self._toutes[collection] = self.observer(lambda: self._lire(collection))
        lignes, lues = self._toutes[collection]
        self._observations.noter(lues)
        return lignes

    def _part(self, collection: str, code: str | None) -> dict[_Rang, list[Entite]]:
        """Les lignes rangées ; celles d’une vue se calculent établissement par établissement."""
        cle = (collection, code if collection in VUES and code is not None else TOUTES)
        if cle not in self._rangees:
            lire = self._entiere if cle[1] == TOUTES else lambda vue: self._calculer(vue, code)
            lignes, lues = self.observer(lambda: lire(collection))
            self._rangees[cle] = _ranger(lignes), lues
        rangees, lues = self._rangees[cle]
        self._observations.noter(lues)
        return rangees

    def _lire(self, collection: str) -> list[Entite]:
        if collection in SAISIES:
            return list(self.__dict__[collection])
        if "etablissement" not in infos(VUES[collection]):
            return self._calculer(collection, None)
        origine = self.lignes(ORIGINES[collection])
        codes = dict.fromkeys(code_de(ligne) for ligne in origine)
        rangs = {id(ligne): rang for rang, ligne in enumerate(origine)}
        vues = [vue for code in codes if code for vue in self._part(collection, code).get((code, None), [])]
        return sorted(vues, key=lambda vue: rangs[id(vue.lignes[0])] if isinstance(vue, Vue) else 0)

    def _calculer(self, vue: str, code: str | None) -> list[Entite]:
        lignes = construire(vue, self, self.lignes(ORIGINES[vue], code))
        for ligne in lignes:
            ligne.rattacher(self)
        return lignes

    def etablissement(self, code: str | None) -> Etablissement | None:
        """L’établissement de ce code, s’il existe."""
        self._observations.noter((Repere("etablissements", code or ""),))
        trouves = self._part("etablissements", None).get((code or "", None), [])
        return trouves[0] if trouves and isinstance(trouves[0], Etablissement) else None

    def perimetre(self) -> list[Etablissement]:
        """Les établissements du contrat : tous, sauf ceux déclarés hors périmètre."""
        return [e for e in self.etablissements if e.dans_le_perimetre]

    def scenario_retenu(self) -> Scenario | None:
        """Le scénario retenu ; s’ils sont plusieurs, le premier (la règle SC-01 le dit)."""
        return next((s for s in self.scenarios if s.retenu and s.code), None)

    def attend(self, collection: str, cles: Mapping[str, ValeurSimple | None]) -> bool:
        """Vrai si des lignes portant ces clés sont attendues ; mêmes règles que `lignes_attendues`."""
        return self._attentes.attend(collection, cles)

    def lignes_attendues(self) -> dict[str, list[dict[str, ValeurSimple]]]:
        """Les clés des lignes à préparer et encore absentes, par collection."""
        return self._attentes.a_preparer()

    def lignes_absentes(self, collection: str, etablissement: str) -> list[dict[str, ValeurSimple]]:
        """Les clés des lignes attendues d’un établissement et encore absentes, mêmes règles."""
        return self._attentes.absentes(collection, etablissement)

    def situer_collection(self, collection: str, sources: Mapping[str, Source]) -> None:
        """Retient où se tape chaque champ d’une collection, pour les lignes qui n’existent pas encore."""
        self._emplacements[collection] = dict(sources)

    def endroits(self, collection: str) -> Mapping[str, Source]:
        """Où se tape chaque champ d’une collection."""
        return self._emplacements.get(collection, {})

    def emplacement(self, collection: str, champ: str) -> tuple[Source, ...]:
        """Où taper un champ dont la ligne manque ; pour un champ calculé, où taper ses entrées."""
        self._observations.noter((Repere(EMPLACEMENT, collection),))
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


def _ranger(lignes: list[Entite]) -> dict[_Rang, list[Entite]]:
    """Les lignes par établissement, par année, et par les deux."""
    rangees: dict[_Rang, list[Entite]] = {}
    for ligne in lignes:
        donnees = ligne.__dict__
        code, annee = code_de(ligne), donnees.get("annee")
        rangs: list[_Rang] = [(code, None)] if annee is None else [(code, None), (None, annee), (code, annee)]
        for rang in rangs:
            rangees.setdefault(rang, []).append(ligne)
    return rangees


def code_de(ligne: Entite) -> str:
    """Le code de l’établissement dont parle une ligne, ou « »."""
    return ligne.__dict__.get("code" if isinstance(ligne, Etablissement) else "etablissement") or ""
