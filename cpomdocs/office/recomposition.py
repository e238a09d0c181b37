"""Réécrire un zip en ne changeant que ce qu’on remplace : le reste est recopié octet pour octet."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from zlib_ng import zlib_ng as zlib

from cpomdocs.erreurs import ErreurFichier

FIN = struct.Struct("<4s4H2LH")
"""Fin du répertoire central : signature, disques, nombres, taille, début, longueur du commentaire."""
CENTRAL = struct.Struct("<4s6H3L5H2L")
"""Notice du répertoire central ; champs 3 à 16 : drapeaux, méthode, date, CRC, tailles, longueurs, place."""
LOCAL = struct.Struct("<4s5H3L2H")
"""En-tête local d’une entrée."""

MESURES = struct.Struct("<3L")
"""Somme, taille comprimée et taille d’une partie, à la suite dans l’en-tête comme dans la notice."""
_MESURES_LOCALES = 14
_MESURES_CENTRALES = 16

_DESCRIPTEUR_ET_NIVEAU = 0x000E
_UTF8 = 0x0800
_COURT, _TABLES = 16_384, 6
"""Taille (octets) d’un texte court, et des tables (`memLevel` de zlib) qui lui suffisent."""
_ZIP64 = 1


class Membre(NamedTuple):
    """Une entrée du zip : `nom` normalisé, bornes de ses octets, notice du répertoire central."""

    nom: str
    methode: int
    somme: int
    taille_comprimee: int
    taille: int
    entete: int
    donnees: int
    fin: int
    notice: bytes


class Comprime(NamedTuple):
    """Une partie déjà comprimée (deflate brut) : ses données en morceaux et leur longueur, somme CRC-32 et
    taille du texte d’origine."""

    morceaux: Sequence[bytes]
    longueur: int
    somme: int
    taille: int


class Moule(NamedTuple):
    """L’entrée d’une partie remplacée, sans ce qui dépend du contenu (somme, tailles, place)."""

    local: bytes
    fin_locale: bytes
    notice: bytes
    milieu_notice: bytes
    fin_notice: bytes


def deflate(contenu: bytes, niveau: int, fin: int = zlib.Z_FINISH) -> bytes:
    """Le texte en deflate brut ; un texte court se contente de petites tables, deux fois plus vite prêtes."""
    compresseur = zlib.compressobj(niveau, zlib.DEFLATED, -15, _TABLES if len(contenu) <= _COURT else 8)
    return compresseur.compress(contenu) + compresseur.flush(fin)


def comprimer(contenu: bytes, niveau: int = 6) -> Comprime:
    """La partie comprimée, toujours de la même façon à un niveau donné."""
    donnees = deflate(contenu, niveau)
    return Comprime((donnees,), len(donnees), zlib.crc32(contenu), len(contenu))


@dataclass
class Recomposition:
    """De quoi réécrire un zip autant de fois qu’on veut. `membres` : dans l’ordre du répertoire central."""

    octets: bytes
    membres: Sequence[Membre]
    fin_centrale: bytes
    _moules: dict[str, Moule] = field(default_factory=dict, repr=False)

    def recomposer(
        self, remplacements: Mapping[str, bytes | Comprime], ajouts: Mapping[str, bytes | Comprime]
    ) -> bytes:
        """Le zip réécrit ; `remplacements` par nom normalisé. Ordre et dates des entrées sont gardés."""
        vue = memoryview(self.octets)
        locaux: list[bytes | memoryview] = []
        notices: dict[str, bytes] = {}
        position = 0
        for membre in self._par_place:
            contenu = remplacements.get(membre.nom)
            if contenu is None:
                locaux.append(vue[membre.entete : membre.fin])
                notices[membre.nom] = _situer(membre.notice, position)
                position += membre.fin - membre.entete
            else:
                notices[membre.nom], position = _poser(self._moule(membre), contenu, position, locaux)
        centrales = [notices[m.nom] for m in self.membres]
        for nom, contenu in ajouts.items():
            notice, position = _poser(_moule_neuf(nom, self.membres[0].notice), contenu, position, locaux)
            centrales.append(notice)
        return _assembler(locaux, centrales, position, self.fin_centrale)

    @cached_property
    def _par_place(self) -> list[Membre]:
        return sorted(self.membres, key=lambda membre: membre.entete)

    def _moule(self, membre: Membre) -> Moule:
        if membre.nom not in self._moules:
            self._moules[membre.nom] = _moule(self.octets, membre)
        return self._moules[membre.nom]


def _poser(
    moule: Moule, contenu: bytes | Comprime, position: int, locaux: list[bytes | memoryview]
) -> tuple[bytes, int]:
    """Ajoute l’entrée à la suite ; rend sa notice et la place de la suivante."""
    morceaux, longueur, somme, taille = contenu if isinstance(contenu, Comprime) else comprimer(contenu)
    mesures = MESURES.pack(somme, longueur, taille)
    entete = b"%b%b%b" % (moule.local, mesures, moule.fin_locale)
    locaux.append(entete)
    locaux += morceaux
    place = struct.pack("<L", position)
    notice = b"%b%b%b%b%b" % (moule.notice, mesures, moule.milieu_notice, place, moule.fin_notice)
    return notice, position + len(entete) + longueur


def _moule(octets: bytes, membre: Membre) -> Moule:
    """L’entrée au contenu comprimé, sans descripteur : tailles et somme sont dans l’en-tête."""
    champs = list(CENTRAL.unpack_from(membre.notice))
    fin_nom = CENTRAL.size + champs[10]
    fin_extra = fin_nom + champs[11]
    nom = membre.notice[CENTRAL.size : fin_nom]
    extra = _sans_zip64(membre.notice[fin_nom:fin_extra])
    champs[3] &= ~_DESCRIPTEUR_ET_NIVEAU
    champs[4], champs[11] = 8, len(extra)
    debut_extra = membre.entete + LOCAL.size + len(nom)
    extra_local = _sans_zip64(octets[debut_extra : membre.donnees])
    return _couler(champs, nom, extra_local, extra + membre.notice[fin_extra:])


def _moule_neuf(nom: str, modele: bytes) -> Moule:
    """Une entrée nouvelle, datée comme la première du zip."""
    origine = CENTRAL.unpack_from(modele)
    brut = nom.encode("utf-8")
    drapeaux = 0 if nom.isascii() else _UTF8
    champs = [b"PK\x01\x02", 20, 20, drapeaux, 8, origine[5], origine[6], 0, 0, 0]
    champs += [len(brut), 0, 0, 0, 0, 0, 0]
    return _couler(champs, brut, b"", b"")


def _couler(champs: Sequence[object], nom: bytes, extra_local: bytes, suite_notice: bytes) -> Moule:
    local = LOCAL.pack(b"PK\x03\x04", *champs[2:10], len(nom), len(extra_local))
    notice = CENTRAL.pack(*champs)
    return Moule(
        local[:_MESURES_LOCALES],
        local[_MESURES_LOCALES + MESURES.size :] + nom + extra_local,
        notice[:_MESURES_CENTRALES],
        notice[_MESURES_CENTRALES + MESURES.size : -4],
        nom + suite_notice,
    )


def _sans_zip64(extra: bytes) -> bytes:
    """Les champs annexes d’une entrée, sauf les tailles zip64 : elles seraient fausses."""
    gardes = []
    position = 0
    while position + 4 <= len(extra):
        genre, longueur = struct.unpack_from("<HH", extra, position)
        if genre != _ZIP64:
            gardes.append(extra[position : position + 4 + longueur])
        position += 4 + longueur
    return b"".join(gardes)


def _situer(notice: bytes, position: int) -> bytes:
    return notice[: CENTRAL.size - 4] + struct.pack("<L", position) + notice[CENTRAL.size :]


def _assembler(
    locaux: list[bytes | memoryview], centrales: list[bytes], debut: int, fin_centrale: bytes
) -> bytes:
    repertoire = b"".join(centrales)
    if len(centrales) >= 0xFFFF or debut + len(repertoire) >= 0xFFFFFFFF:
        raise ErreurFichier("Le document produit dépasserait 4 Go.", "Alléger le gabarit dans Office.")
    signature, disque, central, _, _, _, _, commentaire = FIN.unpack_from(fin_centrale)
    nombre = len(centrales)
    fin = FIN.pack(signature, disque, central, nombre, nombre, len(repertoire), debut, commentaire)
    return b"".join([*locaux, repertoire, fin, fin_centrale[FIN.size :]])
