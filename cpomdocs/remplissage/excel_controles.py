"""Les contrôles de saisie du formulaire, vérifiés avant que l’autorité ne refuse : listes et contraintes."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

from cpomdocs.office.cadre import Controle
from cpomdocs.remplissage.excel_cellules import Ecriture
from cpomdocs.remplissage.excel_listes import Liste
from cpomdocs.remplissage.excel_valeurs import (
    NOMBRES,
    Accueil,
    SaisieRefusee,
    ecrire_nombre,
    ecrire_texte,
    numero_date,
    texte_date,
    texte_nombre,
)

Item = str | Decimal | bool
_MOTS_BOOLEENS = {True: ("Oui", "Vrai", "Yes", "O", "1", "X"), False: ("Non", "Faux", "No", "N", "0")}
_MONTRES = 8
_LARGEUR = 60
_NOMS = {
    "whole": "un nombre entier",
    "decimal": "un nombre",
    "date": "une date",
    "textLength": "un texte d’une longueur",
    "time": "une heure (fraction de jour)",
}
_ORIGINES = {True: datetime.date(1904, 1, 1), False: datetime.date(1899, 12, 30)}
_OPERATEURS: dict[str, tuple[str, Callable[[Decimal, Decimal, Decimal], bool]]] = {
    "between": ("entre {0} et {1}", lambda v, a, b: a <= v <= b),
    "notBetween": ("hors de l’intervalle de {0} à {1}", lambda v, a, b: not a <= v <= b),
    "equal": ("exactement {0}", lambda v, a, b: v == a),
    "notEqual": ("autre que {0}", lambda v, a, b: v != a),
    "greaterThan": ("au-delà de {0}", lambda v, a, b: v > a),
    "lessThan": ("en deçà de {0}", lambda v, a, b: v < a),
    "greaterThanOrEqual": ("à partir de {0}", lambda v, a, b: v >= a),
    "lessThanOrEqual": ("jusqu’à {0}", lambda v, a, b: v <= a),
}


def choisir(valeur: object, liste: Liste, accueil: Accueil, strict: bool) -> Ecriture | None:
    """L’élément de la liste qui correspond, dans l’orthographe de la liste.

    Une croix s’efface pour dire non. `None` : la valeur n’y est pas, mais la liste n’est pas sûre ou se
    contente d’avertir. Lève `SaisieRefusee` si elle n’y est pas et que la liste fait foi.
    """
    for candidat in _candidats(valeur, accueil):
        item = _trouver(candidat, liste.items)
        if item is not None:
            return _ecrire_item(item, valeur, liste, accueil)
    if valeur is False and all(isinstance(item, str) and plier(item) == "x" for item in liste.items):
        return Ecriture("vide", "")
    if not (liste.sure and strict):
        return None
    montres = " · ".join(_abreger(_montrer(item)) for item in liste.items[:_MONTRES])
    reste = f" · … ({len(liste.items)} en tout)" if len(liste.items) > _MONTRES else ""
    montree = next(iter(_candidats(valeur, accueil)))
    raise SaisieRefusee(
        "RX-07",
        f"« {_abreger(_montrer(montree))} » n’est pas dans la liste déroulante de la cellule.",
        f"Valeurs admises : {montres}{reste}.",
    )


def rang_dans(valeur: object, items: Sequence[Item | None], accueil: Accueil) -> int | None:
    """Le rang, à partir de 1, de l’élément qui dit cette valeur ; `None` si aucun ne la dit."""
    presents = [item for item in items if item is not None]
    for candidat in _candidats(valeur, accueil):
        item = _trouver(candidat, presents)
        if item is not None:
            return next(rang for rang, autre in enumerate(items, 1) if autre is item)
    return None


def _candidats(valeur: object, accueil: Accueil) -> Sequence[Item]:
    """Les façons de dire la valeur dans une liste, la plus fidèle d’abord."""
    if isinstance(valeur, bool):
        return (*_MOTS_BOOLEENS[valeur], valeur)
    if isinstance(valeur, datetime.date):
        return (texte_date(valeur), numero_date(valeur, accueil.date1904))
    if isinstance(valeur, NOMBRES):
        return (Decimal(str(valeur)),)
    return (str(valeur),)


def _trouver(candidat: Item, items: Sequence[Item]) -> Item | None:
    """L’élément égal, sinon égal à la casse, aux accents et aux espaces près, sinon de même nombre."""
    exact = next((item for item in items if type(item) is type(candidat) and item == candidat), None)
    if exact is not None:
        return exact
    if isinstance(candidat, str):
        voulu = plier(candidat)
        proche = next((item for item in items if isinstance(item, str) and plier(item) == voulu), None)
        if proche is not None:
            return proche
    nombre = _comme_nombre(candidat)
    return None if nombre is None else next((i for i in items if _comme_nombre(i) == nombre), None)


def _ecrire_item(item: Item, valeur: object, liste: Liste, accueil: Accueil) -> Ecriture:
    if isinstance(item, bool):
        return Ecriture("booleen", str(int(item)))
    if isinstance(item, Decimal):
        return ecrire_texte(texte_nombre(item)) if accueil.style.texte else ecrire_nombre(item)
    numerique = isinstance(valeur, NOMBRES) and not isinstance(valeur, bool)
    if liste.litterale and numerique and not accueil.style.texte:
        return ecrire_nombre(valeur)  # type: ignore[arg-type]
    return ecrire_texte(item)


def _comme_nombre(item: Item) -> Decimal | None:
    if isinstance(item, bool):
        return None
    if isinstance(item, Decimal):
        return item
    texte = re.sub(r"\s", "", item).replace(",", ".")
    try:
        nombre = Decimal(texte.removesuffix("%"))
    except InvalidOperation:
        return None
    if not nombre.is_finite():
        return None
    return nombre / 100 if texte.endswith("%") else nombre


def plier(texte: str) -> str:
    """Le texte sans accents, casse, espaces ni variantes d’apostrophe et de tiret : pour comparer."""
    nu = "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c))
    nu = nu.replace("’", "'").replace("œ", "oe").replace("Œ", "oe").replace("–", "-").replace("‑", "-")
    return re.sub(r"\s", "", nu.casefold())


def _montrer(item: Item) -> str:
    if isinstance(item, bool):
        return "VRAI" if item else "FAUX"
    return texte_nombre(item) if isinstance(item, Decimal) else item


def verifier_contrainte(valeur: object, controle: Controle, date1904: bool) -> None:
    """Lève `SaisieRefusee` si la valeur viole la contrainte ; une borne calculée ne se vérifie pas."""
    if controle.genre not in _NOMS or controle.operateur not in _OPERATEURS or not controle.strict:
        return
    mesure = _mesurer(valeur, controle.genre, date1904)
    texte, respecte = _OPERATEURS[controle.operateur]
    deux = controle.operateur in ("between", "notBetween")
    bas, haut = _borne(controle.formule1), _borne(controle.formule2 if deux else controle.formule1)
    if mesure is not None and (bas is None or haut is None or respecte(mesure, bas, haut)):
        return
    attendu = _NOMS[controle.genre]
    if bas is not None and haut is not None:
        bornes = [_montrer_borne(b, controle.genre, date1904) for b in (bas, haut)]
        attendu = f"{attendu} {texte.format(*bornes)}"
    raise SaisieRefusee(
        "RX-08",
        f"« {_abreger(_montrer_valeur(valeur))} » n’est pas admis : la cellule attend {attendu}.",
        "Corriger la donnée, ou choisir une autre case.",
    )


def _mesurer(valeur: object, genre: str, date1904: bool) -> Decimal | None:
    """Ce que la contrainte compare : longueur, numéro de date, nombre ; `None` si le genre est faux."""
    if genre == "textLength":
        return Decimal(len(_montrer_valeur(valeur)))
    if isinstance(valeur, datetime.date):
        return numero_date(valeur, date1904) if genre == "date" else None
    if isinstance(valeur, bool) or not isinstance(valeur, NOMBRES) or genre == "date":
        return None
    nombre = Decimal(str(valeur))
    return None if genre == "whole" and nombre != nombre.to_integral_value() else nombre


def _borne(formule: str) -> Decimal | None:
    try:
        nombre = Decimal(formule)
    except InvalidOperation:
        return None
    return nombre if nombre.is_finite() else None


def _montrer_borne(borne: Decimal, genre: str, date1904: bool) -> str:
    if genre != "date" or not 0 <= borne < 2_900_000:
        return texte_nombre(borne)
    return texte_date(_ORIGINES[date1904] + datetime.timedelta(days=int(borne)))


def _montrer_valeur(valeur: object) -> str:
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if isinstance(valeur, datetime.date):
        return texte_date(valeur)
    return texte_nombre(valeur) if isinstance(valeur, NOMBRES) else str(valeur)


def _abreger(texte: str) -> str:
    """Le texte sur une ligne, coupé pour un message."""
    ligne = " ".join(texte.split())
    return ligne if len(ligne) <= _LARGEUR else f"{ligne[: _LARGEUR - 1]}…"
