"""L’état du dossier : pour chaque document produit, où il est et l’empreinte des octets écrits.

L’empreinte prévue est notée avant l’écriture : après une coupure, un document à moitié rangé se reconnaît.
L’état retient aussi les valeurs lues, pour dire ce qui change : il n’est lisible que de son propriétaire.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cpomdocs.erreurs import ErreurDossier, motif

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    cle TEXT PRIMARY KEY,
    chemin TEXT NOT NULL,
    prevue TEXT,
    ecrite TEXT,
    lectures TEXT,
    souvenir BLOB
) STRICT
"""
_COLONNES = "cle, chemin, prevue, ecrite, lectures, souvenir"
FICHIER = "etat.sqlite"


@dataclass(frozen=True)
class Trace:
    """Ce que l’état sait d’un document : chemin relatif, empreintes prévue, écrite et des lectures.

    `souvenir` : ce que la fabrication a voulu retenir (valeurs lues, cases refusées), illisible pour l’état.
    """

    cle: str
    chemin: str
    prevue: str | None
    ecrite: str | None
    lectures: str | None = None
    souvenir: bytes | None = None

    def reconnait(self, empreinte: str) -> bool:
        """Vrai si ces octets sont bien ceux que cpomdocs a écrits, ou allait écrire."""
        return empreinte in (self.prevue, self.ecrite)


class Etat:
    """L’accès à l’état. Un état perdu ou abîmé repart de zéro : les documents présents seront comparés."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def trace(self, cle: str) -> Trace | None:
        """La trace d’un document, ou `None` s’il n’a jamais été produit."""
        ligne = self._base.execute(f"SELECT {_COLONNES} FROM documents WHERE cle = ?", (cle,)).fetchone()
        return None if ligne is None else Trace(*ligne)

    def traces(self) -> list[Trace]:
        """Toutes les traces, dans l’ordre des clés."""
        lignes = self._base.execute(f"SELECT {_COLONNES} FROM documents ORDER BY cle")
        return [Trace(*ligne) for ligne in lignes]

    def prevoir(self, cle: str, chemin: str, empreinte: str) -> None:
        """Note l’empreinte qui va être écrite, avant de l’écrire."""
        self._base.execute(
            "INSERT INTO documents (cle, chemin, prevue) VALUES (?, ?, ?) "
            "ON CONFLICT (cle) DO UPDATE SET chemin = excluded.chemin, prevue = excluded.prevue",
            (cle, chemin, empreinte),
        )
        self._base.commit()

    def confirmer(self, cle: str, chemin: str, empreinte: str) -> None:
        """Note que ces octets sont en place."""
        trace = self.trace(cle)
        if trace is not None and (trace.chemin, trace.ecrite, trace.prevue) == (chemin, empreinte, None):
            return
        self._base.execute(
            "INSERT INTO documents (cle, chemin, ecrite) VALUES (?, ?, ?) ON CONFLICT (cle) DO UPDATE "
            "SET chemin = excluded.chemin, ecrite = excluded.ecrite, prevue = NULL",
            (cle, chemin, empreinte),
        )
        self._base.commit()

    def retenir(self, cle: str, lectures: str, souvenir: bytes) -> None:
        """Note de quelles lectures vient le document en place, et ce qu’il faut en retenir."""
        self._base.execute(
            "UPDATE documents SET lectures = ?, souvenir = ? WHERE cle = ?", (lectures, souvenir, cle)
        )
        self._base.commit()


@contextmanager
def ouvrir_etat(repertoire: Path) -> Iterator[Etat]:
    """Ouvre l’état du répertoire `.cpomdocs`, en le créant (droits du seul propriétaire) au besoin.

    Lève `ErreurDossier` si le système refuse ce fichier.
    """
    fichier = repertoire / FICHIER
    try:
        base = _ouvrir(fichier)
    except (OSError, sqlite3.OperationalError) as erreur:
        raison = motif(erreur) if isinstance(erreur, OSError) else "l’accès est refusé"
        raise ErreurDossier(
            f"« {fichier} » ne peut pas être ouvert : {raison}.",
            "Vérifier les droits sur le dossier, ou supprimer ce fichier : les documents seront comparés.",
        ) from None
    try:
        yield Etat(base)
    finally:
        base.close()


def _ouvrir(fichier: Path) -> sqlite3.Connection:
    fichier.touch(mode=0o600, exist_ok=True)
    base = sqlite3.connect(fichier)
    try:
        base.execute(_SCHEMA)
        base.execute(f"SELECT {_COLONNES} FROM documents LIMIT 1")
    except sqlite3.DatabaseError:
        base.close()
        fichier.replace(fichier.with_suffix(".abime"))
        fichier.touch(mode=0o600)
        base = sqlite3.connect(fichier)
        base.execute(_SCHEMA)
    return base
