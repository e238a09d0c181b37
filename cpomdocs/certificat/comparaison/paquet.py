"""Ce que le fichier porte hors du texte et des cellules : macros, données XML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from cpomdocs.certificat.comparaison.constats import Constat
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive

_DONNEES = re.compile(r"^customXml/item\d+\.xml$", re.IGNORECASE)
_EXTERNES = re.compile(r"^xl/externalLinks/[^/]+\.xml$", re.IGNORECASE)
_MACROS = re.compile(r"(^|/)vbaProject\.bin$", re.IGNORECASE)


def comparer_paquets(avant: Archive, apres: Archive) -> Iterator[Constat]:
    """Les macros et les données XML qui ont disparu ou changé, les liens vers d’autres classeurs."""
    macros = [_macros(archive) for archive in (avant, apres)]
    if macros[0] is not None and macros[1] is None:
        yield Constat(genre="macros_perdues", message="le document n’a plus les macros du gabarit")
    elif macros[1] is not None and macros[0] != macros[1]:
        quoi = "elles ne sont pas celles du gabarit" if macros[0] else "le gabarit n’en a pas"
        yield Constat(genre="macros_changees", gravite="remarque", message=quoi)
    liens = _liens_externes(apres) - _liens_externes(avant)
    if liens > 0:
        quoi = "des formules lisent un autre classeur, que l’autorité n’a pas"
        yield Constat(genre="lien_externe", gravite="remarque", message=quoi, nombre=liens)
    for racine, nombre in (_donnees(avant) - _donnees(apres)).items():
        yield Constat(genre="donnees_xml_perdues", message=racine, nombre=nombre)


def _macros(archive: Archive) -> bytes | None:
    return next((archive.lire(nom) for nom in archive.noms if _MACROS.search(nom)), None)


def _liens_externes(archive: Archive) -> int:
    return sum(1 for nom in archive.noms if _EXTERNES.match(nom))


def _donnees(archive: Archive) -> Counter[str]:
    """Les parties de données XML, par leur élément racine : leurs valeurs peuvent être saisies."""
    return Counter(
        etree.QName(analyser_xml(archive.lire(nom), nom)).text for nom in archive.noms if _DONNEES.match(nom)
    )
