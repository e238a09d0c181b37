"""Le classeur ouvert : y poser une réponse, et le laisser comme la personne l’avait mis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cpomdocs.poste.reponse import Reponse
from cpomdocs.suivi import Compteur


@contextmanager
def sans_deranger(livre: Any) -> Iterator[None]:
    """Écran et calcul suspendus le temps du bloc ; feuille active, sélection et calcul rendus ensuite."""
    app = livre.app
    active = livre.sheets.active.name
    choisie = app.selection.address if app.selection is not None else None
    with app.properties(calculation="manual", screen_updating=False):
        try:
            yield
        finally:
            livre.sheets[active].activate()
            if choisie is not None:
                livre.sheets[active].range(choisie).select()


def poser(livre: Any, reponse: Reponse) -> None:
    """Pose ce que la réponse demande : tableaux agrandis, puis valeurs."""
    presentes = {feuille.name for feuille in livre.sheets}
    for extension in reponse.extensions:
        if extension.feuille in presentes:
            _agrandir(livre.sheets[extension.feuille].tables[extension.tableau], extension.derniere)
    for pose in reponse.poses:
        if pose.feuille in presentes:
            livre.sheets[pose.feuille].range((pose.ligne, pose.colonne)).value = pose.valeur


def _agrandir(tableau: Any, derniere: int) -> None:
    plage = tableau.range
    if plage.last_cell.row < derniere:
        bas = plage.sheet.range((derniere, plage.last_cell.column))
        tableau.resize(plage.sheet.range(plage[0, 0], bas))


class BarreDEtat(Compteur):
    """L’avancement d’un clic, dans la barre d’état d’Excel."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def dire(self, texte: str) -> None:
        """Montre une phrase."""
        self._app.status_bar = texte

    def finir(self) -> None:
        """Rend la barre à Excel."""
        self._app.status_bar = False
