"""Mettre deux formules sous la même forme : chaque logiciel les écrit à sa façon."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from cpomdocs.office.adresses import COLONNES, LIGNES, lettres_colonne, numero_colonne

_MORCEAU = re.compile(
    r"""(?P<texte>"(?:[^"]|"")*")"""
    r"""|(?P<feuille>'(?:[^']|'')*'!|[^\W\d][\w.]*!|\[\d+\][\w.]*!)"""
    r"""|(?P<crochets>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])"""
    r"""|(?P<erreur>\#[A-Z][A-Z0-9/]*[!?]?)"""
    r"""|(?P<plage>(?<![\w.$])\$?[A-Za-z]{1,3}\$?\d{1,7}(?::\$?[A-Za-z]{1,3}\$?\d{1,7})?(?![\w.(]))"""
    r"""|(?P<colonnes>(?<![\w.$])\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.(]))"""
    r"""|(?P<lignes>(?<![\w.$])\$?\d{1,7}:\$?\d{1,7}(?![\w.]))"""
    r"""|(?P<nombre>(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"""
    r"""|(?P<mot>[^\W\d][\w.\\?]*)"""
    r"""|(?P<blanc>\s+)"""
    r"""|(?P<signe>.)""",
    re.VERBOSE | re.DOTALL,
)
_PREFIXES = re.compile(r"^(?:_xlfn\.|_xlws\.|_xlpm\.|_xludf\.)+", re.IGNORECASE)
_BORNE = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)(\d{1,7})?")
_LIGNE_COURANTE = re.compile(r"\[\[?#this row\],\[?([^\[\]]+)\]?\]", re.IGNORECASE)
_MUETS = {"SINGLE", "ANCHORARRAY"}
_CONSTANTE = re.compile(r"\b(TRUE|FALSE)\(\)")
_CONSTANTE_LONGUE = 24
_ECHAPPEE = re.compile(r"_x005F(?=_x[0-9A-Fa-f]{4}_)")


class _Borne(NamedTuple):
    """Un bout de référence, absolu ou relatif ; `None` : toute la ligne, ou toute la colonne."""

    ligne: int | None
    ligne_absolue: bool
    colonne: int | None
    colonne_absolue: bool


def normaliser(
    formule: str,
    feuille: str,
    origine: tuple[int, int] = (0, 0),
    depuis: tuple[int, int] | None = None,
    feuilles: Mapping[str, str] | None = None,
) -> str:
    """La forme commune d’une formule, références relatives comptées depuis la cellule qui la porte.

    `origine` : cette cellule ; `depuis` : celle où une formule partagée est écrite ; `feuilles` : le nom au
    gabarit de chaque feuille renommée, en minuscules. Deux écritures de la même formule, aux blancs,
    préfixes, casse et guillemets près, ont la même forme.
    """
    base = depuis or origine
    formes = []
    propre = feuille.casefold()
    morceaux = _decouper(_ECHAPPEE.sub("", formule.strip().lstrip("=")))
    for rang, (genre, texte) in enumerate(morceaux):
        if genre == "feuille":
            nom = _feuille_nommee(texte)
            nom = (feuilles or {}).get(nom, nom)
            formes.append("" if nom == propre else f"{nom}!")
        elif genre in ("plage", "colonnes", "lignes"):
            formes.append(_reference(texte, base))
        elif genre == "mot":
            nu = _PREFIXES.sub("", texte).upper()
            suite = morceaux[rang + 1][1] if rang + 1 < len(morceaux) else ""
            formes.append("" if nu in _MUETS and suite == "(" else nu)
        elif genre != "blanc":
            formes.append(_simple(genre, texte))
    return _CONSTANTE.sub(r"\1", "".join(formes))


def _simple(genre: str, texte: str) -> str:
    if genre == "nombre":
        return repr(float(texte))
    if genre == "crochets":
        return _LIGNE_COURANTE.sub(r"[@\1]", re.sub(r"\]\s*,\s*\[", "],[", texte.casefold()))
    return texte if genre == "texte" else texte.upper()


def constante(formule: str) -> bool | str | None:
    """La constante que LibreOffice écrit en formule (`FALSE()` pour FAUX, `#N/A`), sinon `None`."""
    if len(formule) > _CONSTANTE_LONGUE:
        return None
    nue = _CONSTANTE.sub(r"\1", formule.strip().lstrip("=").upper())
    if nue in ("TRUE", "FALSE"):
        return nue == "TRUE"
    return nue if re.fullmatch(r"#[A-Z][A-Z0-9/]*[!?]?", nue) else None


@lru_cache(maxsize=65_536)
def _decouper(formule: str) -> tuple[tuple[str, str], ...]:
    return tuple((m.lastgroup or "", m[0]) for m in _MORCEAU.finditer(formule))


@lru_cache(maxsize=65_536)
def _reference(texte: str, base: tuple[int, int]) -> str:
    """Une référence en décalages depuis la cellule qui la porte ; `A1:A1` est `A1`."""
    bornes = [_borne(b) for b in texte.split(":")]
    debut, fin = bornes[0], bornes[-1]
    entiere = (debut.ligne, fin.ligne) == (1, LIGNES) or debut.ligne is None
    toutes = (debut.colonne, fin.colonne) == (1, COLONNES) or debut.colonne is None
    ecrites = dict.fromkeys(_ecrire(b, base, entiere, toutes) for b in bornes)
    return "<" + ":".join(ecrites) + ">"


def _borne(texte: str) -> _Borne:
    forme = _BORNE.fullmatch(texte)
    if forme is None:
        raise ValueError(texte)
    un, lettres, deux, chiffres = forme.groups()
    colonne = numero_colonne(lettres) if lettres else None
    ligne = int(chiffres) if chiffres else None
    return _Borne(ligne, bool(deux if lettres else un or deux), colonne, bool(un))


def _ecrire(borne: _Borne, base: tuple[int, int], entiere: bool, toutes: bool) -> str:
    morceaux = []
    if not entiere and borne.ligne is not None:
        ligne = borne.ligne if borne.ligne_absolue else borne.ligne - base[0]
        morceaux.append(f"L{ligne}" if borne.ligne_absolue else f"L[{ligne % LIGNES}]")
    if not toutes and borne.colonne is not None:
        colonne = borne.colonne if borne.colonne_absolue else borne.colonne - base[1]
        morceaux.append(f"C{colonne}" if borne.colonne_absolue else f"C[{colonne % COLONNES}]")
    return "".join(morceaux)


def deplacer(formule: str, depuis: tuple[int, int], vers: tuple[int, int]) -> str:
    """La formule partagée telle qu’Excel la montre dans une autre cellule, pour l’écrire à une personne."""
    lignes, colonnes = vers[0] - depuis[0], vers[1] - depuis[1]
    morceaux = []
    for genre, texte in _decouper(formule):
        if genre in ("plage", "colonnes", "lignes") and (lignes or colonnes):
            bornes = [_deplacee(_borne(b), lignes, colonnes) for b in texte.split(":")]
            morceaux.append(":".join(bornes))
        else:
            morceaux.append(texte)
    return "".join(morceaux)


def renumeroter(formule: str, propre: str, numeroteur: Callable[[str], Callable[[int], int] | None]) -> str:
    """La formule, ses lignes renumérotées ; `numeroteur` : la numérotation d’une feuille (en minuscules)."""
    morceaux, courante = [], propre
    for genre, texte in _decouper(formule):
        if genre in ("plage", "lignes") and (numero := numeroteur(courante)) is not None:
            bornes = (_borne(b) for b in texte.split(":"))
            voulues = (b._replace(ligne=numero(b.ligne)) if b.ligne else b for b in bornes)
            morceaux.append(":".join(_deplacee(b, 0, 0) for b in voulues))
        else:
            morceaux.append(texte)
        courante = _feuille_nommee(texte) if genre == "feuille" else propre
    return "".join(morceaux)


def _feuille_nommee(texte: str) -> str:
    return texte[:-1].strip("'").replace("''", "'").casefold()


def _deplacee(borne: _Borne, lignes: int, colonnes: int) -> str:
    texte = ""
    if borne.colonne is not None:
        place = borne.colonne if borne.colonne_absolue else borne.colonne + colonnes
        texte += ("$" if borne.colonne_absolue else "") + lettres_colonne(max(1, place))
    if borne.ligne is not None:
        place = borne.ligne if borne.ligne_absolue else borne.ligne + lignes
        texte += ("$" if borne.ligne_absolue else "") + str(max(1, place))
    return texte
