"""Suspendre le ramasse-miettes : ce qu’une lecture crée reste en vie, le parcourir la ralentirait."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def sans_ramassage() -> Iterator[None]:
    """Suspend le ramasse-miettes le temps du bloc ; ce qui y est créé passe pour ancien, sans parcours."""
    actif = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if actif:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


@contextmanager
def hors_ramassage() -> Iterator[None]:
    """Soustrait au ramasse-miettes ce qui existe déjà, le temps du bloc : il ne voit que ce qui s’ajoute."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
