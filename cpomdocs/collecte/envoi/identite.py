"""L’identité d’une part envoyée, écrite à trois endroits du classeur : l’un au moins survit à tout.

Renommer le fichier, l’enregistrer dans Excel ou LibreOffice, déplacer ses feuilles n’y change rien.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.lecture.grilles import ClasseurLu
from cpomdocs.lecture.localisation import trouver_nom
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.classeur import lire_classeur

FEUILLE = "Repères"
_NOM = "cpomdocs_collecte"
_PROPRIETES = "docProps/custom.xml"
_DEBUT = "cpomdocs-collecte-1?"


@dataclass(frozen=True)
class Identite:
    """De quel dossier vient la part, quel envoi c’est (sa référence), et l’état des données envoyées."""

    dossier: str
    envoi: str
    etat: str

    def ecrire(self) -> str:
        """L’identité en une ligne de texte."""
        return _DEBUT + urlencode({"dossier": self.dossier, "envoi": self.envoi, "etat": self.etat})

    @classmethod
    def lire(cls, texte: str) -> Identite | None:
        """L’identité écrite dans ce texte, ou `None`."""
        if not texte.startswith(_DEBUT):
            return None
        lus = parse_qs(texte.removeprefix(_DEBUT))
        trouves = [lus.get(nom, [""])[0] for nom in ("dossier", "envoi", "etat")]
        return cls(*trouves) if all(trouves) else None


def poser_identite(classeur: Workbook, reperes: Worksheet, identite: Identite) -> None:
    """Écrit l’identité : propriété du document, nom défini, première cellule de la feuille cachée."""
    texte = identite.ecrire()
    classeur.set_custom_property(_NOM, texte)
    classeur.define_name(_NOM, f'="{texte}"')
    reperes.write_string(0, 0, texte)


def retrouver_identites(lu: ClasseurLu) -> set[Identite]:
    """Les identités que porte un classeur : aucune, une, ou deux si quelqu’un a mêlé deux envois."""
    textes = [_propriete(lu), lire_classeur(lu.archive).nom_defini(_NOM) or "", _cellule(lu)]
    lues = (Identite.lire(texte.strip().strip('"')) for texte in textes)
    return {identite for identite in lues if identite is not None}


def _propriete(lu: ClasseurLu) -> str:
    if _PROPRIETES not in lu.archive:
        return ""
    racine = analyser_xml(lu.archive.lire(_PROPRIETES), _PROPRIETES)
    return next(("".join(str(t) for t in e.itertext()) for e in racine if e.get("name") == _NOM), "")


def _cellule(lu: ClasseurLu) -> str:
    nom = trouver_nom(FEUILLE, lu.feuilles)
    try:
        lignes = lu.grille(nom).lignes if nom is not None else []
    except ErreurFichier:
        return ""
    return str(lignes[0][0]) if lignes and lignes[0] else ""
