"""L’arbre des erreurs : la personne peut agir, le message dit où, quoi et que faire.

ErreurCpomdocs
├── ErreurDossier       le dossier : absent, mal réglé, occupé par une autre commande   (code de sortie 2)
├── ErreurClasseur      le classeur maître : absent, illisible, chiffré                 (code de sortie 2)
├── ErreurFichier       un fichier Office refusé : chiffré, abîmé, démesuré, signé
├── ErreurFormulaire    une correspondance ou un gabarit inutilisable
├── ErreurChemin        un champ qui n’existe pas dans les modèles
└── ErreurEcriture      un fichier qu’on ne peut pas écrire : ouvert ailleurs, droits, chemin

Toute autre exception est un défaut du programme.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable

from rapidfuzz import fuzz, process

_MOTIFS = {
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.EROFS: "ce support est en lecture seule",
    errno.ENOENT: "il n’existe pas",
    errno.ENOTDIR: "un fichier porte le nom d’un répertoire du chemin",
    errno.EEXIST: "un fichier porte le nom d’un répertoire du chemin",
    errno.EISDIR: "un répertoire porte ce nom",
    errno.ENOTEMPTY: "un répertoire porte ce nom",
    errno.ENOSPC: "il n’y a plus de place",
    errno.EDQUOT: "il n’y a plus de place",
    errno.ENAMETOOLONG: "le nom est trop long",
    errno.EBUSY: "un autre programme s’en sert",
    errno.EIO: "le disque ou le réseau ne répond pas",
    errno.ETIMEDOUT: "le disque ou le réseau ne répond pas",
}


def motif(erreur: OSError) -> str:
    """Pourquoi le système a refusé un fichier, en français (il le dit dans la langue de la machine)."""
    return _MOTIFS.get(erreur.errno or 0, f"le système a répondu par l’erreur {erreur.errno}")


def vouliez_vous_dire(nom: str, connus: Iterable[str]) -> str:
    """« Vouliez-vous dire … ? » avec le nom connu le plus proche, ou une chaîne vide."""
    proche = process.extractOne(nom, list(connus), scorer=fuzz.ratio, score_cutoff=60)
    return f"Vouliez-vous dire « {proche[0]} » ?" if proche else ""


class ErreurCpomdocs(Exception):
    """Erreur que la personne peut corriger ; `message` dit où et quoi, `remede` dit que faire."""

    def __init__(self, message: str, remede: str = "") -> None:
        self.message = message
        self.remede = remede
        super().__init__(f"{message} {remede}".strip())


class ErreurDossier(ErreurCpomdocs):
    """Le dossier ne peut pas servir : absent, réglages illisibles, déjà occupé."""


class ErreurClasseur(ErreurCpomdocs):
    """Le classeur maître ne peut pas servir : absent, illisible, chiffré."""


class ErreurFichier(ErreurCpomdocs):
    """Un fichier Office est refusé : chiffré, abîmé, démesuré, signé, d’un format non pris en charge."""


class ErreurFormulaire(ErreurCpomdocs):
    """Un formulaire ne peut pas servir : correspondance invalide, gabarit absent ou changé."""


class ErreurChemin(ErreurCpomdocs):
    """Un champ écrit dans une correspondance n’existe pas dans les modèles."""


class ErreurEcriture(ErreurCpomdocs):
    """Un document ne peut pas être écrit : ouvert ailleurs, droits manquants, chemin trop long."""
