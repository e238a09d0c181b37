"""Couper le courant d’une génération, pour de vrai : `kill -9` à un instant pris au hasard.

    python -m outils.coupures [NOMBRE [GRAINE]]

À chaque fois, fichier par fichier : aucun document à moitié écrit, aucun perdu ; puis la génération suivante
finit le travail et laisse le dossier comme une génération jamais interrompue. Sort avec le code 1 au premier
défaut. Demande `fork` : Linux ou macOS.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import openpyxl

from cpomdocs import generer
from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.formulaires.catalogue import repertoire_livre
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.identite import Etablissement, Gestionnaire
from cpomdocs.modeles.entites.parametres import Parametres

Fichiers = dict[str, str]
"""Le chemin de chaque fichier de `sorties`, et l’empreinte de ses octets."""
_LIVRE = "fiche-signaletique"
_CORRESPONDANCE = """\
[formulaire]
nom = "{nom}"
libelle = "Formulaire {nom}"
autorite = "Autorité fictive"
gabarit = "{nom}.xlsx"
empreinte = "sha256:{empreinte}"
sortie = "{{finess}}_{nom}.xlsx"

[cases]
"Fiche!B1" = "etablissement.finess_et"
"Fiche!B2" = "etablissement.nom"
"""
_IDENTITES = (("Les Lilas", "010001436"), ("L’Étang d’été", None), ("Les Ormes", "010001436"))
"""Le nom et le numéro FINESS de chaque version : un nom de fichier change avec le numéro."""
_PLUS_TARD, _PLUS_TOT = 1.04, 0.85


def dossier_d_epreuve(racine: Path) -> None:
    """Un dossier de trois formulaires, deux Excel et un Word, sans classeur maître."""
    for nom in ("alpha", "beta"):
        gabarit = _gabarit(nom)
        repertoire = racine / "gabarits" / nom
        repertoire.mkdir(parents=True)
        (repertoire / f"{nom}.xlsx").write_bytes(gabarit)
        empreinte = hashlib.sha256(gabarit).hexdigest()
        texte = _CORRESPONDANCE.format(nom=nom, empreinte=empreinte)
        (repertoire / "correspondance.toml").write_text(texte, encoding="utf-8")
    shutil.copytree(repertoire_livre() / _LIVRE, racine / "gabarits" / _LIVRE)


@functools.lru_cache
def _gabarit(nom: str) -> bytes:
    """Un petit formulaire ; le même à chaque appel, car openpyxl y met l’heure."""
    livre = openpyxl.Workbook()
    livre.active.title = "Fiche"
    livre["Fiche"]["A1"], livre["Fiche"]["A2"], livre["Fiche"]["A3"] = "FINESS", "Nom", nom
    tampon = io.BytesIO()
    livre.save(tampon)
    return tampon.getvalue()


def classeurs() -> list[bytes]:
    """Les classeurs maîtres : chacun change tous les documents."""
    versions = []
    for nom, finess in _IDENTITES:
        donnees = Dossier(
            parametres=Parametres(annee_n=2026),
            gestionnaire=Gestionnaire(raison_sociale="Association fictive", finess_ej="990000014"),
            etablissements=[Etablissement(code="E1", nom=nom, finess_et=finess)],
        )
        tampon = io.BytesIO()
        ecrire_classeur(tampon, donnees, [])
        versions.append(tampon.getvalue())
    return versions


def releve(dossier: Path) -> Fichiers:
    """Tout ce qu’il y a dans `sorties`, sauf les fichiers provisoires, qui sont cachés."""
    fichiers = (f for f in (dossier / "sorties").rglob("*") if f.is_file() and not _provisoire(f))
    return {
        f.relative_to(dossier).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(fichiers)
    }


def etat(dossier: Path) -> list[tuple[object, ...]]:
    """Ce que l’état du dossier sait des documents."""
    base = sqlite3.connect(dossier / ".cpomdocs" / "etat.sqlite")
    try:
        lignes = base.execute("SELECT cle, chemin, prevue, ecrite, lectures FROM documents ORDER BY cle")
        return [*lignes, *base.execute("SELECT * FROM anciens"), *base.execute("SELECT * FROM gardes")]
    finally:
        base.close()


class Epreuve:
    """Un dossier dont on interrompt les générations. `defauts` : ce qui s’est mal passé.

    `lancees`, `coupees` : les générations lancées pour être coupées, celles qui l’ont été avant leur fin.
    """

    def __init__(self, racine: Path, graine: int) -> None:
        self._hasard, self._classeurs = random.Random(graine), classeurs()
        self.dossier = racine / "dossier"
        dossier_d_epreuve(self.dossier)
        self._attendus: list[Fichiers] = []
        self._etats: list[list[tuple[object, ...]]] = []
        for rang, octets in enumerate(self._classeurs):
            temoin = racine / f"temoin{rang}"
            shutil.copytree(self.dossier, temoin)
            (temoin / "classeur-maitre.xlsx").write_bytes(octets)
            generer(temoin)
            self._attendus.append(releve(temoin))
            self._etats.append(etat(temoin))
        self.lancees, self.coupees, self.defauts = 0, 0, list[str]()
        self._version = 0
        for version in (1, 0):
            self._poser(version)
            depart = time.monotonic()
            generer(self.dossier)
        self._duree = time.monotonic() - depart
        """La durée d’une génération (secondes), revue selon que la coupure arrive trop tôt ou trop tard."""

    def couper(self) -> None:
        """Une nouvelle version des données, une génération interrompue, puis une autre menée au bout."""
        avant = self._version
        self._version = self._hasard.choice([v for v in range(len(self._classeurs)) if v != avant])
        self._poser(self._version)
        coupee = self._generer_et_tuer(self._hasard.uniform(0, self._duree))
        self.lancees += 1
        self.coupees += coupee
        self._duree *= _PLUS_TARD if coupee else _PLUS_TOT
        self._verifier_la_coupure(self._attendus[avant], self._attendus[self._version])
        rapport = generer(self.dossier)
        statuts = {d.statut for d in rapport.documents}
        self._exiger(statuts <= {"cree", "remplace", "inchange"}, f"statuts après la coupure : {statuts}")
        self._exiger(releve(self.dossier) == self._attendus[self._version], "documents différents")
        self._exiger(etat(self.dossier) == self._etats[self._version], "état différent")
        restes = [f.name for f in (self.dossier / "sorties").rglob("*") if _provisoire(f)]
        self._exiger(not restes, f"fichiers provisoires restés : {restes}")

    def _poser(self, version: int) -> None:
        (self.dossier / "classeur-maitre.xlsx").write_bytes(self._classeurs[version])

    def _generer_et_tuer(self, delai: float) -> bool:
        """Vrai si la génération a été coupée, faux si elle avait fini."""
        enfant = os.fork()
        if enfant == 0:
            try:
                generer(self.dossier)
            finally:
                os._exit(0)
        time.sleep(delai)
        os.kill(enfant, signal.SIGKILL)
        _, fin = os.waitpid(enfant, 0)
        return os.WIFSIGNALED(fin)

    def _verifier_la_coupure(self, avant: Fichiers, apres: Fichiers) -> None:
        """Chaque fichier est entier, d’avant ou d’après ; chaque document est encore là."""
        presents = releve(self.dossier)
        admis = {*avant.items(), *apres.items()}
        entiers = {(c, e) for c, e in presents.items() if not c.endswith("controle.xlsx")}
        self._exiger(entiers <= admis, f"fichiers abîmés : {sorted(c for c, _ in entiers - admis)}")
        ecart = len({_document(c) for c in avant} - {_document(c) for c in presents})
        self._exiger(ecart == 0, f"{ecart} documents perdus")

    def _exiger(self, juste: bool, defaut: str) -> None:
        if not juste:
            self.defauts.append(defaut)


def _document(chemin: str) -> str:
    """Le document, quel que soit le numéro que porte son nom."""
    return chemin.rpartition("_")[2].rpartition("/")[2]


def _provisoire(fichier: Path) -> bool:
    return fichier.name.startswith(".") and fichier.suffix == ".cpomdocs"


def eprouver(nombre: int, graine: int) -> tuple[int, list[str]]:
    """Lance des générations jusqu’à en avoir coupé `nombre` ; rend combien il en a fallu, et les défauts."""
    with tempfile.TemporaryDirectory() as repertoire:
        epreuve = Epreuve(Path(repertoire), graine)
        while epreuve.coupees < nombre and not epreuve.defauts:
            epreuve.couper()
        return epreuve.lancees, epreuve.defauts


if __name__ == "__main__":
    VOULUES = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    GRAINE = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    LANCEES, DEFAUTS = eprouver(VOULUES, GRAINE)
    print(f"{VOULUES} générations coupées sur {LANCEES} (graine {GRAINE}), {len(DEFAUTS)} défaut.", *DEFAUTS)
    sys.exit(1 if DEFAUTS else 0)
