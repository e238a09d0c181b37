"""Les durées de la veille : se plaindre tard, retenter de moins en moins vite."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Delais:
    """Les durées de la veille, en secondes.

    `calme` : sans changement avant d’agir ; `pas` : entre deux relevés pendant ce calme ; `ronde` : entre
    deux relevés quand rien ne bouge ; `sondage` : de même, sans événements du système ; `patience` : avant de
    dire qu’un fichier reste illisible ; `reprise` : avant de retenter ce qui a échoué, doublée à chaque échec
    jusqu’à `reprise_maximale` ; `pouls` : entre deux lignes « en veille » au journal.
    """

    calme: float = 0.2
    pas: float = 0.1
    ronde: float = 2.0
    sondage: float = 1.0
    patience: float = 10.0
    reprise: float = 5.0
    reprise_maximale: float = 60.0
    pouls: float = 600.0


class Plainte:
    """Ce qui empêche de travailler, dit après `patience` secondes et une seule fois."""

    def __init__(self, delais: Delais) -> None:
        self._delais = delais
        self._depuis: float | None = None
        self._dite = ""

    def avancer(self, phrase: str) -> bool:
        """Note que cela dure ; vrai s’il est temps de le dire."""
        maintenant = time.monotonic()
        if self._depuis is None:
            self._depuis = maintenant
        if maintenant - self._depuis < self._delais.patience or phrase == self._dite:
            return False
        self._dite = phrase
        return True

    def lever(self) -> bool:
        """Tout va bien ; vrai si une plainte avait été dite."""
        dite = bool(self._dite)
        self._depuis, self._dite = None, ""
        return dite

    def attente(self) -> float:
        """Secondes avant de réessayer : peu d’abord, puis une ronde."""
        if self._depuis is None:
            return self._delais.ronde
        return min(self._delais.ronde, max(self._delais.pas, (time.monotonic() - self._depuis) / 4))


class Reprise:
    """Ce qui a été empêché (document ouvert ailleurs, dossier occupé) et sera retenté."""

    def __init__(self, delais: Delais) -> None:
        self._delais = delais
        self._echecs = 0
        self._echeance: float | None = None

    def prevoir(self, utile: bool) -> None:
        """Fixe la prochaine tentative, ou l’annule si tout a réussi."""
        self._echecs = self._echecs + 1 if utile else 0
        delai = min(self._delais.reprise * 2 ** min(self._echecs - 1, 16), self._delais.reprise_maximale)
        self._echeance = time.monotonic() + delai if utile else None

    def est_due(self) -> bool:
        """Vrai s’il est temps de retenter."""
        return self._echeance is not None and time.monotonic() >= self._echeance

    def attente(self) -> float:
        """Secondes avant la prochaine tentative ; une ronde s’il n’y en a pas, ou si elle est due."""
        reste = 0.0 if self._echeance is None else self._echeance - time.monotonic()
        return reste if reste > 0 else self._delais.ronde
