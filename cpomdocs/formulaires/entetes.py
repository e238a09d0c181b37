"""L’année d’une ligne ou d’une colonne, lue dans son en-tête : année, date, « Réel 2024 » ou « N-1 »."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.office.adresses import ecrire_cellule, lettres_colonne, lire_plage
from cpomdocs.remplissage.moteurs import Gabarit, contenu_de_case, est_une_formule
from cpomdocs.saisies import CaseExcel

_ANNEES = range(1990, 2101)
_ANNEE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_RELATIVE = re.compile(r"(?<!\w)N(?:\s*([+\-–−‑])\s*([0-9]))?(?![\w°º])")


def annees_des_entetes(gabarit: Gabarit, feuille: str, plage: str) -> tuple[bool, dict[str, str]]:
    """Si l’année change de ligne en ligne (sinon de colonne en colonne), et l’année de chacune.

    Un en-tête vide ou sans année n’en désigne pas. Lève `ErreurFormulaire` si aucun n’en a, ou si l’un est
    une formule : son année dépendrait de ce qui est saisi.
    """
    bornes = lire_plage(plage)
    if bornes is None or (bornes.haut != bornes.bas and bornes.gauche != bornes.droite):
        raise ErreurFormulaire(
            f"« {plage} » n’est ni une ligne ni une colonne d’en-têtes.", "Écrire par exemple C6:H6."
        )
    en_lignes = bornes.haut != bornes.bas
    annees: dict[str, str] = {}
    for ligne in range(bornes.haut, bornes.bas + 1):
        for colonne in range(bornes.gauche, bornes.droite + 1):
            case = CaseExcel(feuille, ecrire_cellule(ligne, colonne))
            if est_une_formule(gabarit, case):
                raise ErreurFormulaire(
                    f"L’en-tête « {case} » est une formule : son année dépend de ce qui est saisi.",
                    'Donner les années dans `colonnes` ou `lignes` : annee = { C = "N-2" }.',
                )
            annee = _annee(contenu_de_case(gabarit, case))
            if annee is not None:
                annees[str(ligne) if en_lignes else lettres_colonne(colonne)] = annee
    if not annees:
        raise ErreurFormulaire(f"Aucune année dans « {feuille}!{plage} ».", "Vérifier la plage des en-têtes.")
    return en_lignes, annees


def _annee(valeur: object) -> str | None:
    """L’année qu’un en-tête dit ; `None` s’il n’en dit pas une seule."""
    if isinstance(valeur, datetime.date):
        return str(valeur.year)
    if isinstance(valeur, Decimal):
        return str(int(valeur)) if valeur in _ANNEES else None
    if not isinstance(valeur, str):
        return None
    dites = set(_ANNEE.findall(valeur))
    if dites:
        return dites.pop() if len(dites) == 1 else None
    relatives = {(signe, nombre) for signe, nombre in _RELATIVE.findall(valeur)}
    if len(relatives) != 1:
        return None
    signe, nombre = relatives.pop()
    if not nombre or nombre == "0":
        return "N"
    return f"N{'+' if signe == '+' else '-'}{nombre}"
