"""Les sections répétées vues par la vérification : éléments présents, éléments ajoutés à leur suite."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import NamedTuple

from cpomdocs.certificat.word.endroits import Endroits
from cpomdocs.certificat.word.examen import Examen
from cpomdocs.certificat.word.lecture import Element, W
from cpomdocs.certificat.word.lignes import (
    LigneAjoutee,
    exiger_des_numeros_uniques,
    oter_les_numeros,
    oter_les_reperes,
)
from cpomdocs.saisies import CaseWord, Saisie

_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"


class Vu(NamedTuple):
    """Un contrôle d’un élément présent dans le gabarit, des deux côtés."""

    partie: str
    ancien: Element
    nouveau: Element
    saisie: Saisie


def examiner_les_sections(
    examen: Examen, parties: list[str], prevues: Sequence[tuple[Saisie, CaseWord]]
) -> tuple[list[Vu], list[LigneAjoutee]]:
    """Les contrôles prévus des éléments présents ; les éléments ajoutés, détachés du document."""
    vus: list[Vu] = []
    ajoutees: list[LigneAjoutee] = []
    par_section: dict[str, list[tuple[Saisie, CaseWord]]] = {}
    for saisie, case in prevues:
        if case.genre == "section":
            par_section.setdefault(case.nom, []).append((saisie, case))
    for nom, cases in par_section.items():
        trouvee = _section(examen, parties, nom)
        if trouvee is None:
            examen.noter("", f"section {nom}", "la section prévue n’est pas dans le gabarit")
            continue
        partie, avant, apres = trouvee
        exiger_des_numeros_uniques(examen, partie)
        anciens, nouveaux = _elements(avant), _elements(apres)
        ajoutees += _detacher(examen, partie, anciens, nouveaux, cases)
        for saisie, case in cases:
            if case.rang <= min(len(anciens), len(nouveaux)):
                paire = (_nommes(e[case.rang - 1], case.cellule) for e in (anciens, nouveaux))
                vus += [Vu(partie, a, n, saisie) for a, n in zip(*paire, strict=False)]
    return vus, ajoutees


def _section(examen: Examen, parties: list[str], nom: str) -> tuple[str, Element, Element] | None:
    for partie in parties:
        avant, apres = (
            [s for s in racine.iter(f"{W}sdt") if _est(s, "repeatingSection") and nom in _noms(s)]
            for racine in examen.ouvrir(partie)
        )
        if avant and len(avant) == len(apres):
            return partie, avant[0], apres[0]
    return None


def _detacher(
    examen: Examen,
    partie: str,
    anciens: list[Element],
    nouveaux: list[Element],
    cases: list[tuple[Saisie, CaseWord]],
) -> list[LigneAjoutee]:
    voulus = max(case.rang for _, case in cases) - len(anciens)
    ajoutees = []
    for numero, nouveau in enumerate(nouveaux[len(anciens) :][: max(voulus, 0)], start=len(anciens) + 1):
        parent = nouveau.getparent()
        if parent is not None:
            parent.remove(nouveau)
        avant = copy.deepcopy(anciens[-1])
        oter_les_reperes(avant)
        oter_les_numeros(avant)
        oter_les_numeros(nouveau)
        a_part = Examen(examen.gabarit, examen.document, {partie: avant}, {partie: nouveau}, {partie})
        ajoutees.append(LigneAjoutee(a_part, _prevues(partie, avant, cases, numero)))
    if len(ajoutees) < voulus:
        examen.noter(partie, "section", "des éléments à ajouter manquent")
    return ajoutees


def _prevues(
    partie: str, avant: Element, cases: list[tuple[Saisie, CaseWord]], numero: int
) -> list[tuple[Saisie, CaseWord, Endroits]]:
    return [
        (saisie, case, [(partie, sdt, 0) for sdt in _nommes(avant, case.cellule)])
        for saisie, case in cases
        if case.rang == numero
    ]


def _est(sdt: Element, genre: str) -> bool:
    return sdt.find(f"{W}sdtPr/{_W15}{genre}") is not None


def _noms(sdt: Element) -> list[str]:
    marques = (sdt.find(f"{W}sdtPr/{W}{nom}") for nom in ("tag", "alias"))
    return ["" if marque is None else marque.get(f"{W}val") or "" for marque in marques]


def _elements(section: Element) -> list[Element]:
    return [e for e in section.iterfind(f"{W}sdtContent/{W}sdt") if _est(e, "repeatingSectionItem")]


def _nommes(element: Element, nom: str) -> list[Element]:
    """Les contrôles de l’élément qui portent ce nom : balise d’abord, titre sinon."""
    dedans = [s for s in element.iter(f"{W}sdt") if s is not element and _de_l_element(s, element)]
    return [s for s in dedans if _noms(s)[0] == nom] or [s for s in dedans if _noms(s)[1] == nom]


def _de_l_element(sdt: Element, element: Element) -> bool:
    proche = next((a for a in sdt.iterancestors(f"{W}sdt") if _est(a, "repeatingSectionItem")), None)
    return proche is element and not _est(sdt, "repeatingSection")
