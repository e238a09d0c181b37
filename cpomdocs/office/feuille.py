"""Les cellules d’une feuille, repérées dans ses octets sans arbre XML : lignes, puis cellules voulues."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import NamedTuple

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import LIGNES, Plage, lire_cellule, lire_plage
from cpomdocs.office.analyse import encodage
from cpomdocs.office.styles import entier

_RACINE = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_ATTRIBUTS = rb"(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*+"
_ATTRIBUT = re.compile(rb"(?<!\S)([^\s=\"']++)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PREMIER = re.compile(rb"\sr\s*=\s*[\"']([A-Z]*)([0-9]+)[\"']")
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
    _cellules: dict[int, dict[int, Cellule]] = field(default_factory=dict, repr=False)

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
        fin_contenu = self.octets.find(fermante, ouvrante.end())
        if fin_contenu < 0:
            raise self._refus("est tronquée")
        if any(self.octets.find(signe, ouvrante.end(), fin_contenu) >= 0 for signe in (b"<!", b"<?")):
            raise self._refus("porte des commentaires XML ou des blocs CDATA parmi ses cellules")
        return Ligne(0, ouvrante.start(), ouvrante.end(), fin_contenu, fin_contenu + len(fermante))

    @cached_property
    def lignes(self) -> list[Ligne]:
        """Les lignes écrites, par numéro croissant."""
        lignes: list[Ligne] = []
        precedent = 0
        for ouvrante, fin_contenu, fin in self._elements(
            b"row", self.donnees.contenu, self.donnees.fin_contenu
        ):
            adresse = _PREMIER.search(ouvrante[0])
            numero = entier(adresse[2].decode()) if adresse else precedent + 1
            if not precedent < numero <= LIGNES:
                raise self._refus(f"répète ou désordonne sa ligne {numero}")
            lignes.append(Ligne(numero, ouvrante.start(), ouvrante.end(), fin_contenu, fin))
            precedent = numero
        return lignes

    @cached_property
    def _numeros(self) -> list[int]:
        return [ligne.numero for ligne in self.lignes]

    def rang(self, numero: int) -> int:
        """Le rang, dans `lignes`, de la première ligne de numéro au moins égal."""
        return bisect_left(self._numeros, numero)

    def ligne(self, numero: int) -> Ligne | None:
        """La ligne de ce numéro si elle est écrite."""
        rang = self.rang(numero)
        return self.lignes[rang] if rang < len(self.lignes) and self._numeros[rang] == numero else None

    def cellules(self, ligne: Ligne) -> dict[int, Cellule]:
        """Les cellules écrites d’une ligne, par numéro de colonne croissant."""
        if ligne.numero not in self._cellules:
            self._cellules[ligne.numero] = self._lire_cellules(ligne)
        return self._cellules[ligne.numero]

    def cellule(self, numero: int, colonne: int) -> Cellule | None:
        """La cellule écrite à cette place, `None` s’il n’y en a pas."""
        ligne = self.ligne(numero)
        return self.cellules(ligne).get(colonne) if ligne else None

    def dans(self, plage: Plage) -> Iterator[Cellule]:
        """Les cellules écrites d’une plage, dans l’ordre de la feuille."""
        for ligne in self.lignes[self.rang(plage.haut) : self.rang(plage.bas + 1)]:
            for colonne, cellule in self.cellules(ligne).items():
                if plage.gauche <= colonne <= plage.droite:
                    yield cellule

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
    def formules(self) -> list[Cellule]:
        """Les cellules qui portent une formule, dans l’ordre de la feuille."""
        formules: list[Cellule] = []
        motif, signe = self._motif(b"f"), b"<" + self.prefixe + b"f"
        place = self.octets.find(signe, self.donnees.contenu, self.donnees.fin_contenu)
        while place >= 0:
            if motif.match(self.octets, place):
                cellule = self._cellule_de(place)
                if cellule is None:
                    return [c for x in self.lignes for c in self.cellules(x).values() if self.a_formule(c)]
                formules.append(cellule)
            place = self.octets.find(signe, place + len(signe), self.donnees.fin_contenu)
        return formules

    def _cellule_de(self, formule: int) -> Cellule | None:
        """La cellule dont la formule commence là ; `None` si elle ne dit pas son adresse."""
        debut = self.octets.rfind(b"<", self.donnees.contenu, formule)
        ouvrante = self._motif(b"c").match(self.octets, debut)
        adresse = _PREMIER.search(ouvrante[0]) if ouvrante else None
        place = lire_cellule((adresse[1] + adresse[2]).decode()) if adresse else None
        fermante = b"</" + self.prefixe + b"c>"
        fin_contenu = self.octets.find(fermante, formule, self.donnees.fin_contenu)
        if ouvrante is None or place is None or fin_contenu < 0:
            return None
        return Cellule(*place, debut, ouvrante.end(), fin_contenu, fin_contenu + len(fermante))

    @cached_property
    def matrices(self) -> list[Matrice]:
        """Les plages que remplit une seule formule ; leurs cellules sont des résultats."""
        matrices = []
        for cellule in self.formules:
            balise = self._motif(b"f").search(self.octets, cellule.contenu, cellule.fin_contenu)
            attributs = _attributs(balise[0]) if balise else {}
            plage = lire_plage(attributs.get("ref", ""))
            if plage and attributs.get("t") in ("array", "dataTable"):
                matrices.append(Matrice(plage, attributs["t"]))
        return matrices

    def _lire_cellules(self, ligne: Ligne) -> dict[int, Cellule]:
        cellules: dict[int, Cellule] = {}
        precedente = 0
        for ouvrante, fin_contenu, fin in self._elements(b"c", ligne.contenu, ligne.fin_contenu):
            adresse = _PREMIER.search(ouvrante[0])
            place = (
                lire_cellule((adresse[1] + adresse[2]).decode())
                if adresse
                else (ligne.numero, precedente + 1)
            )
            if place is None or place[0] != ligne.numero or place[1] <= precedente:
                raise self._refus(f"désordonne les cellules de sa ligne {ligne.numero}")
            precedente = place[1]
            cellules[precedente] = Cellule(*place, ouvrante.start(), ouvrante.end(), fin_contenu, fin)
        return cellules

    def _elements(self, nom: bytes, debut: int, limite: int) -> list[tuple[re.Match[bytes], int, int]]:
        """Les éléments frères de ce nom : balise ouvrante, fin du contenu, fin."""
        motif = self._motif(nom)
        fermante = b"</" + self.prefixe + nom + b">"
        elements = []
        while (ouvrante := motif.search(self.octets, debut, limite)) is not None:
            if ouvrante[0].endswith(b"/>"):
                fin_contenu = debut = ouvrante.end()
            else:
                fin_contenu = self.octets.find(fermante, ouvrante.end(), limite)
                if fin_contenu < 0:
                    raise self._refus("est mal formée")
                debut = fin_contenu + len(fermante)
            elements.append((ouvrante, fin_contenu, debut))
        return elements

    def _motif(self, nom: bytes) -> re.Pattern[bytes]:
        return _motif(self.prefixe + nom)

    def _refus(self, raison: str) -> ErreurFichier:
        return ErreurFichier(f"La feuille « {self.nom} » {raison}.", _REMEDE)


_MOTIFS: dict[bytes, re.Pattern[bytes]] = {}


def _motif(nom: bytes) -> re.Pattern[bytes]:
    if nom not in _MOTIFS:
        _MOTIFS[nom] = re.compile(rb"<" + re.escape(nom) + rb"(?=[\s/>])" + _ATTRIBUTS + rb"/?>")
    return _MOTIFS[nom]


def _attributs(balise: bytes) -> dict[str, str]:
    return {
        nom.decode("utf-8", "replace"): unescape((double or simple).decode("utf-8", "replace"))
        for nom, double, simple in _ATTRIBUT.findall(balise)
    }
