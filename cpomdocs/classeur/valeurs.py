"""Écrire une donnée dans une cellule comme une personne la taperait, et comme la lecture la relira."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from cpomdocs.erreurs import ErreurEcriture
from cpomdocs.lecture.valeurs.listes import liste
from cpomdocs.lecture.valeurs.textes import montrer
from cpomdocs.modeles.base import Entite, InfoChamp

SANS_OBJET = "SO"
_HORS_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
LIMITE_EXCEL = 32_767
"""Longueur maximale d’un texte dans une cellule, imposée par Excel."""

Cellule = str | int | float | datetime.date


def valeur_de_cellule(ligne: Entite, info: InfoChamp) -> Cellule | None:
    """Ce que la cellule d’un champ doit porter ; `None` si elle reste vide.

    Lève `ErreurEcriture` si un texte dépasse ce qu’une cellule d’Excel peut contenir.
    """
    if info.nom in ligne.sans_objet:
        return SANS_OBJET
    return en_cellule(getattr(ligne, info.nom), info)


def en_cellule(valeur: object, info: InfoChamp) -> Cellule | None:
    """Une valeur du modèle, telle que la cellule la montre : libellé d’un code, oui ou non, nombre, date."""
    if valeur is None:
        return None
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, Decimal):
        return float(valeur)
    if isinstance(valeur, int | datetime.date):
        return valeur
    texte = _HORS_XML.sub("\ufffd", str(valeur))
    if info.liste:
        texte = liste(info.liste).affichage(texte)
    if len(texte.encode("utf-16-le")) // 2 > LIMITE_EXCEL:
        raise ErreurEcriture(
            f"{info.libelle} : le texte « {montrer(texte, 40)} » a {len(texte)} caractères, "
            f"une cellule d’Excel en contient {LIMITE_EXCEL} au plus.",
            "Le raccourcir, ou le répartir sur plusieurs lignes.",
        )
    return texte
