"""De petits dossiers sur disque, entiers et visibles dans le test qui les emploie."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.identite import Etablissement, Gestionnaire
from cpomdocs.modeles.entites.parametres import Parametres

RACINE = Path(__file__).parents[1]
REELS = RACINE.parent / "shared" / "reels"
exige_les_reels = pytest.mark.skipif(
    not REELS.is_dir(), reason="les formulaires réels ne sont pas sur cette machine"
)
exige_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice n’est pas installé"
)


def un_gabarit_excel(cellules: dict[str, Any] | None = None, feuille: str = "Fiche") -> bytes:
    """Un classeur d’une feuille, ces cellules remplies."""
    livre = openpyxl.Workbook()
    page = livre.active
    page.title = feuille
    for adresse, valeur in (cellules or {"A1": "FINESS", "A2": "Nom", "A3": "Capacité"}).items():
        page[adresse] = valeur
    tampon = io.BytesIO()
    livre.save(tampon)
    return tampon.getvalue()


def poser_formulaire(
    dossier: Path, nom: str, suite: str, gabarit: bytes | None = None, **entete: str
) -> Path:
    """Pose `gabarits/<nom>` dans le dossier : un gabarit et sa correspondance, dont `suite` est la fin."""
    octets = un_gabarit_excel() if gabarit is None else gabarit
    fichier = entete.pop("fichier", f"{nom}.xlsx")
    lignes = {
        "nom": f'"{nom}"',
        "libelle": f'"Formulaire {nom}"',
        "autorite": '"Autorité fictive"',
        "gabarit": f'"{fichier}"',
        "empreinte": f'"sha256:{hashlib.sha256(octets).hexdigest()}"',
        "sortie": '"{code}_' + nom + Path(fichier).suffix + '"',
        **entete,
    }
    repertoire = dossier / "gabarits" / nom
    repertoire.mkdir(parents=True, exist_ok=True)
    (repertoire / fichier).write_bytes(octets)
    texte = "[formulaire]\n" + "\n".join(f"{cle} = {valeur}" for cle, valeur in lignes.items()) + "\n" + suite
    (repertoire / "correspondance.toml").write_text(texte, encoding="utf-8")
    return repertoire


def poser_classeur(dossier: Path, donnees: Dossier) -> Path:
    """Écrit le classeur maître du dossier."""
    dossier.mkdir(parents=True, exist_ok=True)
    chemin = dossier / "classeur-maitre.xlsx"
    with chemin.open("wb") as flux:
        ecrire_classeur(flux, donnees, [])
    return chemin


def des_donnees(*etablissements: Etablissement, **collections: Any) -> Dossier:
    """Un dossier en mémoire, N = 2026."""
    return Dossier(
        parametres=Parametres(annee_n=2026),
        gestionnaire=Gestionnaire(raison_sociale="Association fictive", finess_ej="990000014"),
        etablissements=list(etablissements),
        **collections,
    )


def convertir(fichier: Path, vers: str, sortie: Path) -> Path:
    """Convertit par LibreOffice, dans un profil jetable ; rend le fichier produit."""
    profil = sortie / "profil"
    commande = ["soffice", f"-env:UserInstallation={profil.as_uri()}", "--headless", "--convert-to", vers]
    subprocess.run(
        [*commande, "--outdir", str(sortie), str(fichier)], check=True, capture_output=True, timeout=180
    )
    return sortie / f"{fichier.stem}.{vers.split(':')[0]}"
