"""Produire un document : le remplir, le vérifier, le poser ; ne pas refaire ce qui est à jour."""

from __future__ import annotations

import datetime
import sqlite3
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ValidationError

from cpomdocs.certificat.verification import certifier
from cpomdocs.ecriture.depot import en_place, prevoir_depot
from cpomdocs.ecriture.etat import Etat, Trace
from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.journal import noter
from cpomdocs.livraison import RIEN_A_GARDER, livrer
from cpomdocs.plan import DocumentPrevu
from cpomdocs.plan.illustrations import illustrer
from cpomdocs.plan.lectures import Lecture, differences, empreinte_des_lectures, lectures
from cpomdocs.rapport import Anomalie, DocumentProduit
from cpomdocs.recalcul import (
    Recalculateur,
    anomalies_du_recalcul,
    comparer,
    moteur_disponible,
    moteur_installe,
)
from cpomdocs.reglages import PRIVE
from cpomdocs.remplissage.moteurs import remplir
from cpomdocs.saisies import Refus


@dataclass(frozen=True)
class Demande:
    """Ce qu’on demande au couloir ; sans établissement, formulaire ni document nommé, tous.

    `documents` : des débuts de clés, « formulaire/établissement » ; `classeur` : celui du dossier, sinon.
    """

    dossier: Path
    etablissements: frozenset[str] = frozenset()
    formulaires: frozenset[str] = frozenset()
    forcer: bool = False
    a_blanc: bool = False
    recalcul: bool = True
    pdf: bool = False
    garder: bool = False
    documents: frozenset[str] = frozenset()
    classeur: Path | None = None


@dataclass
class Atelier:
    """Ce que les documents d’une même commande partagent ; le moteur de calcul n’est chargé que s’il sert.

    `date` : la valeur d’AUJOURDHUI() dans les formulaires, la date de référence du dossier.
    """

    demande: Demande
    etat: Etat
    date: datetime.date | None = None

    @cached_property
    def recalculateur(self) -> Recalculateur:
        """Le recalcul des totaux, ou celui qui les laisse à Excel."""
        maintenant = datetime.datetime.combine(self.date, datetime.time()) if self.date else None
        moteur = moteur_disponible() if self.demande.recalcul else None
        return Recalculateur(moteur, self.demande.dossier / PRIVE / "qualifications", maintenant)

    @cached_property
    def contexte(self) -> str:
        """Ce dont les documents dépendent en plus de leurs lectures : le moteur de calcul et la date."""
        return f"{moteur_installe() if self.demande.recalcul else None} {self.date}"


class Souvenir(BaseModel):
    """Ce qu’on retient d’un document : valeurs lues, nombre de cases refusées, anomalies dites."""

    lectures: list[Lecture]
    refusees: int
    anomalies: list[Anomalie]

    def en_octets(self) -> bytes:
        """Le souvenir, compressé, tel que l’état le garde."""
        return zlib.compress(self.model_dump_json().encode(), 1)

    @classmethod
    def relire(cls, octets: bytes) -> Souvenir | None:
        """Le souvenir gardé, ou `None` s’il ne se lit plus."""
        try:
            return cls.model_validate_json(zlib.decompress(octets))
        except (zlib.error, ValidationError):
            return None


def produire(prevu: DocumentPrevu, atelier: Atelier) -> tuple[DocumentProduit, list[Anomalie]]:
    """Remplit, vérifie et dépose un document ; une difficulté ne concerne que lui."""
    if prevu.empechement is not None:
        return _en_erreur(prevu, prevu.empechement.message), [prevu.empechement]
    try:
        prevu, sans_image = illustrer(prevu, atelier.demande.dossier)
        produit, anomalies = _remplir_et_deposer(prevu, atelier)
        return produit, [*sans_image, *anomalies]
    except ErreurCpomdocs as erreur:
        return _en_erreur(prevu, erreur.message), [_anomalie(prevu, "EC-01", erreur.message, erreur.remede)]
    except sqlite3.DatabaseError:
        raise  # l’état est abîmé : la commande entière recommence
    except Exception as defaut:
        noter(atelier.demande.dossier / PRIVE, prevu.cle, defaut)
        message = "Défaut de cpomdocs : ce document n’a pas été produit."
        remede = f"Le journal {PRIVE}/journal.log dit pourquoi ; les autres documents sont produits."
        return _en_erreur(prevu, message), [_anomalie(prevu, "EC-99", message, remede)]


def _remplir_et_deposer(prevu: DocumentPrevu, atelier: Atelier) -> tuple[DocumentProduit, list[Anomalie]]:
    demande, etat = atelier.demande, atelier.etat
    lues = lectures(prevu)
    empreinte = empreinte_des_lectures(prevu, lues, atelier.contexte)
    souvenir = _se_souvenir(etat.trace(prevu.cle))
    if souvenir is not None and not demande.forcer and _a_jour(prevu, demande.dossier, empreinte, etat):
        dit = RIEN_A_GARDER if demande.garder else None
        statut = ("a_blanc", "resterait inchangé") if demande.a_blanc else ("inchange", dit)
        produit = _compte(prevu, souvenir.refusees, statut=statut[0], message=statut[1])
        return produit, souvenir.anomalies
    octets, ecarts, nouveau = _fabriquer(prevu, lues, atelier)
    if ecarts:
        defaut = _anomalie(prevu, "CE-01", ecarts, "Signaler ce défaut.")
        return _en_erreur(prevu, ecarts), [*nouveau.anomalies, defaut]
    if demande.a_blanc:
        phrase = prevoir_depot(demande.dossier, prevu.cle, prevu.chemin, octets, etat)
        changements = differences(souvenir.lectures, lues) if souvenir is not None else ""
        message = f"{phrase} : {changements}" if changements else phrase
        return _compte(prevu, nouveau.refusees, statut="a_blanc", message=message), nouveau.anomalies
    options = {"forcer": demande.forcer, "garder": demande.garder}
    suite = livrer(prevu, octets, (empreinte, nouveau.en_octets()), demande.dossier, etat, **options)
    return _compte(prevu, nouveau.refusees, **suite), nouveau.anomalies


def _fabriquer(prevu: DocumentPrevu, lues: list[Lecture], atelier: Atelier) -> tuple[bytes, str, Souvenir]:
    """Le document rempli et recalculé, ce que la vérification lui reproche, et ce qu’on en retient."""
    formulaire = prevu.formulaire
    genre, entete = formulaire.correspondance.genre, formulaire.correspondance.formulaire
    rempli = remplir(formulaire.gabarit, prevu.saisies, prevu.contexte)
    octets, anomalies = rempli.octets, [_refus(prevu, refus) for refus in rempli.refus]
    if genre == "excel":
        livree = formulaire.repertoire / "qualification.json"
        octets, calcul = atelier.recalculateur.recalculer(
            formulaire.octets, octets, langue=entete.langue, livree=livree
        )
        anomalies += anomalies_du_recalcul(calcul, formulaire.nom, prevu.etablissement)
        resultats = calcul.resultats or {}
        anomalies += comparer(resultats, prevu.comparaisons, formulaire.nom, prevu.etablissement)
    ecarts = certifier(genre, formulaire.octets, octets, rempli.ecrites)
    lieux = " ; ".join(f"{e.lieu} : {e.message}" for e in ecarts[:5])
    reproche = f"Vérification de conformité refusée, document non livré : {lieux}." if ecarts else ""
    return octets, reproche, Souvenir(lectures=lues, refusees=len(rempli.refus), anomalies=anomalies)


def _a_jour(prevu: DocumentPrevu, racine: Path, empreinte: str, etat: Etat) -> bool:
    """Vrai si le document en place vient des mêmes lectures et n’a pas été touché depuis."""
    trace = etat.trace(prevu.cle)
    return trace is not None and trace.lectures == empreinte and en_place(racine, trace)


def _se_souvenir(trace: Trace | None) -> Souvenir | None:
    return None if trace is None or trace.souvenir is None else Souvenir.relire(trace.souvenir)


def _compte(prevu: DocumentPrevu, refusees: int, **suite: object) -> DocumentProduit:
    remplies = sum(v.valeur is not None for v in prevu.valeurs) - refusees
    return DocumentProduit.model_validate(
        {
            "cle": prevu.cle,
            "formulaire": prevu.formulaire.nom,
            "etablissement": prevu.etablissement,
            "chemin": prevu.chemin,
            "cases_remplies": max(remplies, 0),
            "cases_manquantes": len(prevu.manquantes) + refusees,
            **suite,
        }
    )


def _en_erreur(prevu: DocumentPrevu, message: str) -> DocumentProduit:
    return _compte(prevu, 0, statut="erreur", message=message)


def _refus(prevu: DocumentPrevu, refus: Refus) -> Anomalie:
    valeur = refus.saisie.valeur
    return Anomalie(
        code=refus.code,
        gravite="bloquante",
        etablissement=prevu.etablissement,
        formulaire=prevu.formulaire.nom,
        champ=valeur.champ,
        libelle=valeur.libelle,
        sources=valeur.sources,
        message=refus.message,
        remede=refus.remede or None,
    )


def _anomalie(prevu: DocumentPrevu, code: str, message: str, remede: str) -> Anomalie:
    return Anomalie(
        code=code,
        gravite="bloquante",
        etablissement=prevu.etablissement,
        formulaire=prevu.formulaire.nom,
        message=message,
        remede=remede or None,
    )
