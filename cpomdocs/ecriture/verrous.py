"""Savoir qu’un document est ouvert dans Excel, Word ou LibreOffice, et par qui : leurs fichiers-verrous."""

from __future__ import annotations

import os
from pathlib import Path

_LONGUEUR_NOM = 55
"""Place du nom en UTF-16 dans un verrou d’Office (octets) ; avant elle, le même nom, un octet par signe."""
_COURT = 6


def verrou_office(fichier: Path) -> Path | None:
    """Le fichier-verrou qu’Excel, Word ou LibreOffice laisse tant que ce fichier est ouvert.

    Sous Windows, un verrou oublié par un programme qui s’est mal fermé ne compte pas : le fichier s’y laisse
    ouvrir.
    """
    verrou = next((v for v in map(fichier.with_name, _noms(fichier)) if v.exists()), None)
    return None if verrou is None or (os.name == "nt" and _libre(fichier)) else verrou


def ouvert_par(verrou: Path) -> str:
    """« ouvert par Marie Dupont » si le verrou dit qui ; « ouvert » sinon."""
    try:
        octets = verrou.read_bytes()
    except OSError:
        return "ouvert"
    nom = _nom_libreoffice(octets) if verrou.name.startswith(".~lock.") else _nom_office(octets)
    propre = " ".join("".join(c for c in nom if c.isprintable()).split())
    return f"ouvert par {propre}" if propre else "ouvert"


def _noms(fichier: Path) -> list[str]:
    """Les noms que prend le verrou ; Word y remplace le début d’un nom long."""
    nom, trop = fichier.name, min(max(len(fichier.stem) - _COURT, 0), 2)
    return list(dict.fromkeys([f"~${nom}", f"~${nom[trop:]}", f".~lock.{nom}#"]))


def _nom_office(octets: bytes) -> str:
    """La longueur du nom, le nom sur un octet par signe, puis de nouveau en UTF-16 à une place fixe."""
    longueur = octets[0] if octets else 0
    large = octets[_LONGUEUR_NOM : _LONGUEUR_NOM + 2 * longueur]
    if len(large) == 2 * longueur:
        return large.decode("utf-16-le", "replace")
    return octets[1 : 1 + longueur].decode("cp1252", "replace")


def _nom_libreoffice(octets: bytes) -> str:
    """Le nom de la personne, sinon celui de sa session : « nom,session,poste,date,profil »."""
    champs = octets.decode("utf-8", "replace").replace(";", "").split(",")
    return next((champ for champ in champs[:2] if champ.strip()), "")


def _libre(fichier: Path) -> bool:
    try:
        with fichier.open("r+b"):
            return True
    except FileNotFoundError:
        return True
    except OSError:
        return False
