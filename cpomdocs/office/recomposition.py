"""Réécrire un zip en ne changeant que ce qu’on remplace : le reste est recopié octet pour octet."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cpomdocs.erreurs import ErreurFichier

FIN = struct.Struct("<4s4H2LH")
"""Fin du répertoire central : signature, disques, nombres, taille, début, longueur du commentaire."""
CENTRAL = struct.Struct("<4s6H3L5H2L")
"""Notice du répertoire central ; champs 3 à 16 : drapeaux, méthode, date, CRC, tailles, longueurs, place."""
LOCAL = struct.Struct("<4s5H3L2H")
"""En-tête local d’une entrée."""

_DESCRIPTEUR_ET_NIVEAU = 0x000E
_UTF8 = 0x0800
_ZIP64 = 1


@dataclass(frozen=True)
class Membre:
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
    """Une partie déjà comprimée (deflate brut) : données, somme CRC-32 et taille du texte d’origine."""

    donnees: bytes
    somme: int
    taille: int


def comprimer(contenu: bytes) -> Comprime:
    """La partie comprimée, toujours de la même façon."""
    compresseur = zlib.compressobj(6, zlib.DEFLATED, -15)
    donnees = compresseur.compress(contenu) + compresseur.flush()
    return Comprime(donnees, zlib.crc32(contenu), len(contenu))


def recomposer_zip(
    octets: bytes,
    membres: Sequence[Membre],
    fin_centrale: bytes,
    remplacements: Mapping[str, bytes | Comprime],
    ajouts: Mapping[str, bytes | Comprime],
) -> bytes:
    """Le zip réécrit ; `remplacements` par nom normalisé. L’ordre des entrées et leurs dates sont gardés."""
    locaux: list[bytes] = []
    notices: dict[str, bytes] = {}
    position = 0
    for membre in sorted(membres, key=lambda m: m.entete):
        contenu = remplacements.get(membre.nom)
        local, notice = _recopie(octets, membre) if contenu is None else _remplace(octets, membre, contenu)
        notices[membre.nom] = _situer(notice, position)
        locaux.append(local)
        position += len(local)
    centrales = [notices[m.nom] for m in membres]
    for nom, contenu in ajouts.items():
        local, notice = _ajoute(nom, contenu, membres[0].notice)
        centrales.append(_situer(notice, position))
        locaux.append(local)
        position += len(local)
    return _assembler(locaux, centrales, position, fin_centrale)


def _recopie(octets: bytes, membre: Membre) -> tuple[bytes, bytes]:
    return octets[membre.entete : membre.fin], membre.notice


def _remplace(octets: bytes, membre: Membre, contenu: bytes | Comprime) -> tuple[bytes, bytes]:
    """L’entrée au contenu nouveau, comprimée, sans descripteur : tailles et somme sont dans l’en-tête."""
    donnees, somme, taille = contenu if isinstance(contenu, Comprime) else comprimer(contenu)
    champs = list(CENTRAL.unpack_from(membre.notice))
    fin_nom = CENTRAL.size + champs[10]
    fin_extra = fin_nom + champs[11]
    nom = membre.notice[CENTRAL.size : fin_nom]
    extra = _sans_zip64(membre.notice[fin_nom:fin_extra])
    champs[3] &= ~_DESCRIPTEUR_ET_NIVEAU
    champs[4], champs[7], champs[8], champs[9], champs[11] = 8, somme, len(donnees), taille, len(extra)
    notice = CENTRAL.pack(*champs) + nom + extra + membre.notice[fin_extra:]
    debut_extra = membre.entete + LOCAL.size + len(nom)
    extra_local = _sans_zip64(octets[debut_extra : membre.donnees])
    return _local(champs, nom, extra_local, donnees), notice


def _ajoute(nom: str, contenu: bytes | Comprime, modele: bytes) -> tuple[bytes, bytes]:
    """Une entrée nouvelle, datée comme la première du zip."""
    donnees, somme, taille = contenu if isinstance(contenu, Comprime) else comprimer(contenu)
    origine = CENTRAL.unpack_from(modele)
    brut = nom.encode("utf-8")
    drapeaux = 0 if nom.isascii() else _UTF8
    champs = [b"PK\x01\x02", 20, 20, drapeaux, 8, origine[5], origine[6], somme, len(donnees), taille]
    champs += [len(brut), 0, 0, 0, 0, 0, 0]
    return _local(champs, brut, b"", donnees), CENTRAL.pack(*champs) + brut


def _local(champs: Sequence[object], nom: bytes, extra: bytes, donnees: bytes) -> bytes:
    entete = LOCAL.pack(b"PK\x03\x04", *champs[2:10], len(nom), len(extra))
    return entete + nom + extra + donnees


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


def _assembler(locaux: list[bytes], centrales: list[bytes], debut: int, fin_centrale: bytes) -> bytes:
    repertoire = b"".join(centrales)
    if len(centrales) >= 0xFFFF or debut + len(repertoire) >= 0xFFFFFFFF:
        raise ErreurFichier("Le document produit dépasserait 4 Go.", "Alléger le gabarit dans Office.")
    signature, disque, central, _, _, _, _, commentaire = FIN.unpack_from(fin_centrale)
    nombre = len(centrales)
    fin = FIN.pack(signature, disque, central, nombre, nombre, len(repertoire), debut, commentaire)
    return b"".join([*locaux, repertoire, fin, fin_centrale[FIN.size :]])
