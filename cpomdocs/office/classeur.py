"""La structure d’un classeur Excel : feuilles, noms définis, styles, textes partagés, système de dates."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from lxml import etree

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive
from cpomdocs.office.gardes import REENREGISTRER
from cpomdocs.office.styles import NS, Style, Styles, entier, vrai
from cpomdocs.office.valeurs import texte_riche

NOMS = 50_000
"""Noms définis au-delà desquels un classeur est refusé ; les gros formulaires en ont un millier."""
_NS_LIEN = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_NS_LIENS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True)
class FeuilleClasseur:
    """Une feuille : son nom, sa partie du zip, son état (`visible`, `hidden`, `veryHidden`).

    `donnees` : faux pour une feuille de graphique ou de macro, qui n’a pas de cellules.
    """

    nom: str
    partie: str
    etat: str = "visible"
    donnees: bool = True


@dataclass(frozen=True)
class Lien:
    """Une relation d’une partie : `genre` est le dernier mot de son type (`worksheet`, `table`…)."""

    genre: str
    cible: str


@dataclass(frozen=True)
class Classeur:
    """Un classeur : ses feuilles dans l’ordre des onglets, ses noms, ses styles."""

    archive: Archive
    partie: str
    feuilles: tuple[FeuilleClasseur, ...]
    date1904: bool
    noms: dict[tuple[str, str | None], str]
    """(nom en minuscules, feuille qui le porte ou `None`) → formule."""
    liens: dict[str, Lien] = field(repr=False)

    def feuille(self, nom: str) -> FeuilleClasseur | None:
        """La feuille de ce nom ; comme dans Excel, la casse ne compte pas."""
        return self._par_nom.get(nom) or self._par_nom.get(nom.casefold())

    @cached_property
    def _par_nom(self) -> dict[str, FeuilleClasseur]:
        """Les feuilles par leur nom exact, puis sans égard à la casse : la première l’emporte."""
        exacts = {f.nom: f for f in reversed(self.feuilles)}
        return {f.nom.casefold(): f for f in reversed(self.feuilles)} | exacts

    def nom_defini(self, nom: str, feuille: str | None = None) -> str | None:
        """La formule d’un nom défini, celui de la feuille d’abord, puis celui du classeur."""
        bas = nom.casefold()
        return self.noms.get((bas, feuille)) or self.noms.get((bas, None))

    @cached_property
    def _styles(self) -> Styles | None:
        partie = self._partie_liee("styles")
        return Styles(analyser_xml(self.archive.lire(partie), partie)) if partie else None

    @cached_property
    def chaines(self) -> tuple[str, ...]:
        """Les textes partagés par numéro, mise en forme et phonétique mises à part."""
        partie = self._partie_liee("sharedStrings")
        if partie is None:
            return ()
        racine = analyser_xml(self.archive.lire(partie), partie)
        return tuple(texte_riche(si) for si in racine.iterfind(f"{NS}si"))

    def style(self, numero: int) -> Style:
        """Le style de ce numéro ; celui par défaut s’il n’existe pas."""
        return self._styles.style(numero) if self._styles else Style()

    def _partie_liee(self, genre: str) -> str | None:
        return next(
            (x.cible for x in self.liens.values() if x.genre == genre and x.cible in self.archive), None
        )


def lire_liens(archive: Archive, partie: str) -> dict[str, Lien]:
    """Les relations internes d’une partie (`""` : celles du fichier), par identifiant."""
    dossier, nom = posixpath.split(partie)
    notice = posixpath.join(dossier, "_rels", f"{nom}.rels")
    if notice not in archive:
        return {}
    racine = analyser_xml(archive.lire(notice), notice)
    return {
        lien.get("Id", ""): Lien(
            lien.get("Type", "").rsplit("/", 1)[-1], _cible(dossier, lien.get("Target", ""))
        )
        for lien in racine.iterfind(f"{_NS_LIENS}Relationship")
        if lien.get("TargetMode") != "External"
    }


@lru_cache(maxsize=4096)
def _cible(dossier: str, cible: str) -> str:
    cible = cible.replace("\\", "/")
    chemin = cible if cible.startswith("/") else posixpath.join(dossier, cible)
    return posixpath.normpath(chemin).lstrip("/")


def lire_classeur(archive: Archive) -> Classeur:
    """La structure du classeur. Lève `ErreurFichier` si l’archive n’est pas un classeur Excel."""
    principale = next(
        (x.cible for x in lire_liens(archive, "").values() if x.genre == "officeDocument"), None
    )
    if principale is None or principale not in archive:
        raise ErreurFichier("Ce fichier Office n’a pas de document principal.", REENREGISTRER)
    contenu = archive.lire(principale)
    if contenu.count(b"definedName") > 2 * NOMS:
        raise ErreurFichier(f"Ce classeur a plus de {NOMS} noms définis.", "Vérifier sa provenance.")
    racine = analyser_xml(contenu, principale)
    if racine.tag != f"{NS}workbook":
        raise ErreurFichier("Ce fichier n’est pas un classeur Excel.", "Choisir un fichier .xlsx ou .xlsm.")
    liens = lire_liens(archive, principale)
    feuilles = tuple(_feuilles(racine, liens))
    manquantes = [f.nom for f in feuilles if f.partie not in archive]
    if manquantes or not feuilles:
        quoi = f"la feuille « {manquantes[0]} » manque" if manquantes else "il n’a aucune feuille"
        raise ErreurFichier(f"Ce classeur est abîmé : {quoi}.", REENREGISTRER)
    reglages = racine.find(f"{NS}workbookPr")
    date1904 = reglages is not None and vrai(reglages.get("date1904"))
    return Classeur(archive, principale, feuilles, date1904, _noms(racine, feuilles), liens)


def _feuilles(racine: etree._Element, liens: dict[str, Lien]) -> list[FeuilleClasseur]:
    resultat = []
    for element in racine.iterfind(f"{NS}sheets/{NS}sheet"):
        lien = liens.get(element.get(f"{_NS_LIEN}id", ""), Lien("", ""))
        resultat.append(
            FeuilleClasseur(
                element.get("name", ""),
                lien.cible,
                element.get("state", "visible"),
                lien.genre == "worksheet",
            )
        )
    return resultat


def _noms(racine: etree._Element, feuilles: tuple[FeuilleClasseur, ...]) -> dict[tuple[str, str | None], str]:
    noms: dict[tuple[str, str | None], str] = {}
    for element in racine.iterfind(f"{NS}definedNames/{NS}definedName"):
        rang = element.get("localSheetId")
        place = entier(rang, len(feuilles))
        locale = feuilles[place].nom if place < len(feuilles) else None
        noms[element.get("name", "").casefold(), locale] = (element.text or "").strip()
    return noms
