"""Lire le XML d’un fichier Office sans rien y croire : ni DTD, ni entité, ni accès extérieur."""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

from cpomdocs.erreurs import ErreurFichier

TAILLE_XML = 100 * 1024 * 1024
"""Au-delà (octets), une partie n’est plus mise en arbre : un arbre pèse dix fois son texte."""

_ENCODAGES = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252", "utf-16", "utf-16le", "utf-16be"}
_DECLARATION = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION_USUELLE = b'<?xml version="1.0" encoding="UTF-8"'
_INTERDITS = (b"<!DOCTYPE", b"<!ENTITY")
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
    connu = encodage(octets)
    if connu not in _ENCODAGES:
        raise ErreurFichier(f"La partie « {nom} » est écrite dans un encodage refusé ({connu}).", _REMEDE)
    if b"!" not in octets:
        return
    large = connu if connu in ("utf-16le", "utf-16be") else None
    for interdit in _INTERDITS:
        if (interdit.decode().encode(large) if large else interdit) in octets:
            raise ErreurFichier(
                f"La partie « {nom} » déclare une DTD ou une entité XML, ce qu’Office n’écrit jamais.",
                "Ce fichier a été fabriqué : en demander un autre à l’expéditeur.",
            )


@cache
def _lecteur() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False
    )


def analyser_xml(octets: bytes, nom: str = "XML") -> etree._Element:
    """L’élément racine d’une partie, blancs gardés. Lève `ErreurFichier` si elle est refusée."""
    verifier_xml(octets, nom)
    if len(octets) > TAILLE_XML:
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
