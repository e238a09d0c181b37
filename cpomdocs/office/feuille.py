"""Les cellules d’une feuille, repérées dans ses octets sans arbre XML : lignes, puis cellules voulues."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import COLONNES, Plage, ecrire_cellule, numero_colonne
from cpomdocs.office.analyse import encodage
from cpomdocs.office.calculs import Formule, Matrice, lire_calculs
from cpomdocs.office.lignes import Ligne, Lignes, adresse_tardive, attributs, motif

__all__ = ["Cellule", "FeuilleOctets", "Ligne"]

_RACINE = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_STYLE = re.compile(rb"\ss\s*=\s*[\"']([0-9]{1,9})[\"']")
_BOOLEEN = re.compile(rb"\st\s*=\s*[\"']b[\"']")
_CONTENU, _COUPE = 4, 5
"""Groupes du motif d’un élément entier : son contenu, et la fin du texte s’il n’est pas fermé."""
_REMEDE = "L’ouvrir dans Excel et l’enregistrer sous un autre nom, puis reprendre cette copie."


class Cellule(NamedTuple):
    """Bornes d’une cellule, mêmes conventions que `Ligne` ; vide si `contenu == fin`."""

    ligne: int
    colonne: int
    debut: int
    contenu: int
    fin_contenu: int
    fin: int


_Reperes = tuple[int, int, int, int, int]
"""Les champs d’une `Cellule` après son numéro de ligne : il y en a des milliers."""


class FeuilleOctets:
    """Une feuille et le repérage de ses cellules. Lève `ErreurFichier` si sa forme interdit de l’épisser.

    `relire` retrouve les octets de la feuille quand elle les a oubliés.
    """

    def __init__(self, octets: bytes, nom: str, relire: Callable[[], bytes] | None = None) -> None:
        self.nom = nom
        self._octets: bytes | None = octets
        self._relire = relire
        self._cellules: dict[int, dict[int, _Reperes]] = {}
        self._directes: dict[tuple[int, int], Cellule] = {}
        if encodage(octets) not in ("utf-8", "us-ascii", "ascii"):
            raise self._refus("n’est pas écrite en UTF-8")
        racine = _RACINE.search(octets)
        if racine is None:
            raise self._refus("n’a pas la forme d’une feuille de calcul")
        self.prefixe = racine[1] + b":" if racine[1] else b""
        self._entiere = motif(self.prefixe + b"c", contenu=True)
        self._formule = motif(self.prefixe + b"f")

    @property
    def octets(self) -> bytes:
        """Les octets de la feuille, relus s’ils ont été oubliés."""
        if self._octets is None:
            assert self._relire is not None
            self._octets = self._relire()
        return self._octets

    def oublier(self) -> None:
        """Rend la mémoire du texte, s’il peut se relire ; le repérage des lignes reste."""
        if self._relire is not None:
            self._octets = None
            self._cellules.clear()
            self._directes.clear()
            self.__dict__.pop("_calculs", None)
            if "_lignes" in self.__dict__:
                self._lignes.oublier()

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
    def _lignes(self) -> Lignes:
        return Lignes(self.octets, self.donnees, self.prefixe, self._refus)

    @property
    def lignes(self) -> list[Ligne]:
        """Les lignes écrites, par numéro croissant."""
        return [self._lignes.bornes(self.octets, rang) for rang in range(len(self._lignes.numeros))]

    def cellules(self, ligne: Ligne) -> dict[int, Cellule]:
        """Les cellules écrites d’une ligne, par numéro de colonne croissant."""
        return {c: Cellule(ligne.numero, *reperes) for c, reperes in self._de_ligne(ligne).items()}

    @property
    def debuts_de_lignes(self) -> array[int]:
        """Où commence chaque ligne écrite, en ordre. Lève `ErreurFichier` si la feuille est malformée."""
        return self._lignes.debuts

    def place_de_ligne(self, numero: int) -> int:
        """Où s’insère une ligne absente : avant la première de numéro plus grand."""
        return self._lignes.place(numero)

    def ligne(self, numero: int) -> Ligne | None:
        """La ligne de ce numéro si elle est écrite."""
        return self._lignes.ligne(self.octets, numero)

    def cellule(self, numero: int, colonne: int) -> Cellule | None:
        """La cellule écrite à cette place, `None` s’il n’y en a pas."""
        directe = self._directes.get((numero, colonne))
        if directe is not None:
            return directe
        lues = self._cellules.get(numero)
        if lues is None:
            ligne = self.ligne(numero)
            if ligne is None:
                return None
            directe = self._cellule_directe(ligne, colonne)
            if directe is not None:
                self._directes[numero, colonne] = directe
                return directe
            lues = self._de_ligne(ligne)
        reperes = lues.get(colonne)
        return Cellule(numero, *reperes) if reperes else None

    def _cellule_directe(self, ligne: Ligne, colonne: int) -> Cellule | None:
        """La cellule trouvée à son adresse, sans lire ses voisines ; `None` si cela ne suffit pas."""
        adresse = ecrire_cellule(ligne.numero, colonne).encode("ascii")
        marque = b'<%bc r="%b"' % (self.prefixe, adresse)
        octets, fin = self.octets, ligne.fin_contenu
        place = octets.find(marque, ligne.contenu, fin)
        if place < 0 or octets.find(marque, place + 1, fin) >= 0:
            return None
        element = self._entiere.match(octets, place, fin)
        if element is None or element[_COUPE] is not None:
            return None
        return Cellule(ligne.numero, *_reperes(element, colonne))

    def place_de_cellule(self, ligne: Ligne, colonne: int) -> int:
        """Où s’insère une cellule absente d’une ligne écrite : avant la première de colonne plus grande."""
        reperes = self._de_ligne(ligne).items()
        return next((debut for n, (_, debut, *_) in reperes if n > colonne), ligne.fin_contenu)

    def dans(self, plage: Plage) -> Iterator[Cellule]:
        """Les cellules écrites d’une plage, dans l’ordre de la feuille."""
        lignes = self._lignes
        for rang in range(lignes.rang(plage.haut), lignes.rang(plage.bas + 1)):
            for colonne, reperes in self._de_ligne(lignes.bornes(self.octets, rang)).items():
                if plage.gauche <= colonne <= plage.droite:
                    yield Cellule(lignes.numeros[rang], *reperes)

    def _de_ligne(self, ligne: Ligne) -> dict[int, _Reperes]:
        """Les cellules écrites d’une ligne, par numéro de colonne croissant."""
        if ligne.numero not in self._cellules:
            self._cellules[ligne.numero] = self._lire_cellules(ligne)
        return self._cellules[ligne.numero]

    def attributs(self, element: Ligne | Cellule) -> dict[str, str]:
        """Les attributs de la balise ouvrante, entités rendues."""
        return attributs(self.octets[element.debut : element.contenu])

    def allure(self, cellule: Cellule) -> tuple[int, bool]:
        """Le numéro de style de la cellule, et si elle contient un booléen : assez pour la viser."""
        balise = self.octets[cellule.debut : cellule.contenu]
        style = _STYLE.search(balise)
        return int(style[1]) if style else 0, b"t" in balise and _BOOLEEN.search(balise) is not None

    def contenu(self, element: Ligne | Cellule) -> bytes:
        """Les octets entre la balise ouvrante et la fermante."""
        return self.octets[element.contenu : element.fin_contenu]

    def a_formule(self, cellule: Cellule) -> bool:
        """Vrai si la cellule porte elle-même une formule."""
        return self._formule.search(self.octets, cellule.contenu, cellule.fin_contenu) is not None

    @cached_property
    def calcule(self) -> bool:
        """Vrai si la feuille porte au moins une formule."""
        return bool(self._calculs[0])

    @property
    def formules(self) -> list[Formule]:
        """Les formules, dans l’ordre de la feuille."""
        return self._calculs[0]

    @cached_property
    def matrices(self) -> list[Matrice]:
        """Les plages que remplit une seule formule ; leurs cellules sont des résultats."""
        return self._calculs[1]

    @cached_property
    def _calculs(self) -> tuple[list[Formule], list[Matrice]]:
        return lire_calculs(self.octets, self.donnees, self.prefixe, self._refus)

    def _lire_cellules(self, ligne: Ligne) -> dict[int, _Reperes]:
        cellules: dict[int, _Reperes] = {}
        precedente = 0
        chiffres = b"%d" % ligne.numero
        for element in self._entiere.finditer(self.octets, ligne.contenu, ligne.fin_contenu):
            colonne = _colonne(element[1]) if element[2] == chiffres else _place(element, ligne, precedente)
            if not precedente < colonne <= COLONNES:
                raise self._refus(f"désordonne les cellules de sa ligne {ligne.numero}")
            if element[_COUPE] is not None:
                raise self._refus("est mal formée")
            precedente = colonne
            cellules[colonne] = _reperes(element, colonne)
        return cellules

    def _motif(self, nom: bytes) -> re.Pattern[bytes]:
        return motif(self.prefixe + nom)

    def _refus(self, raison: str) -> ErreurFichier:
        return ErreurFichier(f"La feuille « {self.nom} » {raison}.", _REMEDE)


def _reperes(element: re.Match[bytes], colonne: int) -> _Reperes:
    """Les bornes d’une cellule trouvée entière."""
    debut, fin = element.span()
    contenu, fin_contenu = element.span(_CONTENU)
    return (colonne, debut, contenu, fin_contenu, fin) if contenu >= 0 else (colonne, debut, fin, fin, fin)


def _place(element: re.Match[bytes], ligne: Ligne, precedente: int) -> int:
    """La colonne d’une cellule à l’adresse tardive, absente ou fautive ; 0 si elle n’est pas de la ligne."""
    adresse = adresse_tardive(element) if element[2] is None else element
    if adresse is None:
        return precedente + 1
    return _colonne(adresse[1]) if int(adresse[2][:9]) == ligne.numero else 0


@lru_cache(maxsize=COLONNES)
def _colonne(lettres: bytes) -> int:
    """Le numéro de la colonne ; 0 si ce n’en est pas une."""
    return numero_colonne(lettres.decode()) if 1 <= len(lettres) <= 3 else 0
