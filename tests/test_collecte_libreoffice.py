"""Huit établissements répondent avec LibreOffice, de trois manières : tout revient, rien d’autre ne bouge."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from collectes import envoyer, le_maitre, recevoir, un_dossier
from fabriques import exige_libreoffice

from cpomdocs.collecte.avancement import part_collectee

CODES = ("EHPAD1", "EHPAD2", "IME", "ITEP", "MAS", "ESAT", "SAVS", "SESSAD")
MANIERES = ("valeurs", "plages", "colonnes")


def interprete_de_libreoffice() -> str | None:
    """Un Python qui connaît « uno » : celui-ci, celui du système, ou celui de LibreOffice."""
    soffice = shutil.which("soffice")
    voisin = Path(soffice).resolve().with_name("python") if soffice else Path()
    for candidat in (sys.executable, "/usr/bin/python3", str(voisin)):
        if Path(candidat).is_file():
            essai = subprocess.run([candidat, "-c", "import uno"], capture_output=True, check=False)
            if essai.returncode == 0:
                return candidat
    return None


def remplir(travaux: list[dict[str, object]]) -> None:
    """Ouvre LibreOffice une fois, et lui fait remplir tous ces classeurs."""
    python = interprete_de_libreoffice()
    if python is None:
        pytest.skip("aucun Python de cette machine ne connaît « uno » (paquet python3-uno)")
    with tempfile.TemporaryDirectory() as profil:
        canal = f"cpomdocs{Path(profil).name}"
        commande = ["soffice", f"-env:UserInstallation={Path(profil).as_uri()}", "--headless", "--norestore"]
        with subprocess.Popen(
            [*commande, f"--accept=pipe,name={canal};urp;"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as soffice:
            try:
                script = Path(__file__).with_name("remplir_libreoffice.py")
                subprocess.run(
                    [python, str(script), canal],
                    input=json.dumps(travaux),
                    text=True,
                    check=True,
                    timeout=240,
                )
                soffice.wait(timeout=60)
            finally:
                soffice.kill()


@exige_libreoffice
def test_huit_etablissements_repondent_de_trois_manieres(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path, *CODES)
    envois = envoyer(racine)
    attendues: dict[str, dict[int, int]] = {}
    travaux: list[dict[str, object]] = []
    for rang, (code, envoi) in enumerate(envois.items()):
        # lignes 1 à 4 d’« Activité » : 2025 connue, puis 2023, 2024 et 2026 que la part prépare
        attendues[code] = {ligne: 10_000 * (rang + 1) + ligne for ligne in range(1, 5)}
        activite = {
            str(ligne): {"Commentaire": f"de {code}", "Journées réalisées": valeur}
            for ligne, valeur in attendues[code].items()
        }
        constat = {
            "Axe": "RH",
            "Portée": "Spécifique",
            "Type de constat": "Faiblesse",
            "Constat": f"vu par {code}",
        }
        travaux.append(
            {
                "source": str(racine / envoi.fichier),
                "cible": str(racine / "collecte" / "retours" / f"{code} complété.xlsx"),
                "maniere": MANIERES[rang % 3],
                "valeurs": {
                    "Activité": activite,
                    "Constats": {"2": constat},
                    "Indicateurs RH": {"1": {"Départs": 1, "Recrutements": rang}},
                },
            }
        )
    remplir(travaux)
    bilan = recevoir(racine)
    assert sorted(r.part or "" for r in bilan.retours) == sorted(CODES)
    assert bilan.constats == []
    assert bilan.a_decider == len(CODES)  # un constat ajouté par chacun, proposé
    recevoir(racine)
    dossier = le_maitre(racine)
    for rang, code in enumerate(CODES):
        journees = [a.journees_realisees for a in dossier.lignes("activite", code)]
        assert sorted(journees) == sorted(attendues[code].values())
        assert {a.commentaire for a in dossier.lignes("activite", code)} == {f"de {code}"}
        constats = [c.texte for c in dossier.lignes("constats", code)]
        assert constats == [f"constat de {code}", f"vu par {code}"]
        assert dossier.lignes("rh_indicateurs", code)[0].recrutements == rang
        assert dossier.lignes("activite", code)[0].capacite_financee == 10
    collectee = part_collectee(racine)
    assert collectee is not None
    assert collectee.renseignees == collectee.attendues
    octets = (racine / "classeur-maitre.xlsx").read_bytes()
    assert (recevoir(racine).ecrites, (racine / "classeur-maitre.xlsx").read_bytes()) == (0, octets)
