"""Les filtres permis dans un document balisé ; aucun ne sort de ses données ni ne grossit sans fin."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from cpomdocs import formats
from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.nomenclatures import nomenclature
from cpomdocs.remplissage.balises.donnees.valeurs import Manque, TexteLu, de_meme_nature
from cpomdocs.remplissage.balises.donnees.vues import Vue
from cpomdocs.remplissage.balises.langage.etat import Etat, borner
from cpomdocs.remplissage.balises.langage.graphiques import GRAPHIQUES
from cpomdocs.remplissage.balises.objets.documents import DocumentAInserer
from cpomdocs.remplissage.balises.objets.images import ImageAPoser
from cpomdocs.remplissage.balises.objets.riche import TexteRiche, formats_demandes


def _champ(etat: Etat, element: object, nom: str | None) -> object:
    return element if nom is None else etat.lire(element, nom)


def _defaut(etat: Etat, objet: object, secours: object = "", meme_faux: bool = False) -> object:
    return secours if isinstance(objet, Manque) or (meme_faux and not objet) else objet


def _longueur(etat: Etat, objet: Any) -> int:
    return len(objet)


def _joindre(etat: Etat, objet: Iterable[object], d: str = "", attribute: str | None = None) -> str:
    champs = [_champ(etat, element, attribute) for element in objet]
    return borner(str(d).join(texte for texte in map(etat.ecrire, champs) if texte))


def _trier(
    etat: Etat, objet: Iterable[object], reverse: bool = False, attribute: str | None = None
) -> list[object]:
    def cle(element: object) -> tuple[bool, object]:
        lu = _champ(etat, element, attribute)
        absent = isinstance(lu, Manque) or lu is None
        return absent, "" if absent else lu.casefold() if isinstance(lu, str) else lu

    return sorted(objet, key=cle, reverse=reverse)


def _somme(etat: Etat, objet: Iterable[object], attribute: str | None = None) -> Decimal:
    total, modele = Decimal(0), None
    for element in objet:
        lu = _champ(etat, element, attribute)
        if isinstance(lu, int | Decimal):
            total += lu
            modele = lu if modele is None else modele
    return de_meme_nature(total, modele)


def _extreme(choisir: Callable[..., Any]) -> Callable[..., object]:
    def extraire(etat: Etat, objet: Iterable[object], attribute: str | None = None) -> object:
        lus = [_champ(etat, element, attribute) for element in objet]
        presents = [lu for lu in lus if not isinstance(lu, Manque)]
        return choisir(presents) if presents else Manque()

    return extraire


def _selection(garder: bool) -> Callable[..., list[object]]:
    def choisir(
        etat: Etat, objet: Iterable[object], attribute: str, test: str = "vrai", valeur: object = None
    ) -> list[object]:
        if test not in TESTS:
            raise ErreurFormulaire(f"« {test} » n’est pas une comparaison.", f"Écrire {', '.join(TESTS)}.")
        lire = etat.lire_garde if test in _PRESENCES else etat.lire
        return [
            element
            for element in objet
            if isinstance(element, Vue) and TESTS[test](lire(element, attribute), valeur) == garder
        ]

    return choisir


def _comparer(choisir: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    def comparaison(a: object, b: object) -> bool:
        try:
            return bool(choisir(a, b))
        except TypeError:
            return False

    return comparaison


TESTS: dict[str, Callable[[object, object], bool]] = {
    "vrai": lambda a, b: bool(a),
    **dict.fromkeys(("equalto", "eq", "=="), _comparer(lambda a, b: a == b)),
    **dict.fromkeys(("ne", "!="), _comparer(lambda a, b: a != b)),
    **dict.fromkeys(("lt", "<"), _comparer(lambda a, b: a < b)),
    **dict.fromkeys(("le", "<="), _comparer(lambda a, b: a <= b)),
    **dict.fromkeys(("gt", ">"), _comparer(lambda a, b: a > b)),
    **dict.fromkeys(("ge", ">="), _comparer(lambda a, b: a >= b)),
    "in": _comparer(lambda a, b: a in b),
    "defined": lambda a, b: not isinstance(a, Manque),
    "none": lambda a, b: isinstance(a, Manque),
}
"""Les comparaisons de `selectattr` et `rejectattr`."""
_PRESENCES = frozenset({"vrai", "defined", "none"})


def _extraire(etat: Etat, objet: Iterable[object], attribute: str) -> list[object]:
    return [_champ(etat, element, attribute) for element in objet]


def _arrondir(etat: Etat, objet: object, precision: int = 0) -> object:
    if not isinstance(objet, int | Decimal) or not 0 <= precision <= 10:
        return objet
    return de_meme_nature(round(Decimal(objet), precision), objet)


def _texte(transformer: Callable[[str], str]) -> Callable[[Etat, object], str]:
    return lambda etat, objet: borner(transformer(etat.ecrire(objet)))


def _nombre(presenter: Callable[[Decimal], str]) -> Callable[[Etat, object], object]:
    def montrer(etat: Etat, objet: object) -> object:
        if not isinstance(objet, int | Decimal):
            return objet
        return presenter(Decimal(objet))

    return montrer


def _date(etat: Etat, objet: object) -> object:
    if not isinstance(objet, datetime.date):
        return objet
    return formats.date_longue(objet)


def _libelle(etat: Etat, objet: object) -> object:
    """Le mot de la nomenclature pour un code ; toute autre valeur reste ce qu’elle est."""
    liste = objet.info.liste if isinstance(objet, TexteLu) else None
    if liste is None:
        return objet
    return nomenclature(liste).get(str(objet), str(objet))


def _premier(etat: Etat, objet: Iterable[object]) -> object:
    return next(iter(objet), Manque())


def _dernier(etat: Etat, objet: Iterable[object]) -> object:
    return _premier(etat, reversed(list(objet)))


def _enrichir(etat: Etat, objet: object, **formats: Any) -> object:
    """Un texte dont quelques signes donnent la mise en forme ; une donnée qui manque reste un manque."""
    propres = formats_demandes(**formats)
    return objet if isinstance(objet, Manque) else TexteRiche(etat.ecrire(objet), propres)


def _illustrer(
    etat: Etat, objet: object, largeur: int | Decimal | None = None, hauteur: int | Decimal | None = None
) -> object:
    """L’image du dossier que le texte nomme ; une donnée qui manque reste un manque."""
    if isinstance(objet, Manque) or not etat.ecrire(objet).strip():
        return Manque()
    tailles = [None if mesure is None else float(mesure) for mesure in (largeur, hauteur)]
    return ImageAPoser(etat.ecrire(objet).strip(), *tailles)


def _inserer(etat: Etat, objet: object) -> object:
    """Le document du dossier que le texte nomme ; une donnée qui manque reste un manque."""
    if isinstance(objet, Manque) or not etat.ecrire(objet).strip():
        return Manque()
    return DocumentAInserer(etat.ecrire(objet).strip())


FILTRES: dict[str, Callable[..., object]] = {
    "default": _defaut,
    "d": _defaut,
    "length": _longueur,
    "count": _longueur,
    "join": _joindre,
    "sort": _trier,
    "sum": _somme,
    "min": _extreme(min),
    "max": _extreme(max),
    "map": _extraire,
    "selectattr": _selection(True),
    "rejectattr": _selection(False),
    "first": _premier,
    "last": _dernier,
    "list": lambda etat, objet: list(objet),
    "round": _arrondir,
    "upper": _texte(str.upper),
    "lower": _texte(str.lower),
    "capitalize": _texte(lambda t: t[:1].upper() + t[1:]),
    "trim": _texte(str.strip),
    "euros": _nombre(formats.euros),
    "pourcent": _nombre(formats.pourcent),
    "date_longue": _date,
    "libelle": _libelle,
    "riche": _enrichir,
    "image": _illustrer,
    "document": _inserer,
    **GRAPHIQUES,
}
"""Nom du filtre → fonction (état, valeur, arguments)."""
GARDES = frozenset({"default", "d"})
"""Les filtres qui regardent seulement si une donnée est là."""
