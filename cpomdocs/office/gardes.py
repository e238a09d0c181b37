"""Ce qu’un fichier Office ne doit pas être : vide, chiffré, ancien, signé, démesuré. Une phrase par refus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from cpomdocs.erreurs import ErreurFichier, motif
from cpomdocs.office.analyse import est_xml

TAILLE_FICHIER = 200 * 1024 * 1024
"""Taille du fichier (octets) au-delà de laquelle il n’est pas lu."""
TAILLE_PARTIE = 200 * 1024 * 1024
"""Taille annoncée d’une partie décomprimée (octets) au-delà de laquelle elle est refusée."""
TAILLE_XML = 32 * 1024 * 1024
"""La même, pour une partie XML : une feuille de 800 000 cellules. Au-delà, elle doit peser en proportion."""
RAPPORT_ORDINAIRE = 30
"""Rapport de compression ordinaire : un fichier ne coûte alors qu’en proportion de son poids."""
TAILLE_TOTALE = 200 * 1024 * 1024
"""Taille annoncée de toutes les parties décomprimées (octets) ; cinq fois plus si elle est en proportion."""
RAPPORT = 200
"""Rapport de compression refusé au-delà de `TAILLE_SANS_RAPPORT` octets décomprimés : une bombe."""
TAILLE_SANS_RAPPORT = 10 * 1024 * 1024
MEMBRES = 10_000
"""Nombre de parties au-delà duquel le fichier est refusé ; les gros formulaires en ont des centaines."""

REENREGISTRER = "L’ouvrir dans Office et l’enregistrer au format .xlsx ou .docx."
_REDEMANDER = "Le télécharger à nouveau, ou reprendre une copie saine."
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def abime(nom: str) -> ErreurFichier:
    """L’erreur d’un zip tronqué, mal formé ou dont une somme de contrôle est fausse."""
    return ErreurFichier(f"Le fichier « {nom} » est abîmé ou incomplet.", _REDEMANDER)


def lire_octets(chemin: Path, nom: str) -> bytes:
    """Les octets du fichier, si sa taille est raisonnable. Lève `ErreurFichier` s’il ne peut pas être lu."""
    if chemin.name.startswith(("~$", ".~lock.")):
        raise ErreurFichier(
            f"Le fichier « {nom} » est le verrou qu’Office pose à côté d’un document ouvert.",
            f"Choisir le document lui-même : « {chemin.name.removeprefix('~$')} ».",
        )
    try:
        taille = chemin.stat().st_size
        if taille > TAILLE_FICHIER:
            raise demesure(nom, f"il pèse {taille // 1024**2} Mo")
        return chemin.read_bytes()
    except FileNotFoundError as erreur:
        raise ErreurFichier(
            f"Le fichier « {nom} » est introuvable.", "Vérifier son nom et son dossier."
        ) from erreur
    except OSError as erreur:
        raise ErreurFichier(
            f"Le fichier « {nom} » ne peut pas être lu : {motif(erreur)}.",
            "Le fermer dans Office et vérifier les droits du dossier.",
        ) from erreur


def demesure(nom: str, raison: str) -> ErreurFichier:
    """L’erreur d’un fichier aux tailles absurdes ; `raison` complète la phrase."""
    return ErreurFichier(
        f"Le fichier « {nom} » est démesuré : {raison}.", "Vérifier sa provenance, ou l’alléger dans Office."
    )


def verifier_enveloppe(octets: bytes, nom: str) -> None:
    """Lève `ErreurFichier` si les premiers octets ne sont pas ceux d’un zip, en disant ce que c’est."""
    if not octets:
        raise ErreurFichier(f"Le fichier « {nom} » est vide.", _REDEMANDER)
    if len(octets) > TAILLE_FICHIER:
        raise demesure(nom, f"il pèse {len(octets) // 1024**2} Mo")
    if octets.startswith(_CFB):
        raise _ancien(octets, nom)
    if octets.startswith(b"PK\x05\x06"):
        raise ErreurFichier(f"Le fichier « {nom} » est un zip vide.", _REDEMANDER)
    if not octets.startswith(b"PK\x03\x04"):
        raise ErreurFichier(
            f"Le fichier « {nom} » n’est pas un fichier Office (.xlsx, .xlsm, .docx…).", REENREGISTRER
        )


def _ancien(octets: bytes, nom: str) -> ErreurFichier:
    if "EncryptedPackage".encode("utf-16le") in octets:
        return ErreurFichier(
            f"Le fichier « {nom} » est chiffré par un mot de passe.",
            "L’ouvrir dans Office et l’enregistrer sans mot de passe d’ouverture.",
        )
    if "WordDocument".encode("utf-16le") in octets:
        return ErreurFichier(
            f"Le fichier « {nom} » est au format ancien .doc.",
            "L’ouvrir dans Word et l’enregistrer au format .docx.",
        )
    return ErreurFichier(
        f"Le fichier « {nom} » est au format ancien .xls.",
        "L’ouvrir dans Excel et l’enregistrer au format .xlsx.",
    )


def verifier_nombre(nombre: int, nom: str) -> None:
    """Lève `ErreurFichier` si le zip annonce trop de parties, ou aucune."""
    if nombre == 0:
        raise ErreurFichier(f"Le fichier « {nom} » est un zip vide.", _REDEMANDER)
    if nombre > MEMBRES:
        raise demesure(nom, f"il contient {nombre} parties")


def verifier_tailles(parties: Iterable[tuple[str, int, int]], nom: str) -> None:
    """Lève `ErreurFichier` si les tailles annoncées (partie, comprimée, décomprimée) sont absurdes."""
    total = total_comprime = 0
    for partie, comprimee, taille in parties:
        total += taille
        total_comprime += comprimee
        ordinaire = _en_proportion(taille, comprimee)
        limite = TAILLE_PARTIE if ordinaire or not est_xml(partie) else TAILLE_XML
        if taille > limite or _trop_dense(taille, comprimee):
            raise demesure(nom, f"« {partie} » pèserait {taille // 1024**2} Mo une fois ouvert")
    limite = 5 * TAILLE_TOTALE if _en_proportion(total, total_comprime) else TAILLE_TOTALE
    if total > limite or _trop_dense(total, total_comprime):
        raise demesure(nom, f"il pèserait {total // 1024**2} Mo une fois ouvert")


def _en_proportion(taille: int, comprimee: int) -> bool:
    return taille <= RAPPORT_ORDINAIRE * comprimee


def _trop_dense(taille: int, comprimee: int) -> bool:
    return taille > TAILLE_SANS_RAPPORT and taille > RAPPORT * max(comprimee, 1)


def verifier_format(noms: Iterable[str], lire: Callable[[str], bytes], nom: str) -> None:
    """Lève `ErreurFichier` si le document n’est pas ordinaire : OpenDocument, .xlsb, Strict, signé."""
    presents = {n.lower() for n in noms}
    if "[content_types].xml" not in presents or "_rels/.rels" not in presents:
        quoi = "un document LibreOffice" if "mimetype" in presents else "un zip, mais pas un fichier Office"
        raise ErreurFichier(f"Le fichier « {nom} » est {quoi}.", REENREGISTRER)
    if any(n.startswith("_xmlsignatures/") for n in presents):
        raise ErreurFichier(
            f"Le fichier « {nom} » porte une signature numérique, que tout remplissage romprait.",
            "Demander une version non signée, ou retirer la signature dans Office et l’enregistrer.",
        )
    if b"sheet.binary.macroEnabled" in lire("[Content_Types].xml"):
        raise ErreurFichier(
            f"Le fichier « {nom} » est un classeur binaire (.xlsb).",
            "L’ouvrir dans Excel et l’enregistrer au format .xlsx (ou .xlsm s’il a des macros).",
        )
    if b"purl.oclc.org/ooxml" in lire("_rels/.rels"):
        raise ErreurFichier(
            f"Le fichier « {nom} » est au format « Open XML strict », non pris en charge.",
            "L’ouvrir dans Office et l’enregistrer au format .xlsx ou .docx ordinaire (sans « strict »).",
        )
