"""D’une cellule à une valeur typée : tolérant pour la forme, strict pour le sens.

Une cellule donne une valeur, « sans objet », rien, ou un problème qui dit ce qui était attendu.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from cpomdocs.lecture.valeurs import dates, identifiants, nombres
from cpomdocs.lecture.valeurs.listes import Liste
from cpomdocs.lecture.valeurs.textes import est_sans_objet, montrer, normaliser
from cpomdocs.modeles.base import InfoChamp
from cpomdocs.modeles.types import Nom, ValeurSimple
from cpomdocs.rapport import Gravite

_OUI = frozenset({"oui", "o", "vrai", "x", "yes", "true", "1", "ok"})
_NON = frozenset({"non", "n", "faux", "no", "false", "0"})
_COCHES = frozenset({"✓", "✔", "☑", "☒", "✗", "✘"})
_TAUX_PLAUSIBLE = Decimal("1.5")
"""Au-delà de 150 %, un nombre sans « % » est plutôt un pourcentage écrit sans son signe (45 pour 45 %)."""
_ANNEES = range(1900, 2101)


Raccourci = Callable[[Any], ValeurSimple | None]


class Probleme(NamedTuple):
    """Ce qui ne va pas dans une cellule : code stable, gravité, constat et remède, en français."""

    code: str
    gravite: Gravite
    constat: str
    remede: str


class Lu(NamedTuple):
    """Ce qu’une cellule donne : une valeur (`None` : vide), « sans objet », et un problème éventuel."""

    valeur: ValeurSimple | None = None
    sans_objet: bool = False
    probleme: Probleme | None = None


VIDE = Lu()
CONTROLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Les caractères qu’aucun document ne peut montrer ; ni le saut de ligne ni la tabulation n’en sont."""
_INVISIBLES = Probleme(
    "LC-15",
    "avertissement",
    "Ce texte contient un caractère invisible, qu’un document ne peut pas montrer.",
    "Retaper le texte, ou le coller sans mise en forme.",
)
SANS_OBJET = Lu(sans_objet=True)


@dataclass(frozen=True)
class Attente:
    """Ce qu’on attend d’une cellule : son champ, ses valeurs admises, l’année N si elle est connue."""

    info: InfoChamp
    liste: Liste | None = None
    annee_n: int | None = None


def convertir(brut: object, attente: Attente) -> Lu:
    """La valeur d’une cellule selon la nature de son champ. Ne lève rien : un problème est rendu."""
    if isinstance(brut, str):
        texte = brut.strip()
        if not texte:
            return VIDE
        if est_sans_objet(texte) and not (attente.info.cle and attente.info.obligatoire):
            return VIDE if attente.info.cle else SANS_OBJET
        return _LECTEURS[attente.info.nature.nom](texte, attente)
    return VIDE if brut is None else _LECTEURS[attente.info.nature.nom](brut, attente)


def rapide(attente: Attente) -> Raccourci | None:
    """La lecture rapide des nombres de ce champ, s’il y en a une ; elle rend `None` s’il faut `convertir`."""
    return _RACCOURCIS.get(attente.info.nature.nom)


def _incompris(brut: object, attendu: str, remede: str) -> Lu:
    constat = f"« {montrer(brut)} » n’est pas {attendu}."
    return Lu(probleme=Probleme("LC-05", "bloquante", constat, remede))


def _interprete(valeur: ValeurSimple, constat: str, remede: str) -> Lu:
    return Lu(valeur, probleme=Probleme("LC-12", "avertissement", constat, remede))


def _texte(brut: object, attente: Attente) -> Lu:
    if attente.liste is not None:
        return _de_liste(brut, attente, attente.liste)
    forme = identifiants.forme(attente.info.nom)
    if forme is not None:
        ecrit = _en_texte(brut)
        lu = identifiants.lire(ecrit, forme)
        if lu.constat:
            return Lu(lu.valeur, probleme=Probleme("ID-05", lu.gravite, lu.constat, lu.remede))
        return Lu(lu.valeur)
    texte = _en_texte(brut)
    return Lu(texte, probleme=_INVISIBLES if CONTROLE.search(texte) else None)


def _en_texte(brut: object) -> str:
    """Une cellule quelconque comme texte : 12.0 donne « 12 », une date « 31/12/2026 », un booléen « oui »."""
    if isinstance(brut, str):
        return brut
    if isinstance(brut, bool):
        return "oui" if brut else "non"
    if isinstance(brut, float):
        exact = nombres.decimal_de(brut)
        return str(brut) if exact is None else f"{exact:f}".replace(".", ",")
    if isinstance(brut, datetime.date):
        return f"{brut:%d/%m/%Y}"
    return str(brut)


def _de_liste(brut: object, attente: Attente, liste: Liste) -> Lu:
    ecrit = _en_texte(brut)
    code = liste.code(ecrit)
    if code is not None:
        return Lu(code)
    proche = liste.proche(ecrit)
    conseil = f"Vouliez-vous dire « {proche} » ? " if proche else ""
    return Lu(
        ecrit,
        probleme=Probleme(
            "LC-06",
            "bloquante" if attente.info.cle else "avertissement",
            f"« {montrer(ecrit)} » n’est pas dans la liste des valeurs de cette colonne.",
            conseil + "Choisir une valeur dans la liste déroulante de la cellule.",
        ),
    )


def _decimal(brut: object, attente: Attente) -> Lu:
    attendu = "un montant" if attente.info.nature.nom == "montant" else "un nombre"
    remede = "Taper un nombre, par exemple 1234,56 ; vider la cellule si la donnée manque, ou écrire SO."
    unite = attente.info.unite
    if isinstance(brut, float):
        valeur = nombres.decimal_de(brut)
    elif isinstance(brut, str):
        nu, ecrite = nombres.separer_unite(brut)
        valeur = nombres.nombre_de_texte(nu) if nombres.unite_admise(ecrite, unite) else None
    else:
        valeur = None
    return _incompris(brut, attendu, remede) if valeur is None else Lu(valeur)


def _entier(brut: object, attente: Attente) -> Lu:
    lu = _decimal(brut, attente)
    if isinstance(lu.valeur, Decimal) and lu.valeur == lu.valeur.to_integral_value():
        return Lu(int(lu.valeur))
    unite = f" ({attente.info.unite})" if attente.info.unite else ""
    remede = (
        "Taper un nombre sans virgule, par exemple 12 ; vider la cellule si la donnée manque, ou écrire SO."
    )
    return _incompris(brut, f"un nombre entier{unite}", remede)


def _taux(brut: object, attente: Attente) -> Lu:
    remede = "Taper un pourcentage, par exemple 45 % ; vider la cellule si la donnée manque, ou écrire SO."
    if isinstance(brut, str):
        nu, unite = nombres.separer_unite(brut)
        valeur = nombres.nombre_de_texte(nu) if unite in ("", "%", "pct", "pour cent") else None
        if valeur is not None and unite:
            return Lu(valeur / 100)
    else:
        valeur = nombres.decimal_de(brut) if isinstance(brut, float) else None
    if valeur is None or abs(valeur) > 100 * _TAUX_PLAUSIBLE:
        return _incompris(brut, "un pourcentage", remede)
    if abs(valeur) <= _TAUX_PLAUSIBLE:
        return Lu(valeur)
    lisible = montrer(_en_texte(brut))
    return _interprete(
        valeur / 100, f"« {lisible} » a été lu « {lisible} % ».", f"Taper {lisible} % si c’est bien cela."
    )


def _date(brut: object, attente: Attente) -> Lu:
    lue: datetime.date | None = None
    if isinstance(brut, datetime.datetime):
        lue = brut.date()
    elif isinstance(brut, datetime.date):
        lue = brut
    elif isinstance(brut, str):
        lue = dates.date_de_texte(brut)
    elif isinstance(brut, float):
        lue = dates.date_de_serie(brut)
    if lue is None:
        return _incompris(brut, "une date", "Taper la date en jour/mois/année, par exemple 31/12/2026.")
    annee = dates.annee_tapee_seule(lue) if not isinstance(brut, str) else None
    if annee is not None:
        constat = f"La date {lue:%d/%m/%Y} est sans doute l’année {annee} tapée seule."
        return _interprete(lue, constat, f"Taper la date entière, par exemple 31/12/{annee}.")
    return Lu(lue)


def _booleen(brut: object, attente: Attente) -> Lu:
    if isinstance(brut, bool):
        return Lu(brut)
    ecrit = _en_texte(brut)
    reponse = normaliser(ecrit)
    if reponse in _OUI or ecrit in _COCHES:
        return Lu(True)
    if reponse in _NON:
        return Lu(False)
    return _incompris(brut, "« oui » ni « non »", "Écrire oui ou non.")


def _annee(brut: object, attente: Attente) -> Lu:
    lue: int | None = None
    if isinstance(brut, float) and brut.is_integer():
        lue = int(brut)
    elif isinstance(brut, str):
        lue = _annee_ecrite(brut, attente.annee_n)
    if lue is None or lue not in _ANNEES:
        return _incompris(brut, "une année", "Taper l’année en quatre chiffres, par exemple 2026.")
    return Lu(lue)


def _annee_ecrite(texte: str, annee_n: int | None) -> int | None:
    """« 2026 », ou « N », « N-1 », « N+2 » quand l’année N est connue."""
    serre = texte.replace(" ", "").replace("−", "-").upper()
    if serre.isascii() and serre.isdigit() and len(serre) == 4:
        return int(serre)
    if annee_n is not None and serre == "N":
        return annee_n
    if annee_n is not None and len(serre) == 3 and serre[:2] in ("N-", "N+") and serre[2] in "0123456789":
        return annee_n + int(serre[1:])
    return None


_LECTEURS: dict[str, Callable[[object, Attente], Lu]] = {
    "texte": _texte,
    "texte_long": _texte,
    "entier": _entier,
    "decimal": _decimal,
    "montant": _decimal,
    "taux": _taux,
    "date": _date,
    "booleen": _booleen,
    "annee": _annee,
}


def _nombre_ordinaire(brut: Any) -> ValeurSimple | None:
    return nombres.decimal_de(brut)


def _annee_ordinaire(brut: Any) -> ValeurSimple | None:
    return int(brut) if brut.is_integer() and 1900 <= brut <= 2100 else None


def _entier_ordinaire(brut: Any) -> ValeurSimple | None:
    return int(brut) if brut.is_integer() else None


def _taux_ordinaire(brut: Any) -> ValeurSimple | None:
    return nombres.decimal_de(brut) if abs(brut) <= _TAUX_PLAUSIBLE else None


_RACCOURCIS: dict[Nom, Raccourci] = {
    "entier": _entier_ordinaire,
    "decimal": _nombre_ordinaire,
    "montant": _nombre_ordinaire,
    "taux": _taux_ordinaire,
    "annee": _annee_ordinaire,
}
