"""De l’arbre d’une expression à une fonction qui la calcule, sur les seules vues du dossier."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any, cast

from jinja2 import nodes

from cpomdocs.erreurs import ErreurFormulaire, vouliez_vous_dire
from cpomdocs.remplissage.balises.donnees.valeurs import Manque, de_meme_nature, est_une_annee
from cpomdocs.remplissage.balises.donnees.vues import ListeVues, Vue
from cpomdocs.remplissage.balises.langage.etat import Boucle, Etat, NomInconnu, borner
from cpomdocs.remplissage.balises.langage.filtres import FILTRES, GARDES
from cpomdocs.remplissage.balises.langage.grammaire import BOUCLE

Expression = Callable[[Etat], Any]

_COMPARAISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda a, b: a in b,
    "notin": lambda a, b: a not in b,
}
_TESTS: dict[str, Callable[..., bool]] = {
    "defined": lambda a: not isinstance(a, Manque),
    "undefined": lambda a: isinstance(a, Manque),
    "none": lambda a: a is None or isinstance(a, Manque),
    "odd": lambda a: a % 2 == 1,
    "even": lambda a: a % 2 == 0,
    **dict.fromkeys(("eq", "equalto"), operator.eq),
    **{nom: getattr(operator, nom) for nom in ("ne", "lt", "le", "gt", "ge")},
    "in": lambda a, b: a in b,
}
_PRESENCES = frozenset({"defined", "undefined", "none"})
_OPERATIONS: dict[type[nodes.BinExpr], Callable[[Decimal, Decimal], Decimal]] = {
    nodes.Add: operator.add,
    nodes.Sub: operator.sub,
    nodes.Mul: operator.mul,
    nodes.Div: operator.truediv,
}


def expression(noeud: nodes.Node, *, garde: bool = False) -> Expression:
    """La fonction qui calcule ce nœud ; `garde` : on n’y regarde que la présence d’une donnée."""
    if isinstance(noeud, nodes.Name):
        return _nom(noeud.name)
    if isinstance(noeud, nodes.Const):
        return _constante(noeud.value)
    if isinstance(noeud, nodes.Getattr):
        return _attribut(noeud.node, noeud.attr, garde)
    if isinstance(noeud, nodes.Getitem):
        return _element(noeud, garde)
    if isinstance(noeud, nodes.Filter):
        return _filtre(noeud)
    if isinstance(noeud, nodes.Test):
        return _test(noeud)
    if isinstance(noeud, nodes.Compare):
        return _comparaison(noeud)
    if isinstance(noeud, nodes.And | nodes.Or):
        return _conjonction(noeud, garde)
    if isinstance(noeud, nodes.CondExpr):
        return _choix(noeud, garde)
    if isinstance(noeud, nodes.BinExpr):
        return _calcul(noeud)
    return _autre(noeud)


def _autre(noeud: nodes.Node) -> Expression:
    if isinstance(noeud, nodes.Not):
        nie = expression(noeud.node, garde=True)
        return lambda etat: not nie(etat)
    if isinstance(noeud, nodes.Neg):
        oppose = expression(noeud.node)
        return lambda etat: _opposer(oppose(etat))
    if isinstance(noeud, nodes.Concat):
        parts = [expression(part) for part in noeud.nodes]
        return lambda etat: borner("".join([etat.ecrire(part(etat)) for part in parts]))
    if isinstance(noeud, nodes.List):
        elements = [expression(element) for element in noeud.items]
        return lambda etat: [element(etat) for element in elements]
    raise TypeError(f"nœud non prévu : {type(noeud).__name__}")


def _constante(valeur: object) -> Expression:
    if isinstance(valeur, float):
        valeur = Decimal(str(valeur))
    return lambda etat: valeur


def _nom(nom: str) -> Expression:
    def lire(etat: Etat) -> object:
        try:
            objet = etat.noms[nom]
        except KeyError:
            raise NomInconnu(f"« {nom} » n’existe pas.", vouliez_vous_dire(nom, etat.noms)) from None
        if not isinstance(objet, Vue):
            etat.lus.append(objet)
        return objet

    return lire


def _attribut(porteur: nodes.Expr, nom: str, garde: bool) -> Expression:
    trouver = expression(porteur)

    def lire(etat: Etat) -> object:
        objet = trouver(etat)
        if isinstance(objet, Vue):
            return etat.lire_garde(objet, nom) if garde else etat.lire(objet, nom)
        if isinstance(objet, Manque):
            return objet
        if isinstance(objet, Boucle) and nom in BOUCLE:
            return getattr(objet, nom)
        raise NomInconnu(f"« {nom} » n’existe pas ici.")

    return lire


def _element(noeud: nodes.Getitem, garde: bool) -> Expression:
    """L’élément d’une liste par son rang, ou le champ d’une ligne."""
    rang = expression(noeud.arg)(Etat({}))
    if isinstance(rang, str):
        return _attribut(noeud.node, rang, garde)
    trouver = expression(noeud.node)

    def lire(etat: Etat) -> object:
        objet = trouver(etat)
        if not isinstance(objet, ListeVues | list) or not isinstance(rang, int):
            raise NomInconnu("Un rang entre crochets ne suit pas une liste.")
        elements = list(objet)
        return elements[rang] if -len(elements) <= rang < len(elements) else Manque()

    return lire


def _filtre(noeud: nodes.Filter) -> Expression:
    appliquer = FILTRES[noeud.name]
    objet = expression(cast(nodes.Expr, noeud.node), garde=noeud.name in GARDES)
    arguments = [expression(argument) for argument in noeud.args]
    nommes = [(str(nomme.key), expression(nomme.value)) for nomme in noeud.kwargs]

    def filtrer(etat: Etat) -> object:
        try:
            return appliquer(
                etat, objet(etat), *(a(etat) for a in arguments), **{cle: a(etat) for cle, a in nommes}
            )
        except (TypeError, AttributeError, ValueError, ArithmeticError) as erreur:
            raise ErreurFormulaire(
                f"Le filtre « {noeud.name} » reçoit une valeur qui ne lui convient pas.",
                "Corriger la balise.",
            ) from erreur

    return filtrer


def _test(noeud: nodes.Test) -> Expression:
    tester = _TESTS[noeud.name]
    objet = expression(noeud.node, garde=noeud.name in _PRESENCES)
    arguments = [expression(argument) for argument in noeud.args]
    return lambda etat: _comparer(tester, objet(etat), *(argument(etat) for argument in arguments))


def _comparaison(noeud: nodes.Compare) -> Expression:
    premier = expression(noeud.expr)
    suite = [(_COMPARAISONS[operande.op], expression(operande.expr)) for operande in noeud.ops]

    def comparer(etat: Etat) -> bool:
        gauche = premier(etat)
        for comparaison, droite in suite:
            suivant = droite(etat)
            if not _comparer(comparaison, gauche, suivant):
                return False
            gauche = suivant
        return True

    return comparer


def _comparer(comparaison: Callable[..., bool], *objets: object) -> bool:
    try:
        return bool(comparaison(*objets))
    except (TypeError, ArithmeticError):
        raise ErreurFormulaire(
            "Une comparaison porte sur des valeurs de genres différents (un texte et un nombre).",
            "Corriger la balise.",
        ) from None


def _conjonction(noeud: nodes.And | nodes.Or, garde: bool) -> Expression:
    gauche, droite = expression(noeud.left, garde=True), expression(noeud.right, garde=garde)
    if isinstance(noeud, nodes.And):
        return lambda etat: gauche(etat) and droite(etat)
    return lambda etat: gauche(etat) or droite(etat)


def _choix(noeud: nodes.CondExpr, garde: bool) -> Expression:
    """« a if b else c » ; sans « else », rien."""
    test, alors = expression(noeud.test, garde=True), expression(noeud.expr1, garde=garde)
    sinon = _constante("") if noeud.expr2 is None else expression(noeud.expr2, garde=garde)
    return lambda etat: alors(etat) if test(etat) else sinon(etat)


def _calcul(noeud: nodes.BinExpr) -> Expression:
    """Un calcul sur deux nombres ; une donnée qui manque rend le résultat manquant."""
    operation = _OPERATIONS[type(noeud)]
    garde_la_nature = isinstance(noeud, nodes.Add | nodes.Sub)
    gauche, droite = expression(noeud.left), expression(noeud.right)

    def calculer(etat: Etat) -> object:
        a, b = gauche(etat), droite(etat)
        for nombre in (a, b):
            if isinstance(nombre, Manque):
                return nombre
            if not isinstance(nombre, int | Decimal) or isinstance(nombre, bool):
                raise ErreurFormulaire("Un calcul porte sur autre chose qu’un nombre.", "Corriger la balise.")
        try:
            resultat = operation(Decimal(a), Decimal(b))
        except DecimalException:
            return Manque()
        if not garde_la_nature or (est_une_annee(a) and est_une_annee(b)):
            return resultat
        return de_meme_nature(resultat, b if est_une_annee(b) else a)

    return calculer


def _opposer(nombre: object) -> object:
    if isinstance(nombre, Manque):
        return nombre
    if isinstance(nombre, bool) or not isinstance(nombre, int | Decimal):
        raise ErreurFormulaire("Un calcul porte sur autre chose qu’un nombre.", "Corriger la balise.")
    return -nombre if type(nombre) is int else de_meme_nature(-Decimal(nombre), nombre)
