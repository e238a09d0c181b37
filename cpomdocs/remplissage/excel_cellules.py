"""Épisser des valeurs dans les octets d’une feuille : seules les cellules visées changent."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple

from cpomdocs.office.adresses import Plage, ecrire_cellule, lire_plage
from cpomdocs.office.cadre import Cadre
from cpomdocs.office.feuille import Cellule, FeuilleOctets, Ligne
from cpomdocs.office.styles import entier, vrai

Place = tuple[int, int]
Epissure = tuple[int, int, bytes]
"""(debut, fin, octets) : ces octets remplacent l’intervalle."""


class Ecriture(NamedTuple):
    """Ce qui va dans une cellule : son genre, et le texte de sa valeur (`vide` : la cellule est vidée)."""

    genre: Literal["texte", "nombre", "booleen", "vide"]
    texte: str


class Trou(NamedTuple):
    """Une cellule à remplir, sans sa valeur : sa balise jusqu’aux attributs gardés, son extension."""

    place: Place
    prefixe: bytes
    balise: bytes
    extension: bytes
    avant_nombre: bytes
    apres_nombre: bytes
    """Ce qui entoure un nombre, la valeur la plus fréquente."""


Amenagement = tuple[int, int, list[bytes | Trou]]
"""(debut, fin, morceaux) : ce qui remplace l’intervalle, cellules à remplir comprises."""

_TYPE = re.compile(rb"(?<!\s)\s++(?:t|cm|vm)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ETENDUE = re.compile(rb"(\sspans\s*=\s*[\"'])([0-9]+):([0-9]+)")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s+ref\s*=\s*[\"']([^\"']*)")
_EXTENSION = re.compile(rb"<(?:\w+:)?extLst[\s/>].*", re.DOTALL)
_ECHAPPABLE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def episser(feuille: FeuilleOctets, cadre: Cadre, ecritures: Mapping[Place, Ecriture]) -> list[Epissure]:
    """Les épissures qui mettent ces valeurs à leur place ; cellules et lignes absentes sont créées."""
    return [
        (debut, fin, garnir(morceaux, ecritures))
        for debut, fin, morceaux in amenager(feuille, cadre, ecritures)
    ]


def garnir(morceaux: Sequence[bytes | Trou], ecritures: Mapping[Place, Ecriture]) -> bytes:
    """Les morceaux mis bout à bout, chaque cellule portant sa valeur ; c’est souvent une cellule seule."""
    premier = morceaux[0]
    if len(morceaux) == 1 and isinstance(premier, Trou):
        return _cellule(premier, ecritures[premier.place])
    return b"".join([m if isinstance(m, bytes) else _cellule(m, ecritures[m.place]) for m in morceaux])


def amenager(feuille: FeuilleOctets, cadre: Cadre, places: Collection[Place]) -> list[Amenagement]:
    """Ce que ces places demandent à la feuille, quelles que soient leurs valeurs."""
    par_ligne: dict[int, list[int]] = {}
    for numero, colonne in sorted(places):
        par_ligne.setdefault(numero, []).append(colonne)
    amenagements = _dimension(feuille, places)
    vide = feuille.donnees.contenu == feuille.donnees.fin
    neuves: list[bytes | Trou] = []
    for numero, colonnes in par_ligne.items():
        ligne = feuille.ligne(numero)
        if ligne is not None:
            amenagements += _completer_ligne(feuille, cadre, ligne, colonnes)
        elif vide:
            neuves += _ligne_neuve(feuille, cadre, numero, colonnes)
        else:
            place = feuille.place_de_ligne(numero)
            amenagements.append((place, place, _ligne_neuve(feuille, cadre, numero, colonnes)))
    if neuves:
        amenagements.append(_ouvrir(feuille, feuille.donnees, b"sheetData", neuves))
    return amenagements


def _ligne_neuve(
    feuille: FeuilleOctets, cadre: Cadre, numero: int, colonnes: list[int]
) -> list[bytes | Trou]:
    balise = feuille.prefixe + b"row"
    trous = [_trou_neuf(feuille, (numero, colonne), cadre.style_colonne(colonne)) for colonne in colonnes]
    return [b'<%b r="%d">' % (balise, numero), *trous, b"</%b>" % balise]


def _completer_ligne(
    feuille: FeuilleOctets, cadre: Cadre, ligne: Ligne, colonnes: list[int]
) -> list[Amenagement]:
    """Ce que devient une ligne écrite : étendue élargie s’il le faut, cellules remplies ou créées."""
    cellules = [feuille.cellule(ligne.numero, colonne) for colonne in colonnes]
    neufs = [
        _trou_neuf(feuille, (ligne.numero, c), style_herite(feuille, cadre, (ligne.numero, c)))
        for c, cellule in zip(colonnes, cellules, strict=True)
        if cellule is None
    ]
    balise = feuille.octets[ligne.debut : ligne.contenu]
    elargie = _elargir(balise, colonnes)
    if ligne.contenu == ligne.fin:
        return [_ouvrir(feuille, ligne, b"row", [*neufs], elargie)]
    amenagements: list[Amenagement] = [(c.debut, c.fin, [_trou(feuille, c)]) for c in cellules if c]
    for trou in neufs:
        place = feuille.place_de_cellule(ligne, trou.place[1])
        amenagements.append((place, place, [trou]))
    if elargie != balise:
        amenagements.append((ligne.debut, ligne.contenu, [elargie]))
    return amenagements


def style_herite(feuille: FeuilleOctets, cadre: Cadre, place: Place) -> int:
    """Le style d’une cellule non écrite : celui de sa ligne si elle en impose un, sinon de sa colonne."""
    ligne = feuille.ligne(place[0])
    attributs = feuille.attributs(ligne) if ligne else {}
    if vrai(attributs.get("customFormat")):
        return entier(attributs.get("s"))
    return cadre.style_colonne(place[1])


def _elargir(balise: bytes, colonnes: list[int]) -> bytes:
    """La balise de ligne, son attribut `spans` étendu aux colonnes remplies."""
    etendue = _ETENDUE.search(balise)
    if etendue is None:
        return balise
    debut, fin = int(etendue[2]), int(etendue[3])
    if debut <= colonnes[0] and colonnes[-1] <= fin:
        return balise
    bornes = b"%d:%d" % (min(debut, *colonnes), max(fin, *colonnes))
    return balise[: etendue.start(2)] + bornes + balise[etendue.end(3) :]


def _ouvrir(
    feuille: FeuilleOctets,
    element: Ligne,
    nom: bytes,
    contenu: list[bytes | Trou],
    balise: bytes = b"",
) -> Amenagement:
    """Un élément vide (`<row/>`) remplacé par le même, ouvert, avec ce contenu ; `balise` : la sienne."""
    balise = balise or feuille.octets[element.debut : element.contenu]
    ouvrante = balise.removesuffix(b"/>").rstrip() + b">"
    return element.debut, element.fin, [ouvrante, *contenu, b"</" + feuille.prefixe + nom + b">"]


def _trou(feuille: FeuilleOctets, cellule: Cellule) -> Trou:
    """La cellule écrite, attributs gardés hors type et métadonnées de valeur, extension gardée."""
    balise = feuille.octets[cellule.debut : cellule.contenu]
    nue = balise.removesuffix(b"/>").removesuffix(b">").rstrip()
    if b"t" in nue or b"m" in nue:
        nue = _TYPE.sub(b"", nue)
    contenu = feuille.contenu(cellule)
    extension = _EXTENSION.search(contenu) if b"extLst" in contenu else None
    return _percer(feuille.prefixe, (cellule.ligne, cellule.colonne), nue, extension[0] if extension else b"")


def _trou_neuf(feuille: FeuilleOctets, place: Place, style: int) -> Trou:
    nue = b'<%bc r="%b"' % (feuille.prefixe, ecrire_cellule(*place).encode("ascii"))
    return _percer(feuille.prefixe, place, nue + (b' s="%d"' % style if style else b""), b"")


def _percer(prefixe: bytes, place: Place, balise: bytes, extension: bytes) -> Trou:
    avant = b"%b><%bv>" % (balise, prefixe)
    apres = b"</%bv>%b</%bc>" % (prefixe, extension, prefixe)
    return Trou(place, prefixe, balise, extension, avant, apres)


def _cellule(trou: Trou, ecriture: Ecriture) -> bytes:
    _, prefixe, balise, extension, avant, apres = trou
    if ecriture.genre == "nombre":
        return avant + ecriture.texte.encode() + apres
    genre, contenu = _contenu(prefixe, ecriture)
    if not contenu and not extension:
        return balise + b"/>"
    return b"%b%b>%b%b</%bc>" % (balise, genre, contenu, extension, prefixe)


def _contenu(p: bytes, ecriture: Ecriture) -> tuple[bytes, bytes]:
    """L’attribut de type et le contenu XML de la cellule."""
    if ecriture.genre == "vide":
        return b"", b""
    if ecriture.genre == "booleen":
        return b' t="b"', b"<%bv>%b</%bv>" % (p, ecriture.texte.encode(), p)
    texte = ecriture.texte
    if "_x" in texte:
        texte = _ECHAPPABLE.sub("_x005F_", texte)
    garde = b' xml:space="preserve"' if texte != texte.strip() or "\n" in texte or "  " in texte else b""
    corps = texte.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
    return b' t="inlineStr"', b"<%bis><%bt%b>%b</%bt></%bis>" % (p, p, garde, corps, p, p)


def _dimension(feuille: FeuilleOctets, places: Collection[Place]) -> list[Amenagement]:
    """L’étendue annoncée de la feuille, élargie si une cellule remplie en sort."""
    annonce = _DIMENSION.search(feuille.octets, 0, feuille.donnees.debut)
    plage = lire_plage(annonce[1].decode("ascii", "replace")) if annonce else None
    if annonce is None or plage is None:
        return []
    lignes = [plage.haut, plage.bas, *(place[0] for place in places)]
    colonnes = [plage.gauche, plage.droite, *(place[1] for place in places)]
    large = Plage(min(lignes), min(colonnes), max(lignes), max(colonnes))
    return [] if large == plage else [(annonce.start(1), annonce.end(1), [str(large).encode("ascii")])]
