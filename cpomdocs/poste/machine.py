"""Ce poste : son système, l’interpréteur à lancer d’un bouton, ses répertoires."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SANS_CONSOLE = "pythonw.exe"


@dataclass(frozen=True)
class Machine:
    """Un poste : système (`sys.platform`), répertoire personnel, variables, interpréteur."""

    systeme: str
    personnel: Path
    variables: Mapping[str, str]
    python: Path

    @classmethod
    def actuelle(cls) -> Machine:
        """Celle où tourne ce programme."""
        return cls(sys.platform, Path.home(), os.environ, Path(sys.executable))

    @property
    def interpreteur(self) -> str:
        """L’interpréteur qu’un bouton lance : sous Windows, celui qui n’ouvre pas de console."""
        muet = self.python.with_name(SANS_CONSOLE)
        return str(muet if self.systeme == "win32" and muet.is_file() else self.python)
