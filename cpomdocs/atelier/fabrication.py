"""Produire les documents : décider dans l’ordre, fabriquer par lots, livrer dans l’ordre.

Ce qui est en cours est borné par la fenêtre de l’équipe, quel que soit le nombre de documents.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cpomdocs import __version__
from cpomdocs.atelier.commande import Atelier, Sort
from cpomdocs.atelier.ebauches import Ebauche, achever, ebaucher
from cpomdocs.atelier.equipe import Equipe, Rendu
from cpomdocs.atelier.travail import Lot, extraire
from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.plan import Projet
from cpomdocs.recalcul.qualification import FICHIER, Qualification


def produire(projets: Iterable[Projet], atelier: Atelier, equipe: Equipe) -> Iterator[Sort]:
    """Le sort de chaque document, dans l’ordre ; une difficulté ne concerne que le sien."""
    chaine = _Chaine(atelier, equipe)
    for projet in projets:
        chaine.ajouter(ebaucher(projet, atelier))
        yield from chaine.livrer(equipe.fenetre)
    chaine.confier()
    yield from chaine.livrer(0)
    atelier.memoire.enregistrer()


class _Chaine:
    """Les documents en cours, dans l’ordre du plan : décidés, en attente d’un lot, ou confiés."""

    def __init__(self, atelier: Atelier, equipe: Equipe) -> None:
        self._atelier = atelier
        self._equipe = equipe
        self._attente: list[Ebauche] = []
        self._file: deque[Sort | tuple[list[Ebauche], Rendu]] = deque()

    def ajouter(self, suivant: Sort | Ebauche) -> None:
        """Prend un document de plus ; un lot complet, ou d’un autre formulaire, part."""
        if isinstance(suivant, Sort):
            self.confier()
            self._file.append(suivant)
            return
        if self._attente and self._attente[0].projet.formulaire is not suivant.projet.formulaire:
            self.confier()
        self._attente.append(suivant)
        if len(self._attente) >= self._equipe.lot:
            self.confier()

    def confier(self) -> None:
        """Confie à l’équipe les documents en attente."""
        if self._attente:
            ebauches, self._attente = self._attente, []
            self._file.append((ebauches, self._equipe.confier(self._lot(ebauches))))

    def livrer(self, fenetre: int) -> Iterator[Sort]:
        """Livre les premiers documents, jusqu’à ce qu’il n’y ait plus que tant de lots confiés."""
        while self._file:
            premier = self._file[0]
            if isinstance(premier, Sort):
                yield premier
            else:
                if sum(not isinstance(autre, Sort) for autre in self._file) <= fenetre:
                    return
                ebauches, rendre = premier
                for ebauche, fabrication in zip(ebauches, rendre(), strict=True):
                    yield achever(ebauche, fabrication, self._atelier)
            self._file.popleft()

    def _lot(self, ebauches: list[Ebauche]) -> Lot:
        formulaire, atelier = ebauches[0].projet.formulaire, self._atelier
        correspondance = formulaire.correspondance
        excel = correspondance.genre == "excel"
        travaux = [ebauche.travail for ebauche in ebauches]
        if self._equipe.ailleurs:
            balises = correspondance.genre == "balises"
            travaux = [
                replace(t, contexte=extraire(e.prevu.contexte, e.observees if balises else frozenset()))
                for t, e in zip(travaux, ebauches, strict=True)
            ]
        return Lot(
            formulaire=formulaire.nom,
            genre=correspondance.genre,
            gabarit=formulaire.octets,
            fichier=correspondance.formulaire.gabarit,
            langue=correspondance.formulaire.langue,
            constat=self._constat(formulaire) if excel else None,
            moteur=atelier.moteur if excel else None,
            maintenant=atelier.maintenant,
            version=__version__,
            travaux=tuple(travaux),
        )

    def _constat(self, formulaire: Formulaire) -> Qualification | str | None:
        langue = formulaire.correspondance.formulaire.langue
        livree = formulaire.repertoire / FICHIER
        return self._atelier.recalculateur.qualifier(formulaire.octets, langue, livree)
