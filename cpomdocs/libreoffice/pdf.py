"""Un PDF à côté de chaque document, refait quand le document change."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cpomdocs.ecriture.depot import deposer, en_place
from cpomdocs.ecriture.empreintes import empreinte
from cpomdocs.ecriture.etat import Etat
from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.libreoffice import conversion as libreoffice
from cpomdocs.rapport import Anomalie, DocumentProduit
from cpomdocs.suivi import Suivi

MARQUE = "#pdf"
"""Ce qui distingue, dans l’état, la clé du PDF de celle de son document."""
_SANS_FICHIER = ("erreur", "orphelin", "a_blanc")


@dataclass(frozen=True)
class _Tirage:
    """Un document à convertir, et où ira son PDF."""

    document: DocumentProduit
    source: Path
    chemin: str

    @property
    def cle(self) -> str:
        return self.document.cle + MARQUE


def produire_les_pdf(
    racine: Path, documents: Sequence[DocumentProduit], etat: Etat, *, forcer: bool, suivi: Suivi
) -> list[Anomalie]:
    """Pose un PDF à côté de chaque document en place, sauf ceux qui sont à jour ; rend ce qui n’a pu l’être.

    Un document retouché à la main est converti tel qu’il est.
    """
    a_faire = [tirage for tirage in _tirages(racine, documents, etat) if not _a_jour(racine, tirage, etat)]
    if not a_faire:
        return []
    soffice = libreoffice.programme()
    if soffice is None:
        return [
            _anomalie(
                "PD-01",
                "Les PDF n’ont pas été faits : LibreOffice n’est pas installé sur ce poste.",
                "L’installer (il est gratuit), ou enregistrer chaque document en PDF depuis Word ou Excel.",
            )
        ]
    suivi.debut(len(a_faire), "PDF")
    anomalies: list[Anomalie] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as provisoire:
        for tirage, source, rendu in _convertir(soffice, a_faire, Path(provisoire)):
            anomalies += _deposer(racine, tirage, source, rendu, etat, forcer)
            suivi.avance(tirage.document)
    return anomalies


def _tirages(racine: Path, documents: Sequence[DocumentProduit], etat: Etat) -> Iterator[_Tirage]:
    """Les documents en place. Deux documents qui ne diffèrent que par leur extension la gardent."""
    chemins = {t.chemin for t in etat.traces() if not t.cle.endswith(MARQUE)}
    radicaux = Counter(Path(chemin).with_suffix("") for chemin in chemins)
    for document in documents:
        chemin, source = Path(document.chemin), racine / document.chemin
        if document.statut in _SANS_FICHIER or not source.is_file():
            continue
        partage = radicaux[chemin.with_suffix("")] > 1
        pdf = chemin.with_name(chemin.name + ".pdf") if partage else chemin.with_suffix(".pdf")
        yield _Tirage(document, source, pdf.as_posix())


def _a_jour(racine: Path, tirage: _Tirage, etat: Etat) -> bool:
    """Vrai si le PDF en place vient de ces octets du document, et que personne ne l’a touché."""
    trace = etat.trace(tirage.cle)
    return (
        trace is not None
        and trace.chemin == tirage.chemin
        and en_place(racine, trace)
        and trace.lectures == empreinte(tirage.source.read_bytes())
    )


def _convertir(
    soffice: str, tirages: Sequence[_Tirage], provisoire: Path
) -> Iterator[tuple[_Tirage, bytes, bytes | None]]:
    """Chaque tirage avec les octets convertis et leur PDF, `None` si LibreOffice n’y arrive pas.

    LibreOffice travaille sur des copies aux noms uniques : deux établissements ont des documents de même nom.
    """
    copies: dict[Path, _Tirage] = {}
    for rang, tirage in enumerate(tirages):
        copie = provisoire / f"{rang}{tirage.source.suffix}"
        shutil.copyfile(tirage.source, copie)
        copies[copie] = tirage
    for copie, rendu in libreoffice.convertir(soffice, list(copies), "pdf", provisoire / "pdf"):
        yield copies[copie], copie.read_bytes(), rendu.read_bytes() if rendu else None


def _deposer(
    racine: Path, tirage: _Tirage, source: bytes, rendu: bytes | None, etat: Etat, forcer: bool
) -> list[Anomalie]:
    document, chemin = tirage.document, tirage.chemin
    if rendu is None:
        message = f"« {document.chemin} » n’a pas pu être converti en PDF par LibreOffice."
        return [_anomalie("PD-02", message, "L’enregistrer en PDF depuis Word ou Excel.", document)]
    try:
        depot = deposer(racine, tirage.cle, chemin, rendu, etat, forcer=forcer)
    except ErreurCpomdocs as erreur:
        return [_anomalie("PD-03", erreur.message, erreur.remede, document)]
    if depot.statut in ("conflit", "verrouille"):
        message = f"« {chemin} » : {depot.message}"
        return [_anomalie("PD-03", message, "Le fermer ou le renommer, puis relancer.", document)]
    etat.retenir(tirage.cle, empreinte(source), b"")
    return []


def _anomalie(code: str, message: str, remede: str, document: DocumentProduit | None = None) -> Anomalie:
    return Anomalie(
        code=code,
        gravite="bloquante",
        etablissement=document.etablissement if document else None,
        formulaire=document.formulaire if document else None,
        message=message,
        remede=remede or None,
    )
