"""Où va chaque document : un chemin sûr sur tous les systèmes, ou l’anomalie qui l’interdit."""

from __future__ import annotations

from cpomdocs.ecriture.noms import LONGUEUR_CHEMIN, defaut_du_nom
from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.formulaires.correspondance import MOT
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.plan.anomalies import anomalie_bloquante
from cpomdocs.rapport import Anomalie


def chemin_de_sortie(
    formulaire: Formulaire, contexte: Contexte, copie: int = 1
) -> tuple[str, Anomalie | None]:
    """Le chemin de sortie relatif au dossier, et ce qui interdit de l’employer.

    `copie` : 2 pour la première « suite » du document.
    """
    entete = formulaire.correspondance.formulaire
    mots = _mots(contexte)
    nom = MOT.sub(lambda trouve: mots[trouve[1]], entete.sortie)
    if copie > 1:
        radical, point, suffixe = nom.rpartition(".")
        nom = f"{radical} (suite {copie}){point}{suffixe}"
    repertoire = mots["code"] if contexte.etablissement else "gestionnaire"
    chemin = f"sorties/{repertoire}/{nom}"
    for partie in (repertoire, nom):
        defaut = defaut_du_nom(partie)
        if defaut is not None:
            message = f"« {partie} » ne peut pas nommer un fichier : {defaut}."
            return chemin, anomalie_bloquante("CH-01", formulaire, contexte, message, _corriger(contexte))
    if len(chemin) > LONGUEUR_CHEMIN:
        message = f"Le chemin « {chemin} » dépasse {LONGUEUR_CHEMIN} caractères."
        return chemin, anomalie_bloquante("CH-01", formulaire, contexte, message, _corriger(contexte))
    return chemin, None


def _mots(contexte: Contexte) -> dict[str, str]:
    """Ce que le nom de sortie peut employer. Un FINESS absent laisse sa place au code de l’établissement."""
    etablissement, gestionnaire = contexte.etablissement, contexte.dossier.gestionnaire
    code = (etablissement.code if etablissement else None) or "gestionnaire"
    finess = etablissement.finess_et if isinstance(etablissement, Etablissement) else gestionnaire.finess_ej
    return {
        "N": str(contexte.dossier.parametres.annee_n or "N"),
        "code": code,
        "finess": finess or code,
        "sigle": gestionnaire.sigle or gestionnaire.finess_ej or "gestionnaire",
        "objectif": str(getattr(contexte.objectif, "numero", "") or ""),
    }


def _corriger(contexte: Contexte) -> str:
    quoi = "le code ou le FINESS de l’établissement" if contexte.etablissement else "le FINESS ou le sigle"
    return f"Corriger {quoi} dans le classeur maître."


def collision(chemin: str, autre: str, formulaire: Formulaire, contexte: Contexte) -> Anomalie:
    """L’anomalie d’un document dont un autre occupe déjà le chemin."""
    message = f"« {chemin} » est déjà le document de « {autre} », à la casse et aux accents près."
    return anomalie_bloquante("CH-03", formulaire, contexte, message, _corriger(contexte))
