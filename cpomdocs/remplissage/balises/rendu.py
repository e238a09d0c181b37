"""Rendre un document balisé : (gabarit, contexte) → octets, et les données qu’il lit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.modeles.chemins import Contexte, Portee
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive, Comprime, comprimer, lire_archive
from cpomdocs.remplissage.balises.donnees.vues import contexte_de_rendu
from cpomdocs.remplissage.balises.gabarit.colonnes import ajuster_les_colonnes
from cpomdocs.remplissage.balises.gabarit.parties import PartieBalisee, parties_balisees
from cpomdocs.remplissage.balises.langage.etat import Etat, Illustrations, Lectures, NomInconnu
from cpomdocs.remplissage.balises.verification import defauts_des_parties
from cpomdocs.remplissage.word.ooxml import w
from cpomdocs.remplissage.word.recriture.medias import Medias
from cpomdocs.remplissage.word.relations import partie_liee, partie_principale
from cpomdocs.saisies import Annexe, Image

_NIVEAU = 3
"""Compression des parties rendues : deux fois plus vite que le niveau 6, pour un cinquième de plus."""


@dataclass(frozen=True, eq=False)
class GabaritBalise:
    """Un document à balises, compilé une fois pour être rendu plusieurs."""

    archive: Archive
    parties: tuple[PartieBalisee, ...]
    noms: frozenset[str]
    """Les noms que le document emploie : fiches, listes, éléments courants."""


def preparer(gabarit: bytes, nom: str = "gabarit") -> GabaritBalise:
    """Le gabarit compilé. Lève `ErreurFichier` ou `ErreurFormulaire`, en nommant le lieu, s’il est refusé."""
    archive = lire_archive(gabarit, nom)
    parties = parties_balisees(archive)
    noms = (noeud.name for partie in parties for noeud in partie.arbre.find_all(nodes.Name))
    return GabaritBalise(archive, parties, frozenset(noms))


def lectures_du_document(prepare: GabaritBalise, contexte: Contexte) -> Lectures:
    """Les données que le document lit pour ce contexte, dans l’ordre ; celles qui manquent y sont vides."""
    etat = Etat(contexte_de_rendu(contexte, prepare.noms))
    for _ in _rendre(prepare, etat, contexte):
        pass
    return etat.lectures()


def remplir(
    prepare: GabaritBalise, contexte: Contexte, images: Mapping[str, Image | Annexe] | None = None
) -> bytes:
    """Le document rendu. Mêmes entrées, mêmes octets ; les parties sans balise sont recopiées.

    `images` : celles du dossier que le document demande, et les documents qu’il insère, par nom de fichier.
    """
    medias = Medias(prepare.archive)
    annexes = any(isinstance(fichier, Annexe) for fichier in (images or {}).values())
    styles = _styles(prepare.archive) if annexes else frozenset()
    illustrations = Illustrations(images or {}, medias, styles)
    etat = Etat(contexte_de_rendu(contexte, prepare.noms), illustrations, retient=False)
    rendues: dict[str, bytes | Comprime] = {
        nom: comprimer(octets, _NIVEAU) for nom, octets in _rendre(prepare, etat, contexte)
    }
    if not rendues:
        return prepare.archive.octets
    return prepare.archive.recomposer(rendues | medias.remplacements, medias.ajouts)


def _styles(archive: Archive) -> frozenset[tuple[str, str]]:
    """Le genre et l’identifiant des styles du gabarit."""
    nom = partie_liee(archive, partie_principale(archive), "styles")
    styles = () if nom is None else analyser_xml(archive.lire(nom), nom).iter(w("style"))
    return frozenset((style.get(w("type")) or "", style.get(w("styleId")) or "") for style in styles)


def _rendre(prepare: GabaritBalise, etat: Etat, contexte: Contexte) -> Iterator[tuple[str, bytes]]:
    """Le nom et les octets de chaque partie rendue."""
    noms = etat.noms
    for partie in prepare.parties:
        etat.ouvrir(partie.nom, dict(noms), partie.entete)
        try:
            partie.executer(etat)
        except NomInconnu as erreur:
            defauts = defauts_des_parties([partie], _portee(contexte))
            if not defauts:
                raise
            raise ErreurFormulaire(defauts[0], "Corriger le document à balises.") from erreur
        octets = etat.octets()
        yield partie.nom, ajuster_les_colonnes(octets) if partie.colonnes else octets


def _portee(contexte: Contexte) -> Portee:
    if contexte.objectif is not None:
        return "objectif"
    return "gestionnaire" if contexte.etablissement is None else "etablissement"
