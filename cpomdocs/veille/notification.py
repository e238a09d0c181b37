"""La notification du bureau, là où le système en a une. Elle n’attend rien et n’échoue jamais."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading

_TITRE = "cpomdocs"
_DELAI = 15.0
_APPLESCRIPT = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"
_POWERSHELL = """\
$null = [Windows.UI.Notifications.ToastNotificationManager, `
    Windows.UI.Notifications, ContentType = WindowsRuntime]
$modele = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent('ToastText02')
$textes = $modele.GetElementsByTagName('text')
$null = $textes.Item(0).AppendChild($modele.CreateTextNode($env:CPOMDOCS_TITRE))
$null = $textes.Item(1).AppendChild($modele.CreateTextNode($env:CPOMDOCS_TEXTE))
$application = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$bulle = [Windows.UI.Notifications.ToastNotification]::new($modele)
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($application).Show($bulle)
"""


def notifier(texte: str) -> None:
    """Montre une bulle, sans attendre ; ne fait rien là où il n’y a pas de bureau."""
    commande = _commande(texte)
    if commande is not None:
        threading.Thread(target=_lancer, args=(commande, texte), daemon=True).start()


def _commande(texte: str) -> list[str] | None:
    """La commande du système ; le texte y est un argument ou une variable, jamais du programme."""
    if sys.platform == "win32":
        programme = shutil.which("powershell")
        options = ["-NoProfile", "-NonInteractive", "-WindowStyle", "Hidden", "-Command", _POWERSHELL]
        return [programme, *options] if programme else None
    if sys.platform == "darwin":
        programme = shutil.which("osascript")
        return [programme, "-e", _APPLESCRIPT, _TITRE, texte] if programme else None
    programme = shutil.which("notify-send")
    bureau = any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"))
    return [programme, "--app-name", _TITRE, "--", _TITRE, texte] if programme and bureau else None


def _lancer(commande: list[str], texte: str) -> None:
    milieu = {**os.environ, "CPOMDOCS_TITRE": _TITRE, "CPOMDOCS_TEXTE": texte}
    fenetre = 0
    if sys.platform == "win32":
        fenetre = subprocess.CREATE_NO_WINDOW
    muet = subprocess.DEVNULL
    try:
        subprocess.run(
            commande, env=milieu, stdin=muet, stdout=muet, stderr=muet, timeout=_DELAI, check=False,
            creationflags=fenetre,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return
