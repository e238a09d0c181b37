"""Le zip d’un fichier Office, lu avec méfiance et recomposé sans toucher à ce qui ne change pas.

Tout est vérifié à l’ouverture : tailles annoncées puis réelles, sommes de contrôle, DTD, chevauchements.
Les parties non remplacées sont recopiées octet pour octet, en-têtes et données comprimées compris.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office import gardes
from cpomdocs.office.analyse import analyser_xml, est_xml, verifier_xml
from cpomdocs.office.recomposition import CENTRAL, FIN, LOCAL, Comprime, Membre, Recomposition, comprimer

__all__ = ["Archive", "Comprime", "Membre", "analyser_xml", "comprimer", "lire_archive"]

_CHIFFRE = 0x0041
_UTF8 = 0x0800
_PAS = 1 << 20
_MEMOIRE = 32 * 1024 * 1024
"""Octets de XML gardés de la vérification, pour ne pas décomprimer deux fois les formulaires ordinaires."""


@dataclass(frozen=True)
class Archive:
    """Un zip Office vérifié. Les parties se cherchent sans égard à la casse, à `\\` ni au `/` initial."""

    octets: bytes
    membres: tuple[Membre, ...]
    fin_centrale: bytes
    _index: dict[str, Membre] = field(repr=False)
    _lus: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def noms(self) -> tuple[str, ...]:
        """Les noms normalisés des parties, dans l’ordre du répertoire central, sans les dossiers."""
        return tuple(m.nom for m in self.membres if not m.nom.endswith("/"))

    def __contains__(self, nom: object) -> bool:
        return isinstance(nom, str) and _cle(nom) in self._index

    def lire(self, nom: str) -> bytes:
        """Le contenu d’une partie, gardé en mémoire. Lève `ErreurFichier` si elle manque."""
        membre = self._membre(nom)
        if membre.nom not in self._lus:
            self._lus[membre.nom] = b"".join(_morceaux(self.octets, membre))
        return self._lus[membre.nom]

    def brut(self, nom: str) -> bytes:
        """Les octets d’une partie tels que le zip les porte, en-tête local et descripteur compris."""
        membre = self._membre(nom)
        return self.octets[membre.entete : membre.fin]

    def recomposer(
        self,
        remplacements: Mapping[str, bytes | Comprime],
        ajouts: Mapping[str, bytes | Comprime] | None = None,
    ) -> bytes:
        """Le zip où ces parties sont remplacées, ces autres ajoutées à la fin ; le reste recopié tel quel.

        Mêmes entrées, mêmes octets : les dates sont celles de l’original. Une partie à remplacer existe,
        une partie à ajouter n’existe pas (`ValueError`).
        """
        nouveaux = {self._membre(nom).nom: contenu for nom, contenu in remplacements.items()}
        doublons = [nom for nom in ajouts or {} if nom in self]
        if doublons:
            raise ValueError(f"parties déjà présentes : {doublons}")
        return self._recomposition.recomposer(nouveaux, ajouts or {})

    @cached_property
    def _recomposition(self) -> Recomposition:
        return Recomposition(self.octets, self.membres, self.fin_centrale)

    def _membre(self, nom: str) -> Membre:
        membre = self._index.get(_cle(nom))
        if membre is None:
            raise ErreurFichier(f"La partie « {nom} » manque au fichier.", gardes.REENREGISTRER)
        return membre


def lire_archive(source: str | Path | bytes, nom: str = "") -> Archive:
    """L’archive vérifiée d’un fichier Office, donné par son chemin ou ses octets. `nom` : celui des messages.

    Lève `ErreurFichier`, en une phrase et un remède, si le fichier est absent, vide, chiffré, signé, abîmé,
    démesuré, binaire, ou d’un format qui n’est pas celui d’Office.
    """
    if isinstance(source, bytes):
        octets, nom = source, nom or "sans nom"
    else:
        chemin = Path(source)
        nom = nom or chemin.name
        octets = gardes.lire_octets(chemin, nom)
    gardes.verifier_enveloppe(octets, nom)
    try:
        archive = _ouvrir(octets, nom)
        _verifier_parties(archive, nom)
    except (struct.error, zlib.error, UnicodeDecodeError) as erreur:
        raise gardes.abime(nom) from erreur
    gardes.verifier_format(archive.noms, archive.lire, nom)
    return archive


def _cle(nom: str) -> str:
    return nom.replace("\\", "/").lstrip("/").lower()


def _ouvrir(octets: bytes, nom: str) -> Archive:
    debut_fin = octets.rfind(b"PK\x05\x06", max(0, len(octets) - 65_557))
    if debut_fin < 0:
        raise gardes.abime(nom)
    _, disque, disque_central, ici, total, taille, debut, commentaire = FIN.unpack_from(octets, debut_fin)
    localisateur = octets[max(0, debut_fin - 20) : debut_fin].startswith(b"PK\x06\x07")
    if localisateur or total == 0xFFFF or 0xFFFFFFFF in (taille, debut):
        raise ErreurFichier(f"Le fichier « {nom} » est un zip de format zip64.", gardes.REENREGISTRER)
    sain = disque == disque_central == 0 and ici == total and debut + taille == debut_fin
    if not sain or debut_fin + FIN.size + commentaire > len(octets):
        raise gardes.abime(nom)
    gardes.verifier_nombre(total, nom)
    notices = _notices(octets, debut, total, debut_fin, nom)
    membres = _borner(octets, notices, debut, nom)
    gardes.verifier_tailles(((m.nom, m.taille_comprimee, m.taille) for m in membres), nom)
    index = {_cle(m.nom): m for m in membres}
    if len(index) != len(membres):
        raise ErreurFichier(f"Le fichier « {nom} » contient deux parties de même nom.", gardes.REENREGISTRER)
    return Archive(octets, tuple(membres), octets[debut_fin:], index)


def _notices(octets: bytes, position: int, total: int, limite: int, nom: str) -> list[bytes]:
    notices = []
    for _ in range(total):
        champs = CENTRAL.unpack_from(octets, position)
        longueur = CENTRAL.size + champs[10] + champs[11] + champs[12]
        if champs[0] != b"PK\x01\x02" or position + longueur > limite:
            raise gardes.abime(nom)
        notices.append(octets[position : position + longueur])
        position += longueur
    if position != limite:
        raise gardes.abime(nom)
    return notices


def _borner(octets: bytes, notices: list[bytes], debut_central: int, nom: str) -> list[Membre]:
    """Les membres et leurs bornes : chacun va jusqu’au suivant, descripteur compris, sans chevauchement."""
    entetes = sorted(CENTRAL.unpack_from(notice)[16] for notice in notices)
    suivants = dict(zip(entetes, [*entetes[1:], debut_central], strict=True))
    if len(suivants) != len(notices) or entetes[0] != 0:
        raise gardes.abime(nom)
    return [_lire_membre(octets, notice, suivants, nom) for notice in notices]


def _lire_membre(octets: bytes, notice: bytes, suivants: dict[int, int], nom: str) -> Membre:
    champs = CENTRAL.unpack_from(notice)
    drapeaux, methode, somme, comprimee, taille = champs[3], champs[4], champs[7], champs[8], champs[9]
    brut = notice[CENTRAL.size : CENTRAL.size + champs[10]]
    entete, fin = champs[16], suivants[champs[16]]
    local = LOCAL.unpack_from(octets, entete)
    donnees = entete + LOCAL.size + local[9] + local[10]
    nom_local = octets[entete + LOCAL.size : entete + LOCAL.size + local[9]]
    if local[0] != b"PK\x03\x04" or nom_local != brut or donnees + comprimee > fin:
        raise gardes.abime(nom)
    if drapeaux & _CHIFFRE or methode not in (0, 8):
        raise ErreurFichier(
            f"Le fichier « {nom} » est un zip chiffré ou comprimé d’une façon inconnue.", gardes.REENREGISTRER
        )
    normal = brut.decode("utf-8" if drapeaux & _UTF8 else "cp437").replace("\\", "/").lstrip("/")
    return Membre(normal, methode, somme, comprimee, taille, entete, donnees, fin, notice)


def _verifier_parties(archive: Archive, nom: str) -> None:
    """Décomprime tout une fois : sommes, tailles réelles, DTD. Une partie XML à la fois est assemblée."""
    garde = 0
    for membre in archive.membres:
        somme = taille = 0
        xml = est_xml(membre.nom)
        texte: list[bytes] = []
        for morceau in _morceaux(archive.octets, membre):
            somme = zlib.crc32(morceau, somme)
            taille += len(morceau)
            if xml:
                texte.append(morceau)
        if somme != membre.somme or taille != membre.taille:
            raise gardes.abime(nom)
        if xml:
            contenu = b"".join(texte)
            verifier_xml(contenu, f"{nom}/{membre.nom}")
            garde += taille
            if garde <= _MEMOIRE:
                archive._lus[membre.nom] = contenu


def _morceaux(octets: bytes, membre: Membre) -> Iterator[bytes]:
    """Le contenu par tranches ; s’arrête, en erreur, dès que la taille annoncée est dépassée."""
    comprime = octets[membre.donnees : membre.donnees + membre.taille_comprimee]
    if membre.methode == 0:
        yield comprime
        return
    flux = zlib.decompressobj(-15)
    reste = membre.taille + 1
    while not flux.eof:
        morceau = flux.decompress(comprime, min(_PAS, reste))
        reste -= len(morceau)
        if reste <= 0 or (not morceau and not flux.eof):
            raise zlib.error("taille réelle différente de la taille annoncée")
        comprime = flux.unconsumed_tail
        yield morceau
