"""Épisser des valeurs dans les octets d’une feuille : seules les cellules visées changent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

from cpomdocs.office.adresses import Plage, ecrire_cellule, lire_plage
from cpomdocs.office.cadre import Cadre
from cpomdocs.office.feuille import Cellule, FeuilleOctets, Ligne
from cpomdocs.office.styles import entier, vrai

Place = tuple[int, int]
Epissure = tuple[int, int, bytes]
"""(debut, fin, octets) : ces octets remplacent l’intervalle."""

_TYPE = re.compile(rb"(?<!\s)\s++(?:t|cm|vm)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ETENDUE = re.compile(rb"(\sspans\s*=\s*[\"'])([0-9]+):([0-9]+)")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s+ref\s*=\s*[\"']([^\"']*)")
_EXTENSION = re.compile(rb"<(?:\w+:)?extLst[\s/>].*", re.DOTALL)
_ECHAPPABLE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Ecriture(NamedTuple):
    """Ce qui va dans une cellule : son genre, et le texte de sa valeur (`vide` : la cellule est vidée)."""

    genre: Literal["texte", "nombre", "booleen", "vide"]
    texte: str


def episser(feuille: FeuilleOctets, cadre: Cadre, ecritures: Mapping[Place, Ecriture]) -> list[Epissure]:
    """Les épissures qui mettent ces valeurs à leur place ; cellules et lignes absentes sont créées."""
    par_ligne: dict[int, dict[int, Ecriture]] = {}
    for numero, colonne in sorted(ecritures):
        par_ligne.setdefault(numero, {})[colonne] = ecritures[numero, colonne]
    epissures = _dimension(feuille, ecritures)
    vide = feuille.donnees.contenu == feuille.donnees.fin
    neuves: list[bytes] = []
    for numero, cellules in par_ligne.items():
        ligne = feuille.ligne(numero)
        if ligne is not None:
            epissures += _completer_ligne(feuille, cadre, ligne, cellules)
        elif vide:
            neuves.append(_ligne_neuve(feuille, cadre, numero, cellules))
        else:
            place = _place_de_ligne(feuille, numero)
            epissures.append((place, place, _ligne_neuve(feuille, cadre, numero, cellules)))
    if neuves:
        epissures.append(_ouvrir(feuille, feuille.donnees, b"sheetData", b"".join(neuves)))
    return epissures


def _place_de_ligne(feuille: FeuilleOctets, numero: int) -> int:
    rang = feuille.rang(numero)
    return feuille.lignes[rang].debut if rang < len(feuille.lignes) else feuille.donnees.fin_contenu


def _ligne_neuve(feuille: FeuilleOctets, cadre: Cadre, numero: int, cellules: dict[int, Ecriture]) -> bytes:
    contenu = b"".join(
        _cellule_neuve(feuille.prefixe, numero, colonne, cadre.style_colonne(colonne), ecriture)
        for colonne, ecriture in cellules.items()
    )
    balise = feuille.prefixe + b"row"
    return b'<%b r="%d">%b</%b>' % (balise, numero, contenu, balise)


def _completer_ligne(
    feuille: FeuilleOctets, cadre: Cadre, ligne: Ligne, cellules: dict[int, Ecriture]
) -> list[Epissure]:
    """Les épissures d’une ligne écrite : étendue élargie s’il le faut, cellules remplies ou créées."""
    presentes = feuille.cellules(ligne)
    neuves: list[tuple[int, bytes]] = []
    epissures: list[Epissure] = []
    for colonne, ecriture in cellules.items():
        cellule = presentes.get(colonne)
        if cellule is not None:
            epissures.append((cellule.debut, cellule.fin, _cellule_remplie(feuille, cellule, ecriture)))
        else:
            style = style_herite(feuille, cadre, (ligne.numero, colonne))
            neuves.append((colonne, _cellule_neuve(feuille.prefixe, ligne.numero, colonne, style, ecriture)))
    if ligne.contenu == ligne.fin:
        debut, fin, octets = _ouvrir(feuille, ligne, b"row", b"".join(neuve for _, neuve in neuves))
        return [(debut, fin, _elargir(octets, cellules))]
    for colonne, neuve in neuves:
        suivante = next((c.debut for c in presentes.values() if c.colonne > colonne), ligne.fin_contenu)
        epissures.append((suivante, suivante, neuve))
    balise = feuille.octets[ligne.debut : ligne.contenu]
    elargie = _elargir(balise, cellules)
    if elargie != balise:
        epissures.append((ligne.debut, ligne.contenu, elargie))
    return epissures


def style_herite(feuille: FeuilleOctets, cadre: Cadre, place: Place) -> int:
    """Le style d’une cellule non écrite : celui de sa ligne si elle en impose un, sinon de sa colonne."""
    ligne = feuille.ligne(place[0])
    attributs = feuille.attributs(ligne) if ligne else {}
    if vrai(attributs.get("customFormat")):
        return entier(attributs.get("s"))
    return cadre.style_colonne(place[1])


def _elargir(balise: bytes, cellules: Mapping[int, object]) -> bytes:
    """La balise de ligne, son attribut `spans` étendu aux colonnes remplies."""
    etendue = _ETENDUE.search(balise)
    if etendue is None:
        return balise
    debut, fin = int(etendue[2]), int(etendue[3])
    bornes = b"%d:%d" % (min(debut, *cellules), max(fin, *cellules))
    return balise[: etendue.start(2)] + bornes + balise[etendue.end(3) :]


def _ouvrir(feuille: FeuilleOctets, element: Ligne, nom: bytes, contenu: bytes) -> Epissure:
    """Un élément vide (`<row/>`) remplacé par le même, ouvert, avec ce contenu."""
    balise = feuille.octets[element.debut : element.contenu].removesuffix(b"/>").rstrip()
    return element.debut, element.fin, balise + b">" + contenu + b"</" + feuille.prefixe + nom + b">"


def _cellule_remplie(feuille: FeuilleOctets, cellule: Cellule, ecriture: Ecriture) -> bytes:
    """La cellule, attributs gardés hors type et métadonnées de valeur, extension gardée."""
    balise = feuille.octets[cellule.debut : cellule.contenu]
    nue = _TYPE.sub(b"", balise.removesuffix(b"/>").removesuffix(b">").rstrip())
    extension = _EXTENSION.search(feuille.contenu(cellule))
    return _fermer(feuille.prefixe, nue, ecriture, extension[0] if extension else b"")


def _cellule_neuve(prefixe: bytes, ligne: int, colonne: int, style: int, ecriture: Ecriture) -> bytes:
    nue = b'<%bc r="%b"' % (prefixe, ecrire_cellule(ligne, colonne).encode("ascii"))
    return _fermer(prefixe, nue + (b' s="%d"' % style if style else b""), ecriture, b"")


def _fermer(prefixe: bytes, balise: bytes, ecriture: Ecriture, extension: bytes) -> bytes:
    genre, contenu = _contenu(prefixe, ecriture)
    contenu += extension
    if not contenu:
        return balise + b"/>"
    return balise + genre + b">" + contenu + b"</" + prefixe + b"c>"


def _contenu(p: bytes, ecriture: Ecriture) -> tuple[bytes, bytes]:
    """L’attribut de type et le contenu XML de la cellule."""
    if ecriture.genre == "vide":
        return b"", b""
    if ecriture.genre != "texte":
        attribut = b' t="b"' if ecriture.genre == "booleen" else b""
        return attribut, b"<%bv>%b</%bv>" % (p, ecriture.texte.encode("ascii"), p)
    texte = _ECHAPPABLE.sub("_x005F_", ecriture.texte)
    garde = b' xml:space="preserve"' if texte != texte.strip() or "\n" in texte or "  " in texte else b""
    corps = escape(texte).encode("utf-8")
    return b' t="inlineStr"', b"<%bis><%bt%b>%b</%bt></%bis>" % (p, p, garde, corps, p, p)


def _dimension(feuille: FeuilleOctets, places: Mapping[Place, object]) -> list[Epissure]:
    """L’étendue annoncée de la feuille, élargie si une cellule remplie en sort."""
    annonce = _DIMENSION.search(feuille.octets, 0, feuille.donnees.debut)
    plage = lire_plage(annonce[1].decode("ascii", "replace")) if annonce else None
    if annonce is None or plage is None:
        return []
    lignes = [plage.haut, plage.bas, *(place[0] for place in places)]
    colonnes = [plage.gauche, plage.droite, *(place[1] for place in places)]
    large = Plage(min(lignes), min(colonnes), max(lignes), max(colonnes))
    return [] if large == plage else [(annonce.start(1), annonce.end(1), str(large).encode("ascii"))]
