"""Où va, dans le gabarit, la valeur d’un libellé ou d’une cellule ; écrit sans le code de remplissage."""

from __future__ import annotations

from collections.abc import Iterator

from cpomdocs.certificat.word.genres.champs import debuts_de_champ
from cpomdocs.certificat.word.genres.coches import Boite, boite_apres, boite_de_la_cellule, boites_prevues
from cpomdocs.certificat.word.lecture import (
    DATE_OU_CROCHETS,
    MC,
    Element,
    Ligne,
    Occurrence,
    W,
    cellules_de,
    en_invite,
    lignes_de,
    lire,
    lire_cadre,
    paragraphes_de,
    signes_avant,
)

Endroits = list[tuple[str, Element, int]]
"""Partie, paragraphe, carré, contrôle ou champ du gabarit ; fin du libellé, ou position du carré."""


def endroits_du_libelle(partie: str, occurrence: Occurrence) -> Endroits:
    """L’endroit que désigne un libellé, et son double dans le rendu de repli d’une zone de texte."""
    return [e for o in (occurrence, *_repli(occurrence)) for e in _suite(partie, o)]


def endroits_de_la_boite(partie: str, boite: Boite) -> Endroits:
    """La case à cocher, et son double dans le rendu de repli d’une zone de texte."""
    trouves = [(partie, boite.element, boite.position)]
    for double in _repli(Occurrence(boite.paragraphe, 0)):
        semblables = list(double.element.iter(boite.element.tag))
        rang = list(boite.paragraphe.iter(boite.element.tag)).index(boite.element)
        trouves += [(partie, e, boite.position) for e in semblables[rang : rang + 1]]
    return trouves


def endroits_de_la_coche(lignes: list[tuple[str, list[Ligne]]], nom: str, rang: int) -> Endroits:
    """La case à cocher de ce libellé, la `rang`-ième s’il y en a plusieurs."""
    trouvees = [(partie, boite) for partie, toutes in lignes for boite in boites_prevues(toutes, nom)]
    return [e for partie, boite in trouvees[rang - 1 : rang] for e in endroits_de_la_boite(partie, boite)]


def _repli(occurrence: Occurrence) -> Iterator[Occurrence]:
    """La même occurrence dans le rendu de repli d’une zone de texte."""
    element = occurrence.element
    alternative = next(element.iterancestors(f"{MC}AlternateContent"), None)
    repli = None if alternative is None else alternative.find(f"{MC}Fallback")
    if alternative is None or repli is None:
        return
    choix = next(a for a in element.iterancestors() if a.getparent() is alternative)
    rang = list(choix.iter(element.tag)).index(element)
    for semblable in list(repli.iter(element.tag))[rang : rang + 1]:
        lecture = lire if element.tag == f"{W}p" else lire_cadre
        if lecture(semblable) == lecture(element):
            yield Occurrence(semblable, occurrence.fin)


def _suite(partie: str, occurrence: Occurrence) -> Endroits:
    element, fin = occurrence
    if element.tag != f"{W}tc":
        suite = lire(element)[fin:]
        invite = [s for s in element.iter(f"{W}sdt") if en_invite(s) and signes_avant(element, s) >= fin]
        boite = boite_apres(element, fin)
        if boite is not None:
            return [(partie, boite.element, boite.position)]
        champs = debuts_de_champ(element) if not suite.strip() else []
        if invite and not suite.strip():
            return [(partie, invite[0], 0)]
        return [(partie, champs[-1], 0)] if champs else [(partie, element, fin)]
    ligne = next(element.iterancestors(f"{W}tr"))
    voisines = cellules_de(ligne)
    suivante = next(iter(voisines[voisines.index(element) + 1 :]), None)
    ouverte = lire_cadre(element).rstrip().endswith(":")
    if len(voisines) == 1:
        lignes = lignes_de(next(ligne.iterancestors(f"{W}tbl")))
        dessous = [cellules_de(r) for r in lignes[lignes.index(ligne) + 1 :][:1]]
        suivante = dessous[0][0] if dessous and len(dessous[0]) == 1 else None
    elif ouverte and suivante is not None and lire_cadre(suivante).rstrip().endswith(":"):
        suivante = None
    if suivante is None:
        pleins = [p for p in paragraphes_de(element) if lire(p).strip()]
        return [(partie, pleins[-1], len(lire(pleins[-1]).rstrip()))] if pleins else []
    return endroits_de_la_cellule(partie, suivante)


def endroits_de_la_cellule(partie: str, cellule: Element) -> Endroits:
    """Le contrôle encore vide de la cellule, ou le paragraphe à remplir."""
    boite = boite_de_la_cellule(cellule)
    if boite is not None:
        return [(partie, boite.element, boite.position)]
    autour = next(cellule.iterancestors(f"{W}sdt", f"{W}tr"), None)
    if autour is not None and autour.tag == f"{W}sdt":
        return [(partie, autour, 0)]
    invites = [s for s in cellule.iter(f"{W}sdt") if en_invite(s) or not lire_cadre(cellule).strip()]
    if invites:
        return [(partie, invites[-1], 0)]
    champs = debuts_de_champ(cellule) if not lire_cadre(cellule).strip() else []
    return [(partie, c, 0) for c in champs] or [(partie, p, 0) for p in _a_remplir(cellule)]


def _a_remplir(cellule: Element) -> list[Element]:
    """Le paragraphe à pointillés, sinon le premier."""
    tous = paragraphes_de(cellule)
    pointilles = [
        p
        for p in tous
        if DATE_OU_CROCHETS.match(lire(p)) or any(signe in lire(p) for signe in ("...", ". . .", "…", "___"))
    ]
    return (pointilles or tous)[:1]
