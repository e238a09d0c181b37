"""`{{ contrat.texte_preambule|riche }}` : un texte saisi dont quelques signes donnent la mise en forme.

`**gras**`, `*italique*`, `__souligné__`, `~~barré~~` ; une barre oblique inverse devant un signe le
laisse tel quel. Des arguments valent pour tout le texte : `riche(gras=true, couleur="C00000")`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.objets import Objet
from cpomdocs.remplissage.balises.objets.texte import completer, passage

if TYPE_CHECKING:
    from cpomdocs.remplissage.balises.gabarit.dialecte import Balise
    from cpomdocs.remplissage.balises.langage.etat import Etat

_MARQUE = re.compile(r"\\([*_~\\])|(\*\*|__|~~|\*)")
_FORMATS = {
    "**": "<w:b/>",
    "*": "<w:i/>",
    "__": '<w:u w:val="single"/>',
    "~~": "<w:strike/>",
}
_COULEUR = re.compile(r"#?([0-9A-Fa-f]{6})")
_STYLE = re.compile(r"[\w-]{1,100}")
_POINTS_MAX = 400


class TexteRiche(Objet):
    """Un texte et ses marques. `propres` : les éléments de format qui valent pour tout le texte."""

    def __init__(self, texte: str, propres: tuple[str, ...]) -> None:
        self._texte = texte
        self._propres = propres

    def passages(self, etat: Etat, balise: Balise) -> str:
        """Un passage par changement de format."""
        return "".join(self._passage(texte, formats, balise) for texte, formats in decouper(self._texte))

    def paragraphes(self, etat: Etat, balise: Balise) -> str:
        """Un paragraphe par ligne, au format de celui de la balise ; une ligne vide en sépare."""
        lignes = self._texte.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        corps = (TexteRiche(ligne, self._propres).passages(etat, balise) for ligne in lignes)
        return "".join(f"<w:p>{balise.paragraphe}{passages}</w:p>" for passages in corps)

    def _passage(self, texte: str, marques: frozenset[str], balise: Balise) -> str:
        ajouts = (*self._propres, *(_FORMATS[marque] for marque in sorted(marques)))
        return passage(texte, completer(balise.passage, ajouts))


def decouper(texte: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Les morceaux du texte, chacun avec ses marques. Une marque qui n’est pas refermée reste un signe."""
    jetons = list(_MARQUE.finditer(texte))
    restantes = Counter(jeton[2] for jeton in jetons)
    ouvertes: frozenset[str] = frozenset()
    morceau, position = "", 0
    for jeton in jetons:
        morceau += texte[position : jeton.start()]
        position, marque = jeton.end(), jeton[2]
        restantes[marque] -= 1
        if marque is None or not (marque in ouvertes or restantes[marque]):
            morceau += jeton[1] or jeton[0]
            continue
        if morceau:
            yield morceau, ouvertes
        ouvertes, morceau = ouvertes ^ {marque}, ""
    if morceau + texte[position:]:
        yield morceau + texte[position:], ouvertes


def formats_demandes(
    gras: bool = False,
    italique: bool = False,
    souligne: bool = False,
    barre: bool = False,
    couleur: str = "",
    taille: int | Decimal = 0,
    style: str = "",
) -> tuple[str, ...]:
    """Les éléments que demandent les arguments du filtre. Lève `ErreurFormulaire` s’ils sont faux."""
    marques = {"**": gras, "*": italique, "__": souligne, "~~": barre}
    elements = [_FORMATS[marque] for marque, voulue in marques.items() if voulue]
    if couleur:
        teinte = _COULEUR.fullmatch(couleur)
        if teinte is None:
            raise ErreurFormulaire(f"« {couleur[:40]} » n’est pas une couleur.", "L’écrire comme C00000.")
        elements.append(f'<w:color w:val="{teinte[1]}"/>')
    if taille:
        if not 1 <= taille <= _POINTS_MAX:
            raise ErreurFormulaire(f"Une taille va de 1 à {_POINTS_MAX} points.", "Écrire par exemple 12.")
        elements += [f'<w:{nom} w:val="{round(taille * 2)}"/>' for nom in ("sz", "szCs")]
    if style:
        if _STYLE.fullmatch(style) is None:
            raise ErreurFormulaire(f"« {style[:40]} » n’est pas un style.", "Donner son identifiant.")
        elements.append(f'<w:rStyle w:val="{style}"/>')
    return tuple(elements)
