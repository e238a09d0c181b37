"""La vérification d’un document balisé : mêmes parties, et le texte hors balises toujours là, à sa place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from cpomdocs.certificat import PARTIES_IMAGE, Ecart
from cpomdocs.certificat.paquet import comparer_paquets
from cpomdocs.certificat.word.annexes import verifier_annexe
from cpomdocs.certificat.word.examen import Examen
from cpomdocs.certificat.word.genres.images import verifier_declarations
from cpomdocs.certificat.word.lecture import SIGNES, Element, W
from cpomdocs.office.analyse import BALISES, analyser_xml, est_xml
from cpomdocs.office.archive import Archive, lire_archive

_BALISE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_OUVRE = re.compile(r"\{%[-+]?(?:p|tr|tc|r)?\s+(for|if|set|with|filter|block)\b")
_FERME = re.compile(r"\{%[-+]?(?:p|tr|tc|r)?\s+end(for|if|set|with|filter|block)\b")
_PROPRIETES = "docProps/core.xml"
_BALISES_XML = 2 * BALISES
"""Ce qu’un document rendu peut en avoir : un contrat de mille établissements en a 1,4 million."""


def certifier_balises(gabarit: bytes, document: bytes, annexes: Sequence[bytes] = ()) -> list[Ecart]:
    """Les écarts d’un document rendu ; ce qui dépend d’une condition ou d’une boucle n’est pas comparé.

    `annexes` : les documents insérés ; chacun est là tout entier, à la suite.
    """
    avant, apres = lire_archive(gabarit, "gabarit"), lire_archive(document, "document")
    balisees = {nom for nom in avant.noms if _est_balisee(avant, nom)}
    images = any(PARTIES_IMAGE.match(nom) and nom not in avant for nom in apres.noms)
    ecarts = comparer_paquets(avant, apres, lambda nom: nom in balisees, images)
    if images:
        declarees = Examen(avant, apres)
        verifier_declarations(declarees)
        ecarts += declarees.ecarts
    for nom in sorted(balisees):
        if nom in apres:
            ecarts += _comparer(nom, avant.lire(nom), apres.lire(nom))
    for annexe in annexes:
        ecarts += verifier_annexe(annexe, apres, sorted(balisees))
    return ecarts


def _est_balisee(archive: Archive, nom: str) -> bool:
    """Vrai si une balise se lit dans le texte ou dans un attribut de la partie."""
    if not est_xml(nom) or not (nom.startswith("word/") or nom == _PROPRIETES):
        return False
    brut = archive.lire(nom)
    if b"{" not in brut:
        return False
    racine = analyser_xml(brut, nom)
    attributs = (str(v) for e in racine.iter() for v in e.attrib.values())
    return any(_BALISE.search(texte) or "{_" in texte for texte in (_texte(racine, nom), *attributs))


def _texte(racine: Element, nom: str) -> str:
    """Le texte de la partie, un paragraphe par ligne ; de ce qu’une balise remplace, la balise seule."""
    if nom == _PROPRIETES:
        return "\n".join(str(t) for t in racine.itertext())
    remplaces = {
        cadre: genre
        for genre in ("tr", "tc", "p")
        for cadre in racine.iter(f"{W}{genre}")
        if re.search(rf"\{{[{{%#]{'[pr]' if genre == 'p' else genre} ", _texte_brut(cadre))
    }
    lignes = []
    for paragraphe in racine.iter(f"{W}p"):
        texte = _texte_brut(paragraphe)
        if paragraphe in remplaces or any(cadre in remplaces for cadre in paragraphe.iterancestors()):
            texte = "".join(_BALISE.findall(texte))
        lignes.append(texte)
    return "\n".join(lignes)


def _texte_brut(cadre: Element) -> str:
    """Le texte d’un paragraphe, d’une cellule ou d’une ligne ; d’un paragraphe, sans ses zones de texte."""
    porteurs = [e for e in cadre.iter(*SIGNES) if next(e.iterancestors(f"{W}pPr", f"{W}rPr"), None) is None]
    if cadre.tag == f"{W}p":
        porteurs = [e for e in porteurs if next(e.iterancestors(f"{W}p")) is cadre]
    return "".join(SIGNES[e.tag] or e.text or "" for e in porteurs)


def _comparer(nom: str, avant: bytes, apres: bytes) -> list[Ecart]:
    gabarit, document = analyser_xml(avant, nom), analyser_xml(apres, nom, _BALISES_XML)
    rendu = " ".join(_texte(document, nom).split())
    position = 0
    for fragment in _fragments(_texte(gabarit, nom)):
        trouve = rendu.find(fragment, position)
        if trouve < 0:
            return [Ecart(nom, fragment[:60], "ce texte du gabarit manque, ou n’est plus à sa place")]
        position = trouve + len(fragment)
    return _sections(nom, gabarit, document)


def _fragments(texte: str) -> list[str]:
    """Les textes qui ne dépendent d’aucune balise, blancs unifiés."""
    fragments, profondeur, position = [], 0, 0
    for balise in _BALISE.finditer(texte):
        if profondeur == 0:
            fragments.append(texte[position : balise.start()])
        position = balise.end()
        if _OUVRE.match(balise[0]) and not _est_affectation(balise[0]):
            profondeur += 1
        elif _FERME.match(balise[0]):
            profondeur -= 1
    fragments.append(texte[position:])
    lignes = (" ".join(ligne.split()) for fragment in fragments for ligne in fragment.split("\n"))
    return [ligne for ligne in lignes if ligne]


def _est_affectation(balise: str) -> bool:
    """« {% set x = … %} » n’ouvre pas de bloc."""
    ouvre = _OUVRE.match(balise)
    return ouvre is not None and ouvre[1] == "set" and "=" in balise


def _sections(nom: str, avant: Element, apres: Element) -> list[Ecart]:
    """La mise en page (dernière section du corps) ne change pas."""
    mises_en_page = [
        [
            bytes(etree.tostring(s, method="c14n", with_tail=False))
            for s in racine.iterfind(f"{W}body/{W}sectPr")
        ]
        for racine in (avant, apres)
    ]
    if mises_en_page[0] == mises_en_page[1]:
        return []
    return [Ecart(nom, "mise en page", "la mise en page du gabarit a changé")]
