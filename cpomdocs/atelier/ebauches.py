"""Un document de bout en bout : décider s’il faut le refaire, le confier, puis livrer ce qui en revient."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from cpomdocs.atelier.anciens import inchange, relire_sort, retenir_sort, tranquille
from cpomdocs.atelier.commande import Atelier, Sort
from cpomdocs.atelier.illustrations import illustrer, images_nommees
from cpomdocs.atelier.livraison import livrer
from cpomdocs.atelier.travail import Fabrication, Travail
from cpomdocs.controle.completude import Completude, mesurer
from cpomdocs.ecriture.depot import prevoir_depot
from cpomdocs.ecriture.etat import Trace
from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.journal import noter, noter_lieux
from cpomdocs.modeles.observation import TOUTES, Repere, Reperes
from cpomdocs.plan import DocumentPrevu, Projet, prevoir
from cpomdocs.plan.anomalies import anomalie_bloquante
from cpomdocs.plan.lectures import Lecture, differences, empreinte_des_lectures, lectures
from cpomdocs.rapport import Anomalie, DocumentProduit
from cpomdocs.reglages import PRIVE

_T = TypeVar("_T")
_DEFAUT = "Défaut de cpomdocs : ce document n’a pas été produit."
_JOURNAL = f"Le journal {PRIVE}/journal.log dit pourquoi ; les autres documents sont produits."


class Souvenir(BaseModel):
    """Ce qu’on retient d’un document : valeurs lues, nombre de cases refusées, anomalies dites."""

    lectures: list[Lecture]
    refusees: int
    anomalies: list[Anomalie]

    def en_octets(self) -> bytes:
        """Le souvenir, compressé, tel que l’état le garde."""
        return zlib.compress(self.model_dump_json().encode(), 1)

    @classmethod
    def relire(cls, trace: Trace | None) -> Souvenir | None:
        """Le souvenir gardé, ou `None` s’il n’y en a pas ou s’il ne se lit plus."""
        if trace is None or trace.souvenir is None:
            return None
        try:
            return cls.model_validate_json(zlib.decompress(trace.souvenir))
        except (zlib.error, ValidationError):
            return None


@dataclass(frozen=True)
class Ebauche:
    """Un document planifié, qu’il faut fabriquer.

    `observees` : les parts du dossier que son plan a lues ; `dites` : les anomalies de ses images.
    """

    projet: Projet
    prevu: DocumentPrevu
    observees: Reperes
    images: dict[str, str]
    dites: tuple[Anomalie, ...]
    lues: list[Lecture]
    empreinte: str
    ancien: Souvenir | None

    @property
    def travail(self) -> Travail:
        """Ce qu’il y a à fabriquer."""
        prevu = self.prevu
        cases = (prevu.saisies, prevu.comparaisons)
        return Travail(prevu.cle, prevu.etablissement, *cases, prevu.contexte, prevu.images)


def ebaucher(projet: Projet, atelier: Atelier) -> Sort | Ebauche:
    """Le document tel qu’il est s’il est à jour ; sinon, ce qu’il faut pour le fabriquer."""
    return _sans_arreter(projet, atelier, lambda: _ebaucher(projet, atelier))


def achever(ebauche: Ebauche, fabrication: Fabrication, atelier: Atelier) -> Sort:
    """Pose le document fabriqué et dit ce qu’il est devenu."""
    sort = _sans_arreter(ebauche.projet, atelier, lambda: _achever(ebauche, fabrication, atelier))
    if sort.produit.statut in ("cree", "remplace", "inchange"):
        retenir_sort(ebauche.projet, atelier, sort, ebauche.observees, ebauche.images)
    return sort


def _ebaucher(projet: Projet, atelier: Atelier) -> Sort | Ebauche:
    if not atelier.demande.forcer and projet.empechement is None:
        sort = relire_sort(projet, atelier)
        if sort is not None:
            return sort
    prevu, observees = atelier.dossier.observer(partial(_planifier, projet, atelier))
    if prevu.empechement is not None:
        return _refuse(prevu, projet, (), prevu.empechement)
    images = {nom: atelier.empreinte_image(nom) for nom in images_nommees(prevu)}
    prevu, dites = illustrer(prevu, atelier.racine)
    lues = lectures(prevu)
    trace = atelier.etat.trace(prevu.cle)
    ebauche = Ebauche(
        projet,
        prevu,
        observees,
        images,
        tuple(dites),
        lues,
        empreinte_des_lectures(prevu, lues, atelier.contexte),
        Souvenir.relire(trace),
    )
    return ebauche if atelier.demande.forcer else _a_jour(ebauche, trace, atelier) or ebauche


def _planifier(projet: Projet, atelier: Atelier) -> DocumentPrevu:
    """Le document et son contenu ; l’établissement et l’objectif pour qui il est rempli comptent pour lus."""
    if projet.etablissement is not None:
        atelier.dossier.noter([Repere("etablissements", projet.etablissement)])
    if projet.contexte.objectif is not None:
        atelier.dossier.noter([Repere("objectifs", TOUTES)])
    return prevoir(projet)


def _a_jour(ebauche: Ebauche, trace: Trace | None, atelier: Atelier) -> Sort | None:
    """Le sort du document en place, s’il vient des mêmes lectures et n’a pas été touché depuis."""
    prevu, ancien = ebauche.prevu, ebauche.ancien
    if trace is None or ancien is None or trace.lectures != ebauche.empreinte:
        return None
    if not tranquille(trace, atelier):
        return None
    compte = _compte(prevu, ancien.refusees)
    produit = inchange(ebauche.projet, atelier, compte["cases_remplies"], compte["cases_manquantes"])
    sort = _sort(prevu, produit, [*ebauche.dites, *_resituer(ancien.anomalies, prevu)])
    retenir_sort(ebauche.projet, atelier, sort, ebauche.observees, ebauche.images)
    return sort


def _resituer(anomalies: Iterable[Anomalie], prevu: DocumentPrevu) -> list[Anomalie]:
    """Les mêmes anomalies, avec les cellules d’aujourd’hui : une ligne insérée déplace les suivantes."""
    valeurs = [*prevu.valeurs, *(saisie.valeur for saisie in prevu.comparaisons)]
    cellules = {valeur.champ: valeur.sources for valeur in valeurs}
    return [a.model_copy(update={"sources": cellules.get(a.champ or "", a.sources)}) for a in anomalies]


def _achever(ebauche: Ebauche, fabrication: Fabrication, atelier: Atelier) -> Sort:
    prevu, demande, ancien = ebauche.prevu, atelier.demande, ebauche.ancien
    dites = [*ebauche.dites, *fabrication.anomalies]
    if fabrication.defaut is not None:
        noter_lieux(atelier.racine / PRIVE, prevu.cle, *fabrication.defaut)
        return _refuse(prevu, ebauche.projet, dites, _anomalie(ebauche.projet, "EC-99", _DEFAUT, _JOURNAL))
    if fabrication.erreur is not None:
        return _refuse(prevu, ebauche.projet, dites, _anomalie(ebauche.projet, "EC-01", *fabrication.erreur))
    if fabrication.reproche:
        defaut = _anomalie(ebauche.projet, "CE-01", fabrication.reproche, "Signaler ce défaut.")
        return _refuse(prevu, ebauche.projet, dites, defaut)
    octets, compte = fabrication.octets, _compte(prevu, fabrication.refusees)
    if demande.a_blanc:
        phrase = prevoir_depot(demande.dossier, prevu.cle, prevu.chemin, octets, atelier.etat)
        changements = differences(ancien.lectures, ebauche.lues) if ancien is not None else ""
        message = f"{phrase} : {changements}" if changements else phrase
        return _sort(prevu, _produit(ebauche.projet, statut="a_blanc", message=message, **compte), dites)
    nouveau = Souvenir(
        lectures=ebauche.lues, refusees=fabrication.refusees, anomalies=list(fabrication.anomalies)
    )
    options = {"forcer": demande.forcer, "garder": demande.garder}
    retenue = (ebauche.empreinte, nouveau.en_octets())
    suite = livrer(prevu, octets, retenue, demande.dossier, atelier.etat, **options)
    return _sort(prevu, _produit(ebauche.projet, **suite, **compte), dites)


def _sans_arreter(projet: Projet, atelier: Atelier, faire: Callable[[], _T]) -> _T | Sort:
    """Ce que rend `faire` ; une difficulté ne concerne que ce document."""
    try:
        return faire()
    except ErreurCpomdocs as erreur:
        refus = _anomalie(projet, "EC-01", erreur.message, erreur.remede)
    except sqlite3.DatabaseError:
        raise  # l’état est abîmé : la commande entière recommence
    except Exception as defaut:
        noter(atelier.racine / PRIVE, projet.cle, defaut)
        refus = _anomalie(projet, "EC-99", _DEFAUT, _JOURNAL)
    produit = _produit(projet, statut="erreur", message=refus.message)
    return Sort(produit, (), (refus,), Completude(0, 0))


def _refuse(prevu: DocumentPrevu, projet: Projet, dites: Iterable[Anomalie], refus: Anomalie) -> Sort:
    """Le sort d’un document qui n’est pas produit, et pourquoi."""
    produit = _produit(projet, statut="erreur", message=refus.message, **_compte(prevu, 0))
    return _sort(prevu, produit, [*dites, refus])


def _sort(prevu: DocumentPrevu, produit: DocumentProduit, dites: Iterable[Anomalie]) -> Sort:
    return Sort(produit, prevu.anomalies, tuple(dites), mesurer(prevu.valeurs))


def _compte(prevu: DocumentPrevu, refusees: int) -> dict[str, int]:
    remplies = sum(v.valeur is not None for v in prevu.valeurs) - refusees
    manquantes = len(prevu.manquantes) + refusees
    return {"cases_remplies": max(remplies, 0), "cases_manquantes": manquantes}


def _produit(projet: Projet, **suite: object) -> DocumentProduit:
    return DocumentProduit.model_validate(
        {
            "cle": projet.cle,
            "formulaire": projet.formulaire.nom,
            "etablissement": projet.etablissement,
            "chemin": projet.chemin,
            **suite,
        }
    )


def _anomalie(projet: Projet, code: str, message: str, remede: str) -> Anomalie:
    return anomalie_bloquante(code, projet.formulaire, projet.contexte, message, remede)
