"""Les filtres permis dans un document balisé ; aucun ne sort de ses données ni ne grossit sans fin."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cpomdocs import formats
from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.modeles.chemins import Valeur
from cpomdocs.nomenclatures import nomenclature
from cpomdocs.remplissage.balises.valeurs import Lue, Manque, TexteLu, de_meme_nature, texte_francais
from cpomdocs.remplissage.balises.vues import Vue

TOURS = 200_000
"""Nombre de tours de boucle d’un document."""
TEXTE = 1_000_000
"""Longueur du texte que peut rendre une balise."""


@dataclass
class Rendu:
    """Ce qu’on retient d’un rendu : les valeurs écrites, dans l’ordre, et les tours de boucle faits."""

    lues: list[Valeur] = field(default_factory=list)
    tours: int = 0

    def noter(self, objet: object) -> None:
        """Retient qu’une valeur a servi à écrire le document."""
        provenance = objet.manque if isinstance(objet, Manque) else getattr(objet, "provenance", None)
        if isinstance(objet, Lue) and provenance is not None and provenance.champ:
            self.lues.append(provenance)

    def compter(self, elements: Iterable[Any]) -> Iterable[Any]:
        """Les éléments d’une boucle, dans la limite du nombre de tours."""
        if not isinstance(elements, Iterable) or isinstance(elements, str):
            raise ErreurFormulaire("Une boucle ne porte pas sur une liste.", "Boucler sur une collection.")
        for element in elements:
            self.tours += 1
            if self.tours > TOURS:
                raise ErreurFormulaire(
                    f"Le document fait plus de {TOURS} tours de boucle.", "Réduire les boucles imbriquées."
                )
            yield element

    def ecrire(self, objet: object) -> str:
        """Le texte français d’une valeur, retenue comme écrite."""
        self.noter(objet)
        try:
            texte = texte_francais(objet)
        except TypeError:
            raise ErreurFormulaire(
                "Une balise veut écrire une liste ou une ligne entière.", "Nommer le champ à écrire."
            ) from None
        return borner(texte)


def borner(texte: str) -> str:
    """Le texte, s’il n’est pas démesuré."""
    if len(texte) > TEXTE:
        raise ErreurFormulaire(f"Une balise rend un texte de plus de {TEXTE} caractères.", "La simplifier.")
    return texte


def _champ(rendu: Rendu, element: object, nom: str | None) -> object:
    lu = element.lire(nom) if nom is not None and isinstance(element, Vue) else element
    if nom is not None:
        rendu.noter(lu)
    return lu


def _defaut(rendu: Rendu, objet: object, secours: object = "", meme_faux: bool = False) -> object:
    return secours if isinstance(objet, Manque) or (meme_faux and not objet) else objet


def _longueur(rendu: Rendu, objet: Any) -> int:
    return len(objet)


def _joindre(rendu: Rendu, objet: Iterable[object], d: str = "", attribute: str | None = None) -> str:
    champs = [
        element.lire(attribute) if attribute and isinstance(element, Vue) else element for element in objet
    ]
    return borner(str(d).join(texte for texte in map(rendu.ecrire, champs) if texte))


def _trier(
    rendu: Rendu, objet: Iterable[object], reverse: bool = False, attribute: str | None = None
) -> list[object]:
    def cle(element: object) -> tuple[bool, object]:
        lu = element.lire(attribute) if attribute and isinstance(element, Vue) else element
        absent = isinstance(lu, Manque) or lu is None
        return absent, "" if absent else lu.casefold() if isinstance(lu, str) else lu

    return sorted(objet, key=cle, reverse=reverse)


def _somme(rendu: Rendu, objet: Iterable[object], attribute: str | None = None) -> Decimal:
    total, modele = Decimal(0), None
    for element in objet:
        lu = _champ(rendu, element, attribute)
        if isinstance(lu, int | Decimal):
            total += lu
            modele = lu if modele is None else modele
    return de_meme_nature(total, modele)


def _extreme(choisir: Callable[..., Any]) -> Callable[..., object]:
    def extraire(rendu: Rendu, objet: Iterable[object], attribute: str | None = None) -> object:
        lus = [_champ(rendu, element, attribute) for element in objet]
        presents = [lu for lu in lus if not isinstance(lu, Manque)]
        return choisir(presents) if presents else Manque(None)

    return extraire


def _selection(garder: bool) -> Callable[..., list[object]]:
    def choisir(
        rendu: Rendu, objet: Iterable[object], attribute: str, test: str = "vrai", valeur: object = None
    ) -> list[object]:
        if test not in TESTS:
            raise ErreurFormulaire(f"« {test} » n’est pas une comparaison.", f"Écrire {', '.join(TESTS)}.")
        return [
            element
            for element in objet
            if isinstance(element, Vue) and TESTS[test](element.lire(attribute), valeur) == garder
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


def _extraire(rendu: Rendu, objet: Iterable[object], attribute: str) -> list[object]:
    return [_champ(rendu, element, attribute) for element in objet]


def _arrondir(rendu: Rendu, objet: object, precision: int = 0) -> object:
    rendu.noter(objet)
    if not isinstance(objet, int | Decimal) or not 0 <= precision <= 10:
        return objet
    return de_meme_nature(round(Decimal(objet), precision), objet)


def _texte(transformer: Callable[[str], str]) -> Callable[[Rendu, object], str]:
    return lambda rendu, objet: borner(transformer(rendu.ecrire(objet)))


def _nombre(presenter: Callable[[Decimal], str]) -> Callable[[Rendu, object], object]:
    def montrer(rendu: Rendu, objet: object) -> object:
        if not isinstance(objet, int | Decimal):
            return objet
        rendu.noter(objet)
        return presenter(Decimal(objet))

    return montrer


def _date(rendu: Rendu, objet: object) -> object:
    if not isinstance(objet, datetime.date):
        return objet
    rendu.noter(objet)
    return formats.date_longue(objet)


def _libelle(rendu: Rendu, objet: object) -> object:
    """Le mot de la nomenclature pour un code ; toute autre valeur reste ce qu’elle est."""
    liste = objet.provenance.liste if isinstance(objet, TexteLu) else None
    if liste is None:
        return objet
    rendu.noter(objet)
    return nomenclature(liste).get(str(objet), str(objet))


def _premier(rendu: Rendu, objet: Iterable[object]) -> object:
    return next(iter(objet), Manque(None))


def _dernier(rendu: Rendu, objet: Iterable[object]) -> object:
    return _premier(rendu, reversed(list(objet)))


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
    "list": lambda rendu, objet: list(objet),
    "round": _arrondir,
    "upper": _texte(str.upper),
    "lower": _texte(str.lower),
    "capitalize": _texte(lambda t: t[:1].upper() + t[1:]),
    "trim": _texte(str.strip),
    "euros": _nombre(formats.euros),
    "pourcent": _nombre(formats.pourcent),
    "date_longue": _date,
    "libelle": _libelle,
}
"""Nom du filtre → fonction (rendu, valeur, arguments)."""
