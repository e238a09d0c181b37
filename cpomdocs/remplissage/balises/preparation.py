"""L’arbre d’une partie balisée, prêt à rendre : boucles comptées, valeurs écrites selon leur endroit."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from cpomdocs.erreurs import ErreurFormulaire

_PROTEGES = {"’": "\ue0f1", "‘": "\ue0f2", "“": "\ue0f3", "”": "\ue0f4"}
"""Signes que le dialecte rend droits dans une balise : ceux des textes entre guillemets sont mis à l’abri."""
_ABRITES = str.maketrans({abri: signe for signe, abri in _PROTEGES.items()})
_FERMANTS = {"'": "'", '"': '"', "“": "”", "‘": "’"}
_LITTERAUX = (("\n<w:p", "<w:p"), ("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
"""Ce que le dialecte écrit autrement dans le texte du gabarit, et notre repère de paragraphe."""
_ATTRIBUT = re.compile(r"([\w:.-]+)\s*=\s*[\"'][^\"']*$")


def abriter(balise: str) -> str:
    """La balise dont les apostrophes courbes des textes entre guillemets sont mises à l’abri."""
    sortie, fermant = [], ""
    for signe in balise:
        if fermant and signe != fermant:
            sortie.append(_PROTEGES.get(signe, signe))
            continue
        fermant = "" if fermant else _FERMANTS.get(signe, "")
        sortie.append(signe)
    return "".join(sortie)


class Preparation(NodeTransformer):
    """Parcourt l’arbre dans l’ordre du document. `word` : la partie est du texte de Word."""

    def __init__(self, situer: Callable[[int], str], word: bool) -> None:
        self._situer = situer
        self._word = word
        self._avant = ""

    def visit_For(self, noeud: nodes.For) -> nodes.Node:  # noqa: N802 – nom imposé par Jinja
        """Compte les tours de la boucle."""
        self.generic_visit(noeud)
        noeud.iter = _appliquer("_boucle", noeud.iter)
        return noeud

    def visit_Const(self, noeud: nodes.Const) -> nodes.Node:  # noqa: N802
        """Rend aux textes entre guillemets leurs signes d’origine."""
        if isinstance(noeud.value, str):
            noeud.value = html.unescape(noeud.value).translate(_ABRITES)
        return noeud

    def visit_Concat(self, noeud: nodes.Concat) -> nodes.Node:  # noqa: N802
        """« a ~ b » : un texte français, borné."""
        self.generic_visit(noeud)
        return _appliquer("_joindre", nodes.List(noeud.nodes, lineno=noeud.lineno))

    def visit_CondExpr(self, noeud: nodes.CondExpr) -> nodes.Node:  # noqa: N802
        """« a if b » sans « else » n’écrit rien quand b est faux."""
        self.generic_visit(noeud)
        noeud.expr2 = noeud.expr2 or nodes.Const("", lineno=noeud.lineno)
        return noeud

    def visit_Output(self, noeud: nodes.Output) -> nodes.Node:  # noqa: N802
        """Écrit chaque valeur comme le veut l’endroit où elle tombe."""
        for rang, element in enumerate(noeud.nodes):
            if isinstance(element, nodes.TemplateData):
                for ecrit, voulu in _LITTERAUX:
                    element.data = element.data.replace(ecrit, voulu)
                avant = self._avant + element.data
                self._avant = avant[max(avant.rfind("<"), 0) :]
            else:
                noeud.nodes[rang] = _appliquer(self._ecriture(element.lineno), self.visit(element))
        return noeud

    def _ecriture(self, numero: int) -> str:
        """Le filtre d’écriture qui convient après le texte du gabarit déjà vu."""
        balise, ferme, _ = self._avant.partition(">")
        attribut = None if ferme else _ATTRIBUT.search(balise)
        if not self._word or (attribut is not None and attribut[1] != "w:instr"):
            return "_attribut"
        if ferme and re.fullmatch(r"<w:t(?: [^>]*)?", balise):
            return "_texte"
        raise ErreurFormulaire(
            f"Une balise n’est pas dans un texte, {self._situer(numero)}.",
            "Écrire {{ … }} dans le texte, sans « r » ni « p » devant le champ, hors d’un champ de Word.",
        )


def _appliquer(filtre: str, expression: nodes.Node) -> nodes.Filter:
    return nodes.Filter(expression, filtre, [], [], None, None, lineno=expression.lineno)
