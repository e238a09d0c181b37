"""Un module WebAssembly compilé une fois, gardé, et exécuté dans une machine bornée en durée et en mémoire.

Le module ne voit ni fichiers, ni réseau, ni environnement : WASI ne lui donne que l’horloge et le hasard.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path

import wasmtime
from platformdirs import user_cache_path

from cpomdocs.recalcul.moteur import MoteurEnEchec

MEMOIRE = 1 << 30
"""Octets au plus pour un classeur."""
_SOMME = 32
_TEXTE = 256
_VERROU = threading.RLock()


class Usine:
    """Un module compilé et de quoi en faire des machines neuves, une par classeur.

    Lève `MoteurEnEchec` si cette machine ne peut pas l’exécuter.
    """

    def __init__(self, wasm: bytes, nom: str) -> None:
        try:
            reglages = wasmtime.Config()
            reglages.epoch_interruption = True
            self.moteur = wasmtime.Engine(reglages)
            self.module = _compiler(self.moteur, wasm, nom)
        except wasmtime.WasmtimeError as erreur:
            raise MoteurEnEchec("Le moteur de calcul ne marche pas sur cette machine.") from erreur
        # Sans cela, wasmtime se plaint sur la console quand Python s’arrête.
        weakref.finalize(self, _fermer, self.module, self.moteur)

    def machine(self, delai: float) -> Machine:
        """Une machine neuve ; `delai` : secondes accordées à chaque suite d’appels."""
        return Machine(self, delai)


class Machine:
    """Une instance du module : sa mémoire, ses fonctions. Lève `MoteurEnEchec` si elle sort des bornes."""

    def __init__(self, usine: Usine, delai: float) -> None:
        self._moteur, self._delai = usine.moteur, delai
        self._reserve = wasmtime.Store(usine.moteur)
        self._reserve.set_limits(memory_size=MEMOIRE)
        self._reserve.set_wasi(wasmtime.WasiConfig())
        liens = wasmtime.Linker(usine.moteur)
        liens.define_wasi()
        signature = wasmtime.FuncType([wasmtime.ValType.i32()], [])
        avis = wasmtime.Func(self._reserve, signature, lambda _: None)
        liens.define(self._reserve, "env", "emscripten_notify_memory_growth", avis)
        with self.minuter():
            instance = liens.instantiate(self._reserve, usine.module)
            self._sorties = instance.exports(self._reserve)
            self._memoire: wasmtime.Memory = self._sorties["memory"]  # type: ignore[assignment]
            self.appeler("_initialize")

    @contextmanager
    def minuter(self) -> Iterator[None]:
        """Arrête les appels qui dépassent le délai. Un seul classeur calcule à la fois."""
        with _VERROU:
            self._reserve.set_epoch_deadline(1)
            minuterie = threading.Timer(self._delai, self._moteur.increment_epoch)
            minuterie.daemon = True
            minuterie.start()
            try:
                yield
            except wasmtime.Trap as arret:
                duree = arret.trap_code == wasmtime.TrapCode.INTERRUPT
                cause = f"il dure plus de {self._delai:g} s" if duree else "le moteur s’est arrêté"
                raise MoteurEnEchec(f"Le calcul a été abandonné : {cause}.") from arret
            except wasmtime.WasmtimeError as erreur:
                raise MoteurEnEchec("Le calcul a été abandonné : le moteur s’est arrêté.") from erreur
            finally:
                minuterie.cancel()

    def appeler(self, nom: str, *arguments: int) -> int:
        """Appelle une fonction du module ; 0 si elle ne rend rien."""
        resultat = self._sorties[nom](self._reserve, *arguments)  # type: ignore[operator]
        return int(resultat or 0)

    def reserver(self, taille: int) -> int:
        """L’adresse d’une zone neuve."""
        adresse = self.appeler("malloc", taille)
        if adresse == 0:
            raise MoteurEnEchec("Le calcul a été abandonné : le classeur demande trop de mémoire.")
        return adresse

    def deposer(self, octets: bytes) -> int:
        """L’adresse d’une copie de ces octets."""
        adresse = self.reserver(max(len(octets), 1))
        self._memoire.write(self._reserve, octets, adresse)
        return adresse

    def ecrire(self, adresse: int, octets: bytes) -> None:
        """Écrit à cette adresse."""
        self._memoire.write(self._reserve, octets, adresse)

    def lire(self, adresse: int, taille: int) -> bytes:
        """Les octets de cette zone."""
        return bytes(self._memoire.read(self._reserve, adresse, adresse + taille))

    def entier(self, adresse: int) -> int:
        """L’entier de 32 bits, sans signe, à cette adresse."""
        return int(struct.unpack("<I", self.lire(adresse, 4))[0])

    def texte(self, adresse: int) -> str:
        """Le texte UTF-8 terminé par un zéro à cette adresse ; vide à l’adresse 0."""
        morceaux: list[bytes] = []
        fin = self._memoire.data_len(self._reserve)
        while 0 < adresse < fin:
            morceau, zero, _ = self.lire(adresse, min(_TEXTE, fin - adresse)).partition(b"\0")
            morceaux.append(morceau)
            if zero:
                break
            adresse += _TEXTE
        return b"".join(morceaux).decode("utf-8", "replace")


def _fermer(module: wasmtime.Module, moteur: wasmtime.Engine) -> None:
    module.close()
    moteur.close()


def _compiler(moteur: wasmtime.Engine, wasm: bytes, nom: str) -> wasmtime.Module:
    """Le module, repris de la réserve de la personne s’il y est ; sinon compilé et mis en réserve."""
    empreinte = hashlib.sha256(wasm).hexdigest()[:16]
    reserve = user_cache_path("cpomdocs", appauthor=False) / "moteurs"
    fichier = reserve / f"{nom}-{empreinte}-wasmtime-{metadata.version('wasmtime')}.cwasm"
    with suppress(OSError, wasmtime.WasmtimeError):
        compile_ = _relire(fichier)
        if compile_ is not None:
            return wasmtime.Module.deserialize(moteur, compile_)
    module = wasmtime.Module(moteur, wasm)
    with suppress(OSError):
        _garder(fichier, bytes(module.serialize()))
    return module


def _relire(fichier: Path) -> bytes | None:
    """Le module gardé : du code, donc repris seulement s’il est entier et que nul autre n’a pu l’écrire."""
    for chemin in (fichier.parent, fichier):
        etat = chemin.stat()
        if os.name == "posix" and (
            etat.st_uid != os.getuid() or etat.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        ):
            return None
    octets = fichier.read_bytes()
    somme, corps = octets[:_SOMME], octets[_SOMME:]
    return corps if hashlib.sha256(corps).digest() == somme else None


def _garder(fichier: Path, corps: bytes) -> None:
    fichier.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descripteur, provisoire = tempfile.mkstemp(dir=fichier.parent)
    try:
        with os.fdopen(descripteur, "wb") as flux:
            flux.write(hashlib.sha256(corps).digest() + corps)
        Path(provisoire).replace(fichier)
    except OSError:
        Path(provisoire).unlink(missing_ok=True)
        raise
