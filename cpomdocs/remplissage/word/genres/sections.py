"""Les sections répétées (w15) : leurs éléments, ce qu’ils contiennent, celui qu’on copie pour en ajouter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cpomdocs.erreurs import vouliez_vous_dire
from cpomdocs.remplissage.word.genres.controles import nom_de
from cpomdocs.remplissage.word.ooxml import CONTENU, SDT, SDTPR, W15, Element, w
from cpomdocs.remplissage.word.recriture.ajouts import verifier_modele
from cpomdocs.remplissage.word.texte import CaseRefusee
from cpomdocs.saisies import CaseWord

_SECTION, _ELEMENT = f"{{{W15}}}repeatingSection", f"{{{W15}}}repeatingSectionItem"


class Vise(NamedTuple):
    """Les contrôles que la case vise dans un élément ; `ajout` : son rang après le dernier, 0 s’il existe."""

    section: Element
    controles: list[Element]
    element: Element
    ajout: int


def est_une_section(sdt: Element) -> bool:
    """Vrai pour une section répétée."""
    return sdt.find(f"{SDTPR}/{_SECTION}") is not None


def elements_de(section: Element) -> list[Element]:
    """Les éléments de la section, dans l’ordre."""
    contenu = section.find(CONTENU)
    freres = contenu if contenu is not None else ()
    return [e for e in freres if e.tag == SDT and e.find(f"{SDTPR}/{_ELEMENT}") is not None]


def controles_de(element: Element) -> list[Element]:
    """Les contrôles d’un élément, hors des sections qu’il contient."""
    return [
        sdt
        for sdt in element.iter(SDT)
        if sdt is not element
        and not est_une_section(sdt)
        and next(a for a in sdt.iterancestors(SDT) if a.find(f"{SDTPR}/{_ELEMENT}") is not None) is element
    ]


def viser(sections: Mapping[str, list[Element]], case: CaseWord) -> Vise:
    """Ce que désigne une case de section. Lève `CaseRefusee` si la section ou le contrôle manquent."""
    nommees = sections.get(case.nom, [])
    if not nommees:
        raise CaseRefusee(
            "RW-01",
            f"Le document n’a pas de section répétée « {case.nom} ».",
            vouliez_vous_dire(case.nom, sections),
        )
    if len(nommees) > 1:
        raise CaseRefusee(
            "RW-02",
            f"{len(nommees)} sections répétées s’appellent « {case.nom} ».",
            "Les renommer dans Word, ou viser leurs contrôles un par un.",
        )
    elements = elements_de(nommees[0])
    if not elements:
        raise CaseRefusee(
            "RW-07", f"La section répétée « {case.nom} » n’a pas d’élément.", "La remplir à la main."
        )
    element = elements[min(case.rang, len(elements)) - 1]
    ajout = max(0, case.rang - len(elements))
    if ajout:
        verifier_modele(element)
    return Vise(nommees[0], _nommes(element, case), element, ajout)


def _nommes(element: Element, case: CaseWord) -> list[Element]:
    controles = controles_de(element)
    for rang in (0, 1):
        trouves = [sdt for sdt in controles if nom_de(sdt)[rang] == case.cellule]
        if trouves:
            return trouves
    noms = {n for sdt in controles for n in nom_de(sdt) if n}
    raise CaseRefusee(
        "RW-01",
        f"La section « {case.nom} » n’a pas de contrôle « {case.cellule} ».",
        vouliez_vous_dire(case.cellule, noms),
    )


def liee(section: Element) -> bool:
    """Vrai si Word tire les éléments de la section d’une donnée XML."""
    return any(
        section.find(f"{SDTPR}/{nom}") is not None for nom in (f"{{{W15}}}dataBinding", w("dataBinding"))
    )
