"""Ce qu’une balise a le droit de dire : ni appel, ni macro, ni import, ni nom privé, ni puissance.

Jinja ne sert qu’à lire : aucun code n’est engendré ni exécuté à partir d’un document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jinja2 import Environment, TemplateSyntaxError, nodes

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.gabarit.dialecte import OUVRANT
from cpomdocs.remplissage.balises.gabarit.lieux import Lieu

Situer = Callable[[int], Lieu]
"""Du numéro de ligne de la source au lieu de la balise."""

BOUCLE = ("index", "index0", "revindex", "revindex0", "first", "last", "length")
"""Ce que « loop. » sait dire."""
TESTS = frozenset(
    {"defined", "undefined", "none", "odd", "even", "eq", "equalto", "ne", "lt", "le", "gt", "ge", "in"}
)
_PERMIS: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.If,
    nodes.For,
    nodes.Assign,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.Neg,
    nodes.Concat,
    nodes.List,
    nodes.Keyword,
)
_NOMS = {
    nodes.Macro: "une macro",
    nodes.CallBlock: "un appel de macro",
    nodes.Include: "l’inclusion d’un autre fichier",
    nodes.Import: "l’import d’un autre fichier",
    nodes.FromImport: "l’import d’un autre fichier",
    nodes.Extends: "l’héritage d’un autre fichier",
    nodes.Block: "un bloc d’héritage",
    nodes.FilterBlock: "un bloc de filtre",
    nodes.AssignBlock: "un « set » sans « = »",
    nodes.With: "« with »",
    nodes.Pow: "une puissance (« ** »)",
    nodes.Mod: "un reste (« % »)",
    nodes.FloorDiv: "une division entière (« // »)",
    nodes.Slice: "une tranche (« : »)",
    nodes.Tuple: "plusieurs noms à la fois",
    nodes.Dict: "un dictionnaire",
}
_PROFONDEUR_DE_BOUCLE, _PROFONDEUR = 4, 40
_NOEUDS = 40_000
_NOMMES = 30
"""Nombre de constructions refusées qu’un message nomme."""
_JINJA = Environment(autoescape=False, optimized=False, cache_size=0)


def analyser(source: str, filtres: frozenset[str], situer: Situer) -> nodes.Template:
    """L’arbre de la source. Lève `ErreurFormulaire` en nommant le lieu de ce qui est refusé ou mal écrit."""
    try:
        arbre = _JINJA.parse(source)
    except TemplateSyntaxError as erreur:
        raise ErreurFormulaire(
            f"Une balise est mal écrite, {situer(erreur.lineno)} : {_en_francais(erreur)}.",
            "La corriger dans Word.",
        ) from None
    except (RecursionError, ValueError):
        raise ErreurFormulaire("Une balise est trop imbriquée ou trop longue.", "La simplifier.") from None
    _verifier(arbre, filtres, situer)
    return arbre


def _en_francais(erreur: TemplateSyntaxError) -> str:
    """Ce que Jinja reproche, sans son anglais quand on sait le dire."""
    message = erreur.message or ""
    if "Unknown tag" in message or "unknown tag" in message:
        return f"instruction inconnue ou de trop ({message.partition('. ')[0]})"
    if "Unexpected end of template" in message or "was not closed" in message:
        return "une boucle ou une condition reste ouverte, il manque « endfor » ou « endif »"
    return message


def _verifier(arbre: nodes.Template, filtres: frozenset[str], situer: Situer) -> None:
    """Lève `ErreurFormulaire` en nommant les premières constructions refusées, dans l’ordre du document."""
    refuses: dict[str, list[int]] = {}
    pile: list[tuple[nodes.Node, int, int]] = [(arbre, 0, 0)]
    compte = 0
    while pile:
        noeud, profondeur, boucles = pile.pop()
        compte += 1
        boucles += isinstance(noeud, nodes.For)
        if profondeur > _PROFONDEUR or boucles > _PROFONDEUR_DE_BOUCLE or compte > _NOEUDS:
            raise ErreurFormulaire(
                f"Des balises sont trop nombreuses ou trop imbriquées, {situer(noeud.lineno)}.",
                "Simplifier le document.",
            )
        refus = _refus(noeud, filtres)
        if refus:
            refuses.setdefault(refus, []).append(noeud.lineno)
        pile += [(enfant, profondeur + 1, boucles) for enfant in reversed(list(noeud.iter_child_nodes()))]
    if refuses:
        phrases = [_phrase(refus, lignes, situer) for refus, lignes in refuses.items()]
        reste = f" ; et {len(phrases) - _NOMMES} autres" if len(phrases) > _NOMMES else ""
        raise ErreurFormulaire(
            f"Le document emploie ce qui est refusé : {' ; '.join(phrases[:_NOMMES])}{reste}.",
            "Retirer ces balises, ou les remplacer par des champs.",
        )


def _phrase(refus: str, lignes: Sequence[int], situer: Situer) -> str:
    """Ce qui est refusé, son premier lieu, et combien de fois encore."""
    autres = len(lignes) - 1
    suite = f" (et {autres} autre{'s' if autres > 1 else ''} fois)" if autres else ""
    return f"{refus}, {situer(lignes[0])}{suite}"


def _refus(noeud: nodes.Node, filtres: frozenset[str]) -> str | None:
    """Ce que le nœud a d’interdit, en clair."""
    if isinstance(noeud, nodes.Call):
        return f"l’appel d’une fonction (« {_appele(noeud.node)}() »)"
    if not isinstance(noeud, _PERMIS):
        return next(
            (nom for genre, nom in _NOMS.items() if isinstance(noeud, genre)), "une construction de Jinja"
        )
    if isinstance(noeud, nodes.Name | nodes.Getattr):
        nom = noeud.name if isinstance(noeud, nodes.Name) else noeud.attr
        return f"le nom privé « {nom} »" if nom.startswith("_") else None
    if isinstance(noeud, nodes.Getitem) and not _est_constant(noeud.arg):
        return "un rang calculé"
    if isinstance(noeud, nodes.Const):
        if isinstance(noeud.value, str) and noeud.value.startswith("__"):
            return f"le nom privé « {noeud.value[:40]} »"
        ouvert = isinstance(noeud.value, str) and OUVRANT in noeud.value
        return "un texte dont les guillemets ne sont pas fermés" if ouvert else None
    if isinstance(noeud, nodes.Filter):
        return _refus_du_filtre(noeud, filtres)
    if isinstance(noeud, nodes.Test) and noeud.name not in TESTS:
        return f"le test « {noeud.name} »"
    if isinstance(noeud, nodes.For) and noeud.recursive:
        return "une boucle récursive"
    if isinstance(noeud, nodes.For | nodes.Assign) and not isinstance(noeud.target, nodes.Name):
        return "plusieurs noms à la fois"
    return None


def _est_constant(noeud: nodes.Node) -> bool:
    oppose = noeud.node if isinstance(noeud, nodes.Neg) else None
    return isinstance(noeud, nodes.Const) or (isinstance(oppose, nodes.Const) and type(oppose.value) is int)


def _refus_du_filtre(noeud: nodes.Filter, filtres: frozenset[str]) -> str | None:
    if noeud.name not in filtres or noeud.node is None:
        return f"le filtre « {noeud.name} »"
    return "un filtre à arguments calculés" if noeud.dyn_args or noeud.dyn_kwargs else None


def _appele(noeud: nodes.Node) -> str:
    """Le nom de ce qui est appelé, tel qu’il est écrit."""
    if isinstance(noeud, nodes.Getattr):
        return f"{_appele(noeud.node)}.{noeud.attr}"
    return noeud.name if isinstance(noeud, nodes.Name) else "…"
