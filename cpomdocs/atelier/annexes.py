"""Les documents du dossier qu’une balise insère : lus avec méfiance, refusés s’ils ne se suffisent pas."""

from __future__ import annotations

import posixpath
from pathlib import Path

from lxml import etree

from cpomdocs.atelier.images import charger_image, lire_image, situer
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive, lire_archive
from cpomdocs.office.gardes import lire_octets
from cpomdocs.remplissage.balises.objets.nettoyage import EMBED, A, nettoyer
from cpomdocs.remplissage.word.ooxml import Element, w
from cpomdocs.remplissage.word.relations import partie_principale
from cpomdocs.saisies import Annexe, Image

POIDS = 20 * 1024 * 1024
"""Poids (octets) au-delà duquel un document à insérer est refusé."""
CORPS = 4_000_000
"""Taille (octets) du texte mis en forme au-delà de laquelle il l’est aussi."""


def charger_fichier(dossier: Path, nom: str) -> Image | Annexe:
    """L’image ou le document (.docx) que ce nom désigne. Lève `ErreurFichier` s’il ne peut pas servir."""
    est_un_document = nom.strip().lower().endswith(".docx")
    return charger_annexe(dossier, nom) if est_un_document else charger_image(dossier, nom)


def charger_annexe(dossier: Path, nom: str) -> Annexe:
    """Le document de ce nom, prêt à être inséré. Lève `ErreurFichier` s’il ne peut pas servir."""
    chemin = situer(dossier, nom, "Le document")
    if not chemin.is_file():
        raise ErreurFichier(
            f"Le document « {nom} » n’est pas dans le dossier.", "L’y mettre, en .docx, ou corriger son nom."
        )
    if chemin.stat().st_size > POIDS:
        raise ErreurFichier(
            f"Le document « {nom} » pèse plus de {POIDS // 1024**2} Mo.", "En réduire les images."
        )
    return lire_annexe(lire_octets(chemin, nom), nom)


def lire_annexe(octets: bytes, nom: str) -> Annexe:
    """Le document que portent ces octets. Lève `ErreurFichier` en nommant ce qui ne peut pas être inséré."""
    archive = lire_archive(octets, nom)
    partie = partie_principale(archive)
    brut = archive.lire(partie)
    corps = analyser_xml(brut, f"{nom}/{partie}").find(w("body")) if len(brut) <= CORPS else None
    if corps is None:
        raise ErreurFichier(f"Le document « {nom} » est trop long, ou n’a pas de corps.", "L’alléger.")
    refus = nettoyer(corps)
    if refus:
        raise ErreurFichier(
            f"Le document « {nom} » ne peut pas être inséré : il contient {', '.join(refus)}.",
            "L’en retirer, le remplacer par du texte ou par une image PNG ou JPEG.",
        )
    return Annexe(octets, bytes(etree.tostring(corps)), tuple(_images(archive, partie, corps, nom).items()))


def _images(archive: Archive, partie: str, corps: Element, nom: str) -> dict[str, Image]:
    """Les images que le corps montre, par identifiant de relation."""
    cibles = _cibles(archive, partie)
    images = {}
    for relation in dict.fromkeys(pixels.get(EMBED) or "" for pixels in corps.iter(f"{A}blip")):
        cible = cibles.get(relation, "")
        if cible not in archive:
            raise ErreurFichier(
                f"Une image du document « {nom} » n’est pas dans le fichier.", "L’y incorporer dans Word."
            )
        images[relation] = lire_image(archive.lire(cible), f"{nom}, {posixpath.basename(cible)}")
    return images


def _cibles(archive: Archive, partie: str) -> dict[str, str]:
    dossier, fichier = posixpath.split(partie)
    nom = posixpath.join(dossier, "_rels", f"{fichier}.rels")
    cibles = {}
    for relation in analyser_xml(archive.lire(nom), nom) if nom in archive else ():
        if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
            chemin = posixpath.join("/", dossier, relation.get("Target") or "")
            cibles[relation.get("Id") or ""] = posixpath.normpath(chemin)
    return cibles
