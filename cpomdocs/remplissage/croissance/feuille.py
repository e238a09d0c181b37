"""Les feuilles agrandies d’un gabarit : lignes ajoutées, plages, tableaux et noms prolongés."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cpomdocs.office.cadre import Cadre
from cpomdocs.office.classeur import Classeur, FeuilleClasseur, lire_liens
from cpomdocs.office.feuille import FeuilleOctets
from cpomdocs.remplissage.croissance.entourage import (
    copier_fusions,
    prolonger_noms,
    prolonger_plages,
    prolonger_tableau,
)
from cpomdocs.remplissage.croissance.lignes import copier
from cpomdocs.remplissage.croissance.obstacles import obstacle
from cpomdocs.remplissage.excel_resultats import demander_recalcul

Ajouts = Mapping[str, tuple[int, int]]
"""Par feuille, la ligne à copier et le nombre de ses copies."""


@dataclass
class Croissances:
    """Ce qui se sait une fois des tableaux qui peuvent grandir. `feuilles` : par nom, celles du gabarit."""

    classeur: Classeur
    feuilles: dict[str, FeuilleOctets]
    _obstacles: dict[tuple[str, int], str | None] = field(default_factory=dict, repr=False)

    def obstacle(self, fiche: FeuilleClasseur, cadre: Cadre, modele: int) -> str | None:
        """Pourquoi rien ne peut être ajouté sous cette ligne ; `None` si elle peut être copiée."""
        cle = fiche.nom, modele
        if cle not in self._obstacles:
            self._obstacles[cle] = obstacle(self.classeur, fiche, self.feuilles, cadre, modele)
        return self._obstacles[cle]

    def agrandir(self, nom: str, modele: int, nombre: int) -> bytes:
        """Les octets de la feuille où `nombre` copies de la ligne `modele` la suivent."""
        return _agrandir(self.feuilles[nom], modele, nombre)

    def autour(self, ajouts: Ajouts, a_formules: bool) -> dict[str, bytes]:
        """Les tableaux et la partie du classeur que ces ajouts changent. `a_formules` : à recalculer."""
        archive = self.classeur.archive
        classeur = archive.lire(self.classeur.partie)
        parties: dict[str, bytes] = {}
        for rang, fiche in enumerate(self.classeur.feuilles):
            if fiche.nom not in ajouts:
                continue
            classeur = prolonger_noms(classeur, rang, *ajouts[fiche.nom])
            for lien in lire_liens(archive, fiche.partie).values():
                if lien.genre == "table" and lien.cible in archive:
                    parties[lien.cible] = prolonger_tableau(archive.lire(lien.cible), *ajouts[fiche.nom])
        parties[self.classeur.partie] = demander_recalcul(classeur) if a_formules else classeur
        return parties


def _agrandir(feuille: FeuilleOctets, modele: int, nombre: int) -> bytes:
    """La feuille où `nombre` copies de la ligne `modele` la suivent ; les lignes vides qu’elles couvrent
    sont remplacées. La ligne est écrite et rien ne l’interdit (`obstacle`)."""
    ligne, donnees = feuille.ligne(modele), feuille.donnees
    assert ligne is not None
    morceaux, position = (
        [feuille.octets[donnees.debut : ligne.fin], copier(feuille, ligne, nombre)],
        ligne.fin,
    )
    for numero in range(modele + 1, modele + nombre + 1):
        ecrite = feuille.ligne(numero)
        if ecrite is not None:
            morceaux.append(feuille.octets[position : ecrite.debut])
            position = ecrite.fin
    morceaux.append(feuille.octets[position : donnees.fin])
    tete = prolonger_plages(feuille.octets[: donnees.debut], modele, nombre)
    queue = prolonger_plages(feuille.octets[donnees.fin :], modele, nombre)
    return tete + b"".join(morceaux) + copier_fusions(queue, modele, nombre)
