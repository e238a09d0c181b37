"""D’un classeur maître ancien, ou remanié, à un classeur neuf : tout ce qui a été saisi y est encore."""

from __future__ import annotations

import datetime
import io
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter import Workbook

from cpomdocs.classeur.besoins import FormulaireResume, champs_saisis
from cpomdocs.classeur.en_place import refuser_ouvert, remplacer
from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.erreurs import ErreurEcriture
from cpomdocs.lecture import lire_classeur
from cpomdocs.lecture.grilles import ClasseurLu, ouvrir_classeur
from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.dossier import FICHES, ORDRE_DES_FEUILLES, Dossier
from cpomdocs.transfert.ancien import Ancien
from cpomdocs.transfert.itineraire import tracer
from cpomdocs.transfert.rangement import ranger_a_cote
from cpomdocs.transfert.reprise import Reprise

_SIGNALER = "Signaler ce défaut, avec le classeur."


@dataclass(frozen=True)
class Transfert:
    """Ce qui a été fait : où l’ancien est rangé, le nombre de données reprises, ce qu’il faut en savoir."""

    ancien: Path
    donnees: int
    constats: tuple[str, ...]


def mettre_a_niveau(
    chemin: Path,
    formulaires: Callable[[Dossier], Sequence[FormulaireResume]],
    date: datetime.date,
    interpreteurs: Sequence[str] | None = None,
) -> Transfert:
    """Remplace le classeur par un neuf qui porte tout ce que l’ancien portait ; l’ancien reste à côté.

    `formulaires` : ce que les formulaires demandent, d’après les données. `interpreteurs` : pour les boutons
    d’un .xlsm. Lève `ErreurClasseur` si l’ancien ne se lit pas, `ErreurEcriture` s’il est ouvert, si le
    disque refuse, ou si une donnée manquait à l’arrivée : rien n’est alors changé.
    """
    refuser_ouvert(chemin)
    ancien = Ancien(chemin)
    demandes = formulaires(ancien.dossier)

    def ecrire(completer: Callable[[Workbook], None] | None) -> bytes:
        tampon = io.BytesIO()
        ecrire_classeur(tampon, ancien.dossier, demandes, interpreteurs, completer)
        return tampon.getvalue()

    with tempfile.TemporaryDirectory() as provisoire:
        nu = _ouvrir(Path(provisoire) / f"nu{chemin.suffix}", ecrire(None))
        itineraire = tracer(ancien, len(demandes))
        reprise = Reprise(ancien, itineraire, nu)
        octets = ecrire(reprise.completer)
        arrive = Path(provisoire) / chemin.name
        arrive.write_bytes(octets)
        _verifier(chemin, arrive)
    a_cote = ranger_a_cote(chemin, ancien.lu.archive.octets, f"ancien du {date.isoformat()}")
    remplacer(chemin, ancien.lu.archive.octets, octets)
    recopies = [f"{quoi} n’est pas connue de cpomdocs : elle a été recopiée." for quoi in itineraire.ajoutees]
    return Transfert(a_cote, _compter(ancien.dossier), (*recopies, *reprise.constats))


def _ouvrir(fichier: Path, octets: bytes) -> ClasseurLu:
    fichier.write_bytes(octets)
    return ouvrir_classeur(fichier)


def _verifier(avant: Path, apres: Path) -> None:
    """Compare les deux classeurs tels que cpomdocs les lit : toute donnée lue avant se relit après."""
    lu, _ = lire_classeur(avant)
    relu, _ = lire_classeur(apres)
    for collection in ORDRE_DES_FEUILLES:
        if Counter(_releve(collection, lu)) - Counter(_releve(collection, relu)):
            message = f"Le classeur neuf perdrait des données de « {collection} » : rien n’a été changé."
            raise ErreurEcriture(message, _SIGNALER)


def _releve(collection: str, dossier: Dossier) -> list[tuple[object, ...]]:
    """Les valeurs saisies d’une collection ou d’une fiche, ligne par ligne."""
    contenu = getattr(dossier, collection)
    return [_valeurs(collection, ligne) for ligne in ([contenu] if collection in FICHES else contenu)]


def _valeurs(collection: str, ligne: Entite) -> tuple[object, ...]:
    noms = [info.nom for info in champs_saisis(collection)]
    return (*(getattr(ligne, nom) for nom in noms), ligne.sans_objet)


def _compter(dossier: Dossier) -> int:
    """Le nombre de données saisies."""
    lignes = (ligne for collection in ORDRE_DES_FEUILLES for ligne in _releve(collection, dossier))
    return sum(valeur is not None for *valeurs, _ in lignes for valeur in valeurs)
