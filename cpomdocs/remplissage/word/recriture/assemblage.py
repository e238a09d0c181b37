"""Récrire une partie : ses octets d’origine, sauf les éléments où quelque chose est écrit.

D’un document à l’autre, un même jeu de gestes ne diffère que par ses textes : l’élément rempli est mis en
octets une fois, avec des trous, puis chaque document n’a plus qu’à y glisser les siens.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from lxml import etree

from cpomdocs.remplissage.word.ooxml import Element, Partie, PartieOuverte
from cpomdocs.remplissage.word.recriture.gestes import Geste, GesteCoche, GestePortion

_LIGNES = 40
"""Au-delà de ce nombre de lignes, un texte est écrit directement, sans moule."""
_ESPACE = re.compile(rb' xmlns(?::([\w.-]+))?="([^"]*)"')


class Moule(NamedTuple):
    """Un élément rempli, coupé à chaque texte ; par trou, le geste, la ligne, et le préfixe de Word."""

    morceaux: tuple[bytes, ...]
    trous: tuple[tuple[int, int, bytes], ...]

    def couler(self, textes: Sequence[Sequence[str]]) -> list[bytes]:
        """Les octets de l’élément ; `textes` : les lignes de chaque geste."""
        octets = [self.morceaux[0]]
        for (geste, ligne, prefixe), suite in zip(self.trous, self.morceaux[1:], strict=True):
            octets += (_en_xml(textes[geste][ligne], prefixe), suite)
        return octets


def assembler(partie: Partie, gestes: Sequence[Geste], ajouts: Mapping[int, bytes]) -> bytes:
    """La partie où ces gestes sont faits. `ajouts` : ce qui s’insère après l’élément de ce rang."""
    decoupe = partie.decoupe
    source, position = decoupe.source, 0
    sortie: list[bytes] = []
    for debut, fin, contenu in sorted([*_unites(partie, gestes), *_inserts(partie, ajouts)], key=_place):
        sortie.append(source[position:debut])
        sortie.extend(contenu)
        position = fin
    sortie.append(source[position:])
    return decoupe.rendre(b"".join(sortie))


_Morceau = tuple[int, int, list[bytes]]


def _place(morceau: _Morceau) -> tuple[int, int]:
    return morceau[:2]


def _inserts(partie: Partie, ajouts: Mapping[int, bytes]) -> Iterator[_Morceau]:
    for rang, contenu in ajouts.items():
        fin = partie.decoupe.bornes(rang)[1]
        yield fin, fin, [contenu]


def _unites(partie: Partie, gestes: Sequence[Geste]) -> Iterator[_Morceau]:
    """Les éléments à récrire, et leur contenu ; ceux qui s’emboîtent ou se chevauchent sont réunis."""
    par_unite: dict[tuple[int, int], list[Geste]] = {}
    for geste in gestes:
        par_unite.setdefault(geste.lieu.unite, []).append(geste)
    bornes = partie.decoupe.bornes
    groupes: list[tuple[tuple[int, int], list[Geste]]] = []
    fin = -1
    for unite in sorted(par_unite):
        debut, terme = bornes(unite[0])[0], bornes(unite[1])[1]
        if debut >= fin:
            groupes.append((unite, par_unite[unite]))
        else:
            (premier, dernier), reunis = groupes[-1]
            groupes[-1] = (premier, dernier if terme <= fin else unite[1]), reunis + par_unite[unite]
        fin = max(fin, terme)
    for unite, reunis in groupes:
        yield bornes(unite[0])[0], bornes(unite[1])[1], _contenu(partie, unite, reunis)


def _contenu(partie: Partie, unite: tuple[int, int], gestes: list[Geste]) -> list[bytes]:
    if len(gestes) > 1:
        gestes.sort(key=_ordre)
    textes = [geste.lignes() for geste in gestes]
    for geste, lignes in zip(gestes, textes, strict=True):
        if not geste.moulable or len(lignes) > _LIGNES:
            return [_ecrire(partie, unite, gestes)]
    cle = (unite, *[geste.cle(lignes) for geste, lignes in zip(gestes, textes, strict=True)])
    moule: Moule | None = partie.moules.get(cle)
    if moule is None:
        moule = _mouler(partie, unite, gestes)
        partie.moules.garder(cle, moule, sum(map(len, moule.morceaux)))
    return moule.couler(textes)


def _ordre(geste: Geste) -> tuple[int, int]:
    return geste.lieu.rang, geste.lieu.position


def _mouler(partie: Partie, unite: tuple[int, int], gestes: Sequence[Geste]) -> Moule:
    """L’élément rempli de signes qui n’y sont pas, puis coupé à chacun d’eux."""
    signe = partie.decoupe.signe_absent
    marques = [
        geste.avec([f"{signe}{n}.{m};" if ligne else "" for m, ligne in enumerate(geste.lignes())])
        for n, geste in enumerate(gestes)
    ]
    rempli = _ecrire(partie, unite, marques)
    forme = re.compile(
        rb'<((?:[\w.-]+:)?)t xml:space="preserve">' + signe.encode() + rb"(\d+)\.(\d+);</(?:[\w.-]+:)?t>"
    )
    morceaux, trous, position = [], [], 0
    for trou in forme.finditer(rempli):
        morceaux.append(rempli[position : trou.start()])
        trous.append((int(trou[2]), int(trou[3]), trou[1]))
        position = trou.end()
    return Moule((*morceaux, rempli[position:]), tuple(trous))


def _ecrire(partie: Partie, unite: tuple[int, int], gestes: Sequence[Geste]) -> bytes:
    """Les octets de ces éléments voisins, gestes faits."""
    premier, dernier = (partie.elements[rang] for rang in unite)
    parent = premier.getparent()
    if parent is None:
        copie = copy.deepcopy(premier)
        faire(gestes, PartieOuverte(partie, copie, dict(enumerate(copie.iter(), start=unite[0]))))
        return mettre_en_octets(copie, None)
    espaces: dict[str, str] = parent.nsmap  # type: ignore[assignment]  # la clé `None` est admise
    cadre = etree.Element(parent.tag, nsmap=espaces)
    voisins = list(parent)[parent.index(premier) : parent.index(dernier) + 1]
    cadre.extend([copy.deepcopy(voisin) for voisin in voisins])
    cadre[-1].tail = None
    elements = (element for voisin in cadre for element in voisin.iter())
    faire(gestes, PartieOuverte(partie, cadre, dict(enumerate(elements, start=unite[0]))))
    return b"".join(mettre_en_octets(v, parent) + escape(v.tail or "", quote=False).encode() for v in cadre)


def faire(gestes: Sequence[Geste], ouverte: PartieOuverte) -> None:
    """Les positions d’un paragraphe d’abord, de la fin vers le début : le reste les décalerait."""

    def ordre(geste: Geste) -> tuple[bool, int, int]:
        return isinstance(geste, GestePortion | GesteCoche), geste.lieu.rang, geste.lieu.position

    for geste in sorted(gestes, key=ordre, reverse=True):
        geste.appliquer(ouverte)


def mettre_en_octets(element: Element, parent: Element | None) -> bytes:
    """L’élément en UTF-8, sans les espaces de noms que son parent déclare déjà."""
    octets = bytes(etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False))
    if not isinstance(element.tag, str):
        return octets
    connus = {} if parent is None else parent.nsmap

    def alleger(trouve: re.Match[bytes]) -> bytes:
        prefixe = trouve[1].decode() if trouve[1] else None
        meme = (connus.get(prefixe) or "").encode() == trouve[2].replace(b"&amp;", b"&")
        return b"" if meme else trouve[0]

    fin = octets.index(b">")
    return _ESPACE.sub(alleger, octets[:fin]) + octets[fin:]


def _en_xml(ligne: str, prefixe: bytes) -> bytes:
    """Les textes et les tabulations d’une ligne, dans un passage."""
    if "\t" not in ligne:
        return _texte(ligne, prefixe)
    morceaux = [_texte(m, prefixe) if m else b"" for m in ligne.split("\t")]
    return (b"<%btab/>" % prefixe).join(morceaux)


def _texte(texte: str, prefixe: bytes) -> bytes:
    echappe = escape(texte, quote=False).encode()
    return b'<%bt xml:space="preserve">%b</%bt>' % (prefixe, echappe, prefixe)
