"""Le moteur formulon (Apache-2.0), appelé par son interface C dans une machine neuve par classeur.

Son enveloppe Python n’est pas employée : elle compile le module à chaque démarrage, n’a qu’une machine pour
tous les classeurs, et ne borne ni la durée ni la mémoire.
"""

from __future__ import annotations

import datetime
import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from cpomdocs.office.valeurs import CodeErreur
from cpomdocs.recalcul.moteur import Lieu, Moteur, MoteurEnEchec, Resultat

if TYPE_CHECKING:
    from cpomdocs.recalcul.wasm import Machine, Usine

DELAI = 60.0
"""Secondes accordées au calcul d’un classeur."""
PASSES = 8
"""Le moteur ordonne mal les formules qui lisent un tableau par son nom : on recalcule jusqu’à stabilité."""
_TAMPON = 64
_NOMBRE, _BOOLEEN, _TEXTE, _ERREUR = 1, 2, 3, 4
_ERREURS = (
    *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"),
    *("#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#EXTERNAL!", "#BUSY!", "#PYTHON!"),
)
_PROFONDEUR = 1_000_000


class Formulon:
    """Le moteur, prêt à calculer."""

    def __init__(self, usine: Usine, version: str) -> None:
        self._usine = usine
        self.identite = f"formulon {version}"

    def calculer(
        self, octets: bytes, lieux: Sequence[Lieu], langue: str, maintenant: datetime.datetime
    ) -> SeanceFormulon:
        """Voir `Moteur.calculer`."""
        machine = self._usine.machine(DELAI)
        with machine.minuter():
            return SeanceFormulon(machine, octets, lieux, langue, maintenant)


class SeanceFormulon:
    """Un classeur chargé et calculé dans sa machine."""

    def __init__(
        self,
        machine: Machine,
        octets: bytes,
        lieux: Sequence[Lieu],
        langue: str,
        maintenant: datetime.datetime,
    ) -> None:
        self._machine = machine
        self._tampon = machine.reserver(_TAMPON)
        source = machine.deposer(octets)
        self._executer("fm_workbook_load", source, len(octets), self._tampon)
        self._classeur = machine.entier(self._tampon)
        machine.appeler("free", source)
        instant = struct.pack("<6i", *maintenant.timetuple()[:6])
        machine.ecrire(self._tampon, instant)
        self._executer("fm_workbook_set_pinned_now", self._classeur, self._tampon)
        self._rangs = self._lire_feuilles()
        self.resultats: Mapping[Lieu, Resultat] = {}
        self.instables: frozenset[Lieu] = frozenset()
        self._stabiliser([lieu for lieu in lieux if lieu.feuille in self._rangs], langue)

    def etendue(self, lieu: Lieu) -> tuple[int, int] | None:
        """Voir `Seance.etendue`."""
        place = (self._rangs[lieu.feuille], lieu.ligne - 1, lieu.colonne - 1)
        with self._machine.minuter():
            self._executer("fm_workbook_spill_info", self._classeur, *place, self._tampon)
        _, _, lignes, colonnes, engagee = struct.unpack("<5I", self._machine.lire(self._tampon, 20))
        return (lignes, colonnes) if engagee else None

    def dependantes(self, lieux: Iterable[Lieu]) -> set[Lieu]:
        """Voir `Seance.dependantes`."""
        depart = set(lieux)
        noms = {rang: nom for nom, rang in self._rangs.items()}
        trouves: set[Lieu] = set()
        with self._machine.minuter():
            for lieu in sorted(depart):
                if lieu.feuille in self._rangs and lieu not in trouves:
                    trouves |= self._suivre(lieu, noms)
        return trouves - depart

    def _suivre(self, lieu: Lieu, noms: Mapping[int, str]) -> set[Lieu]:
        place = (self._rangs[lieu.feuille], lieu.ligne - 1, lieu.colonne - 1)
        self._executer("fm_workbook_dependents", self._classeur, *place, _PROFONDEUR, self._tampon)
        liste = self._machine.entier(self._tampon)
        suivants = set()
        for rang in range(self._machine.appeler("fm_cell_nodes_count", liste)):
            self._executer("fm_cell_nodes_at", liste, rang, self._tampon)
            feuille, ligne, colonne = struct.unpack("<3I", self._machine.lire(self._tampon, 12))
            suivants.add(Lieu(noms[feuille], ligne + 1, colonne + 1))
        self._machine.appeler("fm_cell_nodes_destroy", liste)
        return suivants

    def _lire_feuilles(self) -> dict[str, int]:
        rangs = {}
        for rang in range(self._machine.appeler("fm_workbook_sheet_count", self._classeur)):
            self._executer("fm_workbook_sheet_name", self._classeur, rang, self._tampon)
            rangs[self._machine.texte(self._machine.entier(self._tampon))] = rang
        return rangs

    def _stabiliser(self, lieux: Sequence[Lieu], langue: str) -> None:
        """Calcule jusqu’à ce que deux calculs complets donnent les mêmes résultats."""
        for _ in range(PASSES):
            self._parler(langue)
            self._executer("fm_workbook_recalc", self._classeur)
            nouveaux = {lieu: self._lire(lieu) for lieu in lieux}
            avant, self.resultats = self.resultats, nouveaux
            self.instables = frozenset(x for x in lieux if x not in avant or avant[x] != nouveaux[x])
            if not self.instables:
                return

    def _parler(self, langue: str) -> None:
        """Règle la langue ; en changer oblige le moteur à tout recalculer."""
        for profil in ("mac-365-ja_JP", f"win-365-{langue.replace('-', '_')}"):
            nom = self._machine.deposer(profil.encode() + b"\0")
            etat = self._machine.appeler("fm_workbook_set_excel_profile_id", self._classeur, nom)
            self._machine.appeler("free", nom)
            if etat != 0:
                raise MoteurEnEchec(f"Le moteur de calcul ne connaît pas la langue « {langue} ».")

    def _lire(self, lieu: Lieu) -> Resultat:
        place = (self._rangs[lieu.feuille], lieu.ligne - 1, lieu.colonne - 1)
        self._executer("fm_workbook_get_value", self._classeur, *place, self._tampon)
        octets = self._machine.lire(self._tampon, 16)
        (genre,) = struct.unpack_from("<i", octets)
        if genre == _NOMBRE:
            (nombre,) = struct.unpack_from("<d", octets, 8)
            return float(nombre) if math.isfinite(nombre) else None
        (brut,) = struct.unpack_from("<I", octets, 8)
        if genre == _TEXTE:
            return self._machine.texte(brut)
        if genre == _BOOLEEN:
            return bool(brut)
        if genre == _ERREUR:
            return CodeErreur(_ERREURS[brut] if brut < len(_ERREURS) else "#UNKNOWN!")
        return None

    def _executer(self, nom: str, *arguments: int) -> None:
        """Appelle une fonction qui rend un état. Lève `MoteurEnEchec` s’il n’est pas bon."""
        if self._machine.appeler(nom, *arguments) != 0:
            detail = self._machine.texte(self._machine.appeler("fm_last_error_message"))
            raise MoteurEnEchec(f"Le moteur de calcul refuse ce classeur ({detail or nom}).")


@lru_cache(maxsize=1)
def charger() -> Moteur | None:
    """Le moteur ; `None` s’il n’est pas installé ou ne démarre pas sur cette machine."""
    trouve = (
        util.find_spec("formulon") if util.find_spec("wasmtime") and util.find_spec("platformdirs") else None
    )
    lieux = (trouve.submodule_search_locations if trouve else None) or ()
    fichiers = [Path(lieu) / "_wasm" / "formulon_capi.wasm" for lieu in lieux]
    present = next((fichier for fichier in fichiers if fichier.is_file()), None)
    if present is None:
        return None
    version = metadata.version("formulon")
    try:
        from cpomdocs.recalcul.wasm import Usine

        return Formulon(Usine(present.read_bytes(), f"formulon-{version}"), version)
    except (ImportError, OSError, MoteurEnEchec):
        return None
