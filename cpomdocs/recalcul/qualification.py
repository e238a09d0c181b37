"""Qualifier un gabarit : ce que le moteur retrouve des résultats qu’Excel y a laissés, et ce qu’il manque.

Un gabarit se qualifie une fois ; le constat est gardé tant que lui, le moteur et la langue restent.
"""

from __future__ import annotations

import datetime
import hashlib
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cpomdocs.office.valeurs import CodeErreur
from cpomdocs.recalcul import libreoffice
from cpomdocs.recalcul.dependances import influencees
from cpomdocs.recalcul.formules import HORLOGE, Inventaire, inventorier
from cpomdocs.recalcul.moteur import Lieu, Moteur, MoteurEnEchec, Resultat
from cpomdocs.recalcul.transplantation import normaliser, poser

FICHIER = "qualification.json"
"""Le constat livré avec un formulaire, à côté de sa correspondance."""
_INSTANT = datetime.datetime(2000, 1, 1)
_PRECISION = 1e-9
_APPLICATION = re.compile(rb"<Application>([^<]*)</Application>")

_MONTRE = 60

Reference = Literal["Excel", "LibreOffice", "sans objet", "aucune"]


class NonReproduit(BaseModel):
    """Une cellule dont le moteur ne retrouve pas le résultat."""

    model_config = ConfigDict(frozen=True)

    feuille: str
    ligne: int
    colonne: int
    attendu: str
    obtenu: str

    @property
    def lieu(self) -> Lieu:
        """La cellule."""
        return Lieu(self.feuille, self.ligne, self.colonne)

    def __str__(self) -> str:
        return f"{self.lieu} : {self.attendu} attendu, {self.obtenu} obtenu"


class Qualification(BaseModel):
    """Le constat. `reference` : qui a donné les résultats attendus ; `ecartees` : cellules non comparées
    (elles dépendent de la date, du réseau, du poste, du hasard ou d’un autre classeur)."""

    model_config = ConfigDict(frozen=True)

    gabarit: str
    moteur: str
    langue: str
    reference: Reference
    comparees: int
    ecartees: int
    non_reproduits: tuple[NonReproduit, ...] = ()

    @property
    def qualifie(self) -> bool:
        """Vrai si les résultats du moteur peuvent être posés, aux cellules non reproduites près."""
        return self.reference != "aucune"

    def resumer(self) -> str:
        """Le constat en une phrase."""
        if self.reference == "sans objet":
            return "Ce formulaire ne calcule rien."
        if not self.qualifie:
            return "Non qualifié : ni Excel ni LibreOffice n’ont donné de résultat à comparer."
        bons = self.comparees - len(self.non_reproduits)
        return (
            f"Qualifié contre {self.reference} avec {self.moteur} ({self.langue}) : {bons} résultats sur "
            f"{self.comparees} retrouvés, {self.ecartees} non comparés."
        )


def empreinte(gabarit: bytes) -> str:
    """« sha256:… », comme dans les correspondances."""
    return f"sha256:{hashlib.sha256(gabarit).hexdigest()}"


def qualifier(gabarit: bytes, moteur: Moteur, langue: str) -> Qualification:
    """Le constat, établi maintenant. Lève `ErreurFichier` ou `MoteurEnEchec`."""
    inventaire = inventorier(gabarit, "gabarit")
    reference, attendus = _attendus(inventaire, langue)
    entete = {"gabarit": empreinte(gabarit), "moteur": moteur.identite, "langue": langue}
    if reference in ("aucune", "sans objet"):
        return Qualification(**entete, reference=reference, comparees=0, ecartees=0)
    lieux = list(inventaire.calculees)
    nu = poser(inventaire, dict.fromkeys(lieux))
    seance = moteur.calculer(nu, lieux, langue, _INSTANT)
    ecartes = influencees(seance, inventaire, {*inventaire.exterieures(), *inventaire.citant(HORLOGE)})
    compares = [lieu for lieu in lieux if lieu in attendus and lieu not in ecartes]
    rates = [
        NonReproduit(
            **lieu._asdict(), attendu=_dire(attendus[lieu]), obtenu=_dire(seance.resultats.get(lieu))
        )
        for lieu in compares
        if lieu in seance.instables or not _egaux(attendus[lieu], seance.resultats.get(lieu), reference)
    ]
    return Qualification(
        **entete,
        reference=reference,
        comparees=len(compares),
        ecartees=len(lieux) - len(compares),
        non_reproduits=tuple(rates),
    )


def qualification_gardee(
    gabarit: bytes,
    moteur: Moteur,
    langue: str,
    *,
    livree: Path | None = None,
    reserve: Path | None = None,
) -> Qualification:
    """Le constat livré avec le formulaire (`livree`, un fichier), sinon celui de la réserve (un répertoire),
    sinon un neuf, qui y est mis. Un gabarit qui n’a pu être comparé à rien est essayé de nouveau.
    """
    cle = f"{empreinte(gabarit)}\n{moteur.identite}\n{langue}"
    garde = reserve / f"{hashlib.sha256(cle.encode()).hexdigest()[:32]}.json" if reserve else None
    for fichier in (livree, garde):
        connue = _relire(fichier) if fichier else None
        if connue and (connue.gabarit, connue.moteur, connue.langue) == tuple(cle.split("\n")):
            return connue
    neuve = qualifier(gabarit, moteur, langue)
    if garde is not None and neuve.qualifie:
        garde.parent.mkdir(parents=True, exist_ok=True)
        garde.write_text(neuve.model_dump_json(indent=1), encoding="utf-8")
    return neuve


def _relire(fichier: Path) -> Qualification | None:
    try:
        return Qualification.model_validate_json(fichier.read_bytes())
    except (OSError, ValidationError):
        return None


def _attendus(inventaire: Inventaire, langue: str) -> tuple[Reference, Mapping[Lieu, Resultat]]:
    """Les résultats gardés s’ils viennent bien d’Excel ou de LibreOffice, sinon ceux que celui-ci calcule."""
    if not inventaire.formules:
        return "sans objet", {}
    gardes = inventaire.resultats()
    auteur = _auteur(inventaire)
    if auteur is not None and gardes:
        return auteur, gardes
    try:
        lieux = list(inventaire.calculees)
        calcules = libreoffice.recalculer(inventaire.archive.octets, lieux, langue)
    except MoteurEnEchec:
        return "aucune", {}
    return "LibreOffice", calcules


def _auteur(inventaire: Inventaire) -> Reference | None:
    """Qui a calculé les résultats gardés. Seul Excel écrit la chaîne de calcul ; les bibliothèques qui se
    disent Excel laissent des zéros ou rien."""
    archive = inventaire.archive
    proprietes = archive.lire("docProps/app.xml") if "docProps/app.xml" in archive else b""
    trouvee = _APPLICATION.search(proprietes)
    application = trouvee[1] if trouvee else b""
    if b"Excel" in application and "xl/calcChain.xml" in archive:
        return "Excel"
    return "LibreOffice" if application.startswith(b"LibreOffice") else None


def _egaux(attendu: Resultat, obtenu: Resultat, reference: Reference) -> bool:
    """Vrai si les deux résultats sont le même, à l’arrondi de calcul près."""
    attendu, obtenu = normaliser(attendu), normaliser(obtenu)
    if isinstance(attendu, CodeErreur) and isinstance(obtenu, CodeErreur):
        # LibreOffice range plusieurs erreurs sous un même code en écrivant un .xlsx.
        return attendu == obtenu or reference == "LibreOffice"
    if reference == "LibreOffice" and isinstance(attendu, float) and isinstance(obtenu, bool):
        # Il écrit parfois 0 et 1 pour FAUX et VRAI.
        obtenu = float(obtenu)
    if type(attendu) is not type(obtenu):
        return False
    if isinstance(attendu, float) and isinstance(obtenu, float):
        return math.isclose(attendu, obtenu, rel_tol=_PRECISION, abs_tol=_PRECISION)
    if isinstance(attendu, str) and isinstance(obtenu, str):
        return attendu.replace("\r\n", "\n") == obtenu.replace("\r\n", "\n")
    return attendu == obtenu


def _dire(resultat: Resultat) -> str:
    if resultat is None:
        return "rien"
    texte = str(resultat) if len(str(resultat)) <= _MONTRE else f"{str(resultat)[:_MONTRE]}…"
    return f"« {texte} »" if isinstance(resultat, str) else texte
