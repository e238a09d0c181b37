"""Une valeur typée devient ce qu’une cellule reçoit : nombre, date du classeur, booléen ou texte."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from typing import NamedTuple

from cpomdocs.formats import pourcent
from cpomdocs.office.styles import Style
from cpomdocs.remplissage.excel_cellules import Ecriture

LONGUEUR = 32_767
"""Le plus long texte d’une cellule d’Excel, en unités UTF-16."""
NOMBRES = (int, float, Decimal)
_CHIFFRES_SURS = 15
"""Excel garde quinze chiffres d’un nombre."""
_INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SIMPLE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?").fullmatch
"""Un nombre écrit sans exposant."""
_ORIGINE_1900 = datetime.date(1899, 12, 30)
_ORIGINE_1904 = datetime.date(1904, 1, 1)
_BISSEXTE_FICTIF = 60
"""Excel croit au 29 février 1900 : les numéros qui le précèdent sont décalés d’un jour."""


class SaisieRefusee(Exception):
    """La case n’accepte pas la valeur : code, message et remède deviennent un `Refus`."""

    def __init__(self, code: str, message: str, remede: str) -> None:
        self.code, self.message, self.remede = code, message, remede
        super().__init__(message)


class Accueil(NamedTuple):
    """Ce que la cellule attend : son style, le système de dates, un vrai booléen ou une date."""

    style: Style
    date1904: bool = False
    booleen: bool = False
    attend_date: bool = False


def convertir(valeur: object, accueil: Accueil, taux: bool = False) -> Ecriture:
    """Ce qui s’écrit dans la cellule ; `taux` : une fraction, à dire en pour cent si elle devient un texte.

    Lève `SaisieRefusee` si rien de fidèle ne peut être écrit.
    """
    if isinstance(valeur, bool):
        return _booleen(valeur, accueil)
    if isinstance(valeur, datetime.date):
        return _date(valeur, accueil)
    if isinstance(valeur, NOMBRES):
        return _nombre(valeur, accueil, taux)
    return ecrire_texte(str(valeur))


def ecrire_texte(texte: str) -> Ecriture:
    """Le texte, fins de ligne ramenées à celle d’Excel ; vide, il vide la cellule."""
    if 0 < len(texte) <= LONGUEUR // 2 and texte.isprintable():  # ni commande, ni fin de ligne, ni trop long
        return Ecriture("texte", texte)
    texte = texte.replace("\r\n", "\n").replace("\r", "\n")
    interdit = _INTERDITS.search(texte)
    if interdit is not None:
        raise SaisieRefusee(
            "RX-10",
            f"Le texte contient un caractère qu’Excel interdit (U+{ord(interdit[0]):04X}, au rang "
            f"{interdit.start() + 1}).",
            "Retaper ce passage : il vient sans doute d’un copier-coller.",
        )
    longueur = len(texte.encode("utf-16-le")) // 2
    if longueur > LONGUEUR:
        raise SaisieRefusee(
            "RX-09",
            f"Le texte a {longueur} caractères ; une cellule d’Excel en contient au plus {LONGUEUR}.",
            "Le raccourcir ou le joindre en annexe.",
        )
    return Ecriture("texte", texte) if texte else Ecriture("vide", "")


def exiger_fini(valeur: object) -> None:
    """Lève `SaisieRefusee` pour un nombre infini ou indéfini, qui ne se compare à rien."""
    indefini = isinstance(valeur, Decimal) and not valeur.is_finite()
    if indefini or (isinstance(valeur, float) and not math.isfinite(valeur)):
        raise SaisieRefusee(
            "RX-11", f"« {valeur} » n’est pas un nombre qu’Excel sache écrire.", "Le corriger."
        )


def ecrire_nombre(valeur: int | float | Decimal) -> Ecriture:
    """Le nombre, à la précision d’Excel. Lève `SaisieRefusee` s’il n’y tient pas."""
    if not isinstance(valeur, float):
        ecrit = str(valeur)
        if len(ecrit) <= _CHIFFRES_SURS and (isinstance(valeur, int) or _SIMPLE(ecrit)):
            return Ecriture("nombre", ecrit if valeur else "0")
    exiger_fini(valeur)
    if abs(Decimal(valeur)) >= Decimal("1E+308"):
        raise SaisieRefusee(
            "RX-11", f"« {valeur} » n’est pas un nombre qu’Excel sache écrire.", "Le corriger."
        )
    if isinstance(valeur, float):
        return Ecriture("nombre", repr(valeur))
    exact = Decimal(valeur)
    significatifs = len(exact.normalize().as_tuple().digits) if exact else 1
    if significatifs > _CHIFFRES_SURS and exact == exact.to_integral_value():
        raise SaisieRefusee(
            "RX-11",
            f"Le nombre {valeur} a plus de quinze chiffres : Excel en changerait les derniers.",
            "Si c’est un identifiant, le donner comme un texte.",
        )
    if significatifs > _CHIFFRES_SURS:
        return Ecriture("nombre", repr(float(exact)))
    return Ecriture("nombre", "0" if exact == 0 else str(exact))


def numero_date(valeur: datetime.date, date1904: bool) -> Decimal:
    """Le numéro de série d’une date, heure comprise. Lève `SaisieRefusee` avant l’origine du classeur."""
    jour = valeur.date() if isinstance(valeur, datetime.datetime) else valeur
    if date1904:
        numero = (jour - _ORIGINE_1904).days
    else:
        numero = (jour - _ORIGINE_1900).days
        numero -= 1 if numero <= _BISSEXTE_FICTIF else 0
    if numero < (0 if date1904 else 1):
        raise SaisieRefusee(
            "RX-11",
            f"Le {texte_date(valeur)} est antérieur aux dates que ce classeur sait écrire.",
            "Vérifier l’année.",
        )
    if not isinstance(valeur, datetime.datetime):
        return Decimal(numero)
    secondes = Decimal(valeur.hour * 3600 + valeur.minute * 60 + valeur.second)
    return numero + secondes / 86_400


def date_du_numero(numero: Decimal, date1904: bool) -> datetime.date | None:
    """Le jour d’un numéro de série ; `None` s’il est hors du calendrier."""
    origine = _ORIGINE_1904 if date1904 else _ORIGINE_1900
    recul = 0 if date1904 or numero > _BISSEXTE_FICTIF else 1
    try:
        return origine + datetime.timedelta(days=int(numero) + recul)
    except OverflowError:
        return None


def texte_date(valeur: datetime.date) -> str:
    """« 31/12/2026 »."""
    return f"{valeur.day:02d}/{valeur.month:02d}/{valeur.year:04d}"


def texte_nombre(valeur: int | float | Decimal, taux: bool = False) -> str:
    """Le nombre en français, sans séparateur de milliers : « 12,5 » ; un taux en pour cent."""
    exact = Decimal(str(valeur))
    return pourcent(exact) if taux else f"{exact:f}".replace(".", ",")


def _booleen(valeur: bool, accueil: Accueil) -> Ecriture:
    if accueil.booleen:
        return Ecriture("booleen", str(int(valeur)))
    return Ecriture("texte", "Oui" if valeur else "Non")


def _date(valeur: datetime.date, accueil: Accueil) -> Ecriture:
    if accueil.style.texte or not (accueil.style.date or accueil.attend_date):
        return Ecriture("texte", texte_date(valeur))
    return ecrire_nombre(numero_date(valeur, accueil.date1904))


def _nombre(valeur: int | float | Decimal, accueil: Accueil, taux: bool) -> Ecriture:
    ecriture = ecrire_nombre(valeur)
    if accueil.style.texte:
        return Ecriture("texte", texte_nombre(valeur, taux))
    if accueil.style.date:
        raise SaisieRefusee(
            "RX-11",
            f"La cellule montre une date (format « {accueil.style.format} ») et le nombre "
            f"{texte_nombre(valeur)} y deviendrait une autre date.",
            "Choisir un champ de date, ou une autre case.",
        )
    return ecriture
