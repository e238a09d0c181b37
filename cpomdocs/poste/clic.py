"""La porte des boutons : une action, un classeur, une réponse ; rien n’est levé ni dit à l’écran."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from cpomdocs.classeur.macros.boutons import Action
from cpomdocs.erreurs import ErreurCpomdocs, motif
from cpomdocs.journal import noter
from cpomdocs.poste import emplacement
from cpomdocs.poste.gestes import GESTES, Clic
from cpomdocs.poste.reponse import Reponse, canal_vivant
from cpomdocs.reglages import PRIVE
from cpomdocs.suivi import Suivi


class Ecran(Suivi, Protocol):
    """Où se dit l’avancement d’un clic."""

    def dire(self, texte: str) -> None:
        """Montre une phrase d’avancement."""


def repondre(action: Action, adresse: str, fichier: Path, jeton: str) -> None:
    """Fait ce que le bouton demande, et pose la réponse à côté de `fichier`, où se lit l’avancement.

    `adresse` : le chemin du classeur, ou son adresse OneDrive ; `jeton` : ce que la macro y a noté.
    """
    with canal_vivant(fichier) as canal:
        canal.finir(executer(action, adresse, jeton, canal))


def executer(action: Action, adresse: str, jeton: str, ecran: Ecran) -> Reponse:
    """Fait ce que le bouton demande ; toute difficulté est une phrase de la réponse."""
    prive: Path | None = None
    try:
        classeur = emplacement.trouver(adresse, "" if action == "ouvrir" else jeton, ecran.dire)
        prive = classeur.parent / PRIVE
        emplacement.verifier(classeur)
        return GESTES[action](Clic(classeur, ecran))
    except ErreurCpomdocs as erreur:
        return Reponse(f"{erreur.message}\n{erreur.remede}".strip(), "echec")
    except OSError as erreur:
        quoi = f"« {erreur.filename} »" if erreur.filename else "Un fichier"
        remede = "Vérifier les droits sur le dossier et la place libre, puis recommencer."
        return Reponse(f"{quoi} ne peut pas être lu ou écrit : {motif(erreur)}.\n{remede}", "echec")
    except Exception as defaut:
        if prive is not None and prive.is_dir():
            noter(prive, "bouton", defaut)
        return Reponse(
            "cpomdocs a rencontré un défaut : ce n’est pas de votre fait.\n"
            f"Le journal du dossier ({PRIVE}/journal.log) dit où : le joindre à un signalement.",
            "echec",
        )
