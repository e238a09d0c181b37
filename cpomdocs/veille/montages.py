"""Dire si un dossier est sur le réseau : le système n’y annonce pas les changements, il faut sonder."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_EN_RESEAU = (
    "nfs", "cifs", "smb", "afp", "webdav", "davfs", "9p", "ceph", "gluster", "lustre", "vboxsf", "vmhgfs",
    "sshfs", "rclone", "gvfsd", "drvfs", "ncp", "afs", "osxfuse", "macfuse",
)  # fmt: skip
_ECHAPPE = re.compile(r"\\([0-7]{3})")
_LIGNE_MAC = re.compile(r"^.* on (?P<point>/.*) \((?P<genre>[^,)]+)")
_LECTEUR_RESEAU = 4


def est_en_reseau(dossier: Path) -> bool:
    """Vrai pour un chemin réseau (UNC, lecteur connecté, NFS, SMB, SSHFS…) ; faux dans le doute."""
    try:
        if sys.platform == "win32":
            return _lecteur_reseau(dossier)
        if sys.platform == "darwin":
            commande = ["/sbin/mount"]
            lu = subprocess.run(commande, capture_output=True, text=True, timeout=5, check=False).stdout
            return genre_en_reseau(genre_de_montage(dossier, montages_mac(lu)))
        lu = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        return genre_en_reseau(genre_de_montage(dossier, montages_linux(lu)))
    except (OSError, subprocess.SubprocessError):
        return False


def montages_linux(texte: str) -> list[tuple[str, str]]:
    """Les couples (point de montage, genre) de `/proc/mounts`, du plus ancien au plus récent."""
    champs = [ligne.split() for ligne in texte.splitlines()]
    return [(_ECHAPPE.sub(lambda m: chr(int(m[1], 8)), c[1]), c[2]) for c in champs if len(c) > 2]


def montages_mac(texte: str) -> list[tuple[str, str]]:
    """Les couples (point de montage, genre) que dit la commande `mount` de macOS."""
    trouves = (_LIGNE_MAC.match(ligne) for ligne in texte.splitlines())
    return [(t["point"], t["genre"]) for t in trouves if t is not None]


def genre_de_montage(chemin: Path, montages: list[tuple[str, str]]) -> str:
    """Le genre du montage qui porte ce chemin : le point le plus long, le dernier monté ; vide si aucun."""
    retenu, genre = -1, ""
    for point, celui_ci in montages:
        if chemin.is_relative_to(point) and len(point) >= retenu:
            retenu, genre = len(point), celui_ci
    return genre


def genre_en_reseau(genre: str) -> bool:
    """Vrai si ce genre de montage passe par le réseau ou par une autre machine."""
    nom = genre.lower().removeprefix("fuse.").removeprefix("fuseblk.")
    return nom.startswith(_EN_RESEAU)


def _lecteur_reseau(dossier: Path) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    if str(dossier).startswith("\\\\"):
        return True
    return bool(ctypes.windll.kernel32.GetDriveTypeW(dossier.anchor) == _LECTEUR_RESEAU)
