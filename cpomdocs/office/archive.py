"""Le zip d’un fichier Office, lu avec méfiance et recomposé sans toucher à ce qui ne change pas.

Tout est vérifié à l’ouverture : tailles annoncées puis réelles, sommes de contrôle, DTD, chevauchements.
Les parties non remplacées sont recopiées octet pour octet, en-têtes et données comprimées compris.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from zlib_ng import zlib_ng as zlib

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office import gardes
from cpomdocs.office.analyse import GardeXml, analyser_xml, est_xml
from cpomdocs.office.recomposition import CENTRAL, FIN, LOCAL, Comprime, Membre, Recomposition, comprimer

__all__ = ["Archive", "Comprime", "Membre", "analyser_xml", "comprimer", "lire_archive"]

_ERREUR_ZLIB: type[Exception] = zlib.error  # type: ignore[assignment]  # mal déclarée par la bibliothèque
_CHIFFRE = 0x0041
_UTF8 = 0x0800
_PAS = 1 << 18
"""Octets décomprimés à la fois pendant la vérification."""
_ENTREE = 1 << 15
"""Octets comprimés donnés à la fois : le décompresseur recopie ce qu’il n’a pas encore lu."""
GARDEE = 1 << 16
"""Taille (octets) jusqu’à laquelle une partie reste en mémoire ; une autre se décomprime à chaque lecture."""
_Notice = tuple[bytes, tuple[Any, ...]]
"""Une notice du répertoire central : ses octets, ses champs."""
_MEMOIRE = 1 << 20
"""Octets de XML gardés de la vérification, pour ne pas décomprimer deux fois les petites parties."""


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
        """Le contenu d’une partie ; petit, il reste en mémoire. Lève `ErreurFichier` si elle manque."""
        membre = self._membre(nom)
        contenu = self._lus.get(membre.nom)
        if contenu is None:
            contenu = _decomprimer(self.octets, membre)
            if membre.taille <= GARDEE:
                self._lus[membre.nom] = contenu
        return contenu

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
    except (struct.error, _ERREUR_ZLIB, UnicodeDecodeError) as erreur:
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


def _notices(octets: bytes, position: int, total: int, limite: int, nom: str) -> list[_Notice]:
    notices: list[_Notice] = []
    for _ in range(total):
        champs = CENTRAL.unpack_from(octets, position)
        longueur = CENTRAL.size + champs[10] + champs[11] + champs[12]
        if champs[0] != b"PK\x01\x02" or position + longueur > limite:
            raise gardes.abime(nom)
        notices.append((octets[position : position + longueur], champs))
        position += longueur
    if position != limite:
        raise gardes.abime(nom)
    return notices


def _borner(octets: bytes, notices: list[_Notice], debut_central: int, nom: str) -> list[Membre]:
    """Les membres et leurs bornes : chacun va jusqu’au suivant, descripteur compris, sans chevauchement."""
    entetes = sorted(champs[16] for _, champs in notices)
    suivants = dict(zip(entetes, [*entetes[1:], debut_central], strict=True))
    if len(suivants) != len(notices) or entetes[0] != 0:
        raise gardes.abime(nom)
    return [_lire_membre(octets, notice, suivants, nom) for notice in notices]


def _lire_membre(octets: bytes, lue: _Notice, suivants: dict[int, int], nom: str) -> Membre:
    notice, champs = lue
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
    """Décomprime tout une fois, par tranches : sommes, tailles réelles, DTD."""
    garde = 0
    for membre in archive.membres:
        somme = taille = 0
        examen = GardeXml(f"{nom}/{membre.nom}") if est_xml(membre.nom) else None
        tranches: list[bytes] = []
        for morceau in _contenu(archive.octets, membre):
            somme = zlib.crc32(morceau, somme)
            taille += len(morceau)
            if examen is not None:
                examen.voir(morceau)
            if membre.taille <= GARDEE:
                tranches.append(morceau)
        if somme != membre.somme or taille != membre.taille:
            raise gardes.abime(nom)
        if examen is not None and tranches and garde + taille <= _MEMOIRE:
            garde += taille
            archive._lus[membre.nom] = b"".join(tranches)


def _decomprimer(octets: bytes, membre: Membre) -> bytes:
    """Le contenu d’une partie petite, ou déjà vérifiée."""
    comprime = memoryview(octets)[membre.donnees : membre.donnees + membre.taille_comprimee]
    return zlib.decompress(comprime, -15, membre.taille or 1) if membre.methode else bytes(comprime)


def _contenu(octets: bytes, membre: Membre) -> Iterable[bytes]:
    """Le contenu d’une partie encore douteuse : d’un coup si elle est petite (même fausse, elle ne rend pas
    plus de mille fois ce qu’elle pèse), sinon par tranches."""
    if membre.taille > GARDEE or membre.taille_comprimee > _ENTREE:
        return _morceaux(octets, membre)
    return (_decomprimer(octets, membre),)


def _morceaux(octets: bytes, membre: Membre) -> Iterator[bytes]:
    """Le contenu par tranches ; s’arrête, en erreur, dès que la taille annoncée est dépassée."""
    comprime = memoryview(octets)[membre.donnees : membre.donnees + membre.taille_comprimee]
    if membre.methode == 0:
        yield from (bytes(comprime[place : place + _PAS]) for place in range(0, len(comprime), _PAS))
        return
    flux = zlib.decompressobj(-15)
    reste = membre.taille + 1
    for place in range(0, len(comprime), _ENTREE):
        entree: bytes | memoryview = comprime[place : place + _ENTREE]
        plein = True
        while entree or plein:
            limite = min(_PAS, reste)
            morceau = flux.decompress(entree, limite)
            reste -= len(morceau)
            if reste <= 0:
                raise _ERREUR_ZLIB("taille réelle supérieure à la taille annoncée")
            entree, plein = flux.unconsumed_tail, len(morceau) == limite
            yield morceau
        if flux.eof:
            return
    raise _ERREUR_ZLIB("données tronquées")
