"""Le langage des balises : celui de Jinja, réduit à ce qui écrit des données. Ce qui est refusé est nommé.

Ni appel, ni macro, ni import, ni nom privé, ni puissance ; boucles et textes bornés ; chaque valeur
échappée selon l’endroit où elle s’écrit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.filtres import FILTRES, Rendu
from cpomdocs.remplissage.balises.valeurs import Manque, de_meme_nature, est_une_annee
from cpomdocs.remplissage.balises.vues import ListeVues, Vue

RENDU = "_rendu"
"""Nom, hors d’atteinte des balises, sous lequel le contexte porte ce qu’on retient du rendu."""
BOUCLE = ("index", "index0", "revindex", "revindex0", "first", "last", "length")
_TESTS = frozenset(
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
    nodes.Tuple,
    nodes.Keyword,
)
_NOMS = {
    nodes.Call: "l’appel d’une fonction",
    nodes.Macro: "une macro",
    nodes.CallBlock: "un appel de macro",
    nodes.Include: "l’inclusion d’un autre fichier",
    nodes.Import: "l’import d’un autre fichier",
    nodes.FromImport: "l’import d’un autre fichier",
    nodes.Extends: "l’héritage d’un autre fichier",
    nodes.Pow: "une puissance (« ** »)",
    nodes.Mod: "un reste (« % »)",
}
_PROFONDEUR_DE_BOUCLE, _PROFONDEUR = 4, 40
_NOEUDS = 40_000
_NOMMES = 20
"""Nombre de constructions refusées qu’un message nomme."""
_ILLISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Environnement(ImmutableSandboxedEnvironment):
    """Jinja sans rien d’autre que les vues du dossier, les filtres permis et des calculs bornés."""

    intercepted_binops = frozenset({"+", "-", "*", "/"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, optimized=False, cache_size=0)
        self.globals.clear()
        self.filters.clear()
        self.filters.update({nom: _filtre(fonction) for nom, fonction in FILTRES.items()})
        self.filters.update(
            _boucle=pass_context(lambda contexte, liste: _rendu(contexte).compter(liste)),
            _texte=_ecriture(_en_texte),
            _attribut=_ecriture(_en_attribut),
            _joindre=_filtre(lambda rendu, parts: "".join(rendu.ecrire(part) for part in parts)),
        )
        self.tests = {nom: test for nom, test in self.tests.items() if nom in _TESTS}
        self.tests["defined"] = lambda objet: not isinstance(objet, Manque | Undefined)
        self.tests["undefined"] = lambda objet: isinstance(objet, Manque | Undefined)
        self.tests["none"] = lambda objet: objet is None or isinstance(objet, Manque)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Un champ d’une ligne, ou un nom de la boucle ; jamais un attribut de Python."""
        lu = obj.lire(attribute) if isinstance(obj, Vue) else None
        if isinstance(obj, LoopContext) and attribute in BOUCLE:
            lu = getattr(obj, attribute)
        if isinstance(obj, Manque):
            return obj
        return self.undefined(obj=obj, name=attribute) if lu is None else lu

    def getitem(self, obj: Any, argument: Any) -> Any:
        """L’élément d’une liste par son rang, ou le champ d’une ligne."""
        if isinstance(obj, ListeVues | list) and isinstance(argument, int):
            elements = list(obj)
            return elements[argument] if -len(elements) <= argument < len(elements) else Manque(None)
        return self.getattr(obj, str(argument))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Un calcul sur deux nombres ; une donnée qui manque rend le résultat manquant."""
        rendu = _rendu(context)
        for nombre in (left, right):
            rendu.noter(nombre)
            if isinstance(nombre, Manque):
                return nombre
            if not isinstance(nombre, int | Decimal) or isinstance(nombre, bool):
                raise ErreurFormulaire("Un calcul porte sur autre chose qu’un nombre.", "Corriger la balise.")
        try:
            resultat = _calculer(operator, Decimal(left), Decimal(right))
        except DecimalException:
            return Manque(None)
        if operator not in "+-" or (est_une_annee(left) and est_une_annee(right)):
            return resultat
        return de_meme_nature(resultat, right if est_une_annee(right) else left)


def _calculer(operateur: str, gauche: Decimal, droite: Decimal) -> Decimal:
    if operateur == "+":
        return gauche + droite
    if operateur == "-":
        return gauche - droite
    return gauche * droite if operateur == "*" else gauche / droite


def _rendu(contexte: Context) -> Rendu:
    rendu = contexte.get(RENDU)
    if not isinstance(rendu, Rendu):
        raise TypeError("rendu sans mémoire")
    return rendu


def _filtre(fonction: Callable[..., object]) -> Callable[..., object]:
    @pass_context
    def appliquer(contexte: Context, objet: object, *arguments: object, **nommes: object) -> object:
        try:
            return fonction(_rendu(contexte), objet, *arguments, **nommes)
        except (TypeError, AttributeError, ValueError) as erreur:
            raise ErreurFormulaire("Un filtre reçoit une valeur qui ne lui convient pas.", "") from erreur

    return appliquer


def _ecriture(mettre: Callable[[str], Markup]) -> Callable[..., Markup]:
    @pass_context
    def ecrire(contexte: Context, objet: object) -> Markup:
        return mettre(_ILLISIBLES.sub("", _rendu(contexte).ecrire(objet)))

    return ecrire


def _en_texte(texte: str) -> Markup:
    """Dans un `w:t` : les sauts de ligne et tabulations deviennent ceux de Word."""
    uni = texte.replace("\r\n", "\n").replace("\r", "\n")
    sur = str(escape(uni))
    suite = '<w:t xml:space="preserve">'
    return Markup(sur.replace("\n", f"</w:t><w:br/>{suite}").replace("\t", f"</w:t><w:tab/>{suite}"))


def _en_attribut(texte: str) -> Markup:
    return escape(" ".join(texte.split()))


def analyser(source: str, environnement: Environnement, situer: Callable[[int], str]) -> nodes.Template:
    """L’arbre d’une partie balisée. Lève `ErreurFormulaire` en nommant le lieu de ce qui est refusé."""
    try:
        arbre = environnement.parse(source)
    except TemplateSyntaxError as erreur:
        raise ErreurFormulaire(
            f"Une balise est mal écrite, {situer(erreur.lineno)} : {erreur.message}.",
            "La corriger dans Word.",
        ) from None
    except RecursionError:
        raise ErreurFormulaire("Une balise est trop imbriquée.", "La simplifier.") from None
    _verifier(arbre, situer)
    return arbre


def _verifier(arbre: nodes.Template, situer: Callable[[int], str]) -> None:
    """Lève `ErreurFormulaire` en nommant les premières constructions refusées, dans l’ordre du document."""
    refuses: list[str] = []
    pile: list[tuple[nodes.Node, int, int]] = [(arbre, 0, 0)]
    compte = 0
    while pile:
        noeud, profondeur, boucles = pile.pop()
        compte += 1
        refus = _refus(noeud)
        boucles += isinstance(noeud, nodes.For)
        if profondeur > _PROFONDEUR or boucles > _PROFONDEUR_DE_BOUCLE or compte > _NOEUDS:
            raise ErreurFormulaire(
                f"Des balises sont trop nombreuses ou trop imbriquées, {situer(noeud.lineno)}.",
                "Simplifier le document.",
            )
        if refus:
            refuses.append(f"{refus} {situer(noeud.lineno)}")
        enfants = list(noeud.iter_child_nodes())
        pile += [(enfant, profondeur + 1, boucles) for enfant in reversed(enfants)]
    if refuses:
        uniques = list(dict.fromkeys(refuses))
        reste = f" ; et {len(uniques) - _NOMMES} autres" if len(uniques) > _NOMMES else ""
        raise ErreurFormulaire(
            f"Le document emploie ce qui est refusé : {' ; '.join(uniques[:_NOMMES])}{reste}.",
            "Retirer ces balises, ou les remplacer par des champs.",
        )


def _refus(noeud: nodes.Node) -> str | None:
    """Ce que le nœud a d’interdit, en clair."""
    if not isinstance(noeud, _PERMIS):
        return next(
            (nom for genre, nom in _NOMS.items() if isinstance(noeud, genre)), "une construction de Jinja"
        )
    nom = (
        noeud.name
        if isinstance(noeud, nodes.Name)
        else noeud.attr
        if isinstance(noeud, nodes.Getattr)
        else ""
    )
    if nom.startswith("_"):
        return f"le nom privé « {nom} »"
    if isinstance(noeud, nodes.Filter) and (noeud.name not in FILTRES or noeud.node is None):
        return f"le filtre « {noeud.name} »"
    if isinstance(noeud, nodes.Filter) and (noeud.dyn_args or noeud.dyn_kwargs):
        return "un filtre à arguments calculés"
    if isinstance(noeud, nodes.Test) and noeud.name not in _TESTS:
        return f"le test « {noeud.name} »"
    if isinstance(noeud, nodes.Getitem) and not isinstance(noeud.arg, nodes.Const):
        return "un rang calculé"
    if isinstance(noeud, nodes.For) and noeud.recursive:
        return "une boucle récursive"
    return None
