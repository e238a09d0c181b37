"""Les cases d’un document qui reçoivent une image : le fichier que leur valeur nomme, lu dans le dossier."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cpomdocs.atelier.annexes import charger_fichier
from cpomdocs.atelier.images import charger_image
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.plan.anomalies import anomalie_bloquante
from cpomdocs.plan.documents import DocumentPrevu
from cpomdocs.rapport import Anomalie
from cpomdocs.remplissage.moteurs import attend_une_image
from cpomdocs.saisies import Annexe, Image, Saisie


def images_nommees(prevu: DocumentPrevu) -> list[str]:
    """Les noms des images que le document demande."""
    noms = ((saisie.a_ecrire, saisie.case) for saisie in prevu.saisies)
    gabarit = prevu.formulaire.gabarit
    des_cases = [n for n, c in noms if isinstance(n, str) and n.strip() and attend_une_image(gabarit, c)]
    return [*des_cases, *prevu.images_citees]


def illustrer(prevu: DocumentPrevu, dossier: Path) -> tuple[DocumentPrevu, list[Anomalie]]:
    """Le document prévu, ses images lues ; une image qui ne peut pas servir laisse sa case, et se dit."""
    prevu, anomalies = _illustrer_les_balises(prevu, dossier)
    gabarit = prevu.formulaire.gabarit
    saisies: list[Saisie] = []
    for saisie in prevu.saisies:
        nom = saisie.a_ecrire
        if not isinstance(nom, str) or not nom.strip() or not attend_une_image(gabarit, saisie.case):
            saisies.append(saisie)
            continue
        try:
            saisies.append(replace(saisie, image=charger_image(dossier, nom)))
        except ErreurFichier as erreur:
            anomalies.append(_absente(prevu, saisie, erreur))
    if len(saisies) == len(prevu.saisies) and not any(saisie.image for saisie in saisies):
        return prevu, anomalies
    perdues = {id(s.valeur) for s in prevu.saisies} - {id(s.valeur) for s in saisies}
    valeurs = tuple(replace(v, valeur=None, etat="vide") if id(v) in perdues else v for v in prevu.valeurs)
    return replace(prevu, saisies=tuple(saisies), valeurs=valeurs), anomalies


def _illustrer_les_balises(prevu: DocumentPrevu, dossier: Path) -> tuple[DocumentPrevu, list[Anomalie]]:
    """Le document prévu, les fichiers de ses balises lus ; un fichier refusé laisse sa place, et se dit."""
    images: list[tuple[str, Image | Annexe]] = []
    anomalies = []
    for nom in prevu.images_citees:
        try:
            images.append((nom, charger_fichier(dossier, nom)))
        except ErreurFichier as erreur:
            message = f"{erreur.message} Sa place reste vide."
            situation = (prevu.formulaire, prevu.contexte, message, erreur.remede)
            anomalies.append(anomalie_bloquante("DM-05", *situation))
    return (replace(prevu, images=tuple(images)) if images else prevu), anomalies


def _absente(prevu: DocumentPrevu, saisie: Saisie, erreur: ErreurFichier) -> Anomalie:
    message = f"{erreur.message} La case « {saisie.case} » reste vide."
    anomalie = anomalie_bloquante("DM-05", prevu.formulaire, prevu.contexte, message, erreur.remede)
    valeur = saisie.valeur
    situation = {"champ": valeur.champ, "libelle": valeur.libelle, "sources": valeur.sources}
    return anomalie.model_copy(update=situation)
