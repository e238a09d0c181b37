"""Les formules d’une personne, quand leurs cellules ont changé de place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from cpomdocs.office.adresses import lire_plage
from cpomdocs.transfert.ancien import Lieu

_CELLULE = r"\$?[A-Za-z]{1,3}\$?\d+"
_REFERENCE = re.compile(
    rf"^(?:(?P<feuille>'(?:[^']|'')+'|[^'!\[\]]+)!)?(?P<plage>{_CELLULE}(?::{_CELLULE})?)$"
)
_CELLULES_MAX = 20_000
"""Au-delà, une plage n’est pas suivie : la formule est remplacée par son résultat."""


def deplacer(
    formule: str, feuille: str, trajets: Mapping[Lieu, Lieu], ajoutees: Mapping[str, str]
) -> str | None:
    """La même formule, ses cellules suivies ; `None` si l’une d’elles n’a pas de place dans le neuf.

    `feuille` : celle qui porte la formule. `ajoutees` : les feuilles recopiées telles quelles, et leur nom.
    """
    jetons = Tokenizer(formule)
    morceaux: list[str] = []
    for jeton in jetons.items:
        texte = jeton.value
        if jeton.type == Token.OPERAND and jeton.subtype == Token.RANGE:
            suivi = _suivre(texte, feuille, trajets, ajoutees)
            if suivi is None:
                return None
            texte = suivi
        morceaux.append(texte)
    return "=" + "".join(morceaux)


def _suivre(
    texte: str, feuille: str, trajets: Mapping[Lieu, Lieu], ajoutees: Mapping[str, str]
) -> str | None:
    forme = _REFERENCE.match(texte)
    if forme is None:
        return None  # un nom défini, un tableau, une colonne entière, un autre classeur
    citee = forme["feuille"]
    ou = feuille if citee is None else citee.strip("'").replace("''", "'")
    if ou in ajoutees:
        neuve = ajoutees[ou]
        return forme["plage"] if citee is None else f"{_entre_apostrophes(neuve)}!{forme['plage']}"
    arrivee = _plage_suivie(ou, forme["plage"].replace("$", ""), trajets)
    if arrivee is None:
        return None
    haut, bas = arrivee
    adresse = haut.adresse if haut == bas else f"{haut.adresse}:{bas.adresse}"
    return f"{_entre_apostrophes(haut.feuille)}!{adresse}"


def _plage_suivie(feuille: str, texte: str, trajets: Mapping[Lieu, Lieu]) -> tuple[Lieu, Lieu] | None:
    """Les coins, dans le neuf, d’une plage dont toutes les cellules sont restées ensemble."""
    plage = lire_plage(texte)
    if plage is None:
        return None
    largeur = plage.droite - plage.gauche + 1
    if largeur * (plage.bas - plage.haut + 1) > _CELLULES_MAX:
        return None
    suivies = [
        trajets[ici]
        for ligne in range(plage.haut - 1, plage.bas)
        for colonne in range(plage.gauche - 1, plage.droite)
        if (ici := Lieu(feuille, ligne, colonne)) in trajets
    ]
    if not suivies or len({la.feuille for la in suivies}) > 1:
        return None
    lignes, colonnes = {la.ligne for la in suivies}, {la.colonne for la in suivies}
    haut = Lieu(suivies[0].feuille, min(lignes), min(colonnes))
    bas = Lieu(suivies[0].feuille, max(lignes), max(colonnes))
    pleine = (bas.ligne - haut.ligne + 1) * (bas.colonne - haut.colonne + 1)
    return (haut, bas) if pleine == len(set(suivies)) and len(colonnes) == largeur else None


def _entre_apostrophes(feuille: str) -> str:
    return "'" + feuille.replace("'", "''") + "'"
