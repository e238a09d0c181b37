"""Les lignes d’une feuille, repérées dans ses octets : leur numéro, et où elles commencent."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from html import unescape
from itertools import pairwise
from operator import lt
from typing import NamedTuple

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import LIGNES

LIGNES_ECRITES = 200_000
"""Lignes écrites au-delà desquelles une feuille ne se remplit pas ; les gros formulaires en ont dix mille."""
ATTRIBUTS = rb"(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*+"
"""Les attributs d’une balise, guillemets compris, jusqu’à sa fin."""
_ATTRIBUT = re.compile(rb"(?<!\S)([^\s=\"']++)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ADRESSE = rb"(?:\s+r=\"([A-Z]*)([0-9]+)\")?"
_PREMIER = re.compile(rb"\sr\s*=\s*[\"']([A-Z]*)([0-9]+)[\"']")
_BARRE = ord("/")


class Ligne(NamedTuple):
    """Bornes d’une ligne : balise ouvrante [debut, contenu[, cellules [contenu, fin_contenu[, fin exclue."""

    numero: int
    debut: int
    contenu: int
    fin_contenu: int
    fin: int


class Lignes:
    """Les lignes écrites entre les bornes de `donnees`. `refus(raison)` : l’erreur à lever."""

    def __init__(
        self, octets: bytes, donnees: Ligne, prefixe: bytes, refus: Callable[[str], ErreurFichier]
    ) -> None:
        self.numeros, self.debuts = array("i"), array("i")
        self._limite = donnees.fin_contenu
        self._motif = motif(prefixe + b"row")
        self._fermante = b"</" + prefixe + b"row>"
        self._refus = refus
        self._bornes: dict[int, Ligne] = {}
        self._reperer(octets, donnees.contenu, prefixe)

    def bornes(self, octets: bytes, rang: int) -> Ligne:
        """Les bornes de la ligne de ce rang."""
        numero, debut = self.numeros[rang], self.debuts[rang]
        limite = self.debuts[rang + 1] if rang + 1 < len(self.debuts) else self._limite
        ouvrante = self._motif.match(octets, debut, limite)
        if ouvrante is None:
            raise self._refus("est mal formée")
        contenu = ouvrante.end()
        if octets[contenu - 2] == _BARRE:
            return Ligne(numero, debut, contenu, contenu, contenu)
        fin_contenu = octets.rfind(self._fermante, contenu, limite)
        if fin_contenu < 0:
            raise self._refus("est mal formée")
        return Ligne(numero, debut, contenu, fin_contenu, fin_contenu + len(self._fermante))

    def ligne(self, octets: bytes, numero: int) -> Ligne | None:
        """La ligne de ce numéro si elle est écrite."""
        ligne = self._bornes.get(numero)
        if ligne is None:
            rang = self.rang(numero)
            if rang < len(self.numeros) and self.numeros[rang] == numero:
                ligne = self._bornes[numero] = self.bornes(octets, rang)
        return ligne

    def oublier(self) -> None:
        """Rend la mémoire des bornes déjà cherchées ; numéros et débuts restent."""
        self._bornes.clear()

    def rang(self, numero: int) -> int:
        """Le rang de la première ligne de numéro au moins égal ; leur nombre s’il n’y en a pas."""
        return bisect_left(self.numeros, numero)

    def place(self, numero: int) -> int:
        """Où s’insère une ligne absente : avant la première de numéro plus grand."""
        rang = self.rang(numero)
        return self.debuts[rang] if rang < len(self.debuts) else self._limite

    def _reperer(self, octets: bytes, position: int, prefixe: bytes) -> None:
        """Relève chaque ligne. Lève une erreur si elles ne se suivent pas, fermées et en ordre."""
        limite, balise = self._limite, b"<%brow" % prefixe
        nombre = octets.count(balise, position, limite)
        if nombre > LIGNES_ECRITES:
            raise self._refus(f"a plus de {LIGNES_ECRITES} lignes")
        if nombre == 0:
            return
        ouvrantes = [(o.start(), o[1]) for o in _motif_de_ligne(prefixe).finditer(octets, position, limite)]
        self.debuts.extend([debut for debut, _ in ouvrantes])
        jointes = octets.count(self._fermante + balise, position, limite)
        if not len(ouvrantes) == nombre == jointes + 1:
            for debut, suivante in pairwise(self.debuts):
                self._exiger_fermee(octets, debut, suivante)
        self.numeros.extend(self._numeroter(octets, ouvrantes))
        if self.debuts:
            self._exiger_fermee(octets, self.debuts[-1], limite)

    def _numeroter(self, octets: bytes, ouvrantes: list[tuple[int, bytes | None]]) -> list[int]:
        """Le numéro de chaque ligne ; celle qui ne le dit pas suit la précédente."""
        numeros = [int(chiffres[:9]) for _, chiffres in ouvrantes if chiffres]
        if len(numeros) == len(ouvrantes) and all(map(lt, [0, *numeros], [*numeros, LIGNES + 1])):
            return numeros
        numeros = [0]
        for debut, chiffres in ouvrantes:
            tardifs = chiffres or self._chiffres_tardifs(octets, debut)
            numero = int(tardifs[:9]) if tardifs else numeros[-1] + 1
            if not numeros[-1] < numero <= LIGNES:
                raise self._refus(f"répète ou désordonne sa ligne {numero}")
            numeros.append(numero)
        return numeros[1:]

    def _exiger_fermee(self, octets: bytes, debut: int, limite: int) -> None:
        """Lève une erreur si la ligne n’est pas fermée juste avant cette limite, aux blancs près."""
        ouvrante = self._motif.match(octets, debut, limite)
        fin = octets.rfind(b">", debut, limite) + 1
        vide = ouvrante is not None and ouvrante.end() == fin and octets[fin - 2] == _BARRE
        if octets[fin:limite].strip() or not (vide or octets.endswith(self._fermante, debut, fin)):
            raise self._refus("est mal formée")

    def _chiffres_tardifs(self, octets: bytes, debut: int) -> bytes | None:
        """Les chiffres de l’attribut `r` quand il n’est pas le premier de la balise."""
        ouvrante = self._motif.match(octets, debut)
        adresse = adresse_tardive(ouvrante) if ouvrante else None
        return adresse[2] if adresse else None


def attributs(balise: bytes) -> dict[str, str]:
    """Les attributs d’une balise ouvrante, entités rendues."""
    return {
        nom.decode("utf-8", "replace"): unescape((double or simple).decode("utf-8", "replace"))
        for nom, double, simple in _ATTRIBUT.findall(balise)
    }


def adresse_tardive(element: re.Match[bytes]) -> re.Match[bytes] | None:
    """L’adresse (lettres, chiffres) d’une ligne ou d’une cellule, où qu’elle soit dans sa balise."""
    return _PREMIER.search(element[3])


@cache
def _motif_de_ligne(prefixe: bytes) -> re.Pattern[bytes]:
    """Le début d’une ligne et, dans le groupe, les chiffres de l’adresse qui ouvre sa balise."""
    return re.compile(rb"<%brow(?:\s+r=\"([0-9]+)\")?(?=[\s/>])" % re.escape(prefixe))


@cache
def motif(nom: bytes, contenu: bool = False) -> re.Pattern[bytes]:
    """La balise ouvrante de ce nom, suivie s’il le faut du contenu de l’élément et de sa fermeture.

    Groupes : lettres et chiffres de l’adresse qui ouvre la balise, autres attributs, contenu, et la fin du
    texte si l’élément n’est pas fermé.
    """
    fin = rb"/?>"
    if contenu:
        fermante = rb"</" + re.escape(nom) + rb">"
        texte = rb"([^<]*+(?:<(?!/" + re.escape(nom) + rb">)[^<]*+)*+)"
        fin = rb"(?:/>|>" + texte + rb"(?:" + fermante + rb"|(\Z)))"
    return re.compile(rb"<" + re.escape(nom) + rb"(?=[\s/>])" + _ADRESSE + rb"(" + ATTRIBUTS + rb")" + fin)
