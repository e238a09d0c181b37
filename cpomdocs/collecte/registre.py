"""Ce que le dossier sait de sa collecte : les envois et ce qu’ils portaient, les retours, le journal.

Tout est dans `.cpomdocs/collecte.sqlite`, lisible de son seul propriétaire : il contient des données.
"""

from __future__ import annotations

import datetime
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from cpomdocs.collecte.echange.conservation import Tables, ecrire_tables, lire_tables
from cpomdocs.collecte.echange.maitre import Inscription
from cpomdocs.collecte.envoi.parts import Part
from cpomdocs.erreurs import ErreurDossier

FICHIER = "collecte.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS dossier (id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS envois (
    reference TEXT PRIMARY KEY, part TEXT NOT NULL, numero INTEGER NOT NULL, fiche TEXT NOT NULL,
    envoye BLOB NOT NULL, acquis BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS retours (
    empreinte TEXT PRIMARY KEY, envoi TEXT NOT NULL, fichier TEXT NOT NULL, recu TEXT NOT NULL,
    en_attente INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS journal (
    quand TEXT NOT NULL, origine TEXT NOT NULL, feuille TEXT NOT NULL, cellule TEXT NOT NULL,
    libelle TEXT NOT NULL, ancien TEXT NOT NULL, nouveau TEXT NOT NULL, empreinte TEXT NOT NULL,
    fait INTEGER NOT NULL
) STRICT;
"""


@dataclass(frozen=True)
class Envoi:
    """Une part envoyée.

    `etat` : l’empreinte des données envoyées ; `fixes` : les textes des feuilles, hors des lignes.
    """

    reference: str
    part: Part
    numero: int
    date: datetime.date
    echeance: datetime.date | None
    contact: str
    destinataire: str
    courriel: str
    fichier: str
    formulaires: tuple[str, ...]
    annee_n: int | None
    etat: str
    fixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def nom(self) -> str:
        """« EHPAD1, envoi n° 2 du 03/11/2026 »."""
        return f"{self.part.nom}, envoi n° {self.numero} du {self.date:%d/%m/%Y}"


_ENVOI = TypeAdapter(Envoi)


@dataclass(frozen=True)
class RetourConnu:
    """Un retour déjà vu : le fichier, quand, et s’il reste quelque chose à y décider."""

    empreinte: str
    envoi: str
    fichier: str
    recu: datetime.date
    en_attente: bool


@dataclass(frozen=True)
class Trace:
    """Une ligne du journal, avec sa date."""

    quand: str
    inscription: Inscription


class Registre:
    """L’accès à l’état de la collecte."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    @property
    def dossier(self) -> str:
        """L’identité du dossier, tirée au sort une fois pour toutes."""
        ligne = self._base.execute("SELECT id FROM dossier").fetchone()
        if ligne is None:
            ligne = (secrets.token_hex(8),)
            self._base.execute("INSERT INTO dossier VALUES (?)", ligne)
            self._base.commit()
        return str(ligne[0])

    def envois(self) -> list[Envoi]:
        """Tous les envois, par part puis par numéro."""
        lignes = self._base.execute("SELECT fiche FROM envois ORDER BY part, numero")
        return [_ENVOI.validate_json(fiche) for (fiche,) in lignes]

    def derniers(self) -> list[Envoi]:
        """Le dernier envoi de chaque part."""
        return list({(e.part.genre, e.part.code): e for e in self.envois()}.values())

    def numero_suivant(self, part: Part) -> int:
        """Le numéro du prochain envoi de cette part, à partir de 1."""
        return 1 + max((e.numero for e in self.envois() if _repere(e.part) == _repere(part)), default=0)

    def noter_envoi(self, envoi: Envoi, envoye: Tables) -> None:
        """Retient un envoi et les lignes qu’il portait."""
        gardees = ecrire_tables(envoye)
        self._base.execute(
            "INSERT INTO envois VALUES (?, ?, ?, ?, ?, ?)",
            (
                envoi.reference,
                _repere(envoi.part),
                envoi.numero,
                _ENVOI.dump_json(envoi).decode(),
                gardees,
                gardees,
            ),
        )
        self._base.commit()

    def acquis(self, reference: str, *, origine: bool = False) -> Tables:
        """Les lignes d’un envoi, telles qu’on en a tenu compte ; `origine` : telles qu’elles sont parties."""
        colonne = "envoye" if origine else "acquis"
        ligne = self._base.execute(
            f"SELECT {colonne} FROM envois WHERE reference = ?", (reference,)
        ).fetchone()
        return lire_tables(ligne[0])

    def retours(self) -> list[RetourConnu]:
        """Tous les retours connus, du plus ancien au plus récent."""
        lignes = self._base.execute(
            "SELECT empreinte, envoi, fichier, recu, en_attente FROM retours ORDER BY recu, rowid"
        )
        return [
            RetourConnu(e, envoi, fichier, datetime.date.fromisoformat(recu), bool(attente))
            for e, envoi, fichier, recu, attente in lignes
        ]

    def prevoir(self, inscriptions: Sequence[Inscription], empreinte: str, quand: str) -> None:
        """Note au journal ce qui va être écrit, avant. `empreinte` : celle du classeur à venir."""
        self._base.executemany(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
            [
                (quand, i.origine, i.feuille, i.cellule, i.libelle, i.ancien, i.nouveau, empreinte)
                for i in inscriptions
            ],
        )
        self._base.commit()

    def reprendre(self, empreinte: str) -> None:
        """Après une coupure : garde au journal ce qui a été écrit dans ce classeur, oublie le reste."""
        self._base.execute("UPDATE journal SET fait = 1 WHERE fait = 0 AND empreinte = ?", (empreinte,))
        self._base.execute("DELETE FROM journal WHERE fait = 0")
        self._base.commit()

    def conclure(self, acquis: Mapping[str, Tables], retours: Sequence[RetourConnu]) -> None:
        """D’un seul coup : le journal est fait, les lignes acquises et les retours sont notés."""
        with self._base:
            self._base.execute("UPDATE journal SET fait = 1 WHERE fait = 0")
            for reference, tables in acquis.items():
                self._base.execute(
                    "UPDATE envois SET acquis = ? WHERE reference = ?", (ecrire_tables(tables), reference)
                )
            for retour in retours:
                self._base.execute(
                    "INSERT INTO retours VALUES (?, ?, ?, ?, ?) ON CONFLICT (empreinte) DO UPDATE SET "
                    "fichier = excluded.fichier, en_attente = excluded.en_attente",
                    (
                        retour.empreinte,
                        retour.envoi,
                        retour.fichier,
                        retour.recu.isoformat(),
                        int(retour.en_attente),
                    ),
                )

    def journal(self) -> list[Trace]:
        """Tout ce qui a été écrit dans le classeur maître, du plus récent au plus ancien."""
        lignes = self._base.execute(
            "SELECT quand, feuille, cellule, libelle, ancien, nouveau, origine FROM journal "
            "WHERE fait = 1 ORDER BY quand DESC, rowid"
        )
        return [Trace(quand, Inscription(*reste)) for quand, *reste in lignes]


@contextmanager
def ouvrir_registre(prive: Path) -> Iterator[Registre]:
    """Ouvre l’état de la collecte dans le répertoire privé du dossier, en le créant au besoin.

    Lève `ErreurDossier` s’il ne peut pas être lu : les retours ne sauraient plus à quoi se comparer.
    """
    fichier = prive / FICHIER
    try:
        prive.mkdir(parents=True, exist_ok=True, mode=0o700)
        fichier.touch(mode=0o600, exist_ok=True)
        base = sqlite3.connect(fichier)
        base.executescript(_SCHEMA)
    except (OSError, sqlite3.DatabaseError):
        raise ErreurDossier(
            f"L’état de la collecte (« {prive.name}/{FICHIER} ») ne peut pas être lu.",
            "Le remettre depuis une copie du dossier ; à défaut, le supprimer et répartir de nouveau.",
        ) from None
    try:
        yield Registre(base)
    finally:
        base.close()


def _repere(part: Part) -> str:
    return f"{part.genre}:{part.code}"
