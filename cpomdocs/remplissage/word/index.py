"""Ce qu’un document contient, rangé par nom : chaque recherche ne se fait qu’une fois."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from cpomdocs.remplissage.word.endroits import Endroit, Portion
from cpomdocs.remplissage.word.genres.champs import Champ, champs_de
from cpomdocs.remplissage.word.genres.choix import coches_dites
from cpomdocs.remplissage.word.genres.coches import Boite, Coche, coches_de
from cpomdocs.remplissage.word.genres.controles import nom_de
from cpomdocs.remplissage.word.genres.fusion import Fusion, fusions_de
from cpomdocs.remplissage.word.genres.sections import est_une_section
from cpomdocs.remplissage.word.genres.signets import DEBUT
from cpomdocs.remplissage.word.libelles import Ligne, Occurrence, indexer, occurrences
from cpomdocs.remplissage.word.ooxml import TBL, TR, Element, Partie, descendre, w
from cpomdocs.remplissage.word.texte import normaliser


class Cible(NamedTuple):
    """Un endroit à remplir : la partie qui le porte, et l’élément ou la portion visés."""

    partie: Partie
    endroit: Endroit


def element_de(cible: Cible) -> Element:
    """L’élément visé, quand la cible en est un."""
    if isinstance(cible.endroit, Portion | Boite):
        raise TypeError("une portion n’est pas un élément")
    return cible.endroit


@dataclass(frozen=True, eq=False)
class Index:
    """Les parties du document dans l’ordre, le corps d’abord, et ses contrôles."""

    parties: dict[str, Partie]
    controles: list[Cible]
    _coches_dites: dict[str, list[tuple[Partie, Coche]]] = field(default_factory=dict, repr=False)
    _occurrences: dict[str, list[tuple[Partie, Occurrence]]] = field(default_factory=dict, repr=False)

    @cached_property
    def controles_nommes(self) -> tuple[dict[str, list[Cible]], dict[str, list[Cible]]]:
        """Les contrôles par balise, puis par titre."""
        rangs: tuple[dict[str, list[Cible]], dict[str, list[Cible]]] = ({}, {})
        for cible in self.controles:
            for nommes, nom in zip(rangs, nom_de(element_de(cible)), strict=True):
                if nom:
                    nommes.setdefault(nom, []).append(cible)
        return rangs

    @cached_property
    def sections(self) -> dict[Element, Partie]:
        """Les sections répétées."""
        return {element_de(c): c.partie for c in self.controles if est_une_section(element_de(c))}

    @cached_property
    def sections_nommees(self) -> dict[str, list[Element]]:
        """Les sections répétées par balise ou titre."""
        nommees: dict[str, list[Element]] = {}
        for section in self.sections:
            for nom in {n for n in nom_de(section) if n}:
                nommees.setdefault(nom, []).append(section)
        return nommees

    @cached_property
    def champs(self) -> list[tuple[Partie, Champ]]:
        """Les champs de formulaire."""
        return [(p, champ) for p in self.parties.values() for champ in champs_de(p.racine)]

    @cached_property
    def champs_nommes(self) -> dict[str, list[tuple[Partie, Champ]]]:
        """Les champs de formulaire par nom ; sous le nom vide, tous."""
        nommes: dict[str, list[tuple[Partie, Champ]]] = {"": self.champs}
        for partie, champ in self.champs:
            if champ.nom:
                nommes.setdefault(champ.nom, []).append((partie, champ))
        return nommes

    @cached_property
    def fusions(self) -> dict[str, list[tuple[Partie, Fusion]]]:
        """Les champs de publipostage par nom."""
        nommees: dict[str, list[tuple[Partie, Fusion]]] = {}
        for partie in self.parties.values():
            for fusion in fusions_de(partie.racine):
                nommees.setdefault(fusion.nom, []).append((partie, fusion))
        return nommees

    @cached_property
    def signets(self) -> dict[str, list[Cible]]:
        """Les débuts de signets par nom."""
        nommes: dict[str, list[Cible]] = {}
        for partie in self.parties.values():
            for debut in partie.racine.iter(DEBUT):
                nommes.setdefault(debut.get(w("name")) or "", []).append(Cible(partie, debut))
        return nommes

    @cached_property
    def tableaux(self) -> list[list[Element]]:
        """Les lignes de chaque tableau du corps."""
        racine = next(iter(self.parties.values())).racine
        corps = racine.find(w("body"))
        return [list(descendre(t, TR)) for t in descendre(racine if corps is None else corps, TBL)]

    @cached_property
    def coches(self) -> list[tuple[Partie, Coche]]:
        """Les cases à cocher."""
        return [(p, coche) for p in self.parties.values() for coche in coches_de(p.racine)]

    @cached_property
    def coches_nommees(self) -> dict[str, list[tuple[Partie, Coche]]]:
        """Les cases à cocher par libellé, de quelque côté qu’il soit."""
        nommees: dict[str, list[tuple[Partie, Coche]]] = {}
        for partie, coche in self.coches:
            for nom in {normaliser(n) for n in (coche.avant, coche.apres, coche.libelle)}:
                nommees.setdefault(nom, []).append((partie, coche))
        return nommees

    def coches_dites(self, nom: str) -> list[tuple[Partie, Coche]]:
        """Les cases à cocher que ce libellé désigne."""
        if nom not in self._coches_dites:
            self._coches_dites[nom] = coches_dites(self.coches, self.coches_nommees, nom)
        return self._coches_dites[nom]

    @cached_property
    def libelles_de_coches(self) -> frozenset[str]:
        """Les libellés connus des cases à cocher."""
        return frozenset(coche.libelle for _, coche in self.coches if coche.libelle)

    @cached_property
    def lignes(self) -> dict[str, list[Ligne]]:
        """Les paragraphes de chaque partie, prêts à être cherchés."""
        return {nom: indexer(partie.racine) for nom, partie in self.parties.items()}

    def toutes_les_lignes(self) -> Iterator[Ligne]:
        """Les paragraphes du document, dans l’ordre."""
        for lignes in self.lignes.values():
            yield from lignes

    def occurrences(self, libelle: str) -> list[tuple[Partie, Occurrence]]:
        """Chaque endroit où le libellé paraît, dans l’ordre du document."""
        cle = normaliser(libelle)
        if cle not in self._occurrences:
            self._occurrences[cle] = [
                (self.parties[nom], trouvee)
                for nom, lignes in self.lignes.items()
                for trouvee in occurrences(lignes, libelle)
            ]
        return self._occurrences[cle]
