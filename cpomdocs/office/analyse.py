"""Lire le XML d’un fichier Office sans rien y croire : ni DTD, ni entité, ni accès extérieur."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lxml import etree

from cpomdocs.erreurs import ErreurFichier

BALISES = 1_000_000
"""Au-delà, une partie n’est plus mise en arbre : un arbre pèse dix à cent fois son texte."""

_ENCODAGES = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252", "utf-16", "utf-16le", "utf-16be"}
_DECLARATION = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION_USUELLE = b'<?xml version="1.0" encoding="UTF-8"'
_LARGES = ("utf-16le", "utf-16be")
_INTERDITS = ("<!DOCTYPE", "<!ENTITY")
_INTERDITS_COURANTS = tuple(mot.encode("ascii") for mot in _INTERDITS)
_INTERDITS_LARGES = {connu: tuple(mot.encode(connu) for mot in _INTERDITS) for connu in _LARGES}
_CHEVAUCHEMENT = 18
"""Octets du plus long interdit, moins un, dans l’encodage le plus large."""
_EXTENSIONS = (".xml", ".rels", ".vml")
_REMEDE = "Ouvrir le fichier dans Office et l’enregistrer sous un autre nom."


def est_xml(nom: str) -> bool:
    """Vrai si une partie de ce nom se lit comme du XML."""
    return nom.lower().endswith(_EXTENSIONS)


def encodage(octets: bytes) -> str:
    """L’encodage d’une partie XML, en minuscules, d’après sa marque initiale ou sa déclaration."""
    if octets.startswith(_DECLARATION_USUELLE):
        return "utf-8"
    if octets.startswith((b"\xff\xfe\0\0", b"<\0\0\0", b"\0\0")):
        return "utf-32"
    if octets.startswith((b"\xff\xfe", b"<\0")):
        return "utf-16le"
    if octets.startswith((b"\xfe\xff", b"\0<")):
        return "utf-16be"
    declaration = _DECLARATION.match(octets.removeprefix(b"\xef\xbb\xbf"))
    return declaration[1].decode("ascii").lower() if declaration else "utf-8"


def verifier_xml(octets: bytes, nom: str) -> None:
    """Lève `ErreurFichier` si la partie déclare une DTD, une entité ou un encodage rare."""
    GardeXml(nom).voir(octets)


@dataclass
class GardeXml:
    """Une partie XML examinée tranche par tranche, à mesure qu’elle est décomprimée."""

    nom: str
    _interdits: tuple[bytes, ...] = ()
    _fin: bytes = b""

    def voir(self, tranche: bytes) -> None:
        """Examine la tranche suivante. Lève `ErreurFichier` si la partie est à refuser."""
        if not self._interdits:
            self._interdits = _interdits(encodage(tranche), self.nom)
        if b"!" in tranche or b"!" in self._fin:
            suite = self._fin + tranche
            if any(interdit in suite for interdit in self._interdits):
                message = f"La partie « {self.nom} » déclare une DTD ou une entité XML"
                remede = "Ce fichier a été fabriqué : en demander un autre à l’expéditeur."
                raise ErreurFichier(f"{message}, ce qu’Office n’écrit jamais.", remede)
        self._fin = tranche[-_CHEVAUCHEMENT:]


def _interdits(connu: str, nom: str) -> tuple[bytes, ...]:
    """Ce qui est interdit à une partie écrite dans cet encodage. Lève `ErreurFichier` s’il est refusé."""
    if connu not in _ENCODAGES:
        raise ErreurFichier(f"La partie « {nom} » est écrite dans un encodage refusé ({connu}).", _REMEDE)
    return _INTERDITS_LARGES[connu] if connu in _LARGES else _INTERDITS_COURANTS


@cache
def _lecteur() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False
    )


def analyser_xml(octets: bytes, nom: str = "XML", limite: int = BALISES) -> etree._Element:
    """L’élément racine d’une partie, blancs gardés. `limite` : ses balises, ouvrantes et fermantes.

    Lève `ErreurFichier` si elle est refusée.
    """
    verifier_xml(octets, nom)
    if octets.count(b"<") > limite:
        raise ErreurFichier(f"La partie « {nom} » est démesurée.", "Alléger le fichier dans Office.")
    try:
        racine = etree.fromstring(octets, _lecteur())
    except (etree.XMLSyntaxError, ValueError) as erreur:
        raise ErreurFichier(
            f"La partie « {nom} » est abîmée : ce n’est pas du XML valide.", _REMEDE
        ) from erreur
    if racine is None or racine.getroottree().docinfo.internalDTD is not None:
        raise ErreurFichier(f"La partie « {nom} » est vide ou déclare une DTD.", _REMEDE)
    return racine
