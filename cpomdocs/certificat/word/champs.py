"""Les champs de formulaire d’autrefois, vus par la vérification."""

from __future__ import annotations

import re

from cpomdocs.certificat.word.effacement import aplatir_mots, coche_prevue
from cpomdocs.certificat.word.lecture import SIGNES, Element, W
from cpomdocs.saisies import Saisie

_CODE = re.compile(r"\s*FORM(TEXT|CHECKBOX|DROPDOWN)\b")


def debuts_de_champ(cadre: Element, nom: str | None = None) -> list[Element]:
    """Les marques qui ouvrent un champ de formulaire, dans l’ordre ; `nom` : celui qu’il porte."""
    debuts = (m for m in cadre.iter(f"{W}fldChar") if m.get(f"{W}fldCharType") == "begin")
    return [d for d in debuts if _CODE.match(_code(d)) and nom in (None, _nom(d))]


def _nom(debut: Element) -> str | None:
    nom = debut.find(f"{W}ffData/{W}name")
    return None if nom is None else nom.get(f"{W}val")


def _portee(debut: Element) -> list[Element]:
    """Les passages du champ, du début à la fin."""
    premier = debut.getparent()
    portee = [] if premier is None else [premier]
    for suivant in () if premier is None else premier.itersiblings():
        portee.append(suivant)
        marque = suivant.find(f"{W}fldChar")
        if marque is not None and marque.get(f"{W}fldCharType") == "end":
            break
    return portee


def _code(debut: Element) -> str:
    return "".join(t.text or "" for passage in _portee(debut) for t in passage.iter(f"{W}instrText"))


def _reponse(debut: Element) -> list[Element]:
    """Le séparateur et les passages qui le suivent jusqu’à la fin, exclue."""
    portee = _portee(debut)
    for rang, passage in enumerate(portee):
        marque = passage.find(f"{W}fldChar")
        if marque is not None and marque.get(f"{W}fldCharType") == "separate":
            return [p for p in portee[rang:-1] if p.tag == f"{W}r"]
    return []


def champ_dit(debut: Element, saisie: Saisie, attendu: str) -> bool:
    """Vrai si le champ du document montre la valeur."""
    boite = debut.find(f"{W}ffData/{W}checkBox")
    if boite is not None:
        etat = boite.find(f"{W}checked")
        return (etat is not None and etat.get(f"{W}val", "1") in ("1", "true", "on")) == coche_prevue(saisie)
    liste = debut.find(f"{W}ffData/{W}ddList")
    if liste is not None:
        choix = liste.find(f"{W}result")
        entrees = [e.get(f"{W}val") or "" for e in liste.findall(f"{W}listEntry")]
        rang = int(choix.get(f"{W}val") or 0) if choix is not None else 0
        return rang < len(entrees) and aplatir_mots(entrees[rang]) == aplatir_mots(attendu)
    porteurs = (p for passage in _reponse(debut) for p in passage.iter(*SIGNES))
    return "".join(SIGNES[p.tag] or p.text or "" for p in porteurs) == attendu


def effacer_champ(debut: Element) -> None:
    """Ôte la réponse du champ ; garde tout ce que l’autorité y a réglé."""
    for chemin in (f"checkBox/{W}checked", f"ddList/{W}result"):
        etat = debut.find(f"{W}ffData/{W}{chemin}")
        parent = None if etat is None else etat.getparent()
        if etat is not None and parent is not None:
            parent.remove(etat)
    for passage in _reponse(debut):
        parent = passage.getparent()
        if parent is not None:
            parent.remove(passage)
