"""Ce qu’il faut savoir d’une feuille avant de la confier au lecteur rapide, et ce que ce lecteur tait.

Deux cellules aux coins opposés d’une feuille lui feraient réserver des centaines de gigaoctets et
arrêteraient le programme sans recours ; il rend vides les cellules en erreur et les formules jamais
calculées. Tout se voit dans les octets de la feuille.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import COLONNES, ecrire_cellule, numero_colonne
from cpomdocs.office.gardes import TAILLE_XML

MAX_CELLULES = 3_000_000
"""Surface maximale d’une feuille, de A1 à sa dernière cellule."""

MAX_ECRITES = 1_000_000
"""Cellules écrites au plus dans une feuille."""
_PAR_TRANCHE = 2
"""Fois les limites qui précèdent, par tranche de 32 Mo."""
MAX_SUSPECTES = 200_000
"""Cellules en erreur ou jamais calculées au plus dans une feuille."""
_LOIN = re.compile(rb"""r\s*=\s*["'](?:[A-Za-z]{3}|[C-Zc-z][A-Za-z][0-9]|[A-Za-z]{1,2}[0-9]{5}|[0-9]{5})""")
_COLONNE_LOIN = re.compile(rb"""r\s*=\s*["'](?:[A-Za-z]{3}|[B-Zb-z][A-Za-z][0-9])""")
"""Au-delà de la colonne AZ."""
_LIGNES_LOIN = re.compile(rb"""r\s*=\s*["'][A-Za-z]{0,2}([0-9]{5,9})""")
_DEUX_LETTRES = re.compile(rb"""r\s*=\s*["'][A-Za-z]{2}""")
_PLEINE = re.compile(rb"<(?:\w+:)?(?:v(?:\s[^>]*)?>[^<]|is[\s>])")
_LIGNE = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']([0-9]{1,9})""")
_CELLULE = re.compile(rb"""<(?:\w+:)?c(?=[\s>])([^>]*)(?<!/)>(.*?)</(?:\w+:)?c>""", re.DOTALL)
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,9})["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_VALEUR = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_FORMULE = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ERREUR = re.compile(rb"""t=["']e["']""")
_DONNEES = re.compile(rb"<(\w+:)?sheetData[\s/>]")


class Place(NamedTuple):
    """Une cellule par ses rangs, à partir de 0."""

    ligne: int
    colonne: int

    @property
    def adresse(self) -> str:
        """L’adresse d’Excel : (3, 1) donne « B4 »."""
        return ecrire_cellule(self.ligne + 1, self.colonne + 1)


@dataclass(frozen=True)
class Constats:
    """Les cellules que le lecteur rapide tait : celles en erreur et les formules jamais calculées."""

    erreurs: dict[Place, str]
    sans_resultat: frozenset[Place]


def est_demesuree(feuille: bytes) -> bool:
    """Vrai si la feuille a trop de cellules, ou trop de surface de A1 à sa dernière cellule remplie.

    Une feuille de plus de 32 Mo pèse en proportion dans son fichier (`gardes`) : elle peut en avoir plus.
    """
    admis = max(1, len(feuille) // TAILLE_XML * _PAR_TRANCHE)
    if feuille.count(b"<c") + feuille.count(b":c") > admis * MAX_ECRITES:
        return True
    bornes = feuille.find(b"sheetData"), feuille.rfind(b"sheetData")
    if _LOIN.search(feuille, *bornes) is None or _tout_est_pres(feuille, *bornes, admis * MAX_CELLULES):
        return False
    derniere_ligne = derniere_colonne = sans_adresse = 0
    for cellule in _CELLULE.finditer(feuille):
        attributs, contenu = cellule.groups()
        if _PLEINE.search(contenu) is None:
            continue
        reference = _REFERENCE.search(attributs)
        if reference is None:
            sans_adresse += 1
            continue
        derniere_colonne = max(derniere_colonne, numero_colonne(reference[1].decode()))
        derniere_ligne = max(derniere_ligne, int(reference[2]))
    if sans_adresse:
        derniere_ligne = max([derniere_ligne, *(int(numero) for numero in _LIGNE.findall(feuille))])
        derniere_colonne = max(derniere_colonne, min(sans_adresse, COLONNES))
    return derniere_colonne * derniere_ligne > admis * MAX_CELLULES


def _tout_est_pres(feuille: bytes, debut: int, fin: int, limite: int) -> bool:
    """Vrai si chaque cellule dit son adresse et que la surface tient dans la limite ; faux dans le doute."""
    adressees = feuille.count(b'<c r="') == feuille.count(b"<c ") and b"<c>" not in feuille
    if not adressees or b":c" in feuille or _COLONNE_LOIN.search(feuille, debut, fin) is not None:
        return False
    derniere = max(map(int, set(_LIGNES_LOIN.findall(feuille, debut, fin))), default=9_999)
    colonnes = 26 if _DEUX_LETTRES.search(feuille, debut, fin) is None else 52
    return colonnes * derniere <= limite


def constater(feuille: bytes) -> Constats:
    """Les cellules en erreur et les formules sans résultat de la feuille."""
    erreurs: dict[Place, str] = {}
    sans_resultat: set[Place] = set()
    for attributs, contenu in _suspectes(feuille):
        reference = _REFERENCE.search(attributs)
        if reference is None:
            continue
        genre = _TYPE.search(attributs)
        valeur = _VALEUR.search(contenu)
        place = Place(int(reference[2]) - 1, numero_colonne(reference[1].decode()) - 1)
        if genre is not None and genre[1] == b"e":
            erreurs[place] = valeur[1].decode("utf-8", "replace") if valeur else "#ERREUR"
        elif valeur is None and _FORMULE.search(contenu) and (genre is None or genre[1] != b"str"):
            sans_resultat.add(place)
    return Constats(erreurs, frozenset(sans_resultat))


def _suspectes(feuille: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Attributs et contenu des cellules en erreur, ou dont la formule n’a pas de résultat."""
    donnees = _DONNEES.search(feuille)
    prefixe = donnees[1] if donnees and donnees[1] else b""
    sans_resultat = rb"(?:</%bf>|<%bf(?:\s[^>]*)?/>)(?!\s*<%bv>[^<])" % (prefixe, prefixe, prefixe)
    signes = [trouve.start() for trouve in re.finditer(sans_resultat, feuille)]
    if b't="e"' in feuille or b"t='e'" in feuille:
        signes += [trouve.start() for trouve in _ERREUR.finditer(feuille)]
    if len(signes) > MAX_SUSPECTES:
        raise ErreurFichier(
            f"Une feuille a plus de {MAX_SUSPECTES} cellules en erreur ou jamais calculées.",
            "Ouvrir le classeur dans Excel, laisser calculer, et l’enregistrer.",
        )
    position = 0
    for signe in sorted(signes):
        debut = feuille.rfind(b"<" + prefixe + b"c", position, signe + 1) if signe >= position else -1
        cellule = _CELLULE.match(feuille, debut) if debut >= 0 else None
        if cellule is not None:
            yield cellule[1], cellule[2]
        position = cellule.end() if cellule is not None else max(position, signe)
