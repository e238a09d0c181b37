"""Ce qu’une personne a changé dans un document produit : quelles cases, quels textes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from lxml import etree

from cpomdocs.certificat.comparaison.affichage import detail
from cpomdocs.certificat.comparaison.certification import est_word
from cpomdocs.certificat.comparaison.constats import MOTS, Constat
from cpomdocs.certificat.comparaison.excel.cellules import SAISIE
from cpomdocs.certificat.comparaison.excel.classeur import comparer_classeurs
from cpomdocs.certificat.comparaison.word.document import (
    cases_du_document,
    comparer_documents,
    passages_du_document,
)
from cpomdocs.certificat.comparaison.word.passages import Passage
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.archive import Archive, lire_archive

RIEN = "aucune case ni aucun texte : mise en forme, ou simple réenregistrement"
ILLISIBLE = "le fichier ne se lit plus : ce qui y a changé n’est pas connu"
_CELLULES = {
    SAISIE,
    "formule_ecrasee",
    "formule_perdue",
    "formule_changee",
    "cellule_verrouillee",
    "libelle_change",
}
_SANS_OBJET = {"valeur_remplacee", "a_completer", "autre_version"}
_TEXTES = {"texte_change", "texte_supprime", "entete_change"}
_COCHES = {True: "cochée", False: "décochée"}
_CHIFFRES = re.compile(r"\d+")
_AUTOUR = 3
"""Mots montrés de part et d’autre de ce qui change dans un paragraphe."""
_LONGUEUR = 80


def retouches(avant: bytes, apres: bytes) -> list[str]:
    """Chaque changement en une ligne : « Fiche!C4 : 12 → 15 », « paragraphe 8 : … → … » ; jamais vide.

    `avant` : le document tel que cpomdocs l’a écrit ; `apres` : tel qu’il est aujourd’hui.
    """
    try:
        archives = lire_archive(avant), lire_archive(apres)
        word = est_word(archives[1], "document")
        trouvees = list(_dans_le_texte(*archives) if word else _dans_le_classeur(*archives))
    except (ErreurFichier, ValueError, etree.LxmlError):
        return [ILLISIBLE]
    return trouvees or [RIEN]


def _dans_le_classeur(avant: Archive, apres: Archive) -> Iterator[str]:
    constats, saisies = comparer_classeurs(avant, apres)
    cases = [*saisies, *(c for c in constats if c.genre in _CELLULES)]
    for case in sorted(cases, key=lambda c: (c.feuille or "", _rang(c.lieu))):
        ailleurs = f" ({case.message})" if case.message else ""
        yield f"{case.feuille}!{case.lieu}{ailleurs} : {_court(case.avant)} → {_court(case.apres)}"
    yield from _autres(constats, _CELLULES | _SANS_OBJET)


def _dans_le_texte(avant: Archive, apres: Archive) -> Iterator[str]:
    (corps, marges), (nouveau_corps, nouvelles_marges) = map(passages_du_document, (avant, apres))
    for ancien, nouveau in _paires(corps, nouveau_corps):
        if ancien is None:
            yield f"{nouveau.lieu if nouveau else ''}, texte ajouté : {_cite(nouveau)}"
        elif nouveau is None:
            yield f"{ancien.lieu}, texte retiré : {_cite(ancien)}"
        else:
            extraits = _extraits(ancien.texte, nouveau.texte)
            yield f"{ancien.lieu} : « {extraits[0]} » → « {extraits[1]} »"
    yield from (f"{p.lieu}, texte retiré : {_cite(p)}" for p in _en_plus(marges, nouvelles_marges))
    yield from (f"{p.lieu}, texte ajouté : {_cite(p)}" for p in _en_plus(nouvelles_marges, marges))
    anciennes, nouvelles = cases_du_document(avant), cases_du_document(apres)
    for nom in (n for n, cochee in anciennes.items() if nouvelles.get(n, cochee) != cochee):
        yield f"case « {nom} » : {_COCHES[anciennes[nom]]} → {_COCHES[nouvelles[nom]]}"
    yield from _autres(comparer_documents(avant, apres)[0], _TEXTES | _SANS_OBJET)


def _en_plus(marges: Sequence[Passage], autres: Sequence[Passage]) -> list[Passage]:
    """Les en-têtes, pieds de page et notes que les autres n’ont pas : aux numéros près, Word les recompte.

    Un logiciel les répète ou les range autrement d’une section à l’autre : chacun ne se dit qu’une fois.
    """
    connus = {_CHIFFRES.sub("#", passage.texte) for passage in autres}
    return list({p.texte: p for p in marges if _CHIFFRES.sub("#", p.texte) not in connus}.values())


def _autres(constats: Sequence[Constat], dits: set[str]) -> Iterator[str]:
    """Ce qui a changé en dehors des cases et du texte : protection, listes, feuilles, tableaux…"""
    for constat in (c for c in constats if c.genre not in dits):
        ou = f"feuille « {constat.feuille} » : " if constat.feuille else ""
        suite = detail(constat)
        yield f"{ou}{MOTS[constat.genre][constat.nombre > 1]}" + (f" ({suite})" if suite else "")


def _paires(
    anciens: Sequence[Passage], nouveaux: Sequence[Passage]
) -> Iterator[tuple[Passage | None, Passage | None]]:
    """Les paragraphes changés, en vis-à-vis ; `None` en face d’un paragraphe ajouté ou retiré."""
    textes = [p.texte for p in anciens], [p.texte for p in nouveaux]
    for operation, a1, a2, b1, b2 in SequenceMatcher(None, *textes, autojunk=False).get_opcodes():
        if operation == "equal":
            continue
        communs = min(a2 - a1, b2 - b1)
        yield from zip(anciens[a1 : a1 + communs], nouveaux[b1 : b1 + communs], strict=True)
        yield from ((ancien, None) for ancien in anciens[a1 + communs : a2])
        yield from ((None, nouveau) for nouveau in nouveaux[b1 + communs : b2])


def _extraits(ancien: str, nouveau: str) -> tuple[str, str]:
    """Les deux textes, réduits aux mots qui changent et à leurs voisins."""
    mots = ancien.split(), nouveau.split()
    debut = _communs(mots[0], mots[1])
    fin = _communs(mots[0][debut:][::-1], mots[1][debut:][::-1])
    return _extrait(mots[0], debut, fin), _extrait(mots[1], debut, fin)


def _extrait(mots: list[str], debut: int, fin: int) -> str:
    depart, arrivee = max(debut - _AUTOUR, 0), min(len(mots) - fin + _AUTOUR, len(mots))
    texte = " ".join(mots[depart:arrivee])
    return ("… " if depart else "") + texte + (" …" if arrivee < len(mots) else "")


def _communs(a: Sequence[str], b: Sequence[str]) -> int:
    """Le nombre de mots communs au début."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _cite(passage: Passage | None) -> str:
    return f"« {_court(passage.texte)} »" if passage else ""


def _court(texte: str | None) -> str:
    if texte is None:
        return "(vide)"
    texte = " ".join(texte.split())
    return texte if len(texte) <= _LONGUEUR else texte[: _LONGUEUR - 1] + "…"


def _rang(lieu: str) -> tuple[int, int, str]:
    """L’ordre de lecture d’une adresse : ligne, puis colonne."""
    lettres = lieu.rstrip("0123456789")
    return int(lieu[len(lettres) :] or 0), len(lettres), lettres
