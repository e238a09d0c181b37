"""LibreOffice, référence indépendante : il recalcule un gabarit qui ne garde aucun résultat d’Excel."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cpomdocs.recalcul.formules import inventorier
from cpomdocs.recalcul.moteur import Lieu, MoteurEnEchec, Resultat

_DELAI = 120
_PROGRAMMES = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_REGLAGES = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{langue}</value></prop></item>
</oor:items>
"""
"""Recalculer toujours, dans la langue du formulaire : par défaut il garde les résultats d’Excel."""


def programme() -> str | None:
    """Le programme de LibreOffice, s’il est installé."""
    return next((trouve for nom in _PROGRAMMES if (trouve := shutil.which(nom))), None)


def recalculer(octets: bytes, lieux: Iterable[Lieu], langue: str) -> dict[Lieu, Resultat]:
    """Les résultats de ces cellules selon LibreOffice. Lève `MoteurEnEchec` s’il n’y arrive pas."""
    soffice = programme()
    if soffice is None:
        raise MoteurEnEchec("LibreOffice n’est pas installé.")
    with tempfile.TemporaryDirectory() as provisoire:
        dossier = Path(provisoire)
        profil = dossier / "profil"
        (profil / "user").mkdir(parents=True)
        reglages = _REGLAGES.format(langue=langue)
        (profil / "user" / "registrymodifications.xcu").write_text(reglages, encoding="utf-8")
        source = dossier / "gabarit.xlsx"
        source.write_bytes(octets)
        commande = [soffice, f"-env:UserInstallation={profil.as_uri()}", "--headless", "--convert-to", "xlsx"]
        commande += ["--outdir", str(dossier / "sortie"), str(source)]
        try:
            subprocess.run(commande, check=True, capture_output=True, timeout=_DELAI)
            rendu = (dossier / "sortie" / source.name).read_bytes()
        except (OSError, subprocess.SubprocessError) as erreur:
            raise MoteurEnEchec("LibreOffice n’a pas su recalculer ce classeur.") from erreur
    return inventorier(rendu, "classeur recalculé").resultats_de(lieux)
