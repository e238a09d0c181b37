"""Les copies d’une ligne : mêmes styles et même hauteur, formules décalées, aucune valeur."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

from cpomdocs.office.adresses import ecrire_cellule, lire_cellule
from cpomdocs.office.feuille import Cellule, FeuilleOctets, Ligne
from cpomdocs.remplissage.croissance.formules import decaler

_OTES = re.compile(rb"(?<!\s)\s++(?:t|cm|vm|r|spans)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_FORMULE = re.compile(rb"<(?:\w+:)?f(?=[\s/>])((?:[^<>\"'/]|\"[^\"]*\"|'[^']*'|/(?!>))*)(?:/>|>([^<]*)<)")
_ATTRIBUT = re.compile(rb"(\w+)\s*=\s*[\"']([^\"']*)")


class Formule(NamedTuple):
    """La formule d’une cellule : son texte, à sa place, et son genre (`array`, `dataTable`…)."""

    colonne: int
    texte: str
    genre: str


def formules(feuille: FeuilleOctets, ligne: Ligne) -> Iterator[Formule]:
    """Les formules de la ligne, celles qui sont partagées rendues à leur place."""
    for colonne, cellule in feuille.cellules(ligne).items():
        lue = _FORMULE.search(feuille.octets, cellule.contenu, cellule.fin_contenu)
        if lue is None:
            continue
        attributs = dict(_ATTRIBUT.findall(lue[1]))
        genre = attributs.get(b"t", b"normal").decode()
        texte = unescape((lue[2] or b"").decode("utf-8", "replace"))
        if genre == "shared" and not texte:
            texte = _partagee(feuille, attributs.get(b"si", b""), ligne.numero)
        yield Formule(colonne, texte, genre)


def _partagee(feuille: FeuilleOctets, numero: bytes, ligne: int) -> str:
    """Le texte d’une formule partagée, vu de cette ligne ; vide si sa première cellule manque.

    Une formule partagée vers la droite se décale aussi de colonne : elle n’est pas rendue.
    """
    for debut, place, *_ in feuille.formules:
        lue = _FORMULE.match(feuille.octets, place)
        attributs = dict(_ATTRIBUT.findall(lue[1])) if lue else {}
        if lue and lue[2] and attributs.get(b"t") == b"shared" and attributs.get(b"si") == numero:
            adresse = dict(_ATTRIBUT.findall(feuille.octets[debut:place])).get(b"r", b"").decode()
            origine, bornes = lire_cellule(adresse), attributs.get(b"ref", b"").decode().split(":")
            if origine and len({re.sub(r"[0-9$]", "", borne) for borne in bornes}) == 1:
                return decaler(unescape(lue[2].decode("utf-8", "replace")), ligne - origine[0])
    return ""


def copier(feuille: FeuilleOctets, ligne: Ligne, nombre: int) -> bytes:
    """Les octets des `nombre` lignes qui suivent, copies de celle-ci."""
    textes = {formule.colonne: formule.texte for formule in formules(feuille, ligne)}
    return b"".join(_copie(feuille, ligne, rang, textes) for rang in range(1, nombre + 1))


def _copie(feuille: FeuilleOctets, ligne: Ligne, rang: int, textes: dict[int, str]) -> bytes:
    numero = ligne.numero + rang
    nom = feuille.prefixe + b"row"
    tete = b'<%b r="%d"%b' % (nom, numero, _reste(feuille, ligne, nom))
    if ligne.contenu == ligne.fin:
        return tete + b"/>"
    cellules = [
        _cellule(feuille, cellule, numero, rang, textes.get(colonne))
        for colonne, cellule in feuille.cellules(ligne).items()
    ]
    return tete + b">" + b"".join(cellules) + b"</" + nom + b">"


def _cellule(feuille: FeuilleOctets, cellule: Cellule, numero: int, rang: int, formule: str | None) -> bytes:
    """La cellule copiée ; une case à cocher l’est décochée."""
    p = feuille.prefixe
    adresse = ecrire_cellule(numero, cellule.colonne).encode("ascii")
    tete = b'<%bc r="%b"%b' % (p, adresse, _reste(feuille, cellule, p + b"c"))
    if formule is not None:
        corps = escape(decaler(formule, rang), quote=False).encode()
        return b"%b><%bf>%b</%bf></%bc>" % (tete, p, corps, p, p)
    if feuille.attributs(cellule).get("t") == "b":
        return b'%b t="b"><%bv>0</%bv></%bc>' % (tete, p, p, p)
    return tete + b"/>"


def _reste(feuille: FeuilleOctets, element: Ligne | Cellule, nom: bytes) -> bytes:
    """Les attributs gardés de la balise ouvrante, précédés d’une espace s’il y en a."""
    balise = feuille.octets[element.debut : element.contenu].removesuffix(b"/>").removesuffix(b">")
    return _OTES.sub(b"", balise[len(nom) + 1 :]).rstrip()
