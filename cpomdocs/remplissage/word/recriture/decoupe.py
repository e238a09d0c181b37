"""Où chaque élément d’une partie commence et finit dans ses octets : de quoi n’en récrire que les places."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cached_property
from typing import Any
from xml.parsers import expat

from cpomdocs.office.analyse import encodage

_MEMOIRE = 32 * 1024 * 1024
_SIGNE = "\ue0f0"
_BALISE = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")


class Reserve:
    """Ce qu’on garde d’un document à l’autre ; tout est oublié au-delà de 32 Mo."""

    def __init__(self) -> None:
        self._gardes: dict[Hashable, Any] = {}
        self._poids = 0

    def get(self, cle: Hashable) -> Any:
        """Ce qui est gardé sous cette clé ; `None` s’il n’y a rien."""
        return self._gardes.get(cle)

    def garder(self, cle: Hashable, valeur: Any, poids: int) -> None:
        """Garde cette valeur, qui pèse tant d’octets."""
        self._poids += poids + 1000
        if self._poids > _MEMOIRE:
            self._gardes.clear()
            self._poids = poids
        self._gardes[cle] = valeur


class Decoupe:
    """Une partie vue comme des octets ; ses éléments se désignent par leur rang, comme dans son arbre."""

    def __init__(self, octets: bytes) -> None:
        self._encodage = encodage(octets)
        self.source = octets if self._encodage == "utf-8" else octets.decode(self._encodage).encode()
        """Le texte de la partie, en UTF-8."""
        self._debuts, self._fins = _reperer(self.source)
        self._bornes: dict[int, tuple[int, int]] = {}

    @cached_property
    def signe_absent(self) -> str:
        """Un texte que la partie ne contient pas."""
        signe = _SIGNE
        while signe.encode() in self.source:
            signe += _SIGNE
        return signe

    def bornes(self, rang: int) -> tuple[int, int]:
        """Les octets [début, fin[ de l’élément de ce rang."""
        if rang not in self._bornes:
            self._bornes[rang] = self._chercher(rang)
        return self._bornes[rang]

    def _chercher(self, rang: int) -> tuple[int, int]:
        debut = self._debuts[rang]
        ouverture = _BALISE.match(self.source, debut)
        if ouverture is not None and ouverture[0].endswith(b"/>"):
            return debut, ouverture.end()
        return debut, self.source.index(b">", self._fins[rang]) + 1

    def rendre(self, contenu: bytes) -> bytes:
        """Ce contenu (UTF-8) dans l’encodage de la partie."""
        if self._encodage == "utf-8":
            return contenu
        return contenu.decode().encode(self._encodage, "xmlcharrefreplace")


def _reperer(source: bytes) -> tuple[list[int], list[int]]:
    """Par rang, où commencent la balise ouvrante et la balise fermante, s’il y en a une."""
    debuts: list[int] = []
    fins: list[int] = []
    ouverts: list[int] = []
    lecteur = expat.ParserCreate("utf-8")
    lecteur.ordered_attributes = True

    def commencer(nom: str, attributs: object) -> None:
        ouverts.append(len(debuts))
        debuts.append(lecteur.CurrentByteIndex)
        fins.append(0)

    def finir(nom: str) -> None:
        fins[ouverts.pop()] = lecteur.CurrentByteIndex

    def compter(*contenu: str) -> None:
        """Un commentaire ou une instruction : un rang de l’arbre, que rien ne remplit."""
        if ouverts:
            debuts.append(lecteur.CurrentByteIndex)
            fins.append(lecteur.CurrentByteIndex)

    lecteur.StartElementHandler, lecteur.EndElementHandler = commencer, finir
    lecteur.CommentHandler = lecteur.ProcessingInstructionHandler = compter
    lecteur.Parse(source, True)
    return debuts, fins
