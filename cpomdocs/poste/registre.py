"""Le registre de Windows, lu seulement ; vide ailleurs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

Valeur = str | int


class Registre(Protocol):
    """Les valeurs d’une clé et les noms de ses sous-clés ; une clé commence par HKCU, HKLM ou HKCR."""

    def valeur(self, cle: str, nom: str = "") -> Valeur | None:
        """La valeur de ce nom, ou `None`."""

    def sous_cles(self, cle: str) -> list[str]:
        """Les noms des sous-clés ; aucune si la clé n’existe pas."""


class RegistreFixe:
    """Des valeurs connues d’avance : celles d’un poste qui n’est pas sous Windows, où il n’y en a aucune."""

    def __init__(self, cles: Mapping[str, Mapping[str, Valeur]] | None = None) -> None:
        self._cles = cles or {}

    def valeur(self, cle: str, nom: str = "") -> Valeur | None:
        """La valeur de ce nom, ou `None`."""
        return self._cles.get(cle, {}).get(nom)

    def sous_cles(self, cle: str) -> list[str]:
        """Les noms des sous-clés directes."""
        suites = (connue.removeprefix(f"{cle}\\") for connue in self._cles if connue.startswith(f"{cle}\\"))
        return list(dict.fromkeys(suite.split("\\")[0] for suite in suites))


if sys.platform == "win32":
    import winreg

    _RACINES = {
        "HKCU": winreg.HKEY_CURRENT_USER,
        "HKLM": winreg.HKEY_LOCAL_MACHINE,
        "HKCR": winreg.HKEY_CLASSES_ROOT,
    }

    class _RegistreWindows:
        """Celui de Windows ; ce qui ne se lit pas n’existe pas."""

        def valeur(self, cle: str, nom: str = "") -> Valeur | None:
            """La valeur de ce nom, ou `None`."""
            with suppress(OSError), _ouvrir(cle) as ouverte:
                lue = winreg.QueryValueEx(ouverte, nom)[0]
                return lue if isinstance(lue, str | int) else None
            return None

        def sous_cles(self, cle: str) -> list[str]:
            """Les noms des sous-clés directes."""
            with suppress(OSError), _ouvrir(cle) as ouverte:
                return [winreg.EnumKey(ouverte, rang) for rang in range(winreg.QueryInfoKey(ouverte)[0])]
            return []

    def _ouvrir(cle: str) -> winreg.HKEYType:
        racine, _, chemin = cle.partition("\\")
        return winreg.OpenKey(_RACINES[racine], chemin)

    def registre_du_poste() -> Registre:
        """Le registre de ce poste."""
        return _RegistreWindows()

else:

    def registre_du_poste() -> Registre:
        """Le registre de ce poste : vide, hors de Windows."""
        return RegistreFixe()
