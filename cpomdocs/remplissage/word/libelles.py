"""Trouver un libellé : une cellule qui le porte, ou un paragraphe où « : » ou des pointillés le suivent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cpomdocs.remplissage.word.endroits import (
    A_COMPLETER,
    Endroit,
    apres,
    dans_la_cellule,
    prolonge_une_fusion,
)
from cpomdocs.remplissage.word.ooxml import (
    TBL,
    TC,
    TR,
    Element,
    P,
    descendre,
    jumeau,
    paragraphes,
    premier_passage,
    texte_de,
    texte_de_cellule,
)
from cpomdocs.remplissage.word.texte import CaseRefusee, extrait, normaliser


@dataclass(frozen=True)
class Ligne:
    """Un paragraphe du gabarit, son texte, et le libellé de la cellule dont il est le premier paragraphe."""

    paragraphe: Element
    texte: str
    cherchable: str
    cellule: Element | None
    libelle_de_cellule: str


@dataclass(frozen=True)
class Occurrence:
    """Un endroit où un libellé paraît : toute une cellule, ou un paragraphe où il se termine à `fin`."""

    element: Element
    fin: int = 0


def indexer(racine: Element) -> list[Ligne]:
    """Les paragraphes d’une partie, prêts à être cherchés."""
    lignes = []
    for paragraphe in paragraphes(racine):
        texte = texte_de(paragraphe)
        cellule = next(paragraphe.iterancestors(TC), None)
        entiere = cellule if cellule is not None and next(descendre(cellule, P), None) is paragraphe else None
        libelle = "" if entiere is None else normaliser(texte_de_cellule(entiere))
        lignes.append(Ligne(paragraphe, texte, normaliser(texte), entiere, libelle))
    return lignes


def occurrences(lignes: list[Ligne], libelle: str) -> Iterator[Occurrence]:
    """Chaque endroit où le libellé paraît, dans l’ordre du document."""
    cherche = normaliser(libelle)
    if not cherche:
        return
    forme = _forme(cherche)
    for ligne in lignes:
        if ligne.cellule is not None and ligne.libelle_de_cellule == cherche:
            yield Occurrence(ligne.cellule)
        elif cherche in ligne.cherchable:
            for trouve in forme.finditer(ligne.texte):
                if trouve["signe"] or A_COMPLETER.match(ligne.texte[trouve.end() :]):
                    yield Occurrence(ligne.paragraphe, trouve.end())


def _forme(cherche: str) -> re.Pattern[str]:
    mots = r"\s+".join(re.escape(mot).replace("'", "['’ʼ]") for mot in cherche.split())
    return re.compile(rf"(?<![^\W_]){mots}(?![^\W_])(?:\s*(?P<signe>:))?", re.IGNORECASE)


def endroits_de(occurrence: Occurrence, libelle: str) -> list[Endroit]:
    """L’endroit à remplir pour ce libellé, et son double dans le rendu de repli d’une zone de texte."""
    autre = jumeau(occurrence.element)
    trouves = [occurrence] + ([] if autre is None else [Occurrence(autre, occurrence.fin)])
    return [_endroit(trouve, libelle) for trouve in trouves]


def _endroit(occurrence: Occurrence, libelle: str) -> Endroit:
    if occurrence.element.tag == TC:
        return _apres_la_cellule(occurrence.element, libelle)
    return apres(occurrence.element, occurrence.fin, libelle)


def _apres_la_cellule(cellule: Element, libelle: str) -> Endroit:
    ligne = next(cellule.iterancestors(TR))
    cellules = list(descendre(ligne, TC))
    suivante = next(iter(cellules[cellules.index(cellule) + 1 :]), None)
    ouverte = _est_ouverte(cellule)
    if len(cellules) == 1:
        suivante = _dessous(ligne)
    elif ouverte and (suivante is None or _est_ouverte(suivante)):
        return _a_la_fin(cellule, libelle)
    if suivante is None and ouverte:
        return _a_la_fin(cellule, libelle)
    if suivante is None:
        raise CaseRefusee(
            "RW-01",
            f"Il n’y a pas de cellule à remplir à côté du libellé « {extrait(libelle)} ».",
            "Viser la cellule par son adresse : « tableau:… ».",
        )
    return dans_la_cellule(suivante, f"à côté de « {extrait(libelle)} »", premier_passage(cellule))


def _est_ouverte(cellule: Element) -> bool:
    """Vrai si la cellule finit par « : » : la réponse s’y écrit aussi."""
    return texte_de_cellule(cellule).rstrip().endswith(":")


def _a_la_fin(cellule: Element, libelle: str) -> Endroit:
    paragraphe = [p for p in descendre(cellule, P) if texte_de(p).strip()][-1]
    return apres(paragraphe, len(texte_de(paragraphe).rstrip()), libelle)


def _dessous(ligne: Element) -> Element | None:
    """La cellule de la ligne suivante, si elle est seule elle aussi."""
    lignes = list(descendre(next(ligne.iterancestors(TBL)), TR))
    for suivante in lignes[lignes.index(ligne) + 1 :][:1]:
        cellules = list(descendre(suivante, TC))
        if len(cellules) == 1 and not prolonge_une_fusion(cellules[0]):
            return cellules[0]
    return None
