"""La disposition du classeur : lignes fixes, largeurs, hauteurs, couleurs. Rangs à partir de 0."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cpomdocs.modeles.base import InfoChamp
from cpomdocs.office.adresses import ecrire_cellule, lettres_colonne

LIGNE_TITRE, LIGNE_AIDE, LIGNE_DEMANDE, LIGNE_MARQUES, LIGNE_ENTETES = range(5)
PREMIERE_LIGNE = LIGNE_ENTETES + 1
LIGNES_PRETES = 300
"""Lignes vides du tableau Excel, prêtes à recevoir des données."""
LIGNES_CONTROLEES = 5_000
"""Lignes où les listes déroulantes et les contrôles de saisie sont posés."""

COLONNE_TABLEAU_FORMULAIRES = 5
"""Dans « Paramètres », la colonne du tableau des formulaires, à droite de la fiche."""

NUIT, BLEU, CIEL = "#1F3864", "#2F5597", "#DCE6F2"
ENCRE, GRIS, BRUME, FILET = "#262626", "#7F7F7F", "#EDEDED", "#D0D0D0"
JAUNE, BLANC = "#FFF6D6", "#FFFFFF"
ONGLET_DEMANDE, ONGLET_FACULTATIF, ONGLET_REPERE = BLEU, "#D9D9D9", NUIT

_LARGEURS = {
    "texte": 16.0,
    "texte_long": 46.0,
    "entier": 11.0,
    "decimal": 11.0,
    "montant": 15.0,
    "taux": 10.0,
    "date": 12.0,
    "booleen": 8.0,
    "annee": 10.0,
}
_FLECHE = 3.0
_LARGEUR_MAXIMALE = 46.0
_LARGEUR_DE_LISTE = 28.0
_LARGEUR_DE_TEXTE = 34.0
_LARGEUR_FIGEE = 62.0


def onglet(collection: str, demandee: bool) -> str:
    """La couleur d’un onglet : repère, demandé ou facultatif."""
    if collection == "parametres":
        return ONGLET_REPERE
    return ONGLET_DEMANDE if demandee else ONGLET_FACULTATIF


def largeur(info: InfoChamp, proposees: Sequence[str] = (), portees: Sequence[str] = ()) -> float:
    """La largeur d’une colonne : son libellé y tient en trois lignes, ses valeurs aussi, presque toutes."""
    mot = max(len(m) for m in info.libelle.replace("-", "- ").split())
    exemple = len(info.exemple or "") + 2.0
    liste = min(max((len(v) for v in proposees), default=0) + _FLECHE, _LARGEUR_DE_LISTE)
    texte = min(max((len(v) for v in portees), default=0) + 2.0, _LARGEUR_DE_TEXTE)
    tiers = math.ceil(len(info.libelle) / 3) + _FLECHE
    voulue = max(_LARGEURS[info.nature.nom], mot * 1.15 + _FLECHE, exemple, liste, texte, tiers)
    return min(voulue, _LARGEUR_MAXIMALE)


def lignes_de_texte(texte: str, largeur_colonne: float) -> int:
    """Le nombre de lignes qu’un texte occupe dans une colonne de cette largeur."""
    place = max(1, int(largeur_colonne - _FLECHE + 1))
    lignes, courante = 1, 0
    for mot in texte.split():
        if courante and courante + 1 + len(mot) > place:
            lignes, courante = lignes + 1, len(mot)
        else:
            courante += len(mot) + (1 if courante else 0)
    return lignes


def colonnes_figees(champs: Sequence[InfoChamp], largeurs: Sequence[float]) -> int:
    """Combien de colonnes de tête restent visibles : les clés qui se suivent, sans manger l’écran."""
    figees, total = 0, 0.0
    for info, place in zip(champs, largeurs, strict=True):
        total += place
        if not info.cle or total > _LARGEUR_FIGEE:
            break
        figees += 1
    return max(1, figees)


def plage(haut: int, colonne: int, bas: int) -> str:
    """L’adresse d’un morceau de colonne : (5, 1, 9) donne « B6:B10 »."""
    return f"{ecrire_cellule(haut + 1, colonne + 1)}:{ecrire_cellule(bas + 1, colonne + 1)}"


def plage_absolue(haut: int, colonne: int, bas: int) -> str:
    """La même, avec des « $ » ; une seule cellule si le haut est le bas."""
    lettres = lettres_colonne(colonne + 1)
    debut, fin = f"${lettres}${haut + 1}", f"${lettres}${bas + 1}"
    return debut if haut == bas else f"{debut}:{fin}"
