"""L’état du dossier : pour chaque document produit, où il est et l’empreinte des octets écrits.

L’empreinte prévue est notée avant l’écriture : après une coupure, un document à moitié rangé se reconnaît.
L’état retient aussi les valeurs lues, pour dire ce qui change, et ce qui distingue chaque document de son
gabarit, pour dire ce qu’une personne y a changé : il n’est lisible que de son propriétaire.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cpomdocs.erreurs import ErreurDossier, ErreurEcriture, motif

_TABLES = (
    "documents (cle TEXT PRIMARY KEY, chemin TEXT NOT NULL, prevue TEXT, ecrite TEXT, lectures TEXT, "
    "souvenir BLOB)",
    "anciens (cle TEXT, chemin TEXT, empreinte TEXT, PRIMARY KEY (cle, chemin, empreinte))",
    "gardes (cle TEXT PRIMARY KEY, refusee TEXT NOT NULL)",
    "contenus (cle TEXT PRIMARY KEY, gabarit TEXT NOT NULL, reste BLOB NOT NULL)",
    "souvenirs (cle TEXT PRIMARY KEY, contenu BLOB NOT NULL)",
)
_COLONNES = "cle, chemin, prevue, ecrite, lectures, souvenir"
FICHIER = "etat.sqlite"
_MOTIFS = {
    "SQLITE_FULL": "il n’y a plus de place",
    "SQLITE_BUSY": "un autre programme s’en sert",
    "SQLITE_IOERR": "le disque ou le réseau ne répond pas",
}


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


@dataclass(frozen=True)
class Contenu:
    """Ce qu’un document écrit a de plus que son gabarit, et l’empreinte de ce gabarit."""

    gabarit: str
    reste: bytes


class EtatAbime(ErreurDossier):
    """L’état ne se lisait plus ; mis de côté, il repart de zéro à la prochaine ouverture."""


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

    def reconnait(self, chemin: str, empreinte: str) -> bool:
        """Vrai si cpomdocs a écrit ces octets à ce chemin, pour quelque document que ce soit."""
        trouve = self._base.execute(
            "SELECT 1 FROM documents WHERE chemin = ?1 AND ?2 IN (prevue, ecrite) "
            "UNION ALL SELECT 1 FROM anciens WHERE chemin = ?1 AND empreinte = ?2",
            (chemin, empreinte),
        )
        return trouve.fetchone() is not None

    def prevoir(self, cle: str, chemin: str, empreinte: str) -> None:
        """Note, et fixe sur le disque, l’empreinte qui va être écrite ; un chemin qui change devient ancien.

        Le reste n’est fixé qu’au prochain appel ou à la fermeture : perdu, il se retrouve en comparant.
        Lève `ErreurEcriture` si le disque refuse.
        """
        self._quitter(cle, chemin)
        self._ecrire(
            "INSERT INTO documents (cle, chemin, prevue) VALUES (?, ?, ?) "
            "ON CONFLICT (cle) DO UPDATE SET chemin = excluded.chemin, prevue = excluded.prevue",
            (cle, chemin, empreinte),
        )
        with _refus_en_clair():
            self._base.commit()

    def confirmer(self, cle: str, chemin: str, empreinte: str) -> None:
        """Note que ces octets sont en place."""
        trace = self.trace(cle)
        if trace is not None and (trace.chemin, trace.ecrite, trace.prevue) == (chemin, empreinte, None):
            return
        self._quitter(cle, chemin)
        self._ecrire(
            "INSERT INTO documents (cle, chemin, ecrite) VALUES (?, ?, ?) ON CONFLICT (cle) DO UPDATE "
            "SET chemin = excluded.chemin, ecrite = excluded.ecrite, prevue = NULL",
            (cle, chemin, empreinte),
        )

    def retenir(self, cle: str, lectures: str, souvenir: bytes, contenu: Contenu | None = None) -> None:
        """Note de quelles lectures vient le document en place, et ce qu’il faut en retenir."""
        trace = self.trace(cle)
        connu = trace is not None and (trace.lectures, trace.souvenir) == (lectures, souvenir)
        if connu and contenu in (None, self.contenu(cle)):
            return
        self._ecrire(
            "UPDATE documents SET lectures = ?, souvenir = ? WHERE cle = ?", (lectures, souvenir, cle)
        )
        if contenu is not None:
            self._ecrire(
                "INSERT OR REPLACE INTO contenus VALUES (?, ?, ?)", (cle, contenu.gabarit, contenu.reste)
            )

    def contenu(self, cle: str) -> Contenu | None:
        """Le contenu du dernier document écrit, s’il a été retenu."""
        ligne = self._base.execute("SELECT gabarit, reste FROM contenus WHERE cle = ?", (cle,)).fetchone()
        return None if ligne is None else Contenu(*ligne)

    def souvenir(self, cle: str) -> bytes | None:
        """Ce que la mémoire a retenu d’un calcul, illisible pour l’état, ou `None`."""
        ligne = self._base.execute("SELECT contenu FROM souvenirs WHERE cle = ?", (cle,)).fetchone()
        return None if ligne is None else bytes(ligne[0])

    def memoriser(self, souvenirs: Iterable[tuple[str, bytes]]) -> None:
        """Retient des calculs. Lève `ErreurEcriture` si le disque refuse."""
        with _refus_en_clair():
            self._base.executemany("INSERT OR REPLACE INTO souvenirs VALUES (?, ?)", souvenirs)

    def garder(self, cle: str, refusee: str) -> None:
        """Note qu’une personne préfère son document à la version de cette empreinte."""
        self._ecrire("INSERT OR REPLACE INTO gardes VALUES (?, ?)", (cle, refusee))

    def ne_plus_garder(self, cle: str) -> None:
        """Oublie cette préférence : le document en place est celui de cpomdocs."""
        self._ecrire("DELETE FROM gardes WHERE cle = ?", (cle,))

    def refusee(self, cle: str) -> str | None:
        """L’empreinte de la version qu’une personne a refusée pour ce document, ou `None`."""
        ligne = self._base.execute("SELECT refusee FROM gardes WHERE cle = ?", (cle,)).fetchone()
        return None if ligne is None else str(ligne[0])

    def anciens(self) -> list[tuple[str, str, str]]:
        """Les anciens chemins encore à ranger : clé, chemin, empreinte de ce qui y a été écrit."""
        return list(self._base.execute("SELECT cle, chemin, empreinte FROM anciens ORDER BY chemin, cle"))

    def oublier_ancien(self, cle: str, chemin: str) -> None:
        """Oublie un ancien chemin : il n’y a plus rien à y ranger."""
        self._ecrire("DELETE FROM anciens WHERE cle = ? AND chemin = ?", (cle, chemin))

    def _ecrire(self, ordre: str, valeurs: tuple[object, ...]) -> None:
        with _refus_en_clair():
            self._base.execute(ordre, valeurs)

    def _quitter(self, cle: str, chemin: str) -> None:
        """Retient comme ancien le chemin que ce document quitte, s’il en change."""
        trace = self.trace(cle)
        if trace is None or trace.chemin == chemin:
            return
        for ecrite in filter(None, (trace.prevue, trace.ecrite)):
            self._ecrire("INSERT OR IGNORE INTO anciens VALUES (?, ?, ?)", (cle, trace.chemin, ecrite))


@contextmanager
def _refus_en_clair() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as erreur:
        raise ErreurEcriture(
            f"L’état du dossier (.cpomdocs) ne peut pas être mis à jour : {_motif(erreur)}.",
            "Vérifier la place libre et les droits sur le dossier, puis relancer.",
        ) from erreur


def _motif(erreur: sqlite3.Error) -> str:
    """Pourquoi la base a refusé, en français."""
    code = getattr(erreur, "sqlite_errorname", "")
    return next((dit for debut, dit in _MOTIFS.items() if code.startswith(debut)), "l’accès est refusé")


@contextmanager
def ouvrir_etat(repertoire: Path) -> Iterator[Etat]:
    """Ouvre l’état du répertoire `.cpomdocs`, en le créant (droits du seul propriétaire) au besoin.

    Lève `ErreurDossier` si le système refuse ce fichier, `EtatAbime` s’il ne se lit plus en chemin.
    """
    fichier = repertoire / FICHIER
    try:
        base = _ouvrir(fichier)
    except (OSError, sqlite3.OperationalError) as erreur:
        refus = motif(erreur) if isinstance(erreur, OSError) else _motif(erreur)
        raise ErreurDossier(
            f"« {fichier} » ne peut pas être ouvert : {refus}.",
            "Vérifier les droits sur le dossier, ou supprimer ce fichier : les documents seront comparés.",
        ) from None
    try:
        yield Etat(base)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        base.close()
        _mettre_de_cote(fichier)
        raise EtatAbime(
            "L’état du dossier est abîmé ; il a été mis de côté.",
            "Relancer : les documents présents seront comparés.",
        ) from None
    finally:
        with contextlib.suppress(sqlite3.Error):  # perdu, cela se retrouve en comparant les documents
            base.commit()
        base.close()


def _ouvrir(fichier: Path) -> sqlite3.Connection:
    fichier.touch(mode=0o600, exist_ok=True)
    base = sqlite3.connect(fichier)
    try:
        return _dresser(base)
    except sqlite3.OperationalError:
        base.close()
        raise
    except sqlite3.DatabaseError:
        base.close()
        _mettre_de_cote(fichier)
        fichier.touch(mode=0o600)
        return _dresser(sqlite3.connect(fichier))


def _dresser(base: sqlite3.Connection) -> sqlite3.Connection:
    """La base, tables manquantes créées."""
    base.execute("PRAGMA locking_mode = EXCLUSIVE")  # sans mémoire partagée : un dossier en réseau convient
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = NORMAL")
    for table in _TABLES:
        base.execute(f"CREATE TABLE IF NOT EXISTS {table} STRICT")
    base.execute(f"SELECT {_COLONNES} FROM documents LIMIT 1")
    return base


def _mettre_de_cote(fichier: Path) -> None:
    fichier.replace(fichier.with_suffix(".abime"))
    for suite in ("-journal", "-wal"):
        fichier.with_name(fichier.name + suite).unlink(missing_ok=True)
