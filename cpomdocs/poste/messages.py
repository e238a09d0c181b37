"""Ce que la macro montre après un clic : combien de documents, combien d’anomalies, où regarder."""

from __future__ import annotations

from pathlib import Path

from cpomdocs.controle.rapport_excel import CHEMIN
from cpomdocs.poste.reponse import Ton
from cpomdocs.rapport import DocumentProduit, Rapport, Statut

_A_JOUR: tuple[Statut, ...] = ("cree", "remplace", "inchange", "garde")
_ECRITS: tuple[Statut, ...] = ("cree", "remplace")
_ECARTES: tuple[tuple[Statut, str, str], ...] = (
    ("conflit", "modifié à la main : la nouvelle version est posée à côté (feuille « Pilotage »)",
     "modifiés à la main : la nouvelle version est posée à côté (feuille « Pilotage »)"),
    ("verrouille", "ouvert ailleurs : à fermer, puis recommencer",
     "ouverts ailleurs : à fermer, puis recommencer"),
    ("erreur", "n’a pas pu être produit", "n’ont pas pu être produits"),
)  # fmt: skip


def bilan(rapport: Rapport, dossier: Path, depuis: float) -> str:
    """Le bilan d’une génération. `depuis` : l’instant de l’enregistrement ; un document plus récent a été
    mis à jour pour lui, par ce clic ou par la surveillance qui l’a devancé."""
    a_jour = [document for document in rapport.documents if document.statut in _A_JOUR]
    changes = sum(
        document.statut in _ECRITS or _plus_recent(dossier, document, depuis) for document in a_jour
    )
    suite = f"dont {changes} mis à jour maintenant" if changes else "aucun n’avait à changer"
    lignes = [f"{_compte(len(a_jour), 'document')} à jour, {suite}."]
    for statut, un, plusieurs in _ECARTES:
        nombre = rapport.resume.documents.get(statut, 0)
        lignes += [f"{nombre} {plusieurs if nombre > 1 else un}."] if nombre else []
    return "\n".join([*lignes, *_anomalies(rapport), f"Documents : {dossier / 'sorties'}"])


def constat(rapport: Rapport, dossier: Path) -> str:
    """Le bilan d’un contrôle."""
    lignes = _anomalies(rapport) or ["Rien à corriger : le dossier est complet."]
    return "\n".join([*lignes, f"Le détail, avec un lien vers chaque cellule : {dossier / CHEMIN}"])


def ton(rapport: Rapport) -> Ton:
    """Le ton du message : tout va bien, ou quelque chose demande une action."""
    return "attention" if rapport.code_sortie else "bien"


def resume(rapport: Rapport) -> str:
    """Une ligne, pour la cellule qui garde la dernière réponse."""
    a_jour = sum(document.statut in _A_JOUR for document in rapport.documents)
    bloquantes = rapport.resume.anomalies.get("bloquante", 0)
    documents = f"{_compte(a_jour, 'document')} à jour, " if a_jour else ""
    return f"{documents}{_compte(bloquantes, 'donnée')} à corriger."


def _anomalies(rapport: Rapport) -> list[str]:
    bloquantes = rapport.resume.anomalies.get("bloquante", 0)
    autres = rapport.resume.anomalies.get("avertissement", 0)
    morceaux = [f"{_compte(bloquantes, 'donnée')} à corriger avant l’envoi"] if bloquantes else []
    morceaux += [f"{autres} à vérifier"] if autres else []
    return [f"{', '.join(morceaux)} : voir {CHEMIN}."] if morceaux else []


def _plus_recent(dossier: Path, document: DocumentProduit, depuis: float) -> bool:
    fichier = dossier / document.chemin
    return document.statut == "inchange" and fichier.is_file() and fichier.stat().st_mtime >= depuis


def _compte(nombre: int, nom: str) -> str:
    return f"{nombre} {nom}s" if nombre > 1 else f"{nombre} {nom}"
