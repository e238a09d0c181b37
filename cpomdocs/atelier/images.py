"""Les images du dossier (un logo) qu’une case reçoit : lues avec méfiance, PNG ou JPEG, de taille bornée."""

from __future__ import annotations

import zlib
from pathlib import Path, PurePosixPath

from cpomdocs.erreurs import ErreurFichier, motif
from cpomdocs.saisies import Image

POIDS = 5 * 1024 * 1024
"""Poids (octets) au-delà duquel une image est refusée."""
COTE = 10_000
"""Largeur ou hauteur (pixels) au-delà de laquelle une image est refusée."""
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_CONVERTIR = "L’enregistrer en .png ou en .jpg, et la remettre dans le dossier."


def charger_image(dossier: Path, nom: str) -> Image:
    """L’image que ce nom désigne dans le dossier. Lève `ErreurFichier` si elle ne peut pas servir."""
    chemin = situer(dossier, nom, "L’image")
    try:
        poids = chemin.stat().st_size
        octets = chemin.read_bytes() if poids <= POIDS else b""
    except FileNotFoundError as erreur:
        raise ErreurFichier(
            f"L’image « {nom} » n’est pas dans le dossier.", "L’y mettre, ou corriger son nom."
        ) from erreur
    except OSError as erreur:
        raise ErreurFichier(
            f"L’image « {nom} » ne peut pas être lue : {motif(erreur)}.", "Vérifier son nom et ses droits."
        ) from erreur
    if poids > POIDS:
        raise ErreurFichier(
            f"L’image « {nom} » pèse {-(-poids // 1024**2)} Mo ; {POIDS // 1024**2} au plus.",
            "En réduire la taille.",
        )
    return lire_image(octets, nom)


def lire_image(octets: bytes, nom: str) -> Image:
    """L’image que portent ces octets. Lève `ErreurFichier` s’ils ne sont ni un PNG ni un JPEG entier."""
    genre = next((g for signature, g in _SIGNATURES.items() if octets.startswith(signature)), None)
    if genre is None:
        raise ErreurFichier(f"« {nom} » n’est pas une image PNG ou JPEG.", _CONVERTIR)
    entiere = _png_entier(octets) if genre == "png" else octets.rstrip(b"\0\r\n").endswith(b"\xff\xd9")
    cotes = _mesurer(octets) if entiere else None
    if cotes is None:
        raise ErreurFichier(f"L’image « {nom} » est abîmée ou incomplète.", _CONVERTIR)
    if not all(0 < cote <= COTE for cote in cotes):
        raise ErreurFichier(
            f"L’image « {nom} » a {cotes[0]} × {cotes[1]} pixels ; {COTE} au plus de côté.",
            "En réduire la taille.",
        )
    return Image(octets, genre, *cotes)


def _mesurer(octets: bytes) -> tuple[int, int] | None:
    """La largeur et la hauteur de l’image, en pixels ; `None` si elle est illisible."""
    from docx.image import exceptions, image  # lourds, et peu de dossiers ont des images

    illisibles = (
        exceptions.InvalidImageStreamError,
        exceptions.UnexpectedEndOfFileError,
        exceptions.UnrecognizedImageError,
        KeyError,
        ValueError,
        OverflowError,
        ZeroDivisionError,
    )
    try:
        lue = image.Image.from_blob(octets)
    except illisibles:
        return None
    return lue.px_width, lue.px_height


def situer(dossier: Path, nom: str, quoi: str) -> Path:
    """Le fichier de ce nom, qui reste dans le dossier. `quoi` : ce que c’est (« L’image »).

    Lève `ErreurFichier` si le nom en sort.
    """
    relatif = PurePosixPath(nom.strip().replace("\\", "/"))
    racine = dossier.resolve()
    try:
        chemin = (racine / relatif).resolve()
    except (OSError, ValueError, RuntimeError):
        chemin = racine
    if relatif.is_absolute() or ":" in nom or racine not in chemin.parents:
        raise ErreurFichier(
            f"{quoi} « {nom} » n’est pas un fichier du dossier.",
            "Mettre ce fichier dans le dossier et n’en donner que le nom.",
        )
    return chemin


def _png_entier(octets: bytes) -> bool:
    """Vrai si tous les blocs du PNG sont là, sommes de contrôle justes, jusqu’au dernier."""
    position = 8
    while position + 12 <= len(octets):
        longueur = int.from_bytes(octets[position : position + 4])
        fin = position + 8 + longueur
        bloc = octets[position + 4 : fin]
        if octets[fin : fin + 4] != zlib.crc32(bloc).to_bytes(4):
            return False
        if bloc.startswith(b"IEND"):
            return True
        position = fin + 4
    return False
