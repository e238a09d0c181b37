"""L’échelle : un dossier de 5, 100 ou 1 000 établissements, devant la façon ordinaire de faire la même chose.

Chaque commande est un processus neuf, démarrage compris ; son temps de processeur et sa mémoire au plus haut
sont ceux que le système en dit.
"""

from __future__ import annotations

import io
import os
import shutil
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
from docxtpl import DocxTemplate

from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.demo import dossier_de_demonstration
from cpomdocs.formulaires.catalogue import charger_formulaires, repertoire_livre
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles import Dossier
from cpomdocs.modeles.base import Entite, infos
from cpomdocs.modeles.dossier import FICHES, SAISIES
from cpomdocs.office.adresses import ecrire_cellule
from cpomdocs.plan import DocumentPrevu, Projet, lister, prevoir
from cpomdocs.remplissage.croissance import lire_ajout
from cpomdocs.saisies import CaseExcel
from outils.banc.mesures import rapport, tableau

_INTERNES = "methode-*"
_ECHANTILLON = 4
"""Documents de chaque formulaire faits à la façon ordinaire ; le total s’en déduit."""

_PROGRAMME = """
import atexit, pathlib, sys
from cpomdocs.__main__ import principal
def dire():
    etat = pathlib.Path("/proc/self/status")
    lignes = etat.read_text().splitlines() if etat.is_file() else ["VmHWM: 0"]
    print(next(x.split()[1] for x in lignes if x.startswith("VmHWM")), file=sys.stderr)
atexit.register(dire)
principal()
"""


@dataclass(frozen=True)
class Mesure:
    """Ce qu’une commande a coûté : secondes de processeur, mégaoctets au plus haut."""

    processeur: float
    memoire: float


def mesurer(dossier: Path, fois: int, tailles: Sequence[int] = (5, 100), *, demarche: bool = False) -> str:
    """Un tableau par taille de dossier. `demarche` : avec les documents internes de la démarche."""
    return "\n".join(
        _mesurer_taille(dossier / f"echelle-{taille}", taille, fois, demarche) for taille in tailles
    )


def agrandir(etablissements: int) -> Dossier:
    """La démonstration, ses établissements répétés sous d’autres codes."""
    depart = dossier_de_demonstration()
    rangs = {e.code: rang for rang, e in enumerate(depart.etablissements)}
    tours = -(-etablissements // len(rangs))
    donnees: dict[str, Any] = {nom: getattr(depart, nom) for nom in FICHES}
    for nom, modele in SAISIES.items():
        champ = (
            "code" if nom == "etablissements" else "etablissement" if "etablissement" in infos(modele) else ""
        )
        lignes: list[Entite] = getattr(depart, nom)
        donnees[nom] = [
            copie
            for tour in range(tours)
            for ligne in lignes
            if (copie := _repeter(ligne, champ, tour, rangs, etablissements)) is not None
        ]
    return Dossier(**donnees)


def _repeter(
    ligne: Entite, champ: str, tour: int, rangs: dict[str | None, int], combien: int
) -> Entite | None:
    code = getattr(ligne, champ) if champ else None
    if code is None:
        return ligne.model_copy() if tour == 0 else None
    numero = tour * len(rangs) + rangs[code]
    if numero >= combien:
        return None
    change: dict[str, object] = {champ: code if tour == 0 else f"{code}-{tour}"}
    if champ == "code" and tour:
        change |= {"finess_et": f"99{numero:07d}", "nom": f"{getattr(ligne, 'nom', '')} n° {tour}"}
    return ligne.model_copy(update=change)


def _mesurer_taille(racine: Path, taille: int, fois: int, demarche: bool) -> str:
    donnees = agrandir(taille)
    internes = () if demarche else (_INTERNES,)
    shutil.copytree(repertoire_livre(), racine / "gabarits", ignore=shutil.ignore_patterns(*internes))
    _ecrire(donnees, racine)
    formulaires, _ = charger_formulaires(racine / "gabarits")
    dossier, _ = lire_classeur(racine / "classeur-maitre.xlsx")
    projets = lister(dossier, formulaires)
    ordinaire = _facon_ordinaire(projets, racine)
    premiere = _generer(racine)
    manquants = [projet.cle for projet in projets if not (racine / projet.chemin).exists()]
    if manquants:
        raise SystemExit(f"Le banc est faux : {len(manquants)} documents manquent, dont {manquants[0]}.")
    sans_changement = _mediane(lambda: _generer(racine), fois)
    une_cellule = _mediane(lambda: _generer(_retoucher(donnees, racine)), fois)
    lecture = statistics.median(_lire(racine) for _ in range(fois))
    copie = _chronometrer(lambda: shutil.copytree(racine / "sorties", racine / "copie"))
    nombre = len(projets)
    suivantes = {"sans changement": sans_changement, "une cellule changée": une_cellule}
    par_document = {nom: (m.processeur - lecture) / nombre for nom, m in suivantes.items()}
    lignes = [
        ["façon ordinaire", _secondes(ordinaire), "× 1", ""],
        ["première génération", *_ligne(premiere, ordinaire)],
        *([nom, *_ligne(mesure, ordinaire)] for nom, mesure in suivantes.items()),
        ["dont lecture du classeur", _secondes(lecture), rapport(ordinaire, lecture), ""],
        ["copie des mêmes fichiers", _secondes(copie), rapport(ordinaire, copie), ""],
    ]
    hors = " ; ".join(f"{nom} : {duree * 1000:.2f} ms" for nom, duree in par_document.items())
    rythme = f"première génération : {nombre / premiere.processeur:.1f} documents par seconde et par cœur"
    pied = f"\n\n- {rythme}\n- par document, démarrage compris, hors lecture : {hors}".replace(".", ",")
    titre = f"{taille} établissements, {nombre} documents"
    return tableau(titre, ["", "processeur", "devant la façon ordinaire", "mémoire"], lignes) + pied


def _ligne(mesure: Mesure, ordinaire: float) -> list[str]:
    devant = rapport(ordinaire, mesure.processeur)
    return [_secondes(mesure.processeur), devant, f"{mesure.memoire:.0f} Mo"]


def _secondes(duree: float) -> str:
    return f"{duree:.2f} s".replace(".", ",")


def _ecrire(donnees: Dossier, racine: Path) -> None:
    tampon = io.BytesIO()
    ecrire_classeur(tampon, donnees, [])
    (racine / "classeur-maitre.xlsx").write_bytes(tampon.getvalue())


def _retoucher(donnees: Dossier, racine: Path) -> Path:
    """Change une cellule d’activité du dernier établissement, autrement chaque fois."""
    ligne = next(li for li in reversed(donnees.activite) if li.journees_realisees is not None)
    ligne.journees_realisees = (ligne.journees_realisees or 0) + 1
    _ecrire(donnees, racine)
    return racine


def _generer(racine: Path) -> Mesure:
    """Lance la commande dans un processus neuf, qui dit lui-même sa mémoire au plus haut en finissant."""
    arguments = ["generer", str(racine), "--travailleurs", "1", "--json"]
    lance = subprocess.Popen(
        [sys.executable, "-c", _PROGRAMME, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    dit = lance.stderr.read().decode().split() if lance.stderr else []
    _, etat, usage = os.wait4(lance.pid, 0)
    lance.returncode = os.waitstatus_to_exitcode(etat)
    if lance.returncode not in (0, 1) or len(dit) != 1:
        raise SystemExit(f"Le banc est faux : {' '.join(arguments)} a échoué. {' '.join(dit)}")
    return Mesure(usage.ru_utime + usage.ru_stime, int(dit[0]) / 1024)


def _lire(racine: Path) -> float:
    """Secondes de processeur de la lecture du classeur, dans un processus neuf, une fois tout chargé."""
    programme = (
        "import sys, time, pathlib, cpomdocs.lecture as lecture; debut = time.process_time();"
        "lecture.lire_classeur(pathlib.Path(sys.argv[1])); print(time.process_time() - debut)"
    )
    commande = [sys.executable, "-c", programme, str(racine / "classeur-maitre.xlsx")]
    return float(subprocess.run(commande, capture_output=True, text=True, check=True).stdout)


def _mediane(mesurer: Callable[[], Mesure], fois: int) -> Mesure:
    mesures = sorted((mesurer() for _ in range(fois)), key=lambda mesure: mesure.processeur)
    return mesures[len(mesures) // 2]


def _chronometrer(action: Callable[[], object]) -> float:
    debut = time.process_time()
    action()
    return time.process_time() - debut


def _facon_ordinaire(projets: list[Projet], racine: Path) -> float:
    """Ouvrir, remplir, enregistrer par openpyxl ; un `DocxTemplate` neuf par document Word (secondes)."""
    total = 0.0
    for nom in {projet.formulaire.nom for projet in projets}:
        siens = [projet for projet in projets if projet.formulaire.nom == nom]
        echantillon = [prevoir(projet) for projet in siens[:_ECHANTILLON]]
        cible = racine / f"ordinaire{Path(echantillon[0].chemin).suffix}"
        duree = 0.0
        for prevu in echantillon:
            faire = _par_openpyxl if cible.suffix == ".xlsx" else _par_docxtpl
            duree += _chronometrer(partial(faire, prevu, cible))
        total += duree / len(echantillon) * len(siens)
    return total


def _par_openpyxl(prevu: DocumentPrevu, cible: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        classeur = openpyxl.load_workbook(io.BytesIO(prevu.formulaire.octets))
    for saisie in prevu.saisies:
        if isinstance(saisie.case, CaseExcel):
            ajout = lire_ajout(saisie.case.cellule)
            cellule = ecrire_cellule(*ajout.place) if ajout else saisie.case.cellule
            classeur[saisie.case.feuille][cellule].value = saisie.a_ecrire  # type: ignore[assignment]
    classeur.save(cible)


def _par_docxtpl(prevu: DocumentPrevu, cible: Path) -> None:
    """Les balises du contrat, qui emploient nos filtres, ne sont pas rendues : autant de moins à faire."""
    modele = DocxTemplate(io.BytesIO(prevu.formulaire.octets))
    if prevu.formulaire.correspondance.genre == "word":
        modele.render({})
    else:
        modele.init_docx()
    modele.save(cible)
