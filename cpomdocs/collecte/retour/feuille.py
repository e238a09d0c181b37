"""Une feuille comparée à trois : l’envoi, le retour, le classeur maître, ligne par ligne."""

from __future__ import annotations

from collections.abc import Callable

from cpomdocs.classeur.besoins import champs_saisis
from cpomdocs.collecte.echange.appariement import apparier
from cpomdocs.collecte.echange.donnees import Donnee, de_valeur, montrer_donnee
from cpomdocs.collecte.echange.maitre import Maitre
from cpomdocs.collecte.echange.releve import Ligne, Table
from cpomdocs.collecte.envoi.parts import ETABLISSEMENT, Part, champ_etablissement
from cpomdocs.collecte.retour.points import (
    GARDER,
    PRENDRE,
    Decision,
    Deroulement,
    Point,
    montrer_cle,
    montrer_ligne,
)
from cpomdocs.modeles.base import InfoChamp


class FeuilleConfrontee:
    """Les lignes d’une collection, des trois côtés. `base` : celles dont on a tenu compte, mises à jour."""

    def __init__(
        self, tout: Deroulement, part: Part, base: list[Ligne], leurs: Table, notres: Table, maitre: Maitre
    ) -> None:
        self._tout = tout
        self._part = part
        self._maitre = maitre
        self._collection = collection = leurs.collection
        self._leurs = leurs
        self._notres = notres
        self._champs: list[InfoChamp] = champs_saisis(collection)
        self._cles = [info.nom for info in self._champs if info.cle]
        self._porteur = champ_etablissement(collection)
        self._base = base
        self._libres: list[Ligne] = []

    def confronter(self) -> None:
        """Apparie les lignes des trois côtés, puis les compare."""
        perdus = [info.libelle for info in self._champs if info.nom not in self._leurs.champs]
        if perdus:
            noms = ", ".join(f"« {libelle} »" for libelle in perdus)
            self._tout.constats.append(f"{self._leurs.feuille} : colonnes introuvables, non lues : {noms}.")
        self._completer_les_porteurs()
        base = list(self._base)
        siennes = self._part.lignes(self._collection, self._notres.lignes)
        notres = {id(b): n for b, n in apparier(base, siennes, self._cles) if b is not None}
        prises = {id(n) for n in notres.values() if n is not None}
        self._libres = [ligne for ligne in self._notres.lignes if id(ligne) not in prises]
        lues = self._leurs.champs | {self._porteur if self._part.genre == ETABLISSEMENT else None}
        complete = all(nom in lues for nom in self._cles)
        for avant, leur in apparier(base, self._leurs.lignes, self._cles):
            if avant is None and leur is not None:
                self._ajoutee(leur)
            elif avant is not None and leur is None and complete:
                self._retiree(avant, notres[id(avant)])
            elif avant is not None and leur is not None:
                self._commune(avant, leur, notres[id(avant)])

    def _completer_les_porteurs(self) -> None:
        """Dans la part d’un établissement, une ligne sans établissement est la sienne."""
        if self._part.genre != ETABLISSEMENT or self._porteur in (None, "code"):
            return
        info = self._info(str(self._porteur))
        for ligne in self._leurs.lignes:
            ligne.donnees.setdefault(info.nom, de_valeur(self._part.code, info))

    def _commune(self, avant: Ligne, leur: Ligne, notre: Ligne | None) -> None:
        if notre is not None:
            for info in self._champs:
                if info.nom in self._leurs.champs:
                    self._comparer(info, avant, leur, notre)
            return
        changee = any(leur.donnees.get(nom) != avant.donnees.get(nom) for nom in self._leurs.champs)
        if avant.preparee:
            if changee:
                self._proposee(avant, leur)
        elif changee:
            point = self._de_ligne("ligne retirée du classeur maître", leur, None, avant, None)
            if self._trancher(point, lambda: self._ajouter(leur)):
                self._remplacer(avant, leur)
        else:
            self._tout.constats.append(
                f"{self._notres.feuille} : la ligne {montrer_cle(avant, self._champs)}, retirée du classeur "
                "maître depuis l’envoi, n’a pas été changée par eux."
            )

    def _proposee(self, avant: Ligne, leur: Ligne) -> None:
        """Une ligne que nous avions préparée et qu’ils ont remplie : elle entre dans le classeur maître."""
        if all(lue.genre != "illisible" for lue in leur.donnees.values()):
            self._ajouter(leur)
            self._tout.prises += len(leur.donnees.keys() - set(self._cles))
            self._remplacer(avant, leur)
            return
        point = self._de_ligne("ligne illisible", leur, None, avant, None)
        if self._trancher(point, lambda: self._ajouter(leur)):
            self._remplacer(avant, leur)

    def _comparer(self, info: InfoChamp, avant: Ligne, leur: Ligne, notre: Ligne) -> None:
        """Une donnée, des trois côtés."""
        ancienne, recue = avant.donnees.get(info.nom), leur.donnees.get(info.nom)
        if recue == ancienne:
            return
        actuelle = notre.donnees.get(info.nom)
        if recue == actuelle:
            self._acquerir(avant, info.nom, recue)
            return
        if info.nom not in self._notres.champs:
            self._tout.bloquee = True
            self._tout.constats.append(self._sans_colonne(info, leur))
            return
        nature, propose = self._nature(info, avant, recue, actuelle, notre)
        if nature is None:
            self._prendre(notre, info.nom, recue)
            self._acquerir(avant, info.nom, recue)
            self._tout.prises += 1
            return
        point = Point(
            nature,
            self._tout.origine,
            self._notres.feuille,
            montrer_cle(notre, self._champs),
            info.libelle,
            montrer_donnee(ancienne, info),
            montrer_donnee(recue, info),
            montrer_donnee(actuelle, info),
            self._leurs.adresse(leur, info.nom),
            self._notres.adresse(notre, info.nom),
            propose,
        )
        if self._trancher(point, lambda: self._prendre(notre, info.nom, recue)):
            self._acquerir(avant, info.nom, recue)

    def _nature(
        self, info: InfoChamp, avant: Ligne, recue: Donnee | None, actuelle: Donnee | None, notre: Ligne
    ) -> tuple[str | None, Decision | None]:
        """Pourquoi une donnée changée doit être décidée, et ce qu’on propose ; `None` : elle est prise."""
        if actuelle != avant.donnees.get(info.nom):
            return "conflit", None
        if recue is not None and recue.genre == "illisible":
            return "valeur illisible", None
        if self._maitre.a_formule(self._collection, notre, info.nom):
            return "formule dans le classeur maître", None
        if info.nom == self._porteur:
            return "établissement changé", None
        if info.cle:
            return "clé changée", PRENDRE
        if info.nom in avant.envoyees:
            revenue = avant.envoyees[info.nom] == recue
            return ("revenue à l’envoi", GARDER) if revenue else ("corrigée depuis", PRENDRE)
        return ("effacée par eux", PRENDRE) if recue is None else (None, None)

    def _ajoutee(self, leur: Ligne) -> None:
        cle = leur.cle(self._cles)
        memes = [n for n in self._notres.lignes if n.cle(self._cles) == cle] if any(cle) else []
        if not self._cles:
            memes = [n for n in self._libres if n.donnees == leur.donnees]
        notre = memes[0] if memes else None
        if notre is not None and notre.donnees == leur.donnees:
            self._base.append(_copie(leur))
        elif not self._part.contient(self._collection, leur):
            point = self._de_ligne("ligne hors de leur part", leur, notre, None, None)
            self._trancher_ligne(point, leur, notre)
        elif notre is not None and notre in self._libres:
            self._libres = [libre for libre in self._libres if libre is not notre]
            self._base.append(Ligne({}))
            self._commune(self._base[-1], leur, notre)
        elif notre is not None:
            self._trancher_ligne(self._de_ligne("ligne en double", leur, notre, None, None), leur, None)
        else:
            entiere = all(leur.donnees.get(i.nom) for i in self._champs if i.cle and i.obligatoire)
            lisible = all(lue.genre != "illisible" for lue in leur.donnees.values())
            propose = PRENDRE if entiere and lisible else None
            point = self._de_ligne("ligne ajoutée", leur, None, None, propose)
            self._trancher_ligne(point, leur, None)

    def _trancher_ligne(self, point: Point, leur: Ligne, notre: Ligne | None) -> None:
        """Une ligne nouvelle de leur côté : ajoutée, ou reportée sur la nôtre, si la personne le veut."""

        def prendre() -> None:
            if notre is None:
                self._ajouter(leur)
                return
            for nom, recue in leur.donnees.items():
                if nom in self._notres.champs:
                    self._prendre(notre, nom, recue)

        if self._trancher(point, prendre):
            self._base.append(_copie(leur))

    def _retiree(self, avant: Ligne, notre: Ligne | None) -> None:
        """Une ligne envoyée qui n’est pas revenue."""
        if notre is None or not (avant.donnees.keys() | notre.donnees.keys()) - set(self._cles):
            return
        point = self._de_ligne("ligne retirée par eux", None, notre, avant, GARDER)
        if self._trancher(point, lambda: self._vider(notre)):
            self._base.remove(avant)

    def _de_ligne(
        self,
        nature: str,
        leur: Ligne | None,
        notre: Ligne | None,
        avant: Ligne | None,
        propose: Decision | None,
    ) -> Point:
        """Le point d’une ligne entière."""
        montree = leur or notre or avant or Ligne({})
        ancien, recu, actuel = (
            montrer_ligne(li, self._champs) if li else "(pas de ligne)" for li in (avant, leur, notre)
        )
        premiere = self._champs[0].nom
        return Point(
            nature,
            self._tout.origine,
            self._notres.feuille,
            montrer_cle(montree, self._champs),
            "(toute la ligne)",
            ancien,
            recu,
            actuel,
            self._leurs.adresse(leur, premiere) if leur else "",
            self._notres.adresse(notre, premiere) if notre else "",
            propose,
        )

    def _trancher(self, point: Point, prendre: Callable[[], object]) -> bool:
        """Demande la décision et l’applique ; faux s’il n’y en a pas encore."""
        decision = self._tout.demander(point)
        if decision == PRENDRE:
            prendre()
        return decision is not None

    def _prendre(self, notre: Ligne, champ: str, recue: Donnee | None) -> None:
        self._maitre.modifier(self._collection, notre, champ, recue, self._tout.origine)

    def _ajouter(self, leur: Ligne) -> None:
        self._maitre.ajouter(self._collection, leur.donnees, self._tout.origine)
        for info in self._champs:
            recue = leur.donnees.get(info.nom)
            if recue is not None and info.nom not in self._notres.champs:
                self._tout.constats.append(self._sans_colonne(info, leur))

    def _sans_colonne(self, info: InfoChamp, leur: Ligne) -> str:
        recue = montrer_donnee(leur.donnees.get(info.nom), info)
        return (
            f"{self._notres.feuille} : le classeur maître n’a plus la colonne « {info.libelle} » ; "
            f"« {recue} » ({self._leurs.adresse(leur, info.nom)}) n’y est pas."
        )

    def _vider(self, notre: Ligne) -> None:
        self._maitre.vider(self._collection, notre, self._tout.origine)

    def _info(self, champ: str) -> InfoChamp:
        return next(info for info in self._champs if info.nom == champ)

    def _remplacer(self, avant: Ligne, leur: Ligne) -> None:
        """La ligne acquise devient la leur."""
        for champ in self._leurs.champs:
            if leur.donnees.get(champ) != avant.donnees.get(champ):
                self._acquerir(avant, champ, leur.donnees.get(champ))
        avant.preparee = False

    @staticmethod
    def _acquerir(avant: Ligne, champ: str, recue: Donnee | None) -> None:
        avant.envoyees.setdefault(champ, avant.donnees.get(champ))
        if recue is None:
            avant.donnees.pop(champ, None)
        else:
            avant.donnees[champ] = recue


def _copie(leur: Ligne) -> Ligne:
    """Une ligne nouvelle de leur côté, telle qu’on en tient compte."""
    return Ligne(dict(leur.donnees), envoyees=dict.fromkeys(leur.donnees))
