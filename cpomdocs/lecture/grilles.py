"""Le classeur maître comme des grilles de valeurs : lu par le lecteur rapide, derrière une garde."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from cpomdocs.erreurs import ErreurClasseur, ErreurFichier
from cpomdocs.lecture.garde import Constats, constater, est_demesuree
from cpomdocs.office.archive import Archive, lire_archive
from cpomdocs.office.classeur import lire_classeur

_ENREGISTRER = "L’ouvrir dans Excel ou LibreOffice et l’enregistrer au format .xlsx, puis recommencer."


@dataclass(frozen=True)
class Grille:
    """Les valeurs d’une feuille à partir de A1 ; `constats` : les cellules en erreur ou jamais calculées."""

    nom: str
    lignes: Sequence[Sequence[object]]
    constats: Constats


@dataclass
class ClasseurLu:
    """Un classeur vérifié, dont les feuilles se lisent à la demande."""

    nom: str
    archive: Archive
    _calamine: CalamineWorkbook
    _parties: dict[str, str]
    _grilles: dict[str, Grille] = field(default_factory=dict)

    @property
    def feuilles(self) -> list[str]:
        """Les noms des feuilles, dans l’ordre du classeur."""
        return list(self._parties)

    def grille(self, feuille: str) -> Grille:
        """Les valeurs d’une feuille. Lève `ErreurFichier` si elle est démesurée ou illisible."""
        if feuille not in self._grilles:
            self._grilles[feuille] = self._lire(feuille)
        return self._grilles[feuille]

    def _lire(self, feuille: str) -> Grille:
        octets = self.archive.lire(self._parties[feuille])
        if est_demesuree(octets):
            raise ErreurFichier(
                f"La feuille « {feuille} » est démesurée : une cellule isolée est très loin des autres.",
                "Supprimer les lignes et les colonnes vides au-delà des données, puis enregistrer.",
            )
        try:
            lignes = self._calamine.get_sheet_by_name(feuille).to_python(skip_empty_area=False)
        except (CalamineError, ValueError, OSError) as erreur:
            raise ErreurFichier(f"La feuille « {feuille} » est illisible.", _ENREGISTRER) from erreur
        return Grille(feuille, lignes, constater(octets))


def ouvrir_classeur(chemin: Path) -> ClasseurLu:
    """Le classeur, vérifié. Lève `ErreurClasseur`, en une phrase, s’il ne peut pas servir."""
    try:
        archive = lire_archive(chemin)
        parties = {f.nom: f.partie for f in lire_classeur(archive).feuilles if f.donnees}
        calamine = CalamineWorkbook.from_filelike(io.BytesIO(archive.octets))
    except ErreurFichier as erreur:
        raise ErreurClasseur(erreur.message, erreur.remede) from erreur
    except (CalamineError, ValueError, OSError) as erreur:
        raise ErreurClasseur(f"Le classeur « {chemin.name} » est illisible.", _ENREGISTRER) from erreur
    noms = calamine.sheet_names
    if len(set(noms)) != len(noms):
        raise ErreurClasseur(f"Le classeur « {chemin.name} » a deux feuilles de même nom.", _ENREGISTRER)
    presentes = {nom: parties[nom] for nom in noms if nom in parties}
    if not presentes:
        raise ErreurClasseur(
            f"« {chemin.name} » n’est pas un classeur : il n’a aucune feuille.", _ENREGISTRER
        )
    return ClasseurLu(chemin.name, archive, calamine, presentes)
