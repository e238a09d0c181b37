"""Les champs de publipostage vus par la vérification : leur code disparaît, la valeur prend leur place."""

from __future__ import annotations

import datetime
import re

from babel.dates import format_date

from cpomdocs.certificat.word.lecture import SIGNES, Element, W, porteurs
from cpomdocs.saisies import Saisie

_NOM = re.compile(r'\s*MERGEFIELD\s+("[^"]+"|\S+)', re.IGNORECASE)


def fusions(racine: Element, nom: str) -> list[Element]:
    """Ce qui ouvre chaque champ de publipostage de ce nom, dans l’ordre."""
    return [e for e in racine.iter(f"{W}fldChar", f"{W}fldSimple") if nom_de_fusion(e) == nom]


def nom_de_fusion(element: Element) -> str:
    """Le nom du champ de publipostage que cet élément ouvre ; vide s’il n’en ouvre pas."""
    forme = _NOM.match(_code(element))
    return forme[1].strip('"') if forme is not None else ""


def valeur_fusionnee(element: Element, saisie: Saisie, attendu: str) -> str:
    """Le texte attendu ; d’une date au format que le champ impose, ce qu’en donne Word en français."""
    forme = re.search(r'\\@\s*"([^"]*)"', _code(element))
    jour = saisie.valeur.valeur
    if forme is None or saisie.texte is not None or not isinstance(jour, datetime.date):
        return attendu
    return format_date(jour, forme[1], locale="fr_FR")


def _code(element: Element) -> str:
    if element.tag == f"{W}fldSimple":
        return element.get(f"{W}instr") or ""
    return "".join(t.text or "" for passage in _etendue(element) for t in passage.iter(f"{W}instrText"))


def _etendue(debut: Element) -> list[Element]:
    """Les passages du champ, de son ouverture à sa fermeture ; aucun s’il n’en ouvre pas."""
    premier = debut.getparent()
    if premier is None or debut.get(f"{W}fldCharType") != "begin":
        return []
    passages = [premier]
    for suivant in premier.itersiblings(f"{W}r"):
        passages.append(suivant)
        if any(m.get(f"{W}fldCharType") == "end" for m in suivant.iter(f"{W}fldChar")):
            return passages
    return []


def longueur(element: Element) -> int:
    """Le nombre de caractères que le champ montre dans le gabarit."""
    cadres = [element] if element.tag == f"{W}fldSimple" else _etendue(element)
    return sum(len(SIGNES[p.tag] or p.text or "") for cadre in cadres for p in porteurs(cadre))


def effacer_fusion(element: Element) -> None:
    """Ôte le code du champ ; son texte reste, pour être comparé comme celui d’une ligne."""
    cadres = [element] if element.tag == f"{W}fldSimple" else _etendue(element)
    for cadre in cadres:
        parent = cadre.getparent()
        if parent is None:
            continue
        if cadre.tag == f"{W}fldSimple":
            for enfant in list(cadre):
                cadre.addprevious(enfant)
            parent.remove(cadre)
        elif not any(p.text for p in cadre.iter(f"{W}t")):
            parent.remove(cadre)
