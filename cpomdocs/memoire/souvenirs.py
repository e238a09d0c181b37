"""Retenir ce qu’un calcul a lu et rendu, pour ne pas le refaire tant que rien de tout cela ne change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter

from cpomdocs.ecriture.etat import Etat
from cpomdocs.memoire.empreintes import Empreintes
from cpomdocs.modeles.observation import Repere, Reperes
from cpomdocs.rapport import Anomalie

_LOT = 200
"""Souvenirs retenus avant d’être écrits ensemble : chacun coûterait une attente du disque."""
_ANOMALIES = TypeAdapter(list[Anomalie])


class Memoire:
    """Les souvenirs d’un dossier, devant ce que le classeur maître dit aujourd’hui.

    `lecture_seule` : ne rien retenir. Un souvenir perdu ou illisible se recalcule.
    """

    def __init__(self, etat: Etat, empreintes: Empreintes, *, lecture_seule: bool = False) -> None:
        self._etat = etat
        self._empreintes = empreintes
        self._lecture_seule = lecture_seule
        self._nouveaux: dict[str, bytes] = {}

    def relire(self, cle: str, cadre: str) -> Any | None:
        """Ce qu’un calcul a rendu, si le même cadre et les mêmes données le rendraient encore."""
        contenu = self._nouveaux.get(cle) or self._etat.souvenir(cle)
        if contenu is None:
            return None
        try:
            ancien, valeurs, lieux, reperes, rendu = json.loads(contenu)
            lues = [Repere(*repere) for repere in reperes]
            if ancien != cadre or valeurs != self._empreintes.valeurs(lues):
                return None
            return rendu if lieux is None or lieux == self._empreintes.lieux(lues) else None
        except (ValueError, TypeError, KeyError):
            return None

    def retenir(self, cle: str, cadre: str, lues: Reperes, rendu: object, *, situe: bool) -> None:
        """Retient un calcul. `situe` : ce qu’il rend nomme des cellules du classeur maître."""
        if self._lecture_seule:
            return
        lieux = self._empreintes.lieux(lues) if situe else None
        souvenir = (cadre, self._empreintes.valeurs(lues), lieux, sorted(lues), rendu)
        self._nouveaux[cle] = json.dumps(souvenir, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if len(self._nouveaux) >= _LOT:
            self.enregistrer()

    def enregistrer(self) -> None:
        """Écrit ce qui a été retenu. Lève `ErreurEcriture` si le disque refuse."""
        if self._nouveaux:
            self._etat.memoriser(self._nouveaux.items())
            self._nouveaux = {}


def cadre_de(*parties: object) -> str:
    """L’empreinte de ce dont un calcul dépend en plus des données."""
    return sha256(repr(parties).encode("utf-8", "surrogatepass")).hexdigest()


def en_json(anomalies: Sequence[Anomalie]) -> list[dict[str, Any]]:
    """Les anomalies, telles qu’un souvenir les garde."""
    return [a.model_dump(mode="json", exclude_defaults=True) for a in anomalies]


def relire_anomalies(gardees: Sequence[dict[str, Any]]) -> list[Anomalie]:
    """Les anomalies d’un souvenir."""
    return _ANOMALIES.validate_python(gardees) if gardees else []
