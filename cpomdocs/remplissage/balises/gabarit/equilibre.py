"""La preuve, avant toute donnée, que le document rendu sera du XML bien formé.

Chaque branche d’une condition et chaque tour de boucle doit laisser ouverts les mêmes éléments que si elle
n’était pas là : ce qu’elle ferme, elle le rouvre. Il n’y a alors rien à relire après le rendu.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from jinja2 import nodes

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.gabarit.lieux import Lieu
from cpomdocs.remplissage.balises.gabarit.morceaux import FIXE, Fixe

_MARQUE = re.compile(r"<[?!][^>]*>|<(/?)([^\s<>/]+)[^<>]*?(/?)>|<[^<>]*$")


class _Croisement(Exception):
    """Une branche laisse ouverts d’autres éléments que ceux qu’elle a trouvés."""


@dataclass
class _Etat:
    """Les éléments ouverts, et le début de la marque entamée quand une balise est dans un attribut."""

    ouverts: list[str] = field(default_factory=list)
    entamee: str = ""

    def copie(self) -> _Etat:
        return replace(self, ouverts=[*self.ouverts])

    def lire(self, texte: str) -> None:
        """Suit un texte fixe. Lève `_Croisement` s’il ferme autre chose que le dernier élément ouvert."""
        if self.entamee:
            debut, ferme, texte = texte.partition(">")
            if not ferme:
                return
            texte = f"{self.entamee}{'/' if debut.endswith('/') else ''}>{texte}"
            self.entamee = ""
        for marque in _MARQUE.finditer(texte):
            if marque[2] is None:
                self.entamee = "" if marque[0].endswith(">") else marque[0].split(maxsplit=1)[0]
            elif marque[1]:
                if not self.ouverts or self.ouverts.pop() != marque[2]:
                    raise _Croisement
            elif not marque[3]:
                self.ouverts.append(marque[2])


def verifier_equilibre(arbre: nodes.Template, fixes: Sequence[Fixe], situer: Callable[[int], Lieu]) -> None:
    """Lève `ErreurFormulaire` si une branche peut déséquilibrer le XML, en nommant sa balise."""
    if _Examen(fixes, situer).suivre(arbre.body, _Etat(), 1) != _Etat():
        raise ValueError("la partie entière est équilibrée")


@dataclass(frozen=True)
class _Examen:
    fixes: Sequence[Fixe]
    situer: Callable[[int], Lieu]

    def suivre(self, corps: Sequence[nodes.Node], etat: _Etat, ligne: int) -> _Etat:
        """Les éléments ouverts après ces instructions ; `ligne` : celle qui les contient."""
        for noeud in corps:
            if isinstance(noeud, nodes.Output):
                for fixe in (f for f in noeud.nodes if isinstance(f, nodes.TemplateData)):
                    self._lire(fixe.data, etat, ligne)
            elif isinstance(noeud, nodes.For):
                self._exiger(self.suivre(noeud.body, etat.copie(), noeud.lineno), etat, noeud.lineno)
                self._exiger(self.suivre(noeud.else_, etat.copie(), noeud.lineno), etat, noeud.lineno)
            elif isinstance(noeud, nodes.If):
                etat = self._alternative(noeud, etat)
        return etat

    def _alternative(self, noeud: nodes.If, etat: _Etat) -> _Etat:
        branches = [noeud.body, *(suite.body for suite in noeud.elif_), noeud.else_]
        finales = [self.suivre(branche, etat.copie(), noeud.lineno) for branche in branches]
        for finale in finales[1:]:
            self._exiger(finales[0], finale, noeud.lineno)
        return finales[0]

    def _lire(self, source: str, etat: _Etat, ligne: int) -> None:
        for numero in FIXE.findall(source):
            fixe = self.fixes[int(numero)]
            if isinstance(fixe, str):
                try:
                    etat.lire(fixe)
                except _Croisement:
                    self._refuser(ligne)

    def _exiger(self, obtenu: _Etat, voulu: _Etat, ligne: int) -> None:
        if obtenu != voulu:
            self._refuser(ligne)

    def _refuser(self, ligne: int) -> None:
        raise ErreurFormulaire(
            f"Des balises se croisent : le document rendu ne serait pas valide, {self.situer(ligne)}.",
            "Ouvrir et fermer chaque boucle ou condition au même niveau (paragraphe, ligne, cellule).",
        )
