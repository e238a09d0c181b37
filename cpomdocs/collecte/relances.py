"""Relancer : pour chaque part en retard, un texte et un brouillon de courriel. Rien n’est envoyé."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from cpomdocs.collecte.avancement import EtatDePart
from cpomdocs.collecte.lieux import RELANCES, nom_de_fichier
from cpomdocs.collecte.registre import ouvrir_registre
from cpomdocs.collecte.tableau import ecrire_tableau
from cpomdocs.ecriture.depot import poser
from cpomdocs.ecriture.occupation import occuper
from cpomdocs.erreurs import ErreurDossier
from cpomdocs.journal import journaliser
from cpomdocs.reglages import PRIVE, lire_reglages, trouver_classeur

_COURRIEL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
_CITEES = 5
"""Données citées par feuille ; les autres sont comptées."""
_CLASSEUR = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True)
class Relance:
    """Un rappel : à qui, l’objet, le texte, et les fichiers écrits (texte et brouillon), dans le dossier."""

    part: str
    destinataire: str
    courriel: str
    objet: str
    texte: str
    fichiers: tuple[str, ...] = ()


def relancer(
    racine: Path, *, tous: bool = False, aujourd_hui: datetime.date | None = None
) -> tuple[list[Relance], list[EtatDePart]]:
    """Écrit une relance par part en retard (`tous` : par part incomplète) ; rend aussi l’état de toutes.

    Une part dont le retour attend une décision n’est pas relancée : c’est ici qu’on l’attend.
    Lève `ErreurDossier` ou `ErreurClasseur` quand rien ne peut être fait.
    """
    reglages = lire_reglages(racine)
    trouver_classeur(racine, reglages)
    prive, jour = racine / PRIVE, aujourd_hui or datetime.date.today()
    with (
        occuper(prive, reglages.attente_verrou),
        journaliser(prive, "relances"),
        ouvrir_registre(prive) as registre,
    ):
        etats = ecrire_tableau(racine, registre, jour)
        if not etats:
            raise ErreurDossier(
                "Ce dossier n’a encore rien réparti.", "Commencer par « cpomdocs classeur repartir »."
            )
        voulus = [e for e in etats if not e.a_decider and (e.en_retard or (tous and not e.complete))]
        return [_ecrire(racine, etat) for etat in voulus], etats


def _ecrire(racine: Path, etat: EtatDePart) -> Relance:
    envoi = etat.envoi
    joint = racine / envoi.fichier if not etat.retours else None
    joint = joint if joint is not None and joint.is_file() else None
    objet, texte = _objet(etat), composer_texte(etat, joint is not None)
    courriel = envoi.courriel if _COURRIEL.fullmatch(envoi.courriel) else ""
    chemins = [
        f"{RELANCES}/{nom_de_fichier(f'Relance {envoi.part.nom}', suffixe)}" for suffixe in (".txt", ".eml")
    ]
    poser(racine / chemins[0], f"Objet : {objet}\n\n{texte}".encode())
    poser(racine / chemins[1], _brouillon(objet, texte, courriel, joint))
    return Relance(envoi.part.nom, envoi.destinataire, courriel, objet, texte, tuple(chemins))


def _objet(etat: EtatDePart) -> str:
    return " ".join(f"CPOM : données attendues pour {etat.envoi.part.libelle}".split())


def composer_texte(etat: EtatDePart, joint: bool) -> str:
    """Le texte du rappel. `joint` : le fichier envoyé est joint de nouveau."""
    envoi = etat.envoi
    delai = f", à renvoyer avant le {envoi.echeance:%d/%m/%Y}" if envoi.echeance else ""
    recu = (
        f"Votre réponse a été reçue le {etat.recu_le:%d/%m/%Y}, merci ; elle n’est pas encore complète."
        if etat.recu_le
        else "Nous n’avons encore rien reçu."
    )
    manquent, attendues = len(etat.manques), etat.completude.attendues
    combien = f"Il manque {manquent} données sur {attendues}" if manquent > 1 else "Il manque une donnée"
    paragraphes = [
        f"Bonjour {envoi.destinataire},",
        f"Le {envoi.date:%d/%m/%Y}, nous vous avons envoyé « {Path(envoi.fichier).name} »{delai}. {recu}",
        "\n".join([f"{combien} :", *_par_feuille(etat)]),
        "Il suffit de remplir les cellules jaunes (SO si une donnée est sans objet), d’enregistrer et de "
        "répondre à ce message" + (" ; le fichier est joint de nouveau." if joint else "."),
        f"Une question ? {envoi.contact}",
        "Merci.",
    ]
    return "\n\n".join(paragraphes) + "\n"


def _par_feuille(etat: EtatDePart) -> Sequence[str]:
    libelles: dict[str, list[str]] = {}
    for valeur in etat.manques:
        libelles.setdefault(valeur.sources[0].feuille, []).append(valeur.libelle)
    lignes = []
    for feuille, tous in libelles.items():
        cites = list(dict.fromkeys(tous))
        suite = "…" if len(cites) > _CITEES else ""
        lignes.append(f"  - {feuille} : {len(tous)} ({', '.join(cites[:_CITEES])}{suite})")
    return lignes


def _brouillon(objet: str, texte: str, courriel: str, joint: Path | None) -> bytes:
    """Un fichier .eml que la messagerie ouvre comme un message à relire et à envoyer."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = objet
    if courriel:
        message["To"] = courriel
    message["X-Unsent"] = "1"
    message.set_content(texte)
    if joint is not None:
        genre, sous_genre = _CLASSEUR
        message.add_attachment(joint.read_bytes(), maintype=genre, subtype=sous_genre, filename=joint.name)
    return message.as_bytes()
