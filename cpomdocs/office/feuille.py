"""Les cellules d’une feuille, repérées dans ses octets sans arbre XML : lignes, puis cellules voulues."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from html import unescape
from typing import NamedTuple

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import COLONNES, LIGNES, Plage, lire_plage, numero_colonne
from cpomdocs.office.analyse import encodage

_RACINE = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_ATTRIBUTS = rb"(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*+"
_ATTRIBUT = re.compile(rb"(?<!\S)([^\s=\"']++)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ADRESSE = rb"(?:\s+r=\"([A-Z]*)([0-9]+)\")?"
_PREMIER = re.compile(rb"\sr\s*=\s*[\"']([A-Z]*)([0-9]+)[\"']")
_BARRE = ord("/")
_CONTENU, _COUPE = 4, 5
"""Groupes du motif d’un élément entier : son contenu, et la fin du texte s’il n’est pas fermé."""
_REMEDE = "L’ouvrir dans Excel et l’enregistrer sous un autre nom, puis reprendre cette copie."


class Ligne(NamedTuple):
    """Bornes d’une ligne : balise ouvrante [debut, contenu[, cellules [contenu, fin_contenu[, fin exclue."""

    numero: int
    debut: int
    contenu: int
    fin_contenu: int
    fin: int


class Cellule(NamedTuple):
    """Bornes d’une cellule, mêmes conventions que `Ligne` ; vide si `contenu == fin`."""

    ligne: int
    colonne: int
    debut: int
    contenu: int
    fin_contenu: int
    fin: int


Formule = tuple[int, int, int, int]
"""Où commencent la cellule et sa formule, bornes du résultat qui la suit (-1 s’il n’y est pas)."""
_Reperes = tuple[int, int, int, int, int]
"""Les champs d’une `Ligne` ou, après le numéro de ligne, d’une `Cellule` : il y en a des milliers."""


class Matrice(NamedTuple):
    """Une formule qui déborde de sa cellule : matricielle, dynamique ou table de données."""

    plage: Plage
    genre: str


@dataclass
class FeuilleOctets:
    """Une feuille et le repérage de ses cellules. Lève `ErreurFichier` si sa forme interdit de l’épisser."""

    octets: bytes
    nom: str
    prefixe: bytes = b""
    _cellules: dict[int, dict[int, _Reperes]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if encodage(self.octets) not in ("utf-8", "us-ascii", "ascii"):
            raise self._refus("n’est pas écrite en UTF-8")
        racine = _RACINE.search(self.octets)
        if racine is None:
            raise self._refus("n’a pas la forme d’une feuille de calcul")
        self.prefixe = racine[1] + b":" if racine[1] else b""

    @cached_property
    def donnees(self) -> Ligne:
        """Les bornes de `sheetData`, comme d’une ligne de numéro 0."""
        ouvrante = self._motif(b"sheetData").search(self.octets)
        if ouvrante is None:
            raise self._refus("n’a pas de cellules")
        if ouvrante[0].endswith(b"/>"):
            return Ligne(0, ouvrante.start(), ouvrante.end(), ouvrante.end(), ouvrante.end())
        fermante = b"</" + self.prefixe + b"sheetData>"
        fin_contenu = self.octets.rfind(fermante, ouvrante.end())
        if fin_contenu < 0:
            raise self._refus("est tronquée")
        if any(self._porte(signe, ouvrante.end(), fin_contenu) for signe in (b"!", b"?")):
            raise self._refus("porte des commentaires XML ou des blocs CDATA parmi ses cellules")
        return Ligne(0, ouvrante.start(), ouvrante.end(), fin_contenu, fin_contenu + len(fermante))

    def _porte(self, signe: bytes, debut: int, fin: int) -> bool:
        """Vrai si `<` suivi de ce signe est dans l’intervalle ; le signe seul, rare, se cherche plus vite."""
        return self.octets.find(signe, debut, fin) >= 0 and self.octets.find(b"<" + signe, debut, fin) >= 0

    @cached_property
    def _lignes(self) -> list[_Reperes]:
        lignes: list[_Reperes] = []
        precedent = 0
        chercher, octets, limite = self._motif(b"row").search, self.octets, self.donnees.fin_contenu
        fermante = b"</" + self.prefixe + b"row>"
        position = self.donnees.contenu
        while (ouvrante := chercher(octets, position, limite)) is not None:
            debut, contenu = ouvrante.span()
            chiffres = ouvrante[2] or _chiffres_tardifs(ouvrante)
            numero = int(chiffres[:9]) if chiffres else precedent + 1
            if not precedent < numero <= LIGNES:
                raise self._refus(f"répète ou désordonne sa ligne {numero}")
            fin_contenu = position = contenu
            if octets[contenu - 2] != _BARRE:
                fin_contenu = octets.find(fermante, contenu, limite)
                if fin_contenu < 0:
                    raise self._refus("est mal formée")
                position = fin_contenu + len(fermante)
            lignes.append((numero, debut, contenu, fin_contenu, position))
            precedent = numero
        return lignes

    @cached_property
    def _numeros(self) -> list[int]:
        return [ligne[0] for ligne in self._lignes]

    @property
    def lignes(self) -> list[Ligne]:
        """Les lignes écrites, par numéro croissant."""
        return [Ligne(*ligne) for ligne in self._lignes]

    def cellules(self, ligne: Ligne) -> dict[int, Cellule]:
        """Les cellules écrites d’une ligne, par numéro de colonne croissant."""
        return {c: Cellule(ligne.numero, *reperes) for c, reperes in self._de_ligne(ligne).items()}

    @property
    def debuts_de_lignes(self) -> list[int]:
        """Où commence chaque ligne écrite, en ordre. Lève `ErreurFichier` si la feuille est malformée."""
        return [ligne[1] for ligne in self._lignes]

    def place_de_ligne(self, numero: int) -> int:
        """Où s’insère une ligne absente : avant la première de numéro plus grand."""
        rang = bisect_left(self._numeros, numero)
        return self._lignes[rang][1] if rang < len(self._lignes) else self.donnees.fin_contenu

    def ligne(self, numero: int) -> Ligne | None:
        """La ligne de ce numéro si elle est écrite."""
        rang = bisect_left(self._numeros, numero)
        ecrite = rang < len(self._lignes) and self._numeros[rang] == numero
        return Ligne(*self._lignes[rang]) if ecrite else None

    def cellule(self, numero: int, colonne: int) -> Cellule | None:
        """La cellule écrite à cette place, `None` s’il n’y en a pas."""
        lues = self._cellules.get(numero)
        if lues is None:
            ligne = self.ligne(numero)
            lues = self._de_ligne(ligne) if ligne else {}
        reperes = lues.get(colonne)
        return Cellule(numero, *reperes) if reperes else None

    def place_de_cellule(self, ligne: Ligne, colonne: int) -> int:
        """Où s’insère une cellule absente d’une ligne écrite : avant la première de colonne plus grande."""
        reperes = self._de_ligne(ligne).items()
        return next((debut for n, (_, debut, *_) in reperes if n > colonne), ligne.fin_contenu)

    def dans(self, plage: Plage) -> Iterator[Cellule]:
        """Les cellules écrites d’une plage, dans l’ordre de la feuille."""
        premiere, derniere = (bisect_left(self._numeros, n) for n in (plage.haut, plage.bas + 1))
        for ligne in self._lignes[premiere:derniere]:
            for colonne, reperes in self._de_ligne(Ligne(*ligne)).items():
                if plage.gauche <= colonne <= plage.droite:
                    yield Cellule(ligne[0], *reperes)

    def _de_ligne(self, ligne: Ligne) -> dict[int, _Reperes]:
        """Les cellules écrites d’une ligne, par numéro de colonne croissant."""
        if ligne.numero not in self._cellules:
            self._cellules[ligne.numero] = self._lire_cellules(ligne)
        return self._cellules[ligne.numero]

    def attributs(self, element: Ligne | Cellule) -> dict[str, str]:
        """Les attributs de la balise ouvrante, entités rendues."""
        return _attributs(self.octets[element.debut : element.contenu])

    def contenu(self, element: Ligne | Cellule) -> bytes:
        """Les octets entre la balise ouvrante et la fermante."""
        return self.octets[element.contenu : element.fin_contenu]

    def a_formule(self, cellule: Cellule) -> bool:
        """Vrai si la cellule porte elle-même une formule."""
        return self._motif(b"f").search(self.octets, cellule.contenu, cellule.fin_contenu) is not None

    @cached_property
    def calcule(self) -> bool:
        """Vrai si la feuille porte au moins une formule."""
        return next(self._balises_de_formule(), None) is not None

    def _balises_de_formule(self) -> Iterator[re.Match[bytes]]:
        motif = _motif_de_formule(self.prefixe)
        return motif.finditer(self.octets, self.donnees.contenu, self.donnees.fin_contenu)

    @property
    def formules(self) -> list[Formule]:
        """Les formules, dans l’ordre de la feuille."""
        return self._calculs[0]

    @property
    def matrices(self) -> list[Matrice]:
        """Les plages que remplit une seule formule ; leurs cellules sont des résultats."""
        return self._calculs[1]

    @cached_property
    def _calculs(self) -> tuple[list[Formule], list[Matrice]]:
        formules: list[Formule] = []
        matrices: list[Matrice] = []
        ouvrante = b"<" + self.prefixe + b"c"
        for balise in self._balises_de_formule():
            debut = balise.start()
            cellule = self.octets.rfind(b"<", 0, debut)
            if not self.octets.startswith(ouvrante, cellule):
                raise self._refus("porte une formule hors de sa place")
            formules.append((cellule, debut, *balise.span(2)))
            if b"ref" in balise[1]:
                attributs = _attributs(balise[1])
                plage = lire_plage(attributs.get("ref", ""))
                if plage and attributs.get("t") in ("array", "dataTable"):
                    matrices.append(Matrice(plage, attributs["t"]))
        return formules, matrices

    def _lire_cellules(self, ligne: Ligne) -> dict[int, _Reperes]:
        cellules: dict[int, _Reperes] = {}
        precedente = 0
        motif, chiffres = _motif(self.prefixe + b"c", contenu=True), b"%d" % ligne.numero
        for element in motif.finditer(self.octets, ligne.contenu, ligne.fin_contenu):
            colonne = _colonne(element[1]) if element[2] == chiffres else _place(element, ligne, precedente)
            if not precedente < colonne <= COLONNES:
                raise self._refus(f"désordonne les cellules de sa ligne {ligne.numero}")
            if element[_COUPE] is not None:
                raise self._refus("est mal formée")
            precedente = colonne
            debut, fin = element.span()
            contenu, fin_contenu = element.span(_CONTENU)
            if contenu < 0:
                contenu = fin_contenu = fin
            cellules[colonne] = (colonne, debut, contenu, fin_contenu, fin)
        return cellules

    def _motif(self, nom: bytes) -> re.Pattern[bytes]:
        return _motif(self.prefixe + nom)

    def _refus(self, raison: str) -> ErreurFichier:
        return ErreurFichier(f"La feuille « {self.nom} » {raison}.", _REMEDE)


@cache
def _motif(nom: bytes, contenu: bool = False) -> re.Pattern[bytes]:
    """La balise ouvrante de ce nom, suivie s’il le faut du contenu de l’élément et de sa fermeture."""
    fin = rb"/?>"
    if contenu:
        fermante = rb"</" + re.escape(nom) + rb">"
        texte = rb"([^<]*+(?:<(?!/" + re.escape(nom) + rb">)[^<]*+)*+)"
        fin = rb"(?:/>|>" + texte + rb"(?:" + fermante + rb"|(\Z)))"
    return re.compile(rb"<" + re.escape(nom) + rb"(?=[\s/>])" + _ADRESSE + rb"(" + _ATTRIBUTS + rb")" + fin)


@cache
def _motif_de_formule(prefixe: bytes) -> re.Pattern[bytes]:
    """Une formule, ses attributs (groupe 1) et, s’il la suit, son résultat (groupe 2)."""
    f, v = re.escape(prefixe) + b"f", re.escape(prefixe) + b"v"
    resultat = rb"(<%b(?:\s[^>]*+)?>[^<]*+</%b>)" % (v, v)
    return re.compile(rb"<%b(?=[\s/>])(%b)(?:/>|>[^<]*+</%b>)(?:\s*+%b)?" % (f, _ATTRIBUTS, f, resultat))


def _chiffres_tardifs(element: re.Match[bytes]) -> bytes | None:
    """Les chiffres de l’attribut `r` quand il n’est pas le premier de la balise."""
    adresse = _PREMIER.search(element[3])
    return adresse[2] if adresse else None


def _place(element: re.Match[bytes], ligne: Ligne, precedente: int) -> int:
    """La colonne d’une cellule à l’adresse tardive, absente ou fautive ; 0 si elle n’est pas de la ligne."""
    adresse = _PREMIER.search(element[3]) if element[2] is None else element
    if adresse is None:
        return precedente + 1
    return _colonne(adresse[1]) if int(adresse[2][:9]) == ligne.numero else 0


@lru_cache(maxsize=COLONNES)
def _colonne(lettres: bytes) -> int:
    """Le numéro de la colonne ; 0 si ce n’en est pas une."""
    return numero_colonne(lettres.decode()) if 1 <= len(lettres) <= 3 else 0


def _attributs(balise: bytes) -> dict[str, str]:
    return {
        nom.decode("utf-8", "replace"): unescape((double or simple).decode("utf-8", "replace"))
        for nom, double, simple in _ATTRIBUT.findall(balise)
    }
