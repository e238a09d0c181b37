"""Remettre des résultats dans les cellules à formule, octets épissés en place : rien d’autre ne change."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from html import escape

from cpomdocs.office.feuille import Cellule, FeuilleOctets
from cpomdocs.office.valeurs import CodeErreur
from cpomdocs.recalcul.formules import Inventaire, inventorier
from cpomdocs.recalcul.moteur import Lieu, Resultat

_TYPE = re.compile(rb"(?<!\s)\s++t\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_RESULTAT = re.compile(rb"<((?:\w+:)?v)(?:\s[^>]*)?(?:/>|>[^<]*</\1>)")
_FIN_FORMULE = re.compile(rb"</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>")
_FIN_BALISE = re.compile(rb"\s*/?>$")
_ECHAPPABLE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGUEUR = 32_767
_SANS_CODE_PROPRE = {"#SPILL!": "#VALUE!", "#CALC!": "#VALUE!"}
"""Excel range ces erreurs sous #VALUE! ; le vrai code est dans ses métadonnées."""
ERREURS_ECRITES = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})

Epissure = tuple[int, int, bytes]


def poser_resultats(document: bytes, resultats: Mapping[Lieu, Resultat]) -> bytes:
    """Le document où ces cellules calculées portent ces résultats ; `None` ôte celui d’une cellule.

    Un lieu qui n’est pas une cellule calculée du document est laissé. Lève `ErreurFichier` si le document ne
    se lit pas.
    """
    return poser(inventorier(document), resultats)


def poser(inventaire: Inventaire, resultats: Mapping[Lieu, Resultat]) -> bytes:
    """Comme `poser_resultats`, pour un document déjà lu."""
    epissures: dict[str, list[Epissure]] = {}
    for lieu, cellule in inventaire.calculees.items():
        if lieu in resultats:
            feuille = inventaire.feuilles[lieu.feuille][1]
            epissures.setdefault(lieu.feuille, []).extend(_episser(feuille, cellule, resultats[lieu]))
    parties: dict[str, bytes] = {}
    for nom, changements in epissures.items():
        fiche, feuille = inventaire.feuilles[nom]
        nouvelle = _appliquer(feuille.octets, changements)
        if nouvelle != feuille.octets:
            parties[fiche.partie] = nouvelle
    return inventaire.archive.recomposer(parties) if parties else inventaire.archive.octets


def normaliser(resultat: Resultat) -> Resultat:
    """Le résultat tel qu’Excel le range : ni nombre infini, ni texte trop long, erreurs de 2007 seulement."""
    if isinstance(resultat, CodeErreur):
        code = _SANS_CODE_PROPRE.get(resultat.code, resultat.code)
        return CodeErreur(code) if code in ERREURS_ECRITES else None
    if isinstance(resultat, float) and not math.isfinite(resultat):
        return None
    if isinstance(resultat, str) and len(resultat.encode("utf-16-le", "surrogatepass")) > 2 * _LONGUEUR:
        return None
    return resultat


def _episser(feuille: FeuilleOctets, cellule: Cellule, resultat: Resultat) -> list[Epissure]:
    """Les épissures d’une cellule, dans l’ordre."""
    genre, texte = _coder(normaliser(resultat))
    fin_balise = _FIN_BALISE.search(feuille.octets, cellule.debut, cellule.contenu)
    assert fin_balise is not None
    epissures: list[Epissure] = []
    ancien = _TYPE.search(feuille.octets, cellule.debut, cellule.contenu)
    if ancien is not None:
        epissures.append((ancien.start(), ancien.end(), b""))
    valeur = b"" if texte is None else _element(feuille.prefixe, texte)
    if cellule.contenu == cellule.fin:
        if not valeur:
            return epissures
        fermante = b"</" + feuille.prefixe + b"c>"
        return [*epissures, (fin_balise.start(), cellule.fin, genre + b">" + valeur + fermante)]
    epissures.append((fin_balise.start(), fin_balise.start(), genre))
    place = _RESULTAT.search(feuille.octets, cellule.contenu, cellule.fin_contenu)
    if place is not None:
        epissures.append((place.start(), place.end(), valeur))
    else:
        formule = _FIN_FORMULE.search(feuille.octets, cellule.contenu, cellule.fin_contenu)
        apres = formule.end() if formule else cellule.contenu
        epissures.append((apres, apres, valeur))
    return epissures


def _coder(resultat: Resultat) -> tuple[bytes, str | None]:
    """L’attribut `t` et le texte de `v` ; `None` : pas de résultat."""
    if resultat is None:
        return b"", None
    if isinstance(resultat, bool):
        return b' t="b"', str(int(resultat))
    if isinstance(resultat, CodeErreur):
        return b' t="e"', resultat.code
    if isinstance(resultat, str):
        return b' t="str"', resultat
    entier = resultat == int(resultat) and abs(resultat) < 1e15
    return b"", str(int(resultat)) if entier else repr(resultat)


def _element(prefixe: bytes, texte: str) -> bytes:
    protege = _CONTROLE.sub(lambda m: f"_x{ord(m[0]):04X}_", _ECHAPPABLE.sub("_x005F_", texte))
    blancs = b' xml:space="preserve"' if texte != texte.strip() else b""
    corps = escape(protege, quote=False).encode()
    return b"<%bv%b>%b</%bv>" % (prefixe, blancs, corps, prefixe)


def _appliquer(octets: bytes, epissures: list[Epissure]) -> bytes:
    morceaux: list[bytes] = []
    position = 0
    for debut, fin, nouveau in sorted(epissures, key=lambda e: (e[0], e[1])):
        morceaux += [octets[position:debut], nouveau]
        position = fin
    return b"".join([*morceaux, octets[position:]])
