"""Poser un document à sa place, sans jamais écraser ce qu’une personne a changé."""

from __future__ import annotations

import hashlib
import itertools
import os
import secrets
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from cpomdocs.ecriture.etat import Etat, Trace
from cpomdocs.erreurs import ErreurEcriture, motif
from cpomdocs.rapport import Statut

A_COTE = "#nouveau"
"""Ce qui distingue, dans l’état, la clé du document posé à côté d’un document modifié à la main."""


@dataclass(frozen=True)
class Depot:
    """Le sort d’un document : son statut, et le fichier posé à côté en cas de conflit."""

    statut: Statut
    chemin_conflit: Path | None = None
    message: str | None = None


def empreinte(octets: bytes) -> str:
    """L’empreinte SHA-256, en hexadécimal."""
    return hashlib.sha256(octets).hexdigest()


def deposer(
    racine: Path, cle: str, relatif: str, octets: bytes, etat: Etat, *, forcer: bool = False
) -> Depot:
    """Pose `octets` à `racine/relatif`.

    Un fichier que cpomdocs n’a pas écrit, ou que quelqu’un a changé depuis, reste en place : le nouveau
    document est posé à côté (« conflit »), sauf `forcer`, qui en garde d’abord une copie.
    Lève `ErreurEcriture` si le disque refuse.
    """
    cible, nouvelle = racine / relatif, empreinte(octets)
    try:
        return _deposer(racine, cle, relatif, cible, octets, nouvelle, etat, forcer)
    except PermissionError:
        return Depot("verrouille", None, f"« {cible.name} » est ouvert dans un autre programme, ou protégé.")
    except OSError as erreur:
        raise ErreurEcriture(
            f"« {relatif} » n’a pas pu être écrit : {motif(erreur)}.",
            "Vérifier la place libre, les droits et le nom du répertoire.",
        ) from erreur
    except sqlite3.OperationalError as erreur:
        raise ErreurEcriture(
            f"« {relatif} » n’a pas été écrit : l’état du dossier (.cpomdocs) ne peut pas être mis à jour.",
            "Vérifier la place libre et les droits sur le dossier.",
        ) from erreur


def _deposer(
    racine: Path, cle: str, relatif: str, cible: Path, octets: bytes, nouvelle: str, etat: Etat, forcer: bool
) -> Depot:
    presente = empreinte(cible.read_bytes()) if cible.is_file() else None
    if presente == nouvelle:
        etat.confirmer(cle, relatif, nouvelle)
        _retirer_le_voisin(racine, cle, etat)
        return Depot("inchange")
    trace = etat.trace(cle)
    modifiee = presente is not None and not (trace is not None and trace.reconnait(presente))
    if modifiee and not forcer:
        voisin = _poser_a_cote(racine, cle, cible, octets, etat)
        return Depot("conflit", voisin, "Modifié à la main : la nouvelle version est posée à côté.")
    if verrou_office(cible):
        return Depot("verrouille", None, f"« {cible.name} » est ouvert : le fermer, puis relancer.")
    if modifiee:
        sauvegarder(racine, cible)
    etat.prevoir(cle, relatif, nouvelle)
    poser(cible, octets)
    etat.confirmer(cle, relatif, nouvelle)
    _retirer_le_voisin(racine, cle, etat)
    return Depot("cree" if presente is None else "remplace")


def en_place(racine: Path, trace: Trace) -> bool:
    """Vrai si le document que l’état a confirmé est là, et que personne ne l’a touché."""
    cible = racine / trace.chemin
    return trace.prevue is None and cible.is_file() and empreinte(cible.read_bytes()) == trace.ecrite


def prevoir_depot(racine: Path, cle: str, relatif: str, octets: bytes, etat: Etat) -> str:
    """Ce que `deposer` ferait, en une phrase, sans rien écrire."""
    cible = racine / relatif
    if not cible.is_file():
        return "serait créé"
    presente = empreinte(cible.read_bytes())
    if presente == empreinte(octets):
        return "resterait inchangé"
    trace = etat.trace(cle)
    if trace is not None and trace.reconnait(presente):
        return "serait remplacé"
    return "modifié à la main : la nouvelle version serait posée à côté"


def poser(cible: Path, octets: bytes) -> None:
    """Écrit le fichier entier ou pas du tout : provisoire dans le même répertoire, puis remplacement."""
    cible.parent.mkdir(parents=True, exist_ok=True)
    provisoire = cible.with_name(f".{secrets.token_hex(6)}.cpomdocs")
    try:
        with provisoire.open("wb") as flux:
            flux.write(octets)
            flux.flush()
            os.fsync(flux.fileno())
        provisoire.replace(cible)
    finally:
        provisoire.unlink(missing_ok=True)


def sauvegarder(racine: Path, fichier: Path) -> Path:
    """Copie un fichier dans `.cpomdocs/sauvegardes/`, sous un nom qui porte son empreinte."""
    repertoire = racine / ".cpomdocs" / "sauvegardes"
    repertoire.mkdir(parents=True, exist_ok=True, mode=0o700)
    marque = empreinte(fichier.read_bytes())[:12]
    copie = repertoire / f"{fichier.stem}.{marque}{fichier.suffix}"
    shutil.copy2(fichier, copie)
    return copie


def verrou_office(fichier: Path) -> Path | None:
    """Le fichier-verrou qu’Excel, Word ou LibreOffice laisse tant que ce fichier est ouvert."""
    nom = fichier.name
    candidats = (f"~${nom}", f"~${nom[2:]}", f".~lock.{nom}#")
    return next((v for v in (fichier.with_name(c) for c in candidats) if v.exists()), None)


def _poser_a_cote(racine: Path, cle: str, cible: Path, octets: bytes, etat: Etat) -> Path:
    """Pose le nouveau document à côté, sans écraser un voisin que quelqu’un a changé ; rend son chemin."""
    nouvelle, trace = empreinte(octets), etat.trace(cle + A_COTE)
    for rang in itertools.count(1):
        suffixe = "nouveau" if rang == 1 else f"nouveau-{rang}"
        voisin = cible.with_name(f"{cible.stem}.{suffixe}{cible.suffix}")
        presente = empreinte(voisin.read_bytes()) if voisin.is_file() else None
        if presente in (None, nouvelle) or (trace is not None and trace.reconnait(str(presente))):
            break
    relatif = voisin.relative_to(racine).as_posix()
    etat.prevoir(cle + A_COTE, relatif, nouvelle)
    if presente != nouvelle:
        poser(voisin, octets)
    etat.confirmer(cle + A_COTE, relatif, nouvelle)
    return voisin


def _retirer_le_voisin(racine: Path, cle: str, etat: Etat) -> None:
    """Le conflit levé, retire la version posée à côté, si personne n’y a touché."""
    trace = etat.trace(cle + A_COTE)
    if trace is None:
        return
    voisin = racine / trace.chemin
    if voisin.is_file() and trace.reconnait(empreinte(voisin.read_bytes())):
        voisin.unlink()
