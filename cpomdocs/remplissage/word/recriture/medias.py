"""Les images posées : leur partie, la relation qui y mène, leur type de contenu. Rien d’autre n’y change."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive
from cpomdocs.remplissage.word.recriture.decoupe import Decoupe
from cpomdocs.saisies import Image

_TYPES = "[Content_Types].xml"
_GENRE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_PAQUET = "http://schemas.openxmlformats.org/package/2006"
_DOSSIER = "word/media"
_AUCUNE = f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{_PAQUET}/relationships"/>'.encode()
"""Les relations d’une partie qui n’en a pas."""


class Medias:
    """Ce qu’il faut ajouter au paquet pour y poser des images."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._images: dict[str, bytes] = {}
        self._noms: dict[bytes, str] = {}
        self._relations: dict[str, dict[str, str]] = {}
        self._genres: set[str] = set()

    @property
    def remplacements(self) -> dict[str, bytes]:
        """Les relations et les types de contenu, complétés."""
        return {nom: octets for nom, octets in self._declarations.items() if nom in self._archive}

    @property
    def ajouts(self) -> dict[str, bytes]:
        """Les images, et les relations des parties qui n’en avaient pas."""
        neuves = {nom: octets for nom, octets in self._declarations.items() if nom not in self._archive}
        return self._images | neuves

    @property
    def _declarations(self) -> dict[str, bytes]:
        complets = {}
        for partie, relations in self._relations.items():
            lignes = [
                f'<Relationship Id="{identifiant}" Type="{_GENRE}" Target="{cible}"/>'
                for cible, identifiant in relations.items()
            ]
            nom = _nom_des_relations(partie)
            complets[nom] = _completer(self._relations_de(partie), lignes, f"{_PAQUET}/relationships")
        if self._genres:
            types = self._archive.lire(_TYPES)
            connus = {(e.get("Extension") or "").lower() for e in analyser_xml(types)}
            lignes = [
                f'<Default Extension="{g}" ContentType="image/{g}"/>' for g in sorted(self._genres - connus)
            ]
            complets[_TYPES] = _completer(types, lignes, f"{_PAQUET}/content-types")
        return complets

    def poser(self, partie: str, image: Image) -> str:
        """L’identifiant de la relation de cette partie à l’image ; l’une et l’autre, ajoutées au besoin."""
        if image.octets not in self._noms:
            nom = self._nom_libre(image.genre)
            self._noms[image.octets] = nom
            self._images[nom] = image.octets
            self._genres.add(image.genre)
        relations = self._relations.setdefault(partie, {})
        cible = posixpath.relpath(self._noms[image.octets], posixpath.dirname(partie) or ".")
        if cible not in relations:
            pris = self._identifiants(partie) | set(relations.values())
            relations[cible] = _libre("rId", pris)
        return relations[cible]

    def _nom_libre(self, genre: str) -> str:
        noms = (*self._archive.noms, *self._images)
        pris = {nom.lower().rpartition(".")[0] for nom in noms}
        return f"{_libre(f'{_DOSSIER}/image', pris)}.{genre}"

    def _identifiants(self, partie: str) -> set[str]:
        return {e.get("Id") or "" for e in analyser_xml(self._relations_de(partie))}

    def _relations_de(self, partie: str) -> bytes:
        nom = _nom_des_relations(partie)
        return self._archive.lire(nom) if nom in self._archive else _AUCUNE


def _nom_des_relations(partie: str) -> str:
    dossier, nom = posixpath.split(partie)
    return posixpath.join(dossier, "_rels", f"{nom}.rels")


def _libre(debut: str, pris: Iterable[str]) -> str:
    """Le premier nom formé de ce début et d’un nombre qui n’est pas pris."""
    numeros = [re.fullmatch(rf"{re.escape(debut)}(\d{{1,9}})", nom) for nom in pris]
    return f"{debut}{1 + max((int(n[1]) for n in numeros if n), default=0)}"


def _completer(octets: bytes, lignes: list[str], espace: str) -> bytes:
    """La partie, ces éléments ajoutés à la fin de sa racine."""
    decoupe = Decoupe(octets)
    debut, fin = decoupe.bornes(0)
    racine = decoupe.source[debut:fin]
    balise = re.match(rb"<([^\s/>]+)", racine)
    if not lignes or balise is None:
        return octets
    if balise[1] != balise[1].split(b":")[-1]:
        lignes = [ligne.replace(" ", f' xmlns="{espace}" ', 1) for ligne in lignes]
    fermeture = b"</%b>" % balise[1]
    ouverte = racine[:-2].rstrip() + b">" if racine.endswith(b"/>") else racine[: racine.rindex(b"</")]
    neuve = ouverte + "".join(lignes).encode() + fermeture
    return decoupe.rendre(decoupe.source[:debut] + neuve + decoupe.source[fin:])
