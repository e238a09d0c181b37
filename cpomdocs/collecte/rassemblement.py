"""Rassembler : lire les retours, les comparer, demander ce qui doit l’être, écrire en place.

Rien n’est écrit dans le classeur maître tant qu’un point à décider n’a pas été montré ; ensuite, ce qui est
décidé s’écrit, ce qui ne l’est pas attend.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from cpomdocs.collecte.echange.conservation import Tables
from cpomdocs.collecte.echange.maitre import Inscription, Maitre
from cpomdocs.collecte.lieux import GARDES, RASSEMBLEMENT, RETOURS
from cpomdocs.collecte.registre import Registre, RetourConnu, ouvrir_registre
from cpomdocs.collecte.retour.confrontation import confronter
from cpomdocs.collecte.retour.decisions import Choix, composer_rassemblement, lire_choix
from cpomdocs.collecte.retour.ouverture import Ecarte, Retour, ouvrir_retours, trouver_fichiers
from cpomdocs.collecte.retour.points import Deroulement, Point
from cpomdocs.collecte.tableau import ecrire_tableau
from cpomdocs.ecriture.depot import poser
from cpomdocs.ecriture.empreintes import empreinte
from cpomdocs.ecriture.occupation import occuper
from cpomdocs.ecriture.verrous import verrou_office
from cpomdocs.erreurs import ErreurDossier, ErreurEcriture
from cpomdocs.journal import journaliser
from cpomdocs.reglages import PRIVE, lire_reglages, trouver_classeur

Statut = Literal["rassemble", "a_decider", "laisse", "ecarte"]


class RetourRassemble(BaseModel):
    """Le sort d’un fichier reçu."""

    fichier: str
    part: str | None = None
    statut: Statut
    message: str = ""
    remede: str = ""
    prises: int = 0
    a_decider: int = 0


class Bilan(BaseModel):
    """Ce qu’un rassemblement a fait, le même pour toutes les portes."""

    retours: list[RetourRassemble] = Field(default_factory=list)
    constats: list[tuple[str, str]] = Field(default_factory=list)
    """(De qui, quoi) : remarques, changements hors des cases, lignes retirées."""
    ecrites: int = 0
    """Cellules écrites dans le classeur maître."""
    a_ecrire: int = 0
    """Cellules qui le seront une fois les points montrés décidés, ou sans `--a-blanc`."""
    a_decider: int = 0
    rassemblement: str | None = None
    code_sortie: int = Field(default=0, exclude=True)
    """0 : tout est rassemblé ; 1 : des points à décider, ou un fichier à redemander."""


@dataclass
class _Travail:
    """Un rassemblement en cours."""

    racine: Path
    registre: Registre
    maitre: Maitre
    choix: Choix
    aujourd_hui: datetime.date
    retours: list[Retour] = field(default_factory=list)
    ecartes: list[Ecarte] = field(default_factory=list)
    faits: list[tuple[Retour, Deroulement]] = field(default_factory=list)
    acquis: dict[str, Tables] = field(default_factory=dict)

    @property
    def points(self) -> list[Point]:
        """Tous les points, décidés ou non."""
        return [point for _, fait in self.faits for point in fait.points]


def rassembler(
    racine: Path,
    chemins: Sequence[Path] = (),
    *,
    a_blanc: bool = False,
    reprendre: bool = False,
    aujourd_hui: datetime.date | None = None,
) -> Bilan:
    """Rassemble ces fichiers (ou ceux de `collecte/retours`) et ceux qui attendaient une décision.

    `reprendre` : compare de nouveau à ce qui avait été envoyé, même ce qui a déjà été rassemblé (classeur
    maître remis à une copie ancienne). Lève `ErreurDossier`, `ErreurClasseur` ou `ErreurEcriture` quand rien
    ne peut être fait ; un mauvais retour est nommé, et n’arrête pas les autres.
    """
    reglages = lire_reglages(racine)
    classeur = trouver_classeur(racine, reglages)
    prive = racine / PRIVE
    with (
        occuper(prive, reglages.attente_verrou),
        journaliser(prive, "rassemblement"),
        ouvrir_registre(prive) as registre,
    ):
        if not registre.envois():
            raise ErreurDossier(
                "Ce dossier n’a encore rien réparti.", "Commencer par « cpomdocs classeur repartir »."
            )
        if verrou_office(racine / RASSEMBLEMENT) is not None:
            raise ErreurEcriture(
                f"« {RASSEMBLEMENT} » est ouvert.", "L’enregistrer et le fermer, puis relancer."
            )
        registre.reprendre(empreinte(classeur.read_bytes()))
        choix = lire_choix(racine / RASSEMBLEMENT)
        jour = aujourd_hui or datetime.date.today()
        travail = _Travail(racine, registre, Maitre(classeur), choix, jour)
        _ouvrir(travail, chemins, reprendre)
        _confronter(travail, reprendre)
        return _conclure(travail, a_blanc, reprendre)


def _ouvrir(travail: _Travail, chemins: Sequence[Path], reprendre: bool) -> None:
    """Les retours donnés, et les copies de ceux où il reste à décider."""
    gardes = travail.racine / GARDES
    defaut = travail.racine / RETOURS
    donnes = list(chemins) or ([defaut] if defaut.is_dir() else [])
    attendus = [gardes / _copie(r) for r in travail.registre.retours() if r.en_attente]
    fichiers = list(trouver_fichiers([*donnes, *(c for c in attendus if c.is_file())]))
    connus = {r.empreinte for r in travail.registre.retours() if not r.en_attente}
    lus, ecartes = ouvrir_retours(fichiers, travail.registre, set() if reprendre else connus)
    noms = {r.empreinte: r.fichier for r in travail.registre.retours()}
    for retour in lus:
        retour.fichier = noms.get(retour.empreinte, retour.fichier)
    travail.retours, travail.ecartes = lus, ecartes


def _copie(retour: RetourConnu) -> str:
    return f"{retour.empreinte[:16]}{Path(retour.fichier).suffix.lower()}"


def _confronter(travail: _Travail, reprendre: bool) -> None:
    """Chaque retour à son tour : le suivant voit ce que le précédent a changé."""
    for retour in travail.retours:
        reference = retour.envoi.reference
        if reference not in travail.acquis:
            travail.acquis[reference] = travail.registre.acquis(reference, origine=reprendre)
        fait = confronter(retour, travail.acquis[reference], travail.maitre, travail.choix.decisions)
        travail.faits.append((retour, fait))


def _conclure(travail: _Travail, a_blanc: bool, reprendre: bool) -> Bilan:
    """Écrit si tout ce qui est à décider a été montré ; tient le rassemblement et le tableau à jour."""
    a_montrer = [point for point in travail.points if point.repere not in travail.choix.decisions]
    ecrire = not a_blanc and not a_montrer
    compose = travail.maitre.composer()
    octets, inscriptions = compose if compose is not None else (None, [])
    if ecrire:
        if octets is not None:
            _ecrire(travail, octets, inscriptions)
        travail.registre.conclure(
            travail.acquis, [_connu(travail, r, f.en_attente) for r, f in travail.faits]
        )
    elif not a_blanc:
        reprises = {ref: travail.registre.acquis(ref, origine=True) for ref in travail.acquis if reprendre}
        attentes = [_connu(travail, r, bool(f.points or f.prises or f.bloquee)) for r, f in travail.faits]
        travail.registre.conclure(reprises, attentes)
    bilan = _bilan(travail, inscriptions, ecrire)
    if not a_blanc:
        _garder_les_copies(travail)
        ecrire_tableau(travail.racine, travail.registre, travail.aujourd_hui)
    if not a_blanc and (travail.faits or bilan.constats):
        restants = [p for p in travail.points if p.decision is None or not ecrire]
        montres = travail.choix.decisions
        octets = composer_rassemblement(restants, montres, inscriptions, bilan.constats, ecrire)
        poser(travail.racine / RASSEMBLEMENT, octets)
        bilan.rassemblement = RASSEMBLEMENT
    return bilan


def _ecrire(travail: _Travail, octets: bytes, inscriptions: Sequence[Inscription]) -> None:
    travail.maitre.refuser_ouvert()
    quand = datetime.datetime.combine(travail.aujourd_hui, datetime.datetime.now().time())
    travail.registre.prevoir(inscriptions, empreinte(octets), f"{quand:%Y-%m-%d %H:%M:%S}")
    travail.maitre.enregistrer(octets)


def _connu(travail: _Travail, retour: Retour, en_attente: bool) -> RetourConnu:
    return RetourConnu(
        retour.empreinte, retour.envoi.reference, retour.fichier, travail.aujourd_hui, en_attente
    )


def _garder_les_copies(travail: _Travail) -> None:
    """Garde une copie des retours qui attendent une décision ; retire celle des autres."""
    gardes = travail.racine / GARDES
    octets = {retour.empreinte: retour.octets for retour in travail.retours}
    for connu in travail.registre.retours():
        copie = gardes / _copie(connu)
        if not connu.en_attente:
            copie.unlink(missing_ok=True)
        elif connu.empreinte in octets and not copie.is_file():
            gardes.mkdir(parents=True, exist_ok=True, mode=0o700)
            poser(copie, octets[connu.empreinte])


def _bilan(travail: _Travail, inscriptions: Sequence[Inscription], ecrit: bool) -> Bilan:
    retours = [
        RetourRassemble(
            fichier=retour.fichier,
            part=retour.envoi.part.nom,
            statut="a_decider" if fait.en_attente or (fait.points and not ecrit) else "rassemble",
            prises=fait.prises,
            a_decider=sum(point.decision is None or not ecrit for point in fait.points),
        )
        for retour, fait in travail.faits
    ]
    retours += [
        RetourRassemble(
            fichier=ecarte.fichier,
            statut="ecarte" if ecarte.fautif else "laisse",
            message=ecarte.message,
            remede=ecarte.remede,
        )
        for ecarte in travail.ecartes
    ]
    constats = [(fait.origine, constat) for _, fait in travail.faits for constat in fait.constats]
    constats += [(e.fichier, f"{e.message} {e.remede}".strip()) for e in travail.ecartes if e.fautif]
    constats += [
        (RASSEMBLEMENT, f"Décision non comprise : « {mot} » ; écrire « prendre » ou « garder ».")
        for mot in travail.choix.incomprises
    ]
    a_decider = sum(retour.a_decider for retour in retours)
    fautif = any(ecarte.fautif for ecarte in travail.ecartes) or any(f.bloquee for _, f in travail.faits)
    return Bilan(
        retours=retours,
        constats=constats,
        ecrites=len(inscriptions) if ecrit else 0,
        a_ecrire=0 if ecrit else len(inscriptions),
        a_decider=a_decider,
        code_sortie=1 if a_decider or fautif else 0,
    )
