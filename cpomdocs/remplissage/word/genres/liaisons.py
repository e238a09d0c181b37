"""Les contrôles liés à une donnée XML : Word relit le magasin à l’ouverture, il faut donc l’écrire aussi."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive
from cpomdocs.remplissage.word.genres.controles import genre_de
from cpomdocs.remplissage.word.ooxml import SDTPR, W15, Element, P, Partie, W, w
from cpomdocs.remplissage.word.relations import relations, relations_du_paquet
from cpomdocs.remplissage.word.texte import CaseRefusee, creer_passage

_DS = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_PROPRIETES = {
    "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}": "core-properties",
    "{6668398D-A668-4E3E-A5EB-62B293D839F1}": "extended-properties",
}
"""Les magasins que Word tient lui-même : propriétés du document."""
_A_PLAT = "http://schemas.microsoft.com/office/2006/xmlPackage"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PAQUET = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PREFIXES = re.compile(r"""xmlns:([\w.-]+)\s*=\s*(?:'([^']*)'|"([^"]*)")""")
_PAS = r"(?:[\w.-]+:)?[\w.-]+|\*"
_CHEMIN = re.compile(
    rf"^/(?:{_PAS})(?:\[\d+\])?(?:/(?:{_PAS})(?:\[\d+\])?)*(?:/text\(\)(?:\[\d+\])?|/@(?:{_PAS}))?$"
)


@dataclass(frozen=True)
class Noeud:
    """Une donnée d’un magasin : la partie, le rang de l’élément, l’attribut s’il y en a un.

    `enfant` : l’élément à créer dans celui-ci, pour une propriété du document encore absente ; `riche` : la
    donnée est un document Word entier, mis à plat, et non un texte.
    """

    partie: str
    rang: int
    attribut: str | None = None
    enfant: str | None = None
    riche: bool = False


class Magasins:
    """Les données XML du document, et ce que chaque liaison y désigne."""

    def __init__(self, archive: Archive, principale: str) -> None:
        self._archive = archive
        self._noms = _noms_des_magasins(archive, principale)
        self.parties: dict[str, Partie] = {}

    def noeud(self, sdt: Element) -> Noeud | None:
        """La donnée liée au contrôle ; `None` s’il n’est pas lié, ou si sa liaison ne mène nulle part.

        Lève `CaseRefusee` pour une liaison qu’on ne sait pas suivre : Word effacerait le texte écrit.
        """
        liaison = sdt.find(f"{SDTPR}/{w('dataBinding')}")
        recente = sdt.find(f"{SDTPR}/{{{W15}}}dataBinding") if liaison is None else None
        liaison = liaison if liaison is not None else recente
        if liaison is None or genre_de(sdt) == "autre":
            return None
        riche = recente is not None and genre_de(sdt) == "riche"
        chemin = liaison.get(w("xpath")) or ""
        if not _CHEMIN.match(chemin):
            raise _inconnue(chemin)
        prefixes = {
            m[1]: m[2] or m[3] or "" for m in _PREFIXES.finditer(liaison.get(w("prefixMappings")) or "")
        }
        cle = (liaison.get(w("storeItemID")) or "").upper()
        noms = [self._noms[cle]] if cle in self._noms else [] if cle else list(self._noms.values())
        trouve = next((n for nom in noms if (n := self._chercher(nom, chemin, prefixes)) is not None), None)
        return trouve if trouve is None or not riche else replace(trouve, riche=True)

    def _chercher(self, nom: str, chemin: str, prefixes: dict[str, str]) -> Noeud | None:
        seul, _, attribut = chemin.partition("/@")
        seul = seul.split("/text()")[0]
        element = self._element(nom, seul, prefixes)
        if element is None:
            return self._a_creer(nom, seul, prefixes)
        qualifie = _qualifie(attribut, prefixes) if attribut else None
        if qualifie is not None and element.get(qualifie) is None:
            return None
        if len(element) and not attribut:
            raise _inconnue(chemin)
        return Noeud(nom, self._lire(nom).rangs[element], qualifie)

    def _element(self, nom: str, chemin: str, prefixes: dict[str, str]) -> Element | None:
        try:
            trouves = self._lire(nom).racine.getroottree().xpath(chemin, namespaces=prefixes or None)
        except (etree.XPathError, ErreurFichier):
            return None
        trouve = trouves[0] if isinstance(trouves, list) and trouves else None
        return trouve if isinstance(trouve, etree._Element) else None

    def _a_creer(self, nom: str, chemin: str, prefixes: dict[str, str]) -> Noeud | None:
        """La propriété du document que Word ajouterait ; `None` pour un autre magasin."""
        parent, _, pas = chemin.rpartition("/")
        element = self._element(nom, parent, prefixes) if parent and nom.startswith("docProps/") else None
        if element is None or not pas.endswith("[1]") or pas.startswith("*"):
            return None
        return Noeud(nom, self._lire(nom).rangs[element], None, _qualifie(pas.removesuffix("[1]"), prefixes))

    def _lire(self, nom: str) -> Partie:
        if nom not in self.parties:
            self.parties[nom] = Partie.lire(nom, self._archive.lire(nom))
        return self.parties[nom]


def _inconnue(chemin: str) -> CaseRefusee:
    return CaseRefusee(
        "RW-07", f"Ce contrôle est lié à une donnée d’une façon inconnue ({chemin}).", "Le remplir à la main."
    )


def _qualifie(nom: str, prefixes: dict[str, str]) -> str:
    prefixe, _, local = nom.rpartition(":")
    return f"{{{prefixes[prefixe]}}}{local}" if prefixe in prefixes else local


def _noms_des_magasins(archive: Archive, principale: str) -> dict[str, str]:
    noms: dict[str, str] = {}
    for relation in relations(archive, principale):
        if relation.genre == "customXml" and relation.cible in archive:
            for propriete in relations(archive, relation.cible):
                if propriete.genre == "customXmlProps" and propriete.cible in archive:
                    racine = analyser_xml(archive.lire(propriete.cible), propriete.cible)
                    noms[(racine.get(f"{{{_DS}}}itemID") or "").upper()] = relation.cible
    for relation in relations_du_paquet(archive):
        for cle, genre in _PROPRIETES.items():
            if relation.genre == genre and relation.cible in archive:
                noms[cle] = relation.cible
    return noms


def document_a_plat(lignes: Sequence[str], proprietes: Element | None) -> str:
    """Le texte mis en forme d’une donnée liée : un document Word à plat ([MS-DOCX], § 2.5.1.6)."""
    corps = etree.Element(w("body"), nsmap={"w": W})
    for ligne in lignes:
        paragraphe = etree.SubElement(corps, P)
        if ligne:
            paragraphe.append(creer_passage(ligne, proprietes))
    etree.SubElement(corps, w("sectPr"))
    document = f'<w:document xmlns:w="{W}">{etree.tostring(corps, encoding="unicode")}</w:document>'
    relation = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    relations = f'<Relationships xmlns="{_PAQUET}">{relation}</Relationships>'
    parties = (
        ("/_rels/.rels", "application/vnd.openxmlformats-package.relationships+xml", relations),
        ("/word/document.xml", f"{_WORD}.document.main+xml", document),
    )
    morceaux = [
        f'<pkg:part pkg:name="{nom}" pkg:contentType="{genre}"><pkg:xmlData>{xml}</pkg:xmlData></pkg:part>'
        for nom, genre, xml in parties
    ]
    entete = '<?xml version="1.0" standalone="yes"?><?mso-application progid="Word.Document"?>'
    return f'{entete}<pkg:package xmlns:pkg="{_A_PLAT}">{"".join(morceaux)}</pkg:package>'


def ecrire_noeud(element: Element, noeud: Noeud, texte: str) -> None:
    """Écrit le texte dans la donnée du magasin ; oui et non gardent la forme (1 ou true) qu’ils y avaient."""
    attribut = noeud.attribut
    if noeud.enfant is not None:
        element = etree.SubElement(element, noeud.enfant)
    ancien = element.get(attribut) if attribut else element.text
    if texte in ("true", "false") and (ancien or "").strip() in ("0", "1"):
        texte = "1" if texte == "true" else "0"
    if attribut:
        element.set(attribut, texte)
    else:
        element.text = texte
