"""La démonstration : un formulaire d’étape en étape, puis tous les documents à la suite."""

from __future__ import annotations

import datetime
import io
import statistics
import time
import warnings
from functools import partial
from pathlib import Path

import openpyxl

from cpomdocs import generer
from cpomdocs.certificat.verification import certifier
from cpomdocs.dossiers import creer_demonstration
from cpomdocs.formulaires.catalogue import charger_formulaires, repertoire_des_formulaires
from cpomdocs.lecture import lire_classeur
from cpomdocs.plan import DocumentPrevu, planifier
from cpomdocs.recalcul import moteur_disponible, qualifier, recalculer_document
from cpomdocs.remplissage.moteurs import preparer, remplir
from outils.banc.mesures import Action, alterner, comparer

_EXEMPLE = "eprd-simplifie"
_LANGUE = "fr-FR"
_JOUR = datetime.datetime(2026, 3, 31)


def mesurer(dossier: Path, fois: int) -> str:
    """Les tableaux du couloir ; `dossier` reçoit les démonstrations."""
    return "\n".join(
        [_mesurer_etapes(planifier_demonstration(dossier)[_EXEMPLE], fois), _mesurer_generer(dossier, fois)]
    )


def planifier_demonstration(dossier: Path) -> dict[str, DocumentPrevu]:
    """Un document prévu de chaque formulaire livré, avec les données de la démonstration."""
    donnees, _ = lire_classeur(creer_demonstration(dossier / "demo"))
    formulaires, _ = charger_formulaires(repertoire_des_formulaires(dossier / "demo"))
    return {prevu.formulaire.nom: prevu for prevu in planifier(donnees, formulaires)}


def _mesurer_etapes(prevu: DocumentPrevu, fois: int) -> str:
    """Ce que chaque étape coûte à un formulaire d’exemple ; la vérification et le recalcul sont à part."""
    octets, gabarit = prevu.formulaire.octets, prevu.formulaire.gabarit
    rempli = remplir(gabarit, prevu.saisies, prevu.contexte)
    actions: dict[str, Action] = {
        "openpyxl : ouvrir, enregistrer, sans rien remplir": partial(_rouvrir, octets),
        "gabarit préparé": partial(remplir, gabarit, prevu.saisies, prevu.contexte),
        "gabarit non préparé": lambda: remplir(
            preparer("excel", octets, "gabarit"), prevu.saisies, prevu.contexte
        ),
        "vérification de conformité": partial(certifier, "excel", octets, rempli.octets, rempli.ecrites),
    }
    moteur = moteur_disponible()
    if moteur is not None:
        actions["recalcul des totaux"] = partial(
            recalculer_document,
            octets,
            rempli.octets,
            moteur=moteur,
            qualification=qualifier(octets, moteur, _LANGUE),
            langue=_LANGUE,
            maintenant=_JOUR,
        )
    titre = f"Excel, formulaire d’exemple ({_EXEMPLE}, {len(rempli.ecrites)} cases)"
    tableau = comparer(titre, "devant openpyxl", alterner(actions, fois))
    return tableau if moteur else f"{tableau}\n\n- recalcul sauté : moteur non installé (extra « recalcul »)"


def _mesurer_generer(dossier: Path, fois: int) -> str:
    """Tous les documents : un dossier neuf, puis le même sans que rien n’ait changé."""
    releves: dict[str, list[float]] = {"première génération": [], "génération sans changement": []}
    nombre = 0
    for tour in range(max(2, fois // 3)):
        neuf = dossier / f"demo-{tour}"
        creer_demonstration(neuf)
        for durees in releves.values():
            debut = time.process_time()
            nombre = len(generer(neuf).documents)
            durees.append(time.process_time() - debut)
    medianes = {nom: statistics.median(durees) for nom, durees in releves.items()}
    return comparer(f"La démonstration entière ({nombre} documents)", "devant la première", medianes)


def _rouvrir(octets: bytes) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        classeur = openpyxl.load_workbook(io.BytesIO(octets))
    tampon = io.BytesIO()
    classeur.save(tampon)
    return tampon.getvalue()
