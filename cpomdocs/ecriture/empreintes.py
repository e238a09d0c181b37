"""Reconnaître des octets à leur empreinte SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path


def empreinte(octets: bytes) -> str:
    """L’empreinte SHA-256, en hexadécimal."""
    return hashlib.sha256(octets).hexdigest()


def empreinte_du_fichier(fichier: Path) -> str | None:
    """L’empreinte d’un fichier, ou `None` s’il n’y en a pas."""
    return empreinte(fichier.read_bytes()) if fichier.is_file() else None
