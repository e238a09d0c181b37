"""Fabriquer des documents : remplir, recalculer, vérifier. Rien n’est lu ni écrit sur le disque."""

from __future__ import annotations

import traceback

from cpomdocs import __version__
from cpomdocs.atelier.travail import Extrait, Fabrication, Lot, Travail
from cpomdocs.certificat.verification import certifier
from cpomdocs.erreurs import ErreurCpomdocs, ErreurDossier
from cpomdocs.formulaires.catalogue import gabarit_prepare
from cpomdocs.rapport import Anomalie
from cpomdocs.recalcul import (
    Recalculateur,
    anomalies_du_recalcul,
    comparer,
    moteur_disponible,
    moteur_installe,
)
from cpomdocs.remplissage.moteurs import remplir
from cpomdocs.saisies import Annexe, Refus

_ECARTS_DITS = 5


def fabriquer_lot(lot: Lot) -> list[Fabrication]:
    """Les documents du lot, dans l’ordre ; ce qui arrive à l’un n’arrête pas les autres."""
    return [_fabriquer_ou_dire(travail, lot) for travail in lot.travaux]


def _fabriquer_ou_dire(travail: Travail, lot: Lot) -> Fabrication:
    try:
        return _fabriquer(travail, lot)
    except ErreurCpomdocs as erreur:
        return Fabrication(erreur=(erreur.message, erreur.remede))
    except Exception as defaut:
        lieux = "".join(traceback.format_tb(defaut.__traceback__))
        return Fabrication(defaut=(type(defaut).__name__, lieux))


def _fabriquer(travail: Travail, lot: Lot) -> Fabrication:
    contexte = travail.contexte.contexte() if isinstance(travail.contexte, Extrait) else travail.contexte
    gabarit = gabarit_prepare(lot.genre, lot.gabarit, lot.fichier)
    rempli = remplir(gabarit, travail.saisies, contexte, dict(travail.images))
    octets, anomalies = rempli.octets, [_refus(travail, lot, refus) for refus in rempli.refus]
    if lot.genre == "excel":
        octets, calcul = _recalculateur(lot).recalculer(lot.gabarit, octets, langue=lot.langue)
        anomalies += anomalies_du_recalcul(calcul, lot.formulaire, travail.etablissement)
        resultats = calcul.resultats or {}
        anomalies += comparer(resultats, travail.comparaisons, lot.formulaire, travail.etablissement)
    annexes = [fichier.octets for _, fichier in travail.images if isinstance(fichier, Annexe)]
    ecarts = certifier(lot.genre, lot.gabarit, octets, rempli.ecrites, annexes)
    lieux = " ; ".join(f"{e.lieu} : {e.message}" for e in ecarts[:_ECARTS_DITS])
    reproche = f"Vérification de conformité refusée, document non livré : {lieux}." if ecarts else ""
    return Fabrication(octets, reproche, len(rempli.refus), tuple(anomalies))


def _recalculateur(lot: Lot) -> Recalculateur:
    """Le recalcul que le lot demande. Lève `ErreurDossier` si ce programme ne le ferait pas à l’identique."""
    if lot.version != __version__ or lot.moteur not in (None, moteur_installe()):
        raise ErreurDossier(
            "Le travailleur n’a pas la même version de cpomdocs ou du moteur de calcul.",
            "Installer partout les mêmes versions : les documents doivent être les mêmes.",
        )
    recalculateur = Recalculateur(moteur_disponible() if lot.moteur else None, None, lot.maintenant)
    if lot.constat is not None:
        recalculateur.admettre(lot.gabarit, lot.langue, lot.constat)
    return recalculateur


def _refus(travail: Travail, lot: Lot, refus: Refus) -> Anomalie:
    valeur = refus.saisie.valeur
    return Anomalie(
        code=refus.code,
        gravite="bloquante",
        etablissement=travail.etablissement,
        formulaire=lot.formulaire,
        champ=valeur.champ,
        libelle=valeur.libelle,
        sources=valeur.sources,
        message=refus.message,
        remede=refus.remede or None,
    )
