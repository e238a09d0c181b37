"""Les balises qui règlent une cellule : `colspan`, `cellbg`, `vm` (fusion verticale), `hm` (horizontale)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cpomdocs.remplissage.word.ooxml import Element, T, w

if TYPE_CHECKING:
    from cpomdocs.remplissage.balises.gabarit.dialecte import Releve

_ORDRE = ("cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd")
"""Le début de l’ordre que le schéma impose aux propriétés d’une cellule (ECMA-376, § 17.4.70)."""
_PREMIER = "loop.first"


def regler(releve: Releve, cellule: Element, genre: str, expression: str) -> None:
    """Pose dans la cellule ce que demande la balise ; ses textes devenus vides s’en vont."""
    proprietes = _proprietes(cellule)
    if genre == "colspan":
        largeur = releve.jeton("valeur", expression, "nombre", cellule)
        _poser(proprietes, "gridSpan", val=largeur)
        releve.colonnes = True
    elif genre == "cellbg":
        couleur = releve.jeton("valeur", expression, "couleur", cellule)
        _poser(proprietes, "shd", val="clear", color="auto", fill=couleur)
    elif genre == "vm":
        _fusionner_verticalement(releve, cellule, proprietes)
    else:
        _fusionner_horizontalement(releve, cellule, proprietes)


def _fusionner_verticalement(releve: Releve, cellule: Element, proprietes: Element) -> None:
    """La première ligne de la boucle ouvre la fusion et porte les textes ; les suivantes la continuent."""
    morceaux = [
        releve.jeton("bloc", f"if {_PREMIER}", "ailleurs", cellule) + "restart",
        releve.jeton("bloc", "else", "ailleurs", cellule) + "continue",
        releve.jeton("bloc", "endif", "ailleurs", cellule),
    ]
    _poser(proprietes, "vMerge", val="".join(morceaux))
    for porteur in cellule.iter(T):
        if porteur.text:
            ouvre = "{% if " + _PREMIER + " %}"
            porteur.text = f"{ouvre}{porteur.text}{{% endif %}}"


def _fusionner_horizontalement(releve: Releve, cellule: Element, proprietes: Element) -> None:
    """La cellule du premier tour prend la largeur de toutes ; celles des autres tours disparaissent."""
    largeur = proprietes.find(w("gridSpan"))
    unite = "" if largeur is None else f"{largeur.get(w('val')) or 1} * "
    _poser(proprietes, "gridSpan", val=releve.jeton("valeur", f"{unite}loop.length", "nombre", cellule))
    for corps, placer in ((f"if {_PREMIER}", cellule.addprevious), ("endif", cellule.addnext)):
        placer(releve.instruction("bloc", corps, "ailleurs", cellule))
    releve.colonnes = True


def _proprietes(cellule: Element) -> Element:
    proprietes = cellule.find(w("tcPr"))
    if proprietes is None:
        proprietes = etree.Element(w("tcPr"))
        cellule.insert(0, proprietes)
    return proprietes


def _poser(proprietes: Element, nom: str, **attributs: str) -> None:
    """Met la propriété à la place de celle de ce nom, ou à son rang."""
    ancienne = proprietes.find(w(nom))
    if ancienne is not None:
        proprietes.remove(ancienne)
    avant = {w(n) for n in _ORDRE[: _ORDRE.index(nom)]}
    rang = sum(enfant.tag in avant for enfant in proprietes)
    proprietes.insert(rang, etree.Element(w(nom), {w(n): valeur for n, valeur in attributs.items()}))
