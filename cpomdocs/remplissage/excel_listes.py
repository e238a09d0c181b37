"""D’où vient une liste déroulante : texte écrit, plage, nom défini ; le reste ne se vérifie pas."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from cpomdocs.office.adresses import COLONNES, LIGNES, Plage, lire_plage
from cpomdocs.office.cadre import Controle
from cpomdocs.office.classeur import Classeur
from cpomdocs.office.feuille import FeuilleOctets
from cpomdocs.office.valeurs import valeur_cellule

Item = str | Decimal | bool
_FEUILLE = r"^(?:(?:'((?:[^']|'')+)'|([^'!\[\](),\s]+))!)?"
_REFERENCE = re.compile(_FEUILLE + r"(\$?[A-Za-z]{0,3}\$?\d*(?::\$?[A-Za-z]{0,3}\$?\d*)?)$")
_COIN = re.compile(r"^(\$?)([A-Za-z]{0,3})(\$?)(\d*)$")
_NOM = re.compile(_FEUILLE + r"([^\W\d][\w.\\?]*)$")
_RELAIS = 5
"""Nombre de noms définis qui peuvent renvoyer l’un à l’autre."""


@dataclass(frozen=True)
class Liste:
    """Les valeurs admises d’une liste déroulante, dans l’orthographe du formulaire.

    `sure` : faux si une formule peut les changer ; `litterale` : elles sont écrites dans le contrôle même.
    """

    items: tuple[Item, ...]
    sure: bool = True
    litterale: bool = False
    feuille: str = ""
    plage: Plage | None = None


def lire_liste(
    classeur: Classeur,
    ouvrir: Callable[[str], FeuilleOctets | None],
    feuille: str,
    controle: Controle,
    place: tuple[int, int],
) -> Liste | None:
    """La liste du contrôle pour une cellule ; `None` si elle ne se vérifie pas (INDIRECT…).

    `ouvrir(nom)` rend les octets d’une feuille, résultats du formulaire vierge compris.
    """
    formule, porteuse, relatif = controle.formule1.removeprefix("="), feuille, True
    for _ in range(_RELAIS):
        if formule.startswith('"') and formule.endswith('"') and len(formule) > 1:
            return _litterale(formule[1:-1].replace('""', '"'))
        reference = _REFERENCE.match(formule)
        if reference is not None and lire_plage(reference[3]):
            cible = (reference[1] or "").replace("''", "'") or reference[2] or porteuse
            plage = _situer(reference[3], controle, place) if relatif else _absolue(reference[3])
            return _plage(classeur, ouvrir, cible, plage) if plage else None
        nom = _NOM.match(formule)
        if nom is None:
            return None
        porteuse = (nom[1] or "").replace("''", "'") or nom[2] or porteuse
        formule, relatif = (classeur.nom_defini(nom[3], porteuse) or "").removeprefix("="), False
    return None


def _litterale(texte: str) -> Liste:
    items = tuple(item.strip() for item in texte.split(","))
    return Liste(tuple(item for item in items if item), litterale=True)


def _absolue(texte: str) -> Plage | None:
    """La plage écrite en adresses absolues ; `None` si une borne est relative."""
    plage = lire_plage(texte)
    coins = [_COIN.match(coin) for coin in texte.split(":")]
    fixes = all(c and (c[1] or not c[2]) and (c[3] or not c[4]) for c in coins)
    return plage if fixes else None


def _situer(texte: str, controle: Controle, place: tuple[int, int]) -> Plage | None:
    """La plage vue de la cellule : une borne relative suit l’écart à la première cellule du contrôle."""
    absolue = _absolue(texte)
    if absolue is not None:
        return absolue
    plage = lire_plage(texte)
    coins = [c for c in (_COIN.match(coin) for coin in texte.split(":")) if c]
    if plage is None or len(controle.plages) != 1 or not all(c[2] and c[4] for c in coins):
        return None
    debut, fin = coins[0], coins[-1]
    lignes, colonnes = place[0] - controle.plages[0].haut, place[1] - controle.plages[0].gauche
    deplacee = Plage(
        plage.haut + (0 if debut[3] else lignes),
        plage.gauche + (0 if debut[1] else colonnes),
        plage.bas + (0 if fin[3] else lignes),
        plage.droite + (0 if fin[1] else colonnes),
    )
    return deplacee if deplacee.bas <= LIGNES and deplacee.droite <= COLONNES else None


def _plage(
    classeur: Classeur, ouvrir: Callable[[str], FeuilleOctets | None], nom: str, plage: Plage
) -> Liste | None:
    feuille = ouvrir(nom)
    if feuille is None:
        return None
    items: dict[Item, None] = {}
    sure = True
    debordements = [m.plage for m in feuille.matrices]
    for cellule in feuille.dans(plage):
        calculee = feuille.a_formule(cellule) or any(
            p.contient(cellule.ligne, cellule.colonne) for p in debordements
        )
        sure = sure and not calculee
        valeur = valeur_cellule(feuille, cellule, classeur.chaines)
        if valeur is not None and valeur != "":
            items.setdefault(valeur)
    return Liste(tuple(items), sure and bool(items), feuille=feuille.nom, plage=plage)
