"""La feuille « Contrôle » du classeur ouvert, récrite après chaque contrôle."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from cpomdocs.controle import feuille as modele
from cpomdocs.rapport import Rapport

_VERT, _OR, _ROSE, _CIEL = (198, 224, 180), (255, 230, 153), (248, 203, 173), (220, 230, 242)
_MESURE_ACCEPTABLE = 0.8


def ecrire_controle(livre: Any, rapport: Rapport, etablissements: Sequence[str]) -> None:
    """Écrit la feuille, en la créant au besoin après la première ; elle seule est touchée."""
    noms = [feuille.name for feuille in livre.sheets]
    contenu = modele.composer(rapport, etablissements, noms, datetime.datetime.now())
    if modele.CONTROLE not in noms:
        livre.sheets.add(modele.CONTROLE, after=livre.sheets[0])
    feuille = livre.sheets[modele.CONTROLE]
    feuille.clear_contents()
    feuille.used_range.color = None
    largeur = max(len(ligne) for ligne in contenu.cases)
    valeurs = [[_valeur(case) for case in ligne] + [None] * (largeur - len(ligne)) for ligne in contenu.cases]
    feuille.range((1, 1)).value = valeurs
    for rang, ligne in enumerate(contenu.cases, start=1):
        for colonne, case in enumerate(ligne, start=1):
            if isinstance(case, modele.Lien):
                feuille.range((rang, colonne)).formula = case.formule
    _colorer(feuille, contenu)


def _valeur(case: modele.Case) -> str | float | None:
    """Ce qui se pose d’un coup : un texte qui commence comme une formule reste un texte."""
    if isinstance(case, modele.Lien):
        return None
    return f"'{case}" if isinstance(case, str) and case[:1] in "=+-@'" and case else case


def _colorer(feuille: Any, contenu: modele.Contenu) -> None:
    for ligne, colonne, part in contenu.complets:
        cellule = feuille.range((ligne, colonne))
        cellule.number_format = "0%"
        cellule.color = _VERT if part >= 1 else _OR if part >= _MESURE_ACCEPTABLE else _ROSE
    for ligne in contenu.entetes:
        largeur = len(contenu.cases[ligne - 1])
        feuille.range((ligne, 1), (ligne, largeur)).color = _CIEL
