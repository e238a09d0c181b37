"""Le journal du dossier, `.cpomdocs/journal.log` : où un défaut s’est produit, jamais avec quelle valeur."""

from __future__ import annotations

import datetime
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cpomdocs.erreurs import ErreurCpomdocs

FICHIER = "journal.log"
_TAILLE_MAX = 1_000_000


def noter(repertoire: Path, sujet: str, defaut: BaseException) -> None:
    """Ajoute au journal le type du défaut et les lignes de programme traversées ; ni message ni donnée."""
    noter_lieux(repertoire, sujet, type(defaut).__name__, "".join(traceback.format_tb(defaut.__traceback__)))


def noter_lieux(repertoire: Path, sujet: str, nom: str, lieux: str) -> None:
    """Ajoute au journal un défaut survenu ailleurs : son type et les lignes de programme traversées."""
    fichier = repertoire / FICHIER
    try:
        if fichier.is_file() and fichier.stat().st_size > _TAILLE_MAX:
            fichier.replace(fichier.with_suffix(".log.1"))
        quand = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descripteur, "a", encoding="utf-8") as flux:
            flux.write(f"{quand} {sujet} : {nom}\n{lieux}\n")
    except OSError:
        return  # le journal ne doit jamais empêcher le travail


@contextmanager
def journaliser(repertoire: Path, sujet: str) -> Iterator[None]:
    """Note au journal tout défaut imprévu qui traverse le bloc, et le laisse passer."""
    try:
        yield
    except ErreurCpomdocs:
        raise
    except Exception as defaut:
        noter(repertoire, sujet, defaut)
        raise
