"""Certifier un document : deux fichiers, une comparaison. Lecture gardée, rien n’est écrit."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from cpomdocs.certificat.comparaison.constats import Comparaison, Constat
from cpomdocs.certificat.comparaison.excel.classeur import comparer_classeurs
from cpomdocs.certificat.comparaison.word.document import comparer_documents
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.archive import Archive, lire_archive
from cpomdocs.office.gardes import REENREGISTRER


def certifier_fichiers(gabarit: Path, document: Path) -> Comparaison:
    """Ce que le document a perdu du gabarit, et ce qu’on y a saisi.

    Lève `ErreurFichier`, en une phrase et un remède, si l’un des fichiers ne se lit pas ou si l’un est un
    classeur et l’autre un texte.
    """
    avant, apres = lire_archive(gabarit), lire_archive(document)
    word = est_word(avant, gabarit.name), est_word(apres, document.name)
    if word[0] != word[1]:
        raise ErreurFichier(
            f"« {gabarit.name} » et « {document.name} » ne sont pas de la même sorte : l’un est un "
            "document Word, l’autre un classeur Excel.",
            "Donner d’abord le gabarit reçu de l’autorité, puis le document qui en vient.",
        )
    try:
        constats, saisies = comparer_documents(avant, apres) if word[0] else _comparer_classeurs(avant, apres)
    except (ValueError, etree.LxmlError) as erreur:
        raise ErreurFichier(
            f"« {gabarit.name} » ou « {document.name} » n’est pas bien formé.", REENREGISTRER
        ) from erreur
    return Comparaison(
        gabarit=gabarit.name,
        document=document.name,
        nature="word" if word[0] else "excel",
        saisies=saisies,
        constats=constats,
    )


def _comparer_classeurs(avant: Archive, apres: Archive) -> tuple[list[Constat], int]:
    constats, saisies = comparer_classeurs(avant, apres)
    return constats, len(saisies)


def est_word(archive: Archive, nom: str) -> bool:
    """Vrai pour un texte, faux pour un classeur. Lève `ErreurFichier` si ce n’est ni l’un ni l’autre."""
    types = archive.lire("[Content_Types].xml")
    if b"wordprocessingml" in types or b"ms-word" in types:
        return True
    if b"spreadsheetml" in types or b"ms-excel" in types:
        return False
    raise ErreurFichier(
        f"Le fichier « {nom} » n’est ni un classeur Excel ni un document Word.",
        "Choisir un fichier .xlsx, .xlsm, .docx ou .docm.",
    )
