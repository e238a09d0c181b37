"""Les filtres qui dessinent : `barres`, `courbes`, `gantt`, `quartiles`, sur les lignes d’une liste.

Ce qu’un graphique lit est lu comme le reste : le plan sait de quelles cellules il dépend, et ce qui manque
n’y est qu’une absence. Une liste sans aucune valeur ne dessine rien.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.graphiques import Barre, Place, Serie, barres, courbes, gantt, quartiles
from cpomdocs.nomenclatures import nomenclature
from cpomdocs.remplissage.balises.donnees.valeurs import BooleenLu, Lue, Manque, TexteLu
from cpomdocs.remplissage.balises.donnees.vues import Vue
from cpomdocs.remplissage.balises.langage.etat import Etat
from cpomdocs.remplissage.balises.objets.dessins import Dessin

_LARGEUR = 160
_POINTS_MAX = 1_000
"""Valeurs au-delà desquelles un graphique ne se lit plus."""

Lire = Callable[[Vue, str | None], object]


def _barres(etat: Etat, objet: Iterable[object], *places: Any, empilees: bool = False, **noms: Any) -> object:
    return _par_series(partial(barres, empilees=bool(empilees)), etat, objet, *places, **noms)


def _par_series(
    dessiner: Callable[..., bytes],
    etat: Etat,
    objet: Iterable[object],
    etiquette: str,
    valeurs: str | list[str],
    serie: str | None = None,
    titre: str = "",
    unite: str | None = None,
    largeur: int | Decimal = _LARGEUR,
) -> object:
    """Une série par champ de `valeurs`, ou par valeur du champ `serie`, le long des étiquettes."""
    champs = [valeurs] if isinstance(valeurs, str) else list(valeurs)
    if serie is not None and len(champs) != 1:
        raise ErreurFormulaire("Un graphique par série montre un seul champ.", "N’en nommer qu’un.")
    points: dict[str, dict[str, Decimal | int | None]] = {}
    etiquettes: dict[str, None] = {}
    for ligne in _lignes(objet):
        place = _mot(etat, ligne, etiquette)
        etiquettes.setdefault(place)
        for champ in champs:
            lue = etat.lire_garde(ligne, champ)
            nom = _libelle_du_champ(lue, champ) if serie is None else _mot(etat, ligne, serie)
            unite = unite or _unite(lue)
            points.setdefault(nom, {})[place] = _nombre(lue)
    if all(valeur is None for suite in points.values() for valeur in suite.values()):
        return Manque()
    series = [Serie(nom, [suite.get(place) for place in etiquettes]) for nom, suite in points.items()]
    return Dessin(str(titre), partial(dessiner, str(titre), list(etiquettes), series, unite), float(largeur))


def _gantt(
    etat: Etat,
    objet: Iterable[object],
    etiquette: str,
    debut: str,
    fin: str,
    groupe: str | None = None,
    reelle: str | None = None,
    imposee: str | None = None,
    proposee: str | None = None,
    jour: object = None,
    titre: str = "",
    largeur: int | Decimal = _LARGEUR,
) -> object:
    """Une barre par ligne datée ; `jour` : la date où tirer un trait (`parametres.date_reference`)."""
    etapes = []
    for ligne in _lignes(objet):
        premiere, derniere = (_date(etat, ligne, champ) for champ in (debut, fin))
        autres = [_date(etat, ligne, champ) for champ in (reelle, imposee, proposee)]
        if derniere is not None and (premiere is None or premiere <= derniere):
            etapes.append(
                Barre(
                    _mot(etat, ligne, etiquette),
                    premiere or derniere,
                    derniere,
                    "" if groupe is None else _mot(etat, ligne, groupe),
                    autres[0] is not None,
                    autres[1],
                    autres[2],
                )
            )
    if not etapes:
        return Manque()
    trait = jour if isinstance(jour, datetime.date) else None
    return Dessin(str(titre), partial(gantt, str(titre), etapes, trait), float(largeur))


def _quartiles(
    etat: Etat,
    objet: Iterable[object],
    etiquette: str,
    valeur: str,
    mediane: str,
    q1: str | None = None,
    q3: str | None = None,
    titre: str = "",
    unite: str | None = None,
    largeur: int | Decimal = _LARGEUR,
) -> object:
    """Une ligne par valeur connue, entre les quartiles du groupe auquel on la compare."""
    places = []
    for ligne in _lignes(objet):
        lue = etat.lire_garde(ligne, valeur)
        unite = unite or _unite(lue)
        nombres = [_nombre(lue), *(_nombre(_champ(etat, ligne, c)) for c in (mediane, q1, q3))]
        if nombres[0] is not None and nombres[1] is not None:
            mesures = [None if n is None else Decimal(n) for n in nombres]
            places.append(Place(_mot(etat, ligne, etiquette), *mesures))  # type: ignore[arg-type]
    if not places:
        return Manque()
    return Dessin(str(titre), partial(quartiles, str(titre), places, unite), float(largeur))


def _lignes(objet: Iterable[object]) -> Sequence[Vue]:
    """Les lignes de la liste. Lève `ErreurFormulaire` si ce n’en est pas une, ou si elle est trop longue."""
    lignes = [element for element in objet if isinstance(element, Vue)]
    if len(lignes) > _POINTS_MAX:
        raise ErreurFormulaire(
            f"Un graphique aurait {len(lignes)} lignes ; {_POINTS_MAX} au plus.", "Choisir ses lignes."
        )
    return lignes


def _champ(etat: Etat, ligne: Vue, champ: str | None) -> object:
    return None if champ is None else etat.lire_garde(ligne, champ)


def _mot(etat: Etat, ligne: Vue, champ: str) -> str:
    """Le texte d’un champ ; un code de nomenclature se dit par son libellé."""
    lu = etat.lire_garde(ligne, champ)
    liste = lu.info.liste if isinstance(lu, TexteLu) else None
    return nomenclature(liste).get(str(lu), str(lu)) if liste else etat.ecrire(lu)


def _nombre(lu: object) -> Decimal | int | None:
    return lu if isinstance(lu, int | Decimal) and not isinstance(lu, bool | BooleenLu) else None


def _date(etat: Etat, ligne: Vue, champ: str | None) -> datetime.date | None:
    lu = _champ(etat, ligne, champ)
    return lu if isinstance(lu, datetime.date) else None


def _libelle_du_champ(lu: object, champ: str) -> str:
    info = lu.champ if isinstance(lu, Manque) else lu.info if isinstance(lu, Lue) else None
    return champ if info is None else info.libelle


def _unite(lu: object) -> str | None:
    """L’unité d’un champ, quand le document ne la dit pas."""
    return lu.info.unite if isinstance(lu, Lue) and not isinstance(lu, Manque) else None


GRAPHIQUES: dict[str, Callable[..., Any]] = {
    "barres": _barres,
    "courbes": partial(_par_series, courbes),
    "gantt": _gantt,
    "quartiles": _quartiles,
}
"""Nom du filtre → fonction (état, lignes, arguments)."""
CHAMPS_LUS = frozenset(
    {
        "etiquette", "valeurs", "serie", "debut", "fin", "groupe", "reelle", "imposee", "proposee",
        "valeur", "mediane", "q1", "q3",
    }
)  # fmt: skip
"""Les arguments qui nomment des champs des lignes."""
