"""LibreOffice, quand il est installé : convertir des fichiers par lots, sans macro ni accès au réseau."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path

_PROGRAMMES = (
    "soffice",
    "libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_PAS = 0.1
LOT = 20
"""Documents convertis par un même démarrage de LibreOffice."""
DELAI = 120.0
"""Secondes laissées à chaque document."""

Reglages = Mapping[tuple[str, str], str]
"""Réglages de LibreOffice : (nœud du registre, propriété) → valeur."""

_PRUDENCE: Reglages = {
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("/org.openoffice.Office.Writer/Content/Update", "Link"): "0",
    ("/org.openoffice.Office.Calc/Content/Update", "Link"): "1",
}
"""Ni macro, ni image ou lien pris au dehors : les fichiers des autorités ne sont pas de confiance."""


def programme() -> str | None:
    """Le programme de LibreOffice, s’il est installé."""
    return next((trouve for nom in _PROGRAMMES if (trouve := shutil.which(nom))), None)


def convertir(
    soffice: str,
    fichiers: Sequence[Path],
    vers: str,
    sortie: Path,
    *,
    langue: str = "fr-FR",
    reglages: Reglages | None = None,
    delai: float = DELAI,
) -> Iterator[tuple[Path, Path | None]]:
    """Convertit les fichiers (aux noms tous différents) dans `sortie`, et rend chacun avec son résultat.

    `vers` : l’extension voulue. Le résultat est `None` quand LibreOffice refuse le fichier, s’arrête dessus,
    ou y passe plus de `delai` secondes ; les autres fichiers sont convertis quand même.
    """
    with _profil(langue, {**_PRUDENCE, **(reglages or {})}) as profil:
        lots = [list(fichiers[debut : debut + LOT]) for debut in range(0, len(fichiers), LOT)]
        while lots:
            lot = lots.pop(0)
            bloque = _convertir_lot(soffice, profil, lot, vers, sortie, delai)
            rendus = {source: _resultat(source, vers, sortie) for source in lot}
            yield from ((source, rendu) for source, rendu in rendus.items() if rendu.is_file())
            manquants = [source for source, rendu in rendus.items() if not rendu.is_file()]
            if manquants and (bloque or len(lot) == 1):
                yield manquants.pop(0), None
            lots[:0] = [manquants] if bloque and manquants else [[source] for source in manquants]


def _convertir_lot(
    soffice: str, profil: Path, lot: Sequence[Path], vers: str, sortie: Path, delai: float
) -> bool:
    """Convertit un lot, dans l’ordre ; vrai si le premier fichier sans résultat a bloqué LibreOffice."""
    commande = [soffice, f"-env:UserInstallation={profil.as_uri()}", "--headless", "--norestore"]
    commande += ["--convert-to", vers, "--outdir", str(sortie), *map(str, lot)]
    muet = subprocess.DEVNULL
    procede = subprocess.Popen(commande, stdin=muet, stdout=muet, stderr=muet, start_new_session=True)
    try:
        vus, echeance = 0, time.monotonic() + delai
        while procede.poll() is None:
            faits = sum(_resultat(source, vers, sortie).is_file() for source in lot)
            if faits > vus:
                vus, echeance = faits, time.monotonic() + delai
            if time.monotonic() > echeance:
                return True
            time.sleep(_PAS)
        return False
    finally:
        _arreter(procede)


def _arreter(procede: subprocess.Popen[bytes]) -> None:
    """Arrête LibreOffice et les programmes qu’il a lancés."""
    if procede.poll() is not None:
        return
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(procede.pid)], capture_output=True, check=False)
    else:
        os.killpg(procede.pid, signal.SIGKILL)
    procede.wait()


def _resultat(source: Path, vers: str, sortie: Path) -> Path:
    return sortie / f"{source.stem}.{vers}"


@contextmanager
def _profil(langue: str, reglages: Reglages) -> Iterator[Path]:
    """Un profil jetable : celui de la personne, et son LibreOffice ouvert, ne sont pas touchés."""
    tous = {("/org.openoffice.Setup/L10N", "ooSetupSystemLocale"): langue, **reglages}
    elements = "".join(
        f'<item oor:path="{escape(noeud)}"><prop oor:name="{escape(nom)}" oor:op="fuse">'
        f"<value>{valeur}</value></prop></item>"
        for (noeud, nom), valeur in tous.items()
    )
    registre = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as provisoire:
        profil = Path(provisoire)
        (profil / "user").mkdir()
        fichier = profil / "user" / "registrymodifications.xcu"
        fichier.write_text(f"{registre}{elements}</oor:items>", encoding="utf-8")
        yield profil
