"""Produire un document : le remplir, le vérifier, le poser ; ne pas refaire ce qui est à jour."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from cpomdocs.certificat.verification import certifier
from cpomdocs.ecriture.depot import deposer, en_place, prevoir_depot
from cpomdocs.ecriture.etat import Etat, Trace
from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.journal import noter
from cpomdocs.plan import DocumentPrevu
from cpomdocs.plan.lectures import Lecture, differences, empreinte_des_lectures, lectures
from cpomdocs.rapport import Anomalie, DocumentProduit
from cpomdocs.reglages import PRIVE
from cpomdocs.remplissage.moteurs import remplir
from cpomdocs.saisies import Refus, Remplissage


@dataclass(frozen=True)
class Demande:
    """Ce qu’on demande au couloir ; sans établissement ni formulaire nommé, tous."""

    dossier: Path
    etablissements: frozenset[str] = frozenset()
    formulaires: frozenset[str] = frozenset()
    forcer: bool = False
    a_blanc: bool = False


class Souvenir(BaseModel):
    """Ce qu’on retient d’un document : les valeurs lues, et les cases que le gabarit a refusées."""

    lectures: list[Lecture]
    refus: list[Anomalie]

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


def produire(prevu: DocumentPrevu, demande: Demande, etat: Etat) -> tuple[DocumentProduit, list[Anomalie]]:
    """Remplit, vérifie et dépose un document ; une difficulté ne concerne que lui."""
    if prevu.empechement is not None:
        return _en_erreur(prevu, prevu.empechement.message), [prevu.empechement]
    try:
        return _remplir_et_deposer(prevu, demande, etat)
    except ErreurCpomdocs as erreur:
        return _en_erreur(prevu, erreur.message), [_anomalie(prevu, "EC-01", erreur.message, erreur.remede)]
    except Exception as defaut:
        noter(demande.dossier / PRIVE, prevu.cle, defaut)
        message = "Défaut de cpomdocs : ce document n’a pas été produit."
        remede = f"Le journal {PRIVE}/journal.log dit pourquoi ; les autres documents sont produits."
        return _en_erreur(prevu, message), [_anomalie(prevu, "EC-99", message, remede)]


def _remplir_et_deposer(
    prevu: DocumentPrevu, demande: Demande, etat: Etat
) -> tuple[DocumentProduit, list[Anomalie]]:
    lues = lectures(prevu)
    empreinte = empreinte_des_lectures(prevu, lues)
    souvenir = _se_souvenir(etat.trace(prevu.cle))
    if souvenir is not None and not demande.forcer and _a_jour(prevu, demande.dossier, empreinte, etat):
        statut = ("a_blanc", "resterait inchangé") if demande.a_blanc else ("inchange", None)
        return _compte(prevu, len(souvenir.refus), statut=statut[0], message=statut[1]), souvenir.refus
    rempli = remplir(prevu.formulaire.gabarit, prevu.saisies, prevu.contexte)
    refus = [_refus(prevu, r) for r in rempli.refus]
    ecarts = _verifier(prevu, rempli)
    if ecarts:
        return _en_erreur(prevu, ecarts), [*refus, _anomalie(prevu, "CE-01", ecarts, "Signaler ce défaut.")]
    if demande.a_blanc:
        phrase = prevoir_depot(demande.dossier, prevu.cle, prevu.chemin, rempli.octets, etat)
        changements = differences(souvenir.lectures, lues) if souvenir is not None else ""
        message = f"{phrase} : {changements}" if changements else phrase
        return _compte(prevu, len(refus), statut="a_blanc", message=message), refus
    depot = deposer(demande.dossier, prevu.cle, prevu.chemin, rempli.octets, etat, forcer=demande.forcer)
    if depot.statut in ("cree", "remplace", "inchange"):
        etat.retenir(prevu.cle, empreinte, Souvenir(lectures=lues, refus=refus).en_octets())
    conflit = depot.chemin_conflit.relative_to(demande.dossier).as_posix() if depot.chemin_conflit else None
    suite = {"statut": depot.statut, "message": depot.message, "chemin_conflit": conflit}
    return _compte(prevu, len(refus), **suite), refus


def _a_jour(prevu: DocumentPrevu, racine: Path, empreinte: str, etat: Etat) -> bool:
    """Vrai si le document en place vient des mêmes lectures et n’a pas été touché depuis.

    Un document balisé lit aussi dans ses conditions : il est toujours rendu de nouveau, puis comparé.
    """
    trace = etat.trace(prevu.cle)
    return (
        prevu.formulaire.correspondance.genre != "balises"
        and trace is not None
        and trace.lectures == empreinte
        and en_place(racine, trace)
    )


def _se_souvenir(trace: Trace | None) -> Souvenir | None:
    return None if trace is None or trace.souvenir is None else Souvenir.relire(trace.souvenir)


def _verifier(prevu: DocumentPrevu, rempli: Remplissage) -> str:
    """Ce que la vérification de conformité reproche au document, en une phrase, ou une chaîne vide."""
    formulaire = prevu.formulaire
    ecarts = certifier(formulaire.correspondance.genre, formulaire.octets, rempli.octets, rempli.ecrites)
    lieux = " ; ".join(f"{e.lieu} : {e.message}" for e in ecarts[:5])
    return f"Vérification de conformité refusée, document non livré : {lieux}." if ecarts else ""


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
