"""Un bureau à part pour les essais : écran virtuel, gestionnaire de fenêtres, LibreOffice, souris."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PYTHON_DU_SYSTEME = "/usr/bin/python3"
_PROGRAMMES = ("soffice", "Xvfb", "openbox", "xdotool", PYTHON_DU_SYSTEME)
_REGLAGES: Mapping[tuple[str, str], str] = {
    ("Office.Common/Misc", "FirstRun"): "false",
    ("Office.Common/Misc", "ShowTipOfTheDay"): "false",
    ("Office.Common/Save/Document", "WarnAlienFormat"): "false",
    ("Office.Common/Save/Document", "AutoSave"): "false",
    ("Setup/Product", "ooSetupLastVersion"): "99.0",
}
AUTORISEES: Mapping[tuple[str, str], str] = {("Office.Common/Security/Scripting", "MacroSecurityLevel"): "0"}
INTERDITES: Mapping[tuple[str, str], str] = {
    ("Office.Common/Security/Scripting", "MacroSecurityLevel"): "0",
    ("Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
}


def manque() -> str | None:
    """Ce qui manque à cette machine pour un clic réel, ou rien."""
    absents = [nom for nom in _PROGRAMMES if shutil.which(nom) is None]
    if absents:
        return f"il manque {', '.join(absents)}"
    essai = subprocess.run([PYTHON_DU_SYSTEME, "-c", "import uno"], capture_output=True)
    return None if essai.returncode == 0 else "il manque python3-uno"


class Ecran:
    """Le bureau ouvert sur un classeur."""

    def __init__(self, environnement: Mapping[str, str], uno: subprocess.Popen[str]) -> None:
        self.environnement = environnement
        self._uno = uno

    def demander(self, geste: str, *arguments: str) -> Any:
        """Pose une question au LibreOffice ouvert (voir `dialogue_uno.py`)."""
        assert self._uno.stdin and self._uno.stdout
        self._uno.stdin.write(json.dumps([geste, *arguments]) + "\n")
        self._uno.stdin.flush()
        reponse = json.loads(self._uno.stdout.readline())
        assert "erreur" not in reponse, reponse
        return reponse["rendu"]

    def cliquer(self, legende: str) -> None:
        """Un vrai clic de souris sur le bouton de cette légende."""
        place = attendre(lambda: self.demander("bouton", legende), 20)
        assert place, f"bouton « {legende} » introuvable"
        self.xdotool("mousemove", *(str(n) for n in place))
        time.sleep(0.2)
        self.xdotool("click", "1")

    def message(self, delai: float = 90) -> str | None:
        """Le texte de la boîte que la macro montre, une fois là ; puis la ferme au clavier."""
        if not attendre(lambda: self.xdotool("search", "--onlyvisible", "--name", "^cpomdocs$"), delai):
            return None
        textes = attendre(lambda: self.demander("dialogue"), 5) or []
        self.xdotool("key", "Return")
        attendre(lambda: not self.xdotool("search", "--onlyvisible", "--name", "^cpomdocs$"), 5)
        return next((texte for texte in textes if texte not in ("cpomdocs", "OK")), "")

    def xdotool(self, *arguments: str) -> str:
        """Une commande de xdotool ; rend ce qu’elle dit."""
        fait = subprocess.run(
            ["xdotool", *arguments], env=self.environnement, capture_output=True, text=True, timeout=20
        )
        return fait.stdout.strip()


def attendre(condition: Any, delai: float) -> Any:
    """Ce que rend la condition dès qu’elle est vraie ; sa dernière valeur au bout du délai, en secondes."""
    limite = time.monotonic() + delai
    while not (valeur := condition()) and time.monotonic() < limite:
        time.sleep(0.2)
    return valeur


@contextmanager
def bureau(
    classeur: Path, profil: Path, macros: Mapping[tuple[str, str], str], chemin: str = ""
) -> Iterator[Ecran]:
    """Ouvre le classeur dans un LibreOffice neuf, à l’écran. `chemin` : à mettre en tête de PATH."""
    _ecrire_profil(profil, {**_REGLAGES, **macros})
    lances: list[subprocess.Popen[Any]] = []
    lecture, ecriture = os.pipe()
    try:
        xvfb = ["Xvfb", "-displayfd", str(ecriture), "-screen", "0", "1500x950x24", "-nolisten", "tcp"]
        lances.append(_lancer(xvfb, pass_fds=[ecriture]))
        os.close(ecriture)
        numero = os.read(lecture, 20).decode().strip()
        environnement = {**os.environ, "DISPLAY": f":{numero}", "SAL_USE_VCLPLUGIN": "gen", "LANG": "C.UTF-8"}
        if chemin:
            environnement["PATH"] = f"{chemin}:{environnement['PATH']}"
        lances.append(_lancer(["openbox"], env=environnement))
        tuyau = f"cpomdocs-{os.getpid()}-{numero}"
        soffice = ["soffice", f"-env:UserInstallation={profil.as_uri()}", "--norestore", "--nologo"]
        lances.append(
            _lancer([*soffice, f"--accept=pipe,name={tuyau};urp;", str(classeur)], env=environnement)
        )
        uno = subprocess.Popen(
            [PYTHON_DU_SYSTEME, str(Path(__file__).with_name("dialogue_uno.py")), tuyau],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        lances.append(uno)
        ecran = Ecran(environnement, uno)
        ecran.demander("document_pret")
        yield ecran
        ecran.demander("fermer")
    finally:
        os.close(lecture)
        for lance in reversed(lances):
            _arreter(lance)


def _lancer(commande: list[str], **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **options
    )


def _arreter(lance: subprocess.Popen[Any]) -> None:
    """Arrête un programme lancé ici, et ceux qu’il a lancés."""
    for flux in (lance.stdin, lance.stdout):
        if flux:
            flux.close()
    lance.terminate()
    try:
        lance.wait(10)
    except subprocess.TimeoutExpired:
        lance.kill()
        lance.wait(10)


def _ecrire_profil(profil: Path, reglages: Mapping[tuple[str, str], str]) -> None:
    elements = "".join(
        f'<item oor:path="/org.openoffice.{noeud}"><prop oor:name="{nom}" oor:op="fuse">'
        f"<value>{valeur}</value></prop></item>"
        for (noeud, nom), valeur in reglages.items()
    )
    (profil / "user").mkdir(parents=True)
    (profil / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{elements}</oor:items>",
        encoding="utf-8",
    )
