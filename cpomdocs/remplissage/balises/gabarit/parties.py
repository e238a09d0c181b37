"""Les parties d’un gabarit qui portent des balises, compilées une fois."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from jinja2 import nodes

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.office.analyse import analyser_xml, encodage
from cpomdocs.office.archive import Archive
from cpomdocs.remplissage.balises.gabarit.dialecte import relever
from cpomdocs.remplissage.balises.gabarit.equilibre import verifier_equilibre
from cpomdocs.remplissage.balises.gabarit.lieux import Lieu, Reperes, nommer_partie
from cpomdocs.remplissage.balises.gabarit.morceaux import couper, garder_les_cellules
from cpomdocs.remplissage.balises.gabarit.recollage import enchainer, recoller
from cpomdocs.remplissage.balises.langage.filtres import FILTRES
from cpomdocs.remplissage.balises.langage.grammaire import analyser
from cpomdocs.remplissage.balises.langage.interprete import Instruction, compiler
from cpomdocs.remplissage.word.ooxml import Element
from cpomdocs.remplissage.word.relations import parties_textuelles, relations_du_paquet

_BALISES = 5_000
_TAILLE = 8_000_000
"""Taille (octets) d’une partie au-delà de laquelle un document balisé est refusé."""
_ENTETE = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_RESERVES = re.compile(rb"cpomdocs-balise|\xef\xb7[\x90\x91]|&#(?:x0*fdd[01]|0*6497[67]);", re.IGNORECASE)
"""Les repères du relevé des balises, écrits ou en référence de caractère."""
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*<\?xml[^>]*\?>)?\s*")
_NOMS = frozenset(FILTRES)


@dataclass(frozen=True, eq=False)
class PartieBalisee:
    """Une partie à rendre : son arbre (pour la vérifier), ses lieux, et la fonction qui la rend."""

    nom: str
    arbre: nodes.Template
    situer: Callable[[int], Lieu]
    executer: Instruction
    entete: bytes
    colonnes: bool
    """Vrai si le nombre de cellules d’une ligne peut changer : les largeurs sont alors à revoir."""


def parties_balisees(archive: Archive) -> tuple[PartieBalisee, ...]:
    """Les parties à rendre. Lève `ErreurFormulaire` en nommant le lieu de ce qui est refusé."""
    proprietes = [r.cible for r in relations_du_paquet(archive) if r.genre == "core-properties"]
    noms = [*parties_textuelles(archive), *(nom for nom in proprietes if nom in archive)]
    compilees = (_compiler(nom, archive.lire(nom)) for nom in noms)
    return tuple(partie for partie in compilees if partie is not None)


def _compiler(nom: str, brut: bytes) -> PartieBalisee | None:
    if b"{" not in brut:
        return None
    if len(brut) > _TAILLE:
        raise ErreurFormulaire("Ce document balisé est démesuré.", "Le découper en plusieurs documents.")
    if _RESERVES.search(brut) is not None:
        raise ErreurFormulaire(
            f"Ce document porte des signes réservés à cpomdocs, dans {nommer_partie(nom)}.",
            "Il a été fabriqué : en demander un autre à l’expéditeur.",
        )
    racine = analyser_xml(brut, nom)
    reperes = Reperes(racine, nom)
    if recoller(racine, reperes) > _BALISES:
        raise ErreurFormulaire(
            f"Ce document a plus de {_BALISES} balises.", "Le découper en plusieurs documents."
        )
    declaration = _DECLARATION.match(brut) if encodage(brut) == "utf-8" else None
    return _assembler(nom, racine, reperes, declaration[0] if declaration else _ENTETE)


def _assembler(nom: str, racine: Element, reperes: Reperes, entete: bytes) -> PartieBalisee | None:
    enchainer(racine)
    releve = relever(racine, reperes, word=nom.startswith("word/"))
    garder_les_cellules(releve)
    source = couper(releve)
    if not source.balisee:
        return None

    def situer(ligne: int) -> Lieu:
        balises = source.lignes
        return balises[min(ligne, len(balises)) - 1].lieu if balises else Lieu(reperes.partie)

    arbre = analyser(source.texte, _NOMS, situer)
    verifier_equilibre(arbre, source.fixes, situer)
    return PartieBalisee(nom, arbre, situer, compiler(arbre, source), entete, releve.colonnes)
