"""Écrire une valeur là où elle tombe : texte, attribut, place d’un passage ou d’un paragraphe.

Toujours échappée ; lignes et tabulations deviennent celles de Word ; ce que XML ne sait pas dire est ôté.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.donnees.valeurs import Manque
from cpomdocs.remplissage.balises.gabarit.dialecte import Balise, Endroit
from cpomdocs.remplissage.balises.langage.etat import Etat
from cpomdocs.remplissage.balises.objets import Objet
from cpomdocs.remplissage.balises.objets.texte import ILLISIBLES, OUVERTURE, echapper, entites, passage

Ecriture = Callable[[Etat, object], bytes]

_COULEUR = re.compile(r"#?([0-9A-Fa-f]{6}|auto)")
_LARGEUR_MAX = 63
"""Nombre de colonnes que Word admet dans un tableau."""


def ecriture(balise: Balise) -> Ecriture:
    """Comment écrire une valeur à l’endroit de cette balise. Lève `ErreurFormulaire` s’il n’y en a pas."""
    if balise.endroit == "ailleurs":
        raise ErreurFormulaire(
            f"Une balise n’est pas dans un texte, {balise.lieu}.",
            "L’écrire dans le texte, hors d’un champ de Word ou d’une équation.",
        )
    if balise.endroit == "texte":
        return _dans_un_texte(balise)
    if balise.endroit in ("passage", "paragraphe"):
        return _a_la_place(balise, balise.endroit)
    return _dans_un_attribut(balise.endroit)


def _dans_un_texte(balise: Balise) -> Ecriture:
    avant, apres = "</w:t></w:r>", f"<w:r>{balise.passage}{OUVERTURE}"

    def ecrire(etat: Etat, objet: object) -> bytes:
        if isinstance(objet, Objet):
            return f"{avant}{objet.passages(etat, balise)}{apres}".encode()
        return echapper(etat.ecrire(objet)).encode()

    return ecrire


def _a_la_place(balise: Balise, endroit: Endroit) -> Ecriture:
    """À la place d’un passage ou d’un paragraphe : un objet, ou un texte au format du gabarit."""

    def ecrire(etat: Etat, objet: object) -> bytes:
        if endroit == "paragraphe":
            if isinstance(objet, Objet):
                return objet.paragraphes(etat, balise).encode()
            return f"<w:p>{balise.paragraphe}{passage(etat.ecrire(objet), '')}</w:p>".encode()
        if isinstance(objet, Objet):
            return objet.passages(etat, balise).encode()
        return passage(etat.ecrire(objet), balise.passage).encode()

    return ecrire


def _dans_un_attribut(endroit: Endroit) -> Ecriture:
    def ecrire(etat: Etat, objet: object) -> bytes:
        if isinstance(objet, Objet):
            raise ErreurFormulaire("Une image ne va pas dans un réglage.", "L’écrire dans le texte.")
        texte = " ".join(ILLISIBLES.sub("", etat.ecrire(objet)).split())
        if endroit == "couleur":
            texte = _couleur(texte)
        elif endroit == "nombre":
            texte = _largeur(objet)
        return entites(texte).encode()

    return ecrire


def _couleur(texte: str) -> str:
    """Une couleur de Word ; rien : celle du tableau."""
    couleur = _COULEUR.fullmatch(texte or "auto")
    if couleur is None:
        raise ErreurFormulaire(f"« {texte[:40]} » n’est pas une couleur.", "L’écrire comme F2DBDB.")
    return str(couleur[1])


def _largeur(objet: object) -> str:
    """Un nombre de colonnes."""
    if isinstance(objet, Manque | bool) or not str(objet).isdigit():
        raise ErreurFormulaire("La largeur d’une cellule n’est pas un nombre de colonnes.", "Écrire 1, 2, 3…")
    return str(min(max(int(str(objet)), 1), _LARGEUR_MAX))
