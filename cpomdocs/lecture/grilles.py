"""Le lecteur de classeurs, des nôtres comme de ceux des autres : des grilles de valeurs et leurs adresses.

Un lecteur rapide (calamine) derrière une garde, qui rend ce qu’il tait : erreurs, formules sans résultat.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from cpomdocs.erreurs import ErreurClasseur, ErreurFichier
from cpomdocs.lecture.garde import Constats, Place, constater, est_demesuree
from cpomdocs.office.adresses import lire_cellule
from cpomdocs.office.archive import Archive, lire_archive
from cpomdocs.office.classeur import lire_classeur
from cpomdocs.office.valeurs import CodeErreur

_ENREGISTRER = "L’ouvrir dans Excel ou LibreOffice et l’enregistrer au format .xlsx, puis recommencer."


@dataclass(frozen=True)
class Grille:
    """Les valeurs d’une feuille.

    `lignes`, à partir de A1 : texte, nombre (`float`), booléen, date, heure, durée ; une chaîne vide pour une
    cellule vide ou en erreur. `constats` : les cellules en erreur ou jamais calculées.
    """

    nom: str
    lignes: Sequence[Sequence[object]]
    constats: Constats

    def valeur(self, adresse: str) -> object:
        """La valeur de la cellule « B4 » ; `CodeErreur` si elle est en erreur, `None` si elle est vide.

        Lève `ValueError` si ce n’est pas l’adresse d’une cellule.
        """
        place = lire_cellule(adresse)
        if place is None:
            raise ValueError(f"« {adresse} » n’est pas l’adresse d’une cellule")
        ligne = self.lignes[place[0] - 1] if place[0] <= len(self.lignes) else ()
        brut = ligne[place[1] - 1] if place[1] <= len(ligne) else ""
        return self._valeur(Place(place[0] - 1, place[1] - 1), brut)

    def cellules(self) -> Iterator[tuple[str, object]]:
        """L’adresse et la valeur de chaque cellule qui n’est pas vide, ligne après ligne."""
        for rang, ligne in enumerate(self.lignes):
            for colonne, brut in enumerate(ligne):
                if brut != "" or self.constats.erreurs:
                    place = Place(rang, colonne)
                    valeur = self._valeur(place, brut)
                    if valeur is not None:
                        yield place.adresse, valeur

    def _valeur(self, place: Place, brut: object) -> object:
        if brut != "":
            return brut
        code = self.constats.erreurs.get(place)
        return None if code is None else CodeErreur(code)


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
                f"La feuille « {feuille} » est démesurée : trop de cellules, ou une très loin des autres.",
                "Supprimer les lignes et les colonnes vides au-delà des données, puis enregistrer.",
            )
        try:
            lignes = self._calamine.get_sheet_by_name(feuille).to_python(skip_empty_area=False)
        except (CalamineError, ValueError, OSError) as erreur:
            raise ErreurFichier(f"La feuille « {feuille} » est illisible.", _ENREGISTRER) from erreur
        return Grille(feuille, lignes, constater(octets))


def ouvrir_classeur(source: Path | bytes, nom: str = "") -> ClasseurLu:
    """Le classeur, vérifié, donné par son chemin ou ses octets. `nom` : celui des messages.

    Lève `ErreurClasseur`, en une phrase, s’il ne peut pas servir.
    """
    nom = nom or (source.name if isinstance(source, Path) else "classeur")
    try:
        archive = lire_archive(source, nom)
        parties = {f.nom: f.partie for f in lire_classeur(archive).feuilles if f.donnees}
        calamine = CalamineWorkbook.from_filelike(io.BytesIO(archive.octets))
    except ErreurFichier as erreur:
        raise ErreurClasseur(erreur.message, erreur.remede) from erreur
    except (CalamineError, ValueError, OSError) as erreur:
        raise ErreurClasseur(f"Le classeur « {nom} » est illisible.", _ENREGISTRER) from erreur
    noms = calamine.sheet_names
    if len(set(noms)) != len(noms):
        raise ErreurClasseur(f"Le classeur « {nom} » a deux feuilles de même nom.", _ENREGISTRER)
    presentes = {nom: parties[nom] for nom in noms if nom in parties}
    if not presentes:
        raise ErreurClasseur(f"« {nom} » n’est pas un classeur : il n’a aucune feuille.", _ENREGISTRER)
    return ClasseurLu(nom, archive, calamine, presentes)
