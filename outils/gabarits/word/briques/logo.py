"""Le logo de l’autorité fictive, dessiné à la construction : mêmes octets à chaque fois."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont

BLEU = (31, 56, 100)
SARCELLE = (0, 129, 138)
CLAIR = (146, 200, 205)
GRIS = (89, 89, 89)
_ECHELLE = 4
_TAILLE = (760, 230)


def logo(nom: str, sous_titre: str) -> bytes:
    """Un logo PNG : un disque, son horizon et sa croix, le nom de l’autorité, une ligne de sous-titre."""
    image = Image.new("RGB", (_TAILLE[0] * _ECHELLE, _TAILLE[1] * _ECHELLE), "white")
    trait = ImageDraw.Draw(image)
    _disque(trait)
    _mots(trait, "Agence régionale", (245, 34), 34, GRIS, gras=False)
    _mots(trait, nom, (245, 76), 54, BLEU, gras=True)
    trait.rectangle(_a_l_echelle(245, 150, 420, 155), fill=SARCELLE)
    _mots(trait, sous_titre, (245, 168), 26, GRIS, gras=False)
    tampon = io.BytesIO()
    image.resize(_TAILLE, Image.Resampling.LANCZOS).save(tampon, format="PNG", compress_level=9)
    return tampon.getvalue()


def _disque(trait: ImageDraw.ImageDraw) -> None:
    trait.ellipse(_a_l_echelle(14, 14, 216, 216), fill=BLEU)
    for decalage, couleur in ((0, SARCELLE), (34, CLAIR)):
        trait.chord(_a_l_echelle(14, 14, 216, 216), 6 + decalage, 174 - decalage * 0.4, fill=couleur)
    trait.rounded_rectangle(_a_l_echelle(101, 44, 129, 132), radius=8 * _ECHELLE, fill="white")
    trait.rounded_rectangle(_a_l_echelle(71, 74, 159, 102), radius=8 * _ECHELLE, fill="white")


def _mots(
    trait: ImageDraw.ImageDraw,
    texte: str,
    position: tuple[int, int],
    taille: int,
    couleur: tuple[int, int, int],
    *,
    gras: bool,
) -> None:
    fichier = Path(get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if gras else "DejaVuSans.ttf")
    police = ImageFont.truetype(str(fichier), taille * _ECHELLE)
    trait.text((position[0] * _ECHELLE, position[1] * _ECHELLE), texte, font=police, fill=couleur)


def _a_l_echelle(*mesures: float) -> list[float]:
    return [mesure * _ECHELLE for mesure in mesures]
