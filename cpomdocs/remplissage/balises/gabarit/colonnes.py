"""Les largeurs d’un tableau dont des balises ont répété, fusionné ou retiré des cellules."""

from __future__ import annotations

from lxml import etree

from cpomdocs.office.analyse import analyser_xml
from cpomdocs.remplissage.word.ooxml import TBL, TC, TR, VAL, Element, descendre, w

_GRILLE, _COLONNE, _LARGEUR = w("tblGrid"), w("gridCol"), w("w")


def ajuster_les_colonnes(partie: bytes) -> bytes:
    """La partie où chaque grille a autant de colonnes que sa plus longue ligne ; largeur totale gardée.

    Les colonnes se la partagent comme les cellules de cette ligne le demandent.
    """
    racine = analyser_xml(partie)
    for tableau in racine.iter(TBL):
        grille = tableau.find(_GRILLE)
        longue = max(descendre(tableau, TR), key=_colonnes, default=None)
        if grille is not None and longue is not None and (nombre := _colonnes(longue)):
            _ajuster(grille, nombre, _voulues(longue))
    declaration = partie[: partie.find(b"<", partie.find(b"?>") + 1)] if partie.startswith(b"<?xml") else b""
    return declaration + etree.tostring(racine, encoding="utf-8", xml_declaration=False)


def _colonnes(ligne: Element) -> int:
    """Le nombre de colonnes qu’une ligne occupe, cellules fusionnées comprises."""
    total = 0
    for cellule in descendre(ligne, TC):
        fusion = cellule.find(f"{w('tcPr')}/{w('gridSpan')}")
        total += 1 if fusion is None else max(_entier(fusion.get(VAL)), 1)
    return total


def _voulues(ligne: Element) -> list[int]:
    """Les largeurs que les cellules d’une ligne demandent ; rien si l’une n’en dit pas, ou en réunit."""
    voulues = []
    for cellule in descendre(ligne, TC):
        largeur = cellule.find(f"{w('tcPr')}/{w('tcW')}")
        fusion = cellule.find(f"{w('tcPr')}/{w('gridSpan')}")
        voulues.append(0 if largeur is None or fusion is not None else _entier(largeur.get(_LARGEUR)))
    return voulues if all(voulues) else []


def _entier(ecrit: str | None) -> int:
    """Une mesure en nombre entier ; 0 si elle ne se lit pas."""
    return int(ecrit) if ecrit and ecrit.isascii() and ecrit.isdigit() and len(ecrit) < 7 else 0


def _ajuster(grille: Element, nombre: int, voulues: list[int]) -> None:
    colonnes = grille.findall(_COLONNE)
    if not colonnes or len(colonnes) == nombre:
        return
    largeurs = [_entier(c.get(_LARGEUR)) for c in colonnes]
    total = sum(largeurs)
    gardees = voulues or (largeurs + [total // len(colonnes)] * nombre)[:nombre]
    for colonne in colonnes:
        grille.remove(colonne)
    for largeur in gardees:
        ajustee = largeur * total // sum(gardees) if sum(gardees) else 0
        etree.SubElement(grille, _COLONNE, {_LARGEUR: str(ajustee)})
