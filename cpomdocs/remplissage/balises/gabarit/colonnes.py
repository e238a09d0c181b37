"""Les largeurs d’un tableau dont des balises ont répété, fusionné ou retiré des cellules."""

from __future__ import annotations

from lxml import etree

from cpomdocs.office.analyse import analyser_xml
from cpomdocs.remplissage.word.ooxml import TBL, TC, TR, VAL, Element, descendre, w

_GRILLE, _COLONNE, _LARGEUR = w("tblGrid"), w("gridCol"), w("w")


def ajuster_les_colonnes(partie: bytes) -> bytes:
    """La partie où chaque grille a autant de colonnes que la plus longue ligne ; largeur totale gardée."""
    racine = analyser_xml(partie)
    for tableau in racine.iter(TBL):
        grille = tableau.find(_GRILLE)
        nombre = max((_colonnes(ligne) for ligne in descendre(tableau, TR)), default=0)
        if grille is not None and nombre:
            _ajuster(grille, nombre)
    declaration = partie[: partie.find(b"<", partie.find(b"?>") + 1)] if partie.startswith(b"<?xml") else b""
    return declaration + etree.tostring(racine, encoding="utf-8", xml_declaration=False)


def _colonnes(ligne: Element) -> int:
    """Le nombre de colonnes qu’une ligne occupe, cellules fusionnées comprises."""
    total = 0
    for cellule in descendre(ligne, TC):
        fusion = cellule.find(f"{w('tcPr')}/{w('gridSpan')}")
        total += 1 if fusion is None else max(_entier(fusion.get(VAL)), 1)
    return total


def _entier(ecrit: str | None) -> int:
    """Une mesure en nombre entier ; 0 si elle ne se lit pas."""
    return int(ecrit) if ecrit and ecrit.isascii() and ecrit.isdigit() and len(ecrit) < 7 else 0


def _ajuster(grille: Element, nombre: int) -> None:
    colonnes = grille.findall(_COLONNE)
    if not colonnes or len(colonnes) == nombre:
        return
    largeurs = [_entier(c.get(_LARGEUR)) for c in colonnes]
    total = sum(largeurs)
    gardees = (largeurs + [total // len(colonnes)] * nombre)[:nombre]
    for colonne in colonnes:
        grille.remove(colonne)
    for largeur in gardees:
        ajustee = largeur * total // sum(gardees) if sum(gardees) else 0
        etree.SubElement(grille, _COLONNE, {_LARGEUR: str(ajustee)})
