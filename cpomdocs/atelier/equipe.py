"""Qui fabrique : ce programme, des processus de cette machine, ou un cluster Dask.

Ailleurs qu’ici, tout passe par l’interface de `concurrent.futures` : aucun ordonnanceur n’est à nous.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from cpomdocs.atelier.travail import Fabrication, Lot
from cpomdocs.erreurs import ErreurDossier

Rendu = Callable[[], list[Fabrication]]
"""Attend les documents d’un lot et les rend."""
PREMIERS = 16
"""Documents fabriqués ici avant d’en envoyer ailleurs : pour moins, un processus coûte plus qu’il n’aide."""
LOT = 8
"""Documents envoyés ensemble : le gabarit part avec eux."""
_REMEDE = "Relancer ; si cela revient, le signaler."
_PERDU = ("Le travailleur qui fabriquait ce document s’est arrêté.", _REMEDE)
_DELAI = "10s"
_REPRISES = 2


def coeurs() -> int:
    """Le nombre de cœurs que le système accorde à ce programme."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fabriquer_lot(lot: Lot) -> list[Fabrication]:
    """Les documents du lot. Ce qui fabrique n’est chargé que s’il y a quelque chose à fabriquer."""
    from cpomdocs.atelier import fabrique

    return fabrique.fabriquer_lot(lot)


class Ici:
    """Fabrique dans ce programme, un document à la fois."""

    lot = 1
    fenetre = 0
    ailleurs = False

    def confier(self, lot: Lot) -> Rendu:
        """Fabrique tout de suite."""
        fabriques = fabriquer_lot(lot)
        return lambda: fabriques


@dataclass
class Processus:
    """Fabrique dans des processus de cette machine, créés au premier lot."""

    nombre: int
    lot: int = LOT
    ailleurs: bool = True
    _bassin: ProcessPoolExecutor | None = field(default=None, repr=False)

    @property
    def fenetre(self) -> int:
        """Lots confiés à la fois : de quoi ne laisser personne attendre, sans tout garder en mémoire."""
        return 2 * self.nombre

    def confier(self, lot: Lot) -> Rendu:
        """Envoie le lot ; un processus qui meurt le fait refaire, document par document."""
        if self._bassin is None:
            self._bassin = _bassin(self.nombre)
        try:
            attendu = self._bassin.submit(fabriquer_lot, lot)
        except BrokenExecutor:
            self._bassin.shutdown(wait=False)
            self._bassin = _bassin(self.nombre)
            attendu = self._bassin.submit(fabriquer_lot, lot)

        def rendre() -> list[Fabrication]:
            try:
                return attendu.result()
            except BrokenExecutor:
                return _refaire(lot)

        return rendre

    def congedier(self) -> None:
        """Ferme les processus, sans attendre ce qui n’a pas commencé."""
        if self._bassin is not None:
            self._bassin.shutdown(wait=False, cancel_futures=True)


@dataclass
class Cluster:
    """Fabrique sur un cluster, par l’exécuteur qu’il offre."""

    executeur: Executor
    nombre: int
    lot: int = LOT
    ailleurs: bool = True

    @property
    def fenetre(self) -> int:
        """Lots confiés à la fois."""
        return 2 * self.nombre

    def confier(self, lot: Lot) -> Rendu:
        """Envoie le lot ; le cluster refait de lui-même ce qu’un travailleur perdu faisait."""
        attendu = self.executeur.submit(fabriquer_lot, lot)

        def rendre() -> list[Fabrication]:
            try:
                return attendu.result()
            except Exception as erreur:
                dit = (f"Le cluster n’a pas rendu ce document ({type(erreur).__name__}).", _REMEDE)
                return [Fabrication(erreur=dit)] * len(lot.travaux)

        return rendre


@dataclass
class Renfort:
    """Fabrique ici les premiers documents, puis dans des processus s’il en reste assez à faire."""

    processus: Processus
    faits: int = 0
    _ici: Ici = field(default_factory=Ici)

    @property
    def ailleurs(self) -> bool:
        """Vrai une fois les processus appelés."""
        return self.faits >= PREMIERS

    @property
    def lot(self) -> int:
        """Documents par lot."""
        return self.processus.lot if self.ailleurs else 1

    @property
    def fenetre(self) -> int:
        """Lots confiés à la fois."""
        return self.processus.fenetre if self.ailleurs else 0

    def confier(self, lot: Lot) -> Rendu:
        """Fabrique ici ou envoie."""
        ailleurs = self.ailleurs
        self.faits += len(lot.travaux)
        return (self.processus if ailleurs else self._ici).confier(lot)


Equipe = Ici | Processus | Cluster | Renfort


@contextmanager
def embaucher(travailleurs: int | None, dask: str | None) -> Iterator[Equipe]:
    """L’équipe d’une commande, congédiée à la fin du bloc, même interrompu.

    `travailleurs` : 1, ce programme seul ; plus, autant de processus ; `None`, autant que de cœurs, s’il y a
    assez de documents à refaire. `dask` : l’adresse d’un cluster. Lève `ErreurDossier` s’il ne répond pas.
    """
    if dask is not None:
        with ExitStack() as pile:
            yield _cluster(dask, pile)
        return
    nombre = coeurs() if travailleurs is None else travailleurs
    if nombre <= 1:
        yield Ici()
        return
    processus = Processus(nombre)
    try:
        yield Renfort(processus) if travailleurs is None else processus
    finally:
        processus.congedier()


def _bassin(nombre: int) -> ProcessPoolExecutor:
    """Des processus neufs sur tous les systèmes : un processus dédoublé hériterait de verrous et de fils."""
    return ProcessPoolExecutor(
        nombre, mp_context=multiprocessing.get_context("spawn"), initializer=_suivre_le_principal
    )


def _suivre_le_principal() -> None:
    """Ctrl+C s’adresse au programme principal, qui congédie ses processus ; tué, ils s’arrêtent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_finir_avec_le_principal, daemon=True).start()


def _finir_avec_le_principal() -> None:
    principal = multiprocessing.parent_process()
    if principal is not None:
        principal.join()
        os._exit(1)


def _refaire(lot: Lot) -> list[Fabrication]:
    """Refait un lot perdu, un document à la fois : celui qui arrête son processus est seul à manquer."""
    return [_refaire_seul(replace(lot, travaux=(travail,))) for travail in lot.travaux]


def _refaire_seul(lot: Lot) -> Fabrication:
    with _bassin(1) as bassin:
        try:
            return bassin.submit(fabriquer_lot, lot).result()[0]
        except BrokenExecutor:
            return Fabrication(erreur=_PERDU)


def _cluster(adresse: str, pile: ExitStack) -> Cluster:
    try:
        from distributed import Client
    except ImportError:
        raise ErreurDossier(
            "Le module « distributed » n’est pas installé.", "pip install 'cpomdocs[dask]'"
        ) from None
    ouvrir: Callable[..., Any] = Client
    try:
        client = pile.enter_context(ouvrir(adresse, timeout=_DELAI, set_as_default=False))
        nombre = sum(client.nthreads().values())
    except (OSError, ValueError, TimeoutError) as erreur:
        raise ErreurDossier(
            f"Le cluster « {adresse} » ne répond pas ({type(erreur).__name__}).",
            "Vérifier l’adresse de l’ordonnanceur (tcp://machine:8786) et qu’il est démarré.",
        ) from None
    return Cluster(client.get_executor(pure=False, retries=_REPRISES), max(nombre, 1))
