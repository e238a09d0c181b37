"""Rendre un arbre vérifié : une suite d’instructions, les textes fixes déjà en octets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from jinja2 import nodes

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.donnees.vues import Vue
from cpomdocs.remplissage.balises.gabarit.dialecte import Balise
from cpomdocs.remplissage.balises.gabarit.morceaux import FIXE, Interne, Source
from cpomdocs.remplissage.balises.langage.ecriture import ecriture
from cpomdocs.remplissage.balises.langage.etat import TEXTE, Boucle, Etat
from cpomdocs.remplissage.balises.langage.expressions import Expression, expression
from cpomdocs.remplissage.balises.objets.texte import echapper, porte_un_signe_particulier

Instruction = Callable[[Etat], None]
_PARAGRAPHES = (b"<w:p>", b"<w:p ")
_VIDE = b"<w:p/>"


def compiler(arbre: nodes.Template, source: Source) -> Instruction:
    """La fonction qui rend la partie : elle ajoute ses octets à la sortie de l’état."""
    return _Compilation(source).suite(arbre.body)


class _Compilation:
    def __init__(self, source: Source) -> None:
        self._source = source

    def suite(self, corps: Sequence[nodes.Node]) -> Instruction:
        """Les instructions l’une après l’autre."""
        instructions: list[bytes | _Champ | Instruction] = []
        for noeud in corps:
            if isinstance(noeud, nodes.Output):
                for sortie in noeud.nodes:
                    instructions += self._sortie(sortie)
            elif isinstance(noeud, nodes.If):
                instructions.append(self._condition(noeud))
            elif isinstance(noeud, nodes.For):
                instructions.append(self._boucle(noeud))
            elif isinstance(noeud, nodes.Assign) and isinstance(noeud.target, nodes.Name):
                instructions.append(self._affectation(noeud, noeud.target.name))

        return _enchainer(instructions)

    def _balise(self, noeud: nodes.Node) -> Balise:
        return self._source.lignes[noeud.lineno - 1]

    def _sortie(self, noeud: nodes.Expr) -> list[bytes | _Champ | Instruction]:
        if isinstance(noeud, nodes.TemplateData):
            fixes = (self._source.fixes[int(numero)] for numero in FIXE.findall(noeud.data))
            return [_INTERNES[f.genre](f.texte) if isinstance(f, Interne) else f.encode() for f in fixes]
        balise = self._balise(noeud)
        calculer, ecrire = expression(noeud), ecriture(balise)

        def instruction(etat: Etat) -> None:
            try:
                etat.sortie.append(ecrire(etat, calculer(etat)))
            except ErreurFormulaire as erreur:
                raise _situer(erreur, balise) from erreur

        champ = noeud if isinstance(noeud, nodes.Getattr) and balise.endroit == "texte" else None
        if champ is not None and isinstance(champ.node, nodes.Name):
            return [_Champ(champ.node.name, champ.attr, instruction)]
        return [instruction]

    def _situee(self, noeud: nodes.Node, balise: Balise, *, garde: bool = False) -> Expression:
        calculer = expression(noeud, garde=garde)

        def situee(etat: Etat) -> object:
            try:
                return calculer(etat)
            except ErreurFormulaire as erreur:
                raise _situer(erreur, balise) from erreur

        return situee

    def _condition(self, noeud: nodes.If) -> Instruction:
        suites = [noeud, *noeud.elif_]
        branches = [(self._situee(n.test, self._balise(n), garde=True), self.suite(n.body)) for n in suites]
        sinon = self.suite(noeud.else_)

        def instruction(etat: Etat) -> None:
            for test, corps in branches:
                if test(etat):
                    corps(etat)
                    return
            sinon(etat)

        return instruction

    def _affectation(self, noeud: nodes.Assign, nom: str) -> Instruction:
        calculer = self._situee(noeud.node, self._balise(noeud))

        def instruction(etat: Etat) -> None:
            etat.noms[nom] = calculer(etat)

        return instruction

    def _boucle(self, noeud: nodes.For) -> Instruction:
        balise = self._balise(noeud)
        cible = noeud.target.name if isinstance(noeud.target, nodes.Name) else ""
        liste = self._situee(noeud.iter, balise)
        test = None if noeud.test is None else self._situee(noeud.test, balise, garde=True)
        corps, sinon = self.suite(noeud.body), self.suite(noeud.else_)
        affecte = noeud.find(nodes.Assign) is not None

        def instruction(etat: Etat) -> None:
            autour = etat.noms
            elements = _elements(etat, liste(etat), balise)
            if test is not None:
                elements = [e for e in elements if _admis(etat, {**autour, cible: e}, test)]
                etat.noms = autour
            noms = dict(autour)
            for rang, element in enumerate(elements):
                etat.noms = noms = dict(autour) if affecte else noms
                noms[cible], noms["loop"] = element, Boucle(rang, len(elements))
                etat.compter()
                corps(etat)
            etat.noms = autour
            if not elements:
                sinon(etat)

        return instruction


def _elements(etat: Etat, liste: object, balise: Balise) -> list[object]:
    try:
        return list(etat.parcourir(liste))
    except ErreurFormulaire as erreur:
        raise _situer(erreur, balise) from erreur


def _admis(etat: Etat, noms: dict[str, object], test: Expression) -> bool:
    etat.noms = noms
    etat.compter()
    return bool(test(etat))


class _Etape(NamedTuple):
    """Un texte fixe, puis « {{ ligne.champ }} » s’il y en a un, ou l’instruction qui convient à tout."""

    texte: bytes
    ligne: str
    champ: str
    instruction: Instruction


class _Champ(NamedTuple):
    """« {{ ligne.champ }} » dans un texte, le cas ordinaire ; `autrement` : ce qui vaut toujours."""

    ligne: str
    champ: str
    autrement: Instruction


def _enchainer(instructions: Iterable[bytes | _Champ | Instruction]) -> Instruction:
    """Une seule instruction : chaque texte fixe est écrit, puis ce qui le suit."""
    etapes: list[_Etape] = []
    attente: list[bytes] = []
    for instruction in instructions:
        if isinstance(instruction, bytes):
            attente.append(instruction)
            continue
        ligne, champ, faire = instruction if isinstance(instruction, _Champ) else ("", "", instruction)
        etapes.append(_Etape(b"".join(attente), ligne, champ, faire))
        attente = []
    fin = b"".join(attente)

    def executer(etat: Etat) -> None:
        ecrire, noms, retient = etat.sortie.append, etat.noms, etat.retient
        for texte, ligne, champ, instruction in etapes:
            ecrire(texte)
            vue = noms.get(ligne)
            lu = vue.texte(champ) if isinstance(vue, Vue) else None
            if lu is None or len(lu) > TEXTE:
                instruction(etat)
                continue
            if retient:
                etat.noter_champ(vue, champ)
            ecrire((echapper(lu) if porte_un_signe_particulier(lu) else lu).encode())
        ecrire(fin)

    return executer


def _numeroter(_: str) -> Instruction:
    """Un numéro de dessin que rien d’autre ne porte."""

    def instruction(etat: Etat) -> None:
        etat.numeros += 1
        etat.sortie.append(str(etat.numeros).encode())

    return instruction


def _ecrire_une_fois(texte: str) -> Instruction:
    """Un signet : au premier tour de boucle seulement."""
    octets = texte.encode()

    def instruction(etat: Etat) -> None:
        if octets not in etat.uniques:
            etat.uniques.add(octets)
            etat.sortie.append(octets)

    return instruction


def _ouvrir_une_cellule(_: str) -> Instruction:
    return lambda etat: etat.cellules.append(len(etat.sortie))


def _fermer_une_cellule(_: str) -> Instruction:
    """Ajoute un paragraphe vide à une cellule qui n’en a reçu aucun."""

    def instruction(etat: Etat) -> None:
        ecrits = etat.sortie[etat.cellules.pop() :]
        if not any(marque in octets for octets in ecrits for marque in _PARAGRAPHES):
            etat.sortie.append(_VIDE)

    return instruction


_INTERNES: dict[str, Callable[[str], Instruction]] = {
    "numero": _numeroter,
    "une_fois": _ecrire_une_fois,
    "debut": _ouvrir_une_cellule,
    "fin": _fermer_une_cellule,
}


def _situer(erreur: ErreurFormulaire, balise: Balise) -> ErreurFormulaire:
    """La même erreur, avec le lieu de la balise dans son message."""
    message = erreur.message.removesuffix(".")
    return type(erreur)(f"{message}, {balise.lieu}.", erreur.remede)
