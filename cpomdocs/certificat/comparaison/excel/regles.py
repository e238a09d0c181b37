"""Contrôles de saisie et mises en forme conditionnelles : ce que chaque cellule avait, l’a-t-elle encore ?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lxml import etree

from cpomdocs.certificat.comparaison.constats import Constat
from cpomdocs.certificat.comparaison.excel.feuille import Feuille
from cpomdocs.certificat.comparaison.excel.formules import normaliser
from cpomdocs.office.adresses import Plage, lire_plages
from cpomdocs.office.styles import NS

_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
_BOOLEEN = re.compile(r"\b(TRUE|FALSE)\b")
_CASSEE = "#REF!"
"""Une règle dont la référence est déjà cassée ne vaut rien : elle ne compte d’aucun côté."""
_TEXTES = ("containsText", "notContainsText", "beginsWith", "endsWith")
"""Règles dont l’attribut `text` dit tout : leur formule n’en est qu’une copie, que LibreOffice décale."""
_DEUX_BORNES = ("between", "notBetween")
_SANS_OPERATEUR = ("list", "custom")


class Regle(NamedTuple):
    """Une règle : ce qu’elle exige, sous une forme commune, et les plages où elle vaut."""

    forme: tuple[str, ...]
    plages: tuple[Plage, ...]
    texte: str = ""


def soustraire(plages: Iterable[Plage], otees: Iterable[Plage]) -> list[Plage]:
    """Ce qui reste des premières plages une fois les autres ôtées."""
    reste = list(plages)
    for otee in otees:
        reste = [morceau for plage in reste for morceau in _sans(plage, otee)]
    return reste


def _sans(plage: Plage, otee: Plage) -> list[Plage]:
    haut, gauche = max(plage.haut, otee.haut), max(plage.gauche, otee.gauche)
    bas, droite = min(plage.bas, otee.bas), min(plage.droite, otee.droite)
    if haut > bas or gauche > droite:
        return [plage]
    morceaux = [
        Plage(plage.haut, plage.gauche, haut - 1, plage.droite),
        Plage(bas + 1, plage.gauche, plage.bas, plage.droite),
        Plage(haut, plage.gauche, bas, gauche - 1),
        Plage(haut, droite + 1, bas, plage.droite),
    ]
    return [m for m in morceaux if m.haut <= m.bas and m.gauche <= m.droite]


def comparer_controles(avant: Feuille, apres: Feuille, renommees: Mapping[str, str]) -> list[Constat]:
    """Les listes et contrôles de saisie qui ne valent plus, ou plus pareil, là où ils valaient."""
    anciens, nouveaux = _controles(avant, avant.nom, {}), _controles(apres, avant.nom, renommees)
    partout = [plage for regle in nouveaux for plage in regle.plages]
    constats = []
    for regle in anciens:
        pareilles = [p for autre in nouveaux if autre.forme == regle.forme for p in autre.plages]
        manque = soustraire(regle.plages, pareilles)
        perdu = soustraire(manque, partout)
        change = soustraire(manque, perdu)
        quoi = "liste" if regle.forme[0] == "list" else "controle"
        suffixes = (("perdue", perdu), ("changee", change)) if quoi == "liste" else (
            ("perdu", perdu), ("change", change))  # fmt: skip
        for suffixe, ou in suffixes:
            if ou:
                constats.append(_constat(avant, f"{quoi}_{suffixe}", ou, regle.texte))
    return constats


def _controles(feuille: Feuille, nom: str, renommees: Mapping[str, str]) -> list[Regle]:
    regles = []
    for controle in feuille.cadre.controles:
        if not controle.plages or _CASSEE in controle.formule1:
            continue
        plages = tuple(map(feuille.situer, controle.plages))
        origine = _coin(plages)
        formules = [feuille.reecrire(controle.formule1), feuille.reecrire(controle.formule2)]
        operateur = controle.operateur
        if controle.genre in _SANS_OPERATEUR:
            operateur, formules = "", formules[:1]
        elif operateur not in _DEUX_BORNES:
            formules = formules[:1]
        formes = [_liste_ecrite(_condition(f, nom, origine, renommees)) for f in formules]
        forme = (controle.genre, operateur, str(controle.strict), *formes)
        regles.append(Regle(forme, plages, " ; ".join(f for f in formules if f)))
    return regles


def _condition(formule: str, nom: str, coin: tuple[int, int], renommees: Mapping[str, str]) -> str:
    """La forme commune d’une condition ; LibreOffice y écrit 1 pour VRAI et 0 pour FAUX."""
    forme = normaliser(formule, nom, coin, None, renommees)
    return _BOOLEEN.sub(lambda m: "1.0" if m[0] == "TRUE" else "0.0", forme)


def _liste_ecrite(forme: str) -> str:
    """« "Oui, Non" » et « "Oui,Non" » proposent la même liste."""
    if not (forme.startswith('"') and forme.endswith('"')):
        return forme
    return '"' + ",".join(choix.strip() for choix in forme[1:-1].split(",")) + '"'


def _coin(plages: tuple[Plage, ...]) -> tuple[int, int]:
    """La cellule d’où se comptent les références relatives : le coin de l’ensemble des plages."""
    return min(p.haut for p in plages), min(p.gauche for p in plages)


def comparer_formats(avant: Feuille, apres: Feuille, renommees: Mapping[str, str]) -> list[Constat]:
    """Les mises en forme conditionnelles qui ne valent plus là où elles valaient."""
    anciens, nouveaux = _formats(avant, avant.nom, {}), _formats(apres, avant.nom, renommees)
    constats = []
    for regle in anciens:
        pareilles = [p for autre in nouveaux if autre.forme == regle.forme for p in autre.plages]
        if manque := soustraire(regle.plages, pareilles):
            constats.append(_constat(avant, "format_perdu", manque, regle.texte))
    return constats


def _formats(feuille: Feuille, nom: str, renommees: Mapping[str, str]) -> list[Regle]:
    regles: dict[tuple[str, ...], Regle] = {}
    groupes = [(e, e.get("sqref", "")) for e in feuille.racine.iterfind(f"{NS}conditionalFormatting")]
    groupes += [
        (e, e.findtext(f"{_XM}sqref") or "") for e in feuille.racine.iter(f"{_X14}conditionalFormatting")
    ]
    for groupe, sqref in groupes:
        plages = tuple(map(feuille.situer, lire_plages(sqref)))
        for regle in groupe.iter(f"{NS}cfRule", f"{_X14}cfRule") if plages else ():
            forme, texte = _forme(regle, _coin(plages), nom, renommees, feuille.reecrire)
            if _CASSEE in texte:
                continue
            deja = regles.get(forme, Regle(forme, ()))
            regles[forme] = Regle(forme, deja.plages + plages, texte)
    return list(regles.values())


def _forme(
    regle: etree._Element,
    coin: tuple[int, int],
    nom: str,
    renommees: Mapping[str, str],
    reecrire: Callable[[str], str],
) -> tuple[tuple[str, ...], str]:
    genre = regle.get("type", "")
    formules = [reecrire(e.text or "") for e in (*regle.iterfind(f"{NS}formula"), *regle.iterfind(f"{_XM}f"))]
    operateur = regle.get("operator", "") if genre == "cellIs" else ""
    formes = [_condition(f, nom, coin, renommees) for f in formules if f.strip()]
    if genre in ("dataBar", "colorScale", "iconSet", "duplicateValues", "uniqueValues"):
        formes = []
    elif genre in _TEXTES and regle.get("text"):
        formes = [regle.get("text", "")]
    return (genre, operateur, *formes), " ; ".join(f for f in formules if f)


def _constat(feuille: Feuille, genre: str, plages: list[Plage], texte: str) -> Constat:
    lieu = " ".join(str(p) for p in sorted(plages))
    return Constat(genre=genre, feuille=feuille.nom, lieu=lieu, avant=texte or None)
