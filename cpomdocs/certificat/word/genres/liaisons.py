"""La donnée XML qu’un contrôle de contenu montre, cherchée sans le code de remplissage."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from lxml import etree

from cpomdocs.certificat.word.lecture import Element, W, lire
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive

_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_ITEM = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}itemID"
_COEUR = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_ETENDUES = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_PAS = re.compile(r"/(@?)(?:([\w.-]+):)?([\w.-]+|\*)(?:\[(\d+)\])?")


class Donnee(NamedTuple):
    """Une donnée : la partie, le chemin de l’élément depuis la racine (rangs), l’attribut éventuel."""

    partie: str
    rangs: tuple[int, ...]
    attribut: str = ""
    absent: str = ""
    """Nom de l’élément que le document crée, pour une de ses propriétés que le gabarit n’a pas."""

    def prendre(self, racine: Element) -> str | None:
        """Lit la donnée et la vide ; `None` si elle n’est plus là."""
        for rang in self.rangs:
            if rang >= len(racine):
                return None
            racine = racine[rang]
        if self.absent:
            cree = racine.find(self.absent)
            if cree is not None:
                racine.remove(cree)
            return None if cree is None else cree.text or ""
        if self.attribut:
            return str(racine.attrib.pop(self.attribut, ""))
        lu, racine.text = racine.text or "", None
        return lu


def donnee_liee(archive: Archive, sdt: Element) -> Donnee | None:
    """La donnée liée au contrôle, si elle existe dans le fichier."""
    liaisons = (sdt.find(f"{W}sdtPr/{espace}dataBinding") for espace in (W, _W15))
    liaison = next((element for element in liaisons if element is not None), None)
    if liaison is None or sdt.find(f"{W}sdtPr/{_W15}repeatingSection") is not None:
        return None
    voulu = (liaison.get(f"{W}storeItemID") or "").upper()
    chemin = (liaison.get(f"{W}xpath") or "").removesuffix("/text()").removesuffix("/text()[1]")
    prefixes = dict(
        re.findall(r"xmlns:([\w.-]+)\s*=\s*['\"]([^'\"]*)", liaison.get(f"{W}prefixMappings") or "")
    )
    for nom in _magasins(archive, voulu):
        racine = analyser_xml(archive.lire(nom), nom)
        trouvee = _suivre(nom, racine, chemin, prefixes)
        if trouvee is not None:
            return trouvee
    return None


def texte_a_plat(donnee: str) -> str:
    """Le texte d’un document Word mis à plat, un paragraphe par ligne ; une autre donnée, telle quelle."""
    if "<pkg:package" not in donnee:
        return donnee
    racine = analyser_xml(donnee[donnee.index("<pkg:package") :].encode())
    return "\n".join(lire(paragraphe) for paragraphe in racine.iter(f"{W}p"))


def _magasins(archive: Archive, voulu: str) -> list[str]:
    """Les parties de données dont l’identifiant est celui-ci (toutes, si la liaison n’en dit pas)."""
    fixes = {
        "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}": _COEUR,
        "{6668398D-A668-4E3E-A5EB-62B293D839F1}": _ETENDUES,
    }
    if voulu in fixes:
        proprietes = [nom for nom in archive.noms if nom.startswith("docProps/") and nom.endswith(".xml")]
        return [nom for nom in proprietes if etree.QName(_racine(archive, nom)).namespace == fixes[voulu]]
    trouves = []
    for nom in archive.noms:
        if nom.startswith("customXml/_rels/"):
            cible = "customXml/" + posixpath.basename(nom).removesuffix(".rels")
            identifiant = next((_identifiant(archive, r) for r in _racine(archive, nom)), "")
            if cible in archive and voulu in ("", identifiant):
                trouves.append(cible)
    return trouves


def _identifiant(archive: Archive, relation: Element) -> str:
    nom = posixpath.normpath(posixpath.join("customXml", relation.get("Target") or "")).lstrip("/")
    return (_racine(archive, nom).get(_ITEM) or "").upper() if nom in archive else ""


def _racine(archive: Archive, nom: str) -> Element:
    return analyser_xml(archive.lire(nom), nom)


def _suivre(partie: str, racine: Element, chemin: str, prefixes: dict[str, str]) -> Donnee | None:
    """Suit un chemin simple."""
    courant, premier = racine, True
    rangs: list[int] = []
    tous = _PAS.findall(chemin)
    for numero, (arobase, prefixe, local, rang) in enumerate(tous, 1):
        nom = f"{{{prefixes[prefixe]}}}{local}" if prefixe in prefixes else local
        if arobase:
            return Donnee(partie, tuple(rangs), nom) if courant.get(nom) is not None else None
        if premier:
            if nom not in (courant.tag, "*"):
                return None
            premier = False
            continue
        semblables = [e for e in courant if isinstance(e.tag, str) and nom in (e.tag, "*")]
        if int(rang or 1) > len(semblables):
            a_creer = numero == len(tous) and rang == "1" and local != "*" and partie.startswith("docProps/")
            return Donnee(partie, tuple(rangs), "", nom) if a_creer else None
        suivant = semblables[int(rang or 1) - 1]
        rangs.append(courant.index(suivant))
        courant = suivant
    return None if premier else Donnee(partie, tuple(rangs))
