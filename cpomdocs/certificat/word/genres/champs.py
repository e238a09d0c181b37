"""Les champs de formulaire d’autrefois et ceux de publipostage, vus par la vérification.

D’un champ de publipostage, le code disparaît et la valeur prend sa place.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from babel.dates import format_date

from cpomdocs.certificat.word.effacement import aplatir_mots, coche_prevue, joindre
from cpomdocs.certificat.word.lecture import SIGNES, Element, W, porteurs
from cpomdocs.saisies import Saisie

_FUSION = re.compile(r'\s*MERGEFIELD\s+("[^"]+"|\S+)', re.IGNORECASE)
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
    for suivant in () if premier is None else _a_la_suite(premier):
        portee.append(suivant)
        marque = suivant.find(f"{W}fldChar")
        if marque is not None and marque.get(f"{W}fldCharType") == "end":
            break
    return portee


def _a_la_suite(passage: Element) -> Iterator[Element]:
    """Ce qui suit le passage dans son paragraphe, puis dans ceux d’après."""
    yield from passage.itersiblings()
    paragraphe = passage.getparent()
    for suivant in () if paragraphe is None else paragraphe.itersiblings():
        if not isinstance(suivant.tag, str):
            continue
        if suivant.tag != f"{W}p":
            return
        yield from (e for e in suivant if e.tag != f"{W}pPr")


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
    portee = _portee(debut)
    for passage in _reponse(debut):
        parent = passage.getparent()
        if parent is not None:
            parent.remove(passage)
    _recoller(portee[0].getparent(), portee[-1].getparent())


def _recoller(hote: Element | None, dernier: Element | None) -> None:
    """Met bout à bout les paragraphes que le champ couvrait."""
    if hote is None or dernier is None or hote is dernier:
        return
    freres = list(hote.itersiblings(f"{W}p"))
    for suivant in freres[: freres.index(dernier) + 1] if dernier in freres else []:
        joindre(hote, suivant)


def fusions(racine: Element, nom: str) -> list[Element]:
    """Ce qui ouvre chaque champ de publipostage de ce nom, dans l’ordre."""
    return [e for e in racine.iter(f"{W}fldChar", f"{W}fldSimple") if nom_de_fusion(e) == nom]


def nom_de_fusion(element: Element) -> str:
    """Le nom du champ de publipostage que cet élément ouvre ; vide s’il n’en ouvre pas."""
    forme = _FUSION.match(_code_de_fusion(element))
    return forme[1].strip('"') if forme is not None else ""


def valeur_fusionnee(element: Element, saisie: Saisie, attendu: str) -> str:
    """Le texte attendu ; d’une date au format que le champ impose, ce qu’en donne Word en français."""
    forme = re.search(r'\\@\s*"([^"]*)"', _code_de_fusion(element))
    jour = saisie.valeur.valeur
    if forme is None or saisie.texte is not None or not isinstance(jour, datetime.date):
        return attendu
    return format_date(jour, forme[1], locale="fr_FR")


def _code_de_fusion(element: Element) -> str:
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
