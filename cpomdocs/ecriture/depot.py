"""Poser un document à sa place, sans jamais écraser ce qu’une personne a changé."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from cpomdocs.ecriture.anciens import A_COTE, retirer_les_anciens
from cpomdocs.ecriture.empreintes import empreinte, empreinte_du_fichier
from cpomdocs.ecriture.etat import Etat, Trace
from cpomdocs.ecriture.verrous import ouvert_par, verrou_office
from cpomdocs.erreurs import ErreurEcriture, motif
from cpomdocs.rapport import INCHANGE_A_BLANC, Statut

_PROVISOIRE = ".cpomdocs"


@dataclass(frozen=True)
class Depot:
    """Le sort d’un document : son statut, et le fichier posé à côté en cas de conflit."""

    statut: Statut
    chemin_conflit: Path | None = None
    message: str | None = None


def deposer(
    racine: Path,
    cle: str,
    relatif: str,
    octets: bytes,
    etat: Etat,
    *,
    forcer: bool = False,
    garder: bool = False,
) -> Depot:
    """Pose `octets` à `racine/relatif`.

    Un fichier que cpomdocs n’a pas écrit, ou que quelqu’un a changé depuis, reste en place : le nouveau
    document est posé à côté (« conflit »), sauf `forcer`, qui en garde d’abord une copie, et sauf `garder`,
    qui le préfère tant que ces octets ne changent pas. Un document qui change de nom quitte l’ancien.
    Lève `ErreurEcriture` si le disque refuse.
    """
    cible = racine / relatif
    try:
        depot = _deposer(racine, cle, relatif, octets, etat, forcer, garder)
        retires = retirer_les_anciens(racine, etat, cle) if depot.statut in ("cree", "remplace") else []
    except PermissionError:
        return Depot("verrouille", None, f"« {cible.name} » est ouvert dans un autre programme, ou protégé.")
    except OSError as erreur:
        raise ErreurEcriture(
            f"« {relatif} » n’a pas pu être écrit : {motif(erreur)}.",
            "Vérifier la place libre, les droits et le nom du répertoire.",
        ) from erreur
    if not retires:
        return depot
    return Depot(depot.statut, None, f"Il s’appelait « {retires[0]} », qui est retiré.")


def _deposer(
    racine: Path, cle: str, relatif: str, octets: bytes, etat: Etat, forcer: bool, garder: bool
) -> Depot:
    cible, nouvelle = racine / relatif, empreinte(octets)
    presente = empreinte_du_fichier(cible)
    if presente == nouvelle:
        etat.confirmer(cle, relatif, nouvelle)
        _lever_le_conflit(racine, cle, etat)
        return Depot("inchange")
    modifiee = presente is not None and not _reconnait(etat, cle, relatif, presente)
    if modifiee and not forcer:
        return _laisser(racine, cle, cible, octets, etat, garder)
    verrou = verrou_office(cible)
    if verrou is not None:
        return Depot("verrouille", None, _a_fermer(cible, verrou))
    copie = sauvegarder(racine, cible) if modifiee else None
    etat.prevoir(cle, relatif, nouvelle)
    poser(cible, octets)
    etat.confirmer(cle, relatif, nouvelle)
    _lever_le_conflit(racine, cle, etat)
    message = (
        f"Copie de la version modifiée à la main : {copie.relative_to(racine).as_posix()}" if copie else None
    )
    return Depot("cree" if presente is None else "remplace", None, message)


def _laisser(racine: Path, cle: str, cible: Path, octets: bytes, etat: Etat, garder: bool) -> Depot:
    """Laisse en place un document modifié à la main, gardé par une personne ou en conflit."""
    nouvelle = empreinte(octets)
    if garder:
        etat.garder(cle, nouvelle)
    if etat.refusee(cle) == nouvelle:
        _retirer_le_voisin(racine, cle, etat)
        return Depot("garde", None, "Modifié à la main, et gardé jusqu’à ce que ses données changent.")
    voisin = _poser_a_cote(racine, cle, cible, octets, etat)
    return Depot("conflit", voisin, f"Laissé en place ; la nouvelle version est à côté : « {voisin.name} ».")


def _reconnait(etat: Etat, cle: str, relatif: str, presente: str) -> bool:
    """Vrai si le fichier en place est le travail de cpomdocs, pour ce document ou pour un autre."""
    trace = etat.trace(cle)
    connu = trace is not None and trace.reconnait(presente)
    return connu or etat.reconnait(relatif, presente)


def _a_fermer(cible: Path, verrou: Path) -> str:
    ouvert = f"« {cible.name} » est {ouvert_par(verrou)} : le fermer, puis relancer."
    return f"{ouvert} S’il n’est ouvert nulle part, supprimer « {verrou.name} »."


def en_place(racine: Path, trace: Trace) -> bool:
    """Vrai si le document que l’état a confirmé est là, et que personne ne l’a touché."""
    return trace.prevue is None and empreinte_du_fichier(racine / trace.chemin) == trace.ecrite


def prevoir_depot(racine: Path, cle: str, relatif: str, octets: bytes, etat: Etat) -> str:
    """Ce que `deposer` ferait, en une phrase, sans rien écrire."""
    cible, nouvelle = racine / relatif, empreinte(octets)
    presente = empreinte_du_fichier(cible)
    if presente is None:
        trace = etat.trace(cle)
        deplace = trace is not None and trace.chemin != relatif and (racine / trace.chemin).is_file()
        return f"serait créé, et remplacerait « {trace.chemin} »" if trace and deplace else "serait créé"
    if presente == nouvelle:
        return INCHANGE_A_BLANC
    if _reconnait(etat, cle, relatif, presente):
        return "serait remplacé"
    if etat.refusee(cle) == nouvelle:
        return "modifié à la main et gardé : resterait inchangé"
    return "modifié à la main : la nouvelle version serait posée à côté"


def poser(cible: Path, octets: bytes) -> None:
    """Écrit le fichier entier ou pas du tout : provisoire dans le même répertoire, puis remplacement."""
    cible.parent.mkdir(parents=True, exist_ok=True)
    provisoire = cible.with_name(f".{secrets.token_hex(6)}{_PROVISOIRE}")
    try:
        with provisoire.open("wb") as flux:
            flux.write(octets)
            flux.flush()
            os.fsync(flux.fileno())
        provisoire.replace(cible)
    finally:
        provisoire.unlink(missing_ok=True)


def poser_ou_refuser(cible: Path, octets: bytes, remede: str = "Le fermer, ou choisir un autre nom.") -> None:
    """Comme `poser`, pour un fichier que la personne a demandé. Lève `ErreurEcriture` si le disque refuse."""
    try:
        poser(cible, octets)
    except OSError as erreur:
        raise ErreurEcriture(f"« {cible.name} » n’a pas pu être écrit : {motif(erreur)}.", remede) from erreur


def nettoyer(repertoire: Path) -> None:
    """Retire les fichiers provisoires qu’une coupure a laissés. Le dossier est verrouillé : nul n’y écrit."""
    for ou, _, noms in os.walk(repertoire):
        for nom in noms:
            if nom.startswith(".") and nom.endswith(_PROVISOIRE):
                with contextlib.suppress(OSError):
                    Path(ou, nom).unlink()


def sauvegarder(racine: Path, fichier: Path) -> Path:
    """Copie un fichier dans `.cpomdocs/sauvegardes/`, sous un nom qui porte son empreinte."""
    repertoire = racine / ".cpomdocs" / "sauvegardes"
    repertoire.mkdir(parents=True, exist_ok=True, mode=0o700)
    marque = empreinte(fichier.read_bytes())[:12]
    copie = repertoire / f"{fichier.stem}.{marque}{fichier.suffix}"
    shutil.copy2(fichier, copie)
    return copie


def _poser_a_cote(racine: Path, cle: str, cible: Path, octets: bytes, etat: Etat) -> Path:
    """Pose le nouveau document à côté, sans écraser un voisin que quelqu’un a changé ; rend son chemin."""
    nouvelle = empreinte(octets)
    for rang in itertools.count(1):
        suffixe = "nouveau" if rang == 1 else f"nouveau-{rang}"
        voisin = cible.with_name(f"{cible.stem}.{suffixe}{cible.suffix}")
        relatif, presente = voisin.relative_to(racine).as_posix(), empreinte_du_fichier(voisin)
        if presente in (None, nouvelle) or _reconnait(etat, cle + A_COTE, relatif, str(presente)):
            break
    etat.prevoir(cle + A_COTE, relatif, nouvelle)
    if presente != nouvelle:
        poser(voisin, octets)
    etat.confirmer(cle + A_COTE, relatif, nouvelle)
    return voisin


def _lever_le_conflit(racine: Path, cle: str, etat: Etat) -> None:
    """Le document en place est celui de cpomdocs : il n’y a plus rien à garder, ni rien à côté."""
    if etat.refusee(cle) is not None:
        etat.ne_plus_garder(cle)
    _retirer_le_voisin(racine, cle, etat)


def _retirer_le_voisin(racine: Path, cle: str, etat: Etat) -> None:
    """Retire la version posée à côté, si personne n’y a touché."""
    trace = etat.trace(cle + A_COTE)
    if trace is None:
        return
    voisin = racine / trace.chemin
    if voisin.is_file() and trace.reconnait(str(empreinte_du_fichier(voisin))):
        voisin.unlink()
