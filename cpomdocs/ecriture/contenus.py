"""Retrouver un document tel qu’il a été écrit, sans en garder une copie entière.

D’un formulaire rempli, presque tout est le formulaire : on ne retient que les parties qui diffèrent du
gabarit, telles que le zip les porte.
"""

from __future__ import annotations

import io
import struct
import zipfile

from zlib_ng import zlib_ng as zlib

from cpomdocs.ecriture.empreintes import empreinte
from cpomdocs.ecriture.etat import Contenu
from cpomdocs.office.archive import lire_archive

_DEFLATE = 8


def contenu_de(gabarit: bytes, document: bytes) -> Contenu:
    """Ce que le document a de plus que son gabarit."""
    connues = {(i.filename, i.CRC, i.file_size) for i in _parties(gabarit)}
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_STORED) as reste:
        for partie in _parties(document):
            if (partie.filename, partie.CRC, partie.file_size) not in connues:
                reste.writestr(f"{partie.compress_type}/{partie.filename}", _brut(document, partie))
    return Contenu(empreinte(gabarit), tampon.getvalue())


def document_de(gabarit: bytes, contenu: Contenu) -> bytes | None:
    """Le document écrit, ou `None` si le gabarit n’est plus celui d’alors."""
    if contenu.gabarit != empreinte(gabarit):
        return None
    archive = lire_archive(gabarit)
    parties: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(contenu.reste)) as reste:
        for note in reste.namelist():
            methode, _, nom = note.partition("/")
            brut = reste.read(note)
            parties[nom] = zlib.decompress(brut, -15) if int(methode) == _DEFLATE else brut
    anciennes = {nom: octets for nom, octets in parties.items() if nom in archive}
    nouvelles = {nom: octets for nom, octets in parties.items() if nom not in archive}
    return archive.recomposer(anciennes, nouvelles)


def _parties(octets: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return archive.infolist()


def _brut(octets: bytes, partie: zipfile.ZipInfo) -> bytes:
    """Les données d’une partie, telles qu’elles sont comprimées dans le zip."""
    nom, annexe = struct.unpack_from("<2H", octets, partie.header_offset + 26)
    debut = partie.header_offset + 30 + nom + annexe
    return octets[debut : debut + partie.compress_size]
