"""Ce qu’une condition garantit : les données présentes quand elle est vraie, et quand elle est fausse."""

from __future__ import annotations

from typing import NamedTuple

from jinja2 import nodes

_PRESENCES = {"defined": True, "undefined": False, "none": False}
_VRAIES_SI_PRESENTE = {"eq", "lt", "lteq", "gt", "gteq", "in"}
"""Les comparaisons qui sont fausses quand la donnée manque."""


class Presences(NamedTuple):
    """Les chemins présents si la condition est vraie, et si elle est fausse."""

    si_vrai: frozenset[str] = frozenset()
    si_faux: frozenset[str] = frozenset()


def chemin_du_noeud(noeud: nodes.Node | None) -> str | None:
    """« objectif.pilote » pour une lecture simple, telle que le document l’écrit ; `None` pour le reste."""
    if isinstance(noeud, nodes.Name):
        return noeud.name
    if isinstance(noeud, nodes.Getattr):
        racine = chemin_du_noeud(noeud.node)
        return None if racine is None else f"{racine}.{noeud.attr}"
    if isinstance(noeud, nodes.Getitem) and isinstance(noeud.arg, nodes.Const):
        racine, rang = chemin_du_noeud(noeud.node), noeud.arg.value
        lien = f".{rang}" if isinstance(rang, str) else f"[{rang}]"
        return None if racine is None else racine + lien
    return None


def presences(test: nodes.Node) -> Presences:
    """Ce que la condition garantit."""
    if isinstance(test, nodes.Not):
        nie = presences(test.node)
        return Presences(nie.si_faux, nie.si_vrai)
    if isinstance(test, nodes.And):
        a, b = presences(test.left), presences(test.right)
        return Presences(a.si_vrai | b.si_vrai, a.si_faux & b.si_faux)
    if isinstance(test, nodes.Or):
        a, b = presences(test.left), presences(test.right)
        return Presences(a.si_vrai & b.si_vrai, a.si_faux | b.si_faux)
    if isinstance(test, nodes.Test):
        presente, sens = _chemins(test.node), _PRESENCES.get(test.name)
        if sens is None:
            return Presences()
        return Presences(presente) if sens else Presences(frozenset(), presente)
    if isinstance(test, nodes.Compare):
        return _comparaison(test)
    return Presences(_chemins(test))


def presentes_apres_filtre(liste: nodes.Node | None, element: str) -> frozenset[str]:
    """Les champs que des `selectattr` garantissent à chaque élément d’une liste."""
    presents: set[str] = set()
    while isinstance(liste, nodes.Filter):
        arguments = [a.value for a in liste.args if isinstance(a, nodes.Const)]
        if liste.name == "selectattr" and arguments and arguments[1:2] not in (["none"], ["ne"], ["!="]):
            presents.add(f"{element}.{arguments[0]}")
        liste = liste.node
    return frozenset(presents)


def _comparaison(test: nodes.Compare) -> Presences:
    operandes = [test.expr, *(o.expr for o in test.ops)]
    if len(test.ops) != 1 or not any(isinstance(o, nodes.Const | nodes.List) for o in operandes):
        return Presences()
    presente = frozenset().union(*(_chemins(o) for o in operandes))
    if test.ops[0].op == "ne":
        vide = any(isinstance(o, nodes.Const) and o.value is None for o in operandes)
        return Presences(presente if vide else frozenset())
    return Presences(presente if test.ops[0].op in _VRAIES_SI_PRESENTE else frozenset())


def _chemins(noeud: nodes.Node) -> frozenset[str]:
    chemin = chemin_du_noeud(noeud)
    return frozenset() if chemin is None else frozenset({chemin})
