"""Les lignes ajoutées à un tableau : détachées du document, puis comparées une à une à leur modèle."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from cpomdocs.certificat.word.endroits import Endroits, endroits_de_la_cellule
from cpomdocs.certificat.word.examen import Examen
from cpomdocs.certificat.word.lecture import Element, W, cellule_de_la_ligne, cellule_du_tableau
from cpomdocs.saisies import CaseWord, Saisie

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_REPETE = "{http://schemas.microsoft.com/office/word/2012/wordml}repeatingSectionItem"
_AJOUT = re.compile(r"([A-Z]+)(\d+)\+(\d+)")


class LigneAjoutee(NamedTuple):
    """Une ligne ajoutée : son examen à part, et où y vont les saisies."""

    examen: Examen
    prevues: list[tuple[Saisie, CaseWord, Endroits]]


def detacher_les_ajouts(
    examen: Examen, partie: str, prevues: Sequence[tuple[Saisie, CaseWord]]
) -> list[LigneAjoutee]:
    """Ôte du document les lignes ajoutées que les saisies annoncent ; chacune avec son modèle du gabarit.

    Dans l’ordre du document : ce qui précède une ligne est alors à la même place des deux côtés.
    """
    groupes: dict[tuple[str, str], dict[int, list[tuple[Saisie, CaseWord, str]]]] = {}
    for saisie, case in prevues:
        forme = _AJOUT.fullmatch(case.cellule)
        if forme is not None:
            ligne = groupes.setdefault((case.nom, forme[2]), {})
            ligne.setdefault(int(forme[3]), []).append((saisie, case, forme[1]))
    if groupes:
        exiger_des_numeros_uniques(examen, partie)
    ajoutees: list[LigneAjoutee] = []
    modeles = {cle: _modele(examen.ouvrir(partie)[0], cle, lignes) for cle, lignes in groupes.items()}
    for cle, modele in sorted(modeles.items(), key=lambda m: (int(m[0][0]), int(m[0][1]))):
        if modele is None:
            examen.noter(partie, f"tableau {cle[0]}", "la ligne à répéter n’est pas dans le gabarit")
            continue
        ici = _modele(examen.ouvrir(partie)[1], cle, groupes[cle])
        ajoutees += _detacher(examen, partie, modele, ici, groupes[cle])
    return ajoutees


def _modele(
    racine: Element, cle: tuple[str, str], lignes: dict[int, list[tuple[Saisie, CaseWord, str]]]
) -> Element | None:
    colonne = next(iter(lignes.values()))[0][2]
    cellule = cellule_du_tableau(racine, int(cle[0]), f"{colonne}{cle[1]}")
    if cellule is None:
        return None
    ligne = next(cellule.iterancestors(f"{W}tr"))
    autour = next(ligne.iterancestors(f"{W}sdt", f"{W}tbl"))
    repete = autour.find(f"{W}sdtPr/{_REPETE}") is not None
    return autour if repete and len(list(autour.iter(f"{W}tr"))) == 1 else ligne


def _detacher(
    examen: Examen,
    partie: str,
    modele: Element,
    ici: Element | None,
    lignes: dict[int, list[tuple[Saisie, CaseWord, str]]],
) -> list[LigneAjoutee]:
    """Les lignes qui, dans le document, suivent `ici`. Le modèle du gabarit est encore vide."""
    suivantes = [] if ici is None else list(ici.itersiblings())[: max(lignes)]
    if len(suivantes) < max(lignes):
        examen.noter(partie, modele.tag, "des lignes à ajouter manquent")
        return []
    ajoutees = []
    for numero, suivante in enumerate(suivantes, start=1):
        parent = suivante.getparent()
        if parent is not None:
            parent.remove(suivante)
        avant = copy.deepcopy(modele)
        oter_les_reperes(avant)
        oter_les_numeros(avant)
        oter_les_numeros(suivante)
        a_part = Examen(examen.gabarit, examen.document, {partie: avant}, {partie: suivante}, {partie})
        ajoutees.append(LigneAjoutee(a_part, _prevues(partie, avant, lignes.get(numero, []))))
    return ajoutees


def _prevues(
    partie: str, avant: Element, cases: list[tuple[Saisie, CaseWord, str]]
) -> list[tuple[Saisie, CaseWord, Endroits]]:
    ligne = next(avant.iter(f"{W}tr"))
    prevues = []
    for saisie, case, colonne in cases:
        cellule = cellule_de_la_ligne(ligne, colonne)
        prevues.append((saisie, case, [] if cellule is None else endroits_de_la_cellule(partie, cellule)))
    return prevues


def oter_les_reperes(avant: Element) -> None:
    """Ce que Word veut unique ne se copie pas : repères, commentaires, numéros de paragraphe."""
    doubles = re.compile(r"(bookmark|commentRange|perm|moveFromRange|moveToRange|customXml)(Start|End)$")
    for element in list(avant.iter()):
        if element.tag == f"{W}commentReference":
            element = next(element.iterancestors(f"{W}r"))
        elif not doubles.match(str(element.tag).removeprefix(W)):
            continue
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for element in avant.iter():
        for nom in ("paraId", "textId"):
            element.attrib.pop(f"{_W14}{nom}", "")


def oter_les_numeros(ligne: Element) -> None:
    """Efface les identifiants de contrôles, que chaque copie a neufs."""
    for numero in list(ligne.iterfind(f".//{W}sdtPr/{W}id")):
        numero.set(f"{W}val", "")


def exiger_des_numeros_uniques(examen: Examen, partie: str) -> None:
    """Aucun identifiant de contrôle ne paraît plus souvent que dans le gabarit."""
    avant, apres = (
        Counter(e.get(f"{W}val") for e in racine.iterfind(f".//{W}sdtPr/{W}id"))
        for racine in examen.ouvrir(partie)
    )
    if any(nombre > max(1, avant[numero]) for numero, nombre in apres.items()):
        examen.noter(partie, "identifiants", "deux contrôles portent le même identifiant")
