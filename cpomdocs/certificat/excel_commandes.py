"""Les cases à cocher, options et listes posées sur une feuille : leur état suit leur cellule liée.

Un contrôle de formulaire est dit deux fois : dans un dessin VML et, depuis Excel 2010, dans une partie
`ctrlProps`. Seuls leurs états (`checked`, `sel`, `x:Checked`, `x:Sel`) peuvent changer, et seulement ceux des
contrôles dont une case remplie est la cellule liée.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from cpomdocs.certificat import Ecart
from cpomdocs.certificat.excel_feuille import adresse, oublier_attribut, plages
from cpomdocs.certificat.excel_valeurs import NS
from cpomdocs.office.archive import Archive, analyser_xml

_FORME = re.compile(rb"<v:shape\s[^>]*?(?:o:sp)?id=\"_x0000_s([0-9]+)\".*?</v:shape>", re.DOTALL)
_GENRE = re.compile(rb"<x:ClientData\s+ObjectType=\"(\w+)\"")
_LIEN = re.compile(rb"<x:FmlaLink>\s*([^<]+?)\s*</x:FmlaLink>")
_PLAGE = re.compile(rb"<x:FmlaRange>\s*([^<]+?)\s*</x:FmlaRange>")
_ETAT = re.compile(rb"\s*<x:(Checked|Sel)>\s*([^<]*?)\s*</x:\1>")
_BLANC = re.compile(rb">\s+<")
_COMMANDE = re.compile(rb"<(?:\w+:)?control\s[^>]*>")
_ATTRIBUT = re.compile(rb"([\w:]+)=\"([^\"]*)\"")
_ETATS = ("checked", "sel")
Liens = Callable[[Archive, str], list[tuple[str, str, str]]]
"""(archive, partie) → (identifiant, genre, cible) de chaque relation."""


@dataclass
class Suivies:
    """Les contrôles dont l’état peut changer : formes par dessin, et leur partie `ctrlProps`."""

    formes: dict[str, dict[bytes, str]] = field(default_factory=dict)
    """Dessin VML → forme → genre du contrôle."""
    parties: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Partie `ctrlProps` → le dessin et la forme du même contrôle."""

    @property
    def noms(self) -> set[str]:
        """Les parties qui peuvent changer."""
        return {*self.formes, *self.parties}


def controles_suivis(
    archive: Archive, liens: Liens, feuilles: Mapping[str, str], prevues: Mapping[str, Mapping[str, object]]
) -> Suivies:
    """Les contrôles du gabarit dont la cellule liée est remplie (`prevues` : partie → adresses)."""
    suivies = Suivies()
    for nom, partie in feuilles.items():
        relations = {cle: (genre, cible) for cle, genre, cible in liens(archive, partie)}
        for genre, dessin in relations.values():
            if genre != "vmlDrawing" or dessin not in archive:
                continue
            formes = _formes_liees(archive.lire(dessin), nom, feuilles, prevues)
            if formes:
                suivies.formes[dessin] = formes
                suivies.parties |= {
                    cible: (dessin, forme)
                    for forme, cible in _parties(archive.lire(partie), relations)
                    if forme in formes
                }
    return suivies


def verifier_les_controles(avant: Archive, apres: Archive, suivies: Suivies) -> list[Ecart]:
    """Ce qui a changé d’autre que l’état de ces contrôles, et ceux dont les deux états se contredisent."""
    ecarts = []
    for dessin, formes in suivies.formes.items():
        if dessin in apres and _sans_etats(avant.lire(dessin), formes) != _sans_etats(
            apres.lire(dessin), formes
        ):
            ecarts.append(Ecart(dessin, dessin, "un bouton ou une case à cocher a changé"))
    for partie, (dessin, forme) in suivies.parties.items():
        if partie not in apres or dessin not in apres:
            continue
        deux = [analyser_xml(archive.lire(partie), partie) for archive in (avant, apres)]
        etats = {nom: deux[1].get(nom) for nom in _ETATS}
        for racine in deux:
            for nom in _ETATS:
                oublier_attribut(racine, nom)
        if etree.tostring(deux[0], method="c14n") != etree.tostring(deux[1], method="c14n"):
            ecarts.append(Ecart(partie, partie, "un contrôle de formulaire a changé"))
        genre = suivies.formes[dessin][forme]
        if genre != "Radio" and _montre(apres.lire(dessin), forme) != _lu(etats):
            ecarts.append(Ecart(partie, partie, "le dessin du contrôle et son état se contredisent"))
    return ecarts


def cellule_choisie(
    archive: Archive, liens: Liens, feuilles: Mapping[str, str], liee: tuple[str, str], rang: int
) -> etree._Element | None:
    """La cellule de ce rang dans les choix de la liste dont `liee` (feuille, adresse) est la cellule liée.

    `None` si aucune liste ne la suit, ou si ses choix ne sont pas une plage.
    """
    for nom, partie in feuilles.items():
        for _, genre, dessin in liens(archive, partie):
            if genre != "vmlDrawing" or dessin not in archive:
                continue
            for forme in _FORME.finditer(archive.lire(dessin)):
                lien, source = _LIEN.search(forme[0]), _PLAGE.search(forme[0])
                if lien and source and _lieu(lien[1], nom) == liee:
                    feuille, adresses = _lieu(source[1], nom)
                    return _cellule(archive, feuilles.get(feuille, ""), adresses, rang)
    return None


def _cellule(archive: Archive, partie: str, adresses: str, rang: int) -> etree._Element | None:
    rectangles = plages(adresses)
    if partie not in archive or not rectangles:
        return None
    voulue = adresse(rectangles[0][0] + rang - 1, rectangles[0][1])
    cellules = analyser_xml(archive.lire(partie), partie).iter(f"{NS}c")
    return next((cellule for cellule in cellules if cellule.get("r") == voulue), None)


def _lieu(reference: bytes, ici: str) -> tuple[str, str]:
    """La feuille et l’adresse, sans `$`, d’une référence."""
    feuille, _, cellule = reference.decode("utf-8", "replace").rpartition("!")
    return feuille.strip("'").replace("''", "'") or ici, cellule.replace("$", "").upper()


def _formes_liees(
    vml: bytes, nom: str, feuilles: Mapping[str, str], prevues: Mapping[str, Mapping[str, object]]
) -> dict[bytes, str]:
    """Les formes dont la cellule liée est prévue ; une option liée délie toutes celles de la feuille."""
    formes: dict[bytes, str] = {}
    liees: dict[bytes, str] = {}
    for forme in _FORME.finditer(vml):
        genre = _GENRE.search(forme[0])
        if genre is None:
            continue
        formes[forme[1]] = genre[1].decode()
        lien = _LIEN.search(forme[0])
        if lien is not None:
            feuille, cellule = _lieu(lien[1], nom)
            if cellule in prevues.get(feuilles.get(feuille, ""), {}):
                liees[forme[1]] = formes[forme[1]]
    if "Radio" in liees.values():
        liees |= {forme: genre for forme, genre in formes.items() if genre == "Radio"}
    return liees


def _parties(feuille: bytes, relations: Mapping[str, tuple[str, str]]) -> Iterator[tuple[bytes, str]]:
    """La forme et la partie `ctrlProps` de chaque contrôle de la feuille."""
    for balise in _COMMANDE.findall(feuille):
        attributs = dict(_ATTRIBUT.findall(balise))
        lien = next((v.decode() for cle, v in attributs.items() if cle.endswith(b":id")), "")
        genre, cible = relations.get(lien, ("", ""))
        if genre == "ctrlProp":
            yield attributs.get(b"shapeId", b""), cible


def _sans_etats(vml: bytes, formes: Mapping[bytes, str]) -> bytes:
    """Le dessin sans l’état de ces formes, ni les blancs entre leurs balises."""
    return _FORME.sub(lambda f: _BLANC.sub(b"><", _ETAT.sub(b"", f[0])) if f[1] in formes else f[0], vml)


def _montre(vml: bytes, voulue: bytes) -> tuple[bool, str]:
    """(cochée, rang choisi) d’après le dessin."""
    forme = next(f[0] for f in _FORME.finditer(vml) if f[1] == voulue)
    etats = {nom: valeur.decode() for nom, valeur in _ETAT.findall(forme)}
    return etats.get(b"Checked", "0") not in ("", "0"), etats.get(b"Sel", "0")


def _lu(etats: Mapping[str, str | None]) -> tuple[bool, str]:
    """(cochée, rang choisi) d’après la partie `ctrlProps`."""
    return etats["checked"] not in (None, "Unchecked"), etats["sel"] or "0"
