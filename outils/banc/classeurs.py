"""Excel : nos rendus devant openpyxl, wolfxl et la copie du fichier."""

from __future__ import annotations

import datetime
import importlib.metadata
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import warnings
import zipfile
from functools import partial
from pathlib import Path

import openpyxl

from cpomdocs.certificat.verification import certifier
from cpomdocs.modeles.chemins import Valeur
from cpomdocs.modeles.types import Nature, Nom
from cpomdocs.remplissage.excel import GabaritExcel, preparer, remplir
from cpomdocs.saisies import CaseExcel, Saisie
from outils.banc.formes import Forme, grande, petite
from outils.banc.mesures import Action, alterner, memoire, millisecondes, rapport, tableau

OPENPYXL = "openpyxl : ouvrir, remplir, enregistrer"
PREPARE = "gabarit préparé : rendu en mémoire"
FICHIER = "gabarit préparé : rendu écrit dans un fichier"
COPIE = "copie du fichier"
UNIQUE = "remplissage unique, gabarit non préparé"
CERTIFICAT = "vérification de conformité (à part)"
WOLFXL = "wolfxl, modify=True"
_CIBLES = {"petit": (50, 10), "grand": (500, 30)}
_COPIES = 3


def mesurer(dossier: Path, fois: int) -> str:
    """Les tableaux des deux formulaires ; `dossier` reçoit les fichiers du banc.

    Ce qui dure des secondes se mesure moins de fois.
    """
    return "\n".join(
        [
            _mesurer_forme(petite(), dossier, (fois, fois), *_CIBLES["petit"]),
            _mesurer_forme(grande(), dossier, (fois, max(2, fois // 3)), *_CIBLES["grand"]),
        ]
    )


def _mesurer_forme(forme: Forme, dossier: Path, fois: tuple[int, int], cible: int, cible_unique: int) -> str:
    """Le tableau d’un formulaire. `fois` : tours des actions brèves, des longues."""
    source = dossier / "gabarit.xlsx"
    source.write_bytes(forme.octets)
    saisies = [_saisir(case, valeur) for case, valeur in forme.valeurs.items()]
    prepare = preparer(forme.octets)
    rempli = remplir(prepare, saisies)
    if rempli.refus or not _memes_valeurs(rempli.octets, forme):
        raise SystemExit(f"Le banc est faux : {forme.nom} n’est pas rempli comme prévu.")
    breves: dict[str, Action] = {
        PREPARE: partial(remplir, prepare, saisies),
        FICHIER: partial(_rendre_fichier, prepare, saisies, dossier / "rendu.xlsx"),
        COPIE: partial(_copier, source, dossier / "copie.xlsx"),
    }
    longues: dict[str, Action] = {
        OPENPYXL: partial(_remplir_openpyxl, forme),
        UNIQUE: lambda: remplir(preparer(forme.octets), saisies),
        CERTIFICAT: partial(certifier, "excel", forme.octets, rempli.octets, rempli.ecrites),
    }
    if importlib.util.find_spec("wolfxl"):
        longues[WOLFXL] = partial(_remplir_wolfxl, forme, source, dossier / "wolfxl.xlsx")
    durees = alterner(longues, fois[1]) | alterner(breves, fois[0])
    cibles = {
        PREPARE: f"≥ × {cible}",
        UNIQUE: f"≥ × {cible_unique}",
        FICHIER: f"≤ {_COPIES} copies ; {durees[FICHIER] / durees[COPIE]:.1f}".replace(".", ","),
    }
    lignes = [
        [nom, millisecondes(duree), rapport(durees[OPENPYXL], duree), cibles.get(nom, "")]
        for nom, duree in durees.items()
    ]
    if WOLFXL not in durees:
        lignes.append([WOLFXL, "sauté", "", "non installé : pip install -e .[banc]"])
    return tableau(f"Excel, {forme.nom}", ["", "processeur", "devant openpyxl", "cible"], lignes) + _memoires(
        forme, saisies, len(rempli.octets), dossier
    )


def _memoires(forme: Forme, saisies: list[Saisie], rendu: int, dossier: Path) -> str:
    """Ce que tiennent la préparation et un rendu, devant le fichier et devant son contenu décomprimé."""
    with zipfile.ZipFile(io.BytesIO(forme.octets)) as archive:
        contenu = sum(partie.file_size for partie in archive.infolist())
    prepare = preparer(forme.octets)
    remplir(prepare, saisies)
    unique = memoire(lambda: remplir(preparer(forme.octets), saisies))
    seul = memoire(lambda: remplir(prepare, saisies))
    reference = memoire(partial(_remplir_openpyxl, forme))
    taille = len(forme.octets)
    phrases = [
        f"fichier : {_ko(taille)}, {_ko(contenu)} décomprimé ; document rendu : {_ko(rendu)}",
        f"mémoire d’un rendu préparé : {_ko(seul)} ({_fois(seul, taille)} le fichier)",
        f"mémoire d’un remplissage unique : {_ko(unique)} ({_fois(unique, contenu)} le contenu décomprimé, "
        f"{_fois(unique, taille)} le fichier) ; openpyxl : {_ko(reference)}",
        *_memoire_du_processus(forme, dossier),
    ]
    return "\n\n" + "\n".join(f"- {phrase}" for phrase in phrases)


def _memoire_du_processus(forme: Forme, dossier: Path) -> list[str]:
    """Le même remplissage unique dans un processus neuf, vu du système : gabarit lu et document compris."""
    if not Path("/proc/self/status").exists():
        return []
    cases = {
        f"{feuille}!{cellule}": valeur if isinstance(valeur, str) else str(valeur)
        for (feuille, cellule), valeur in forme.valeurs.items()
        if not isinstance(valeur, datetime.date)
    }
    (dossier / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    commande = [sys.executable, "-m", "outils.banc.processus", str(dossier / "gabarit.xlsx")]
    commande.append(str(dossier / "cases.json"))
    octets = int(subprocess.run(commande, check=True, capture_output=True, text=True).stdout)
    return [
        f"mémoire ajoutée à un processus neuf, gabarit compris : {_ko(octets)} "
        f"({_fois(octets, len(forme.octets))} le fichier)"
    ]


def _ko(octets: int) -> str:
    return f"{octets / 1024:.0f} Ko"


def _fois(octets: int, reference: int) -> str:
    return f"{octets / reference:.1f} fois".replace(".", ",")


def _saisir(case: tuple[str, str], valeur: object) -> Saisie:
    nom: Nom = "montant"
    if isinstance(valeur, datetime.date):
        nom = "date"
    elif isinstance(valeur, str):
        nom = "texte"
    donnee = Valeur("banc.champ", "Champ du banc", Nature(nom), valeur, "renseigne")  # type: ignore[arg-type]
    return Saisie(CaseExcel(*case), donnee)


def _remplir_openpyxl(forme: Forme) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        classeur = openpyxl.load_workbook(io.BytesIO(forme.octets))
    for (feuille, cellule), valeur in forme.valeurs.items():
        classeur[feuille][cellule].value = valeur
    tampon = io.BytesIO()
    classeur.save(tampon)
    return tampon.getvalue()


def _remplir_wolfxl(forme: Forme, source: Path, cible: Path) -> None:
    import wolfxl

    classeur = wolfxl.load_workbook(source, modify=True)
    for (feuille, cellule), valeur in forme.valeurs.items():
        classeur[feuille][cellule] = valeur
    classeur.save(cible)


def _rendre_fichier(prepare: GabaritExcel, saisies: list[Saisie], cible: Path) -> None:
    """Dans un fichier neuf, comme la copie : vider l’ancien ferait attendre le disque."""
    cible.unlink(missing_ok=True)
    cible.write_bytes(remplir(prepare, saisies).octets)


def _copier(source: Path, cible: Path) -> None:
    cible.unlink(missing_ok=True)
    shutil.copyfile(source, cible)


def _memes_valeurs(octets: bytes, forme: Forme) -> bool:
    """Vrai si openpyxl relit dans notre document ce qu’il relit dans le sien."""
    nos, leurs = (openpyxl.load_workbook(io.BytesIO(o)) for o in (octets, _remplir_openpyxl(forme)))
    return all(nos[f][c].value == leurs[f][c].value for f, c in forme.valeurs)


def version_de_wolfxl() -> str:
    """La version de wolfxl, ou « absent »."""
    return importlib.metadata.version("wolfxl") if importlib.util.find_spec("wolfxl") else "absent"
