"""Vérifier un document balisé sans donnée : chaque nom qu’il emploie existe-t-il dans les modèles ?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2 import nodes

from cpomdocs.modeles.base import Entite, infos
from cpomdocs.modeles.chemins import ELEMENTS, Portee, vouliez_vous_dire
from cpomdocs.modeles.dossier import COLLECTIONS, FICHES
from cpomdocs.remplissage.balises.langage import BOUCLE
from cpomdocs.remplissage.balises.parties import PartieBalisee
from cpomdocs.remplissage.balises.vues import collections_liees

_LISTES = {"sort", "selectattr", "rejectattr", "list"}
_ELEMENTS = {"first", "last"}


class Genre(NamedTuple):
    """Ce qu’un nom désigne : une ligne, une liste de lignes, une boucle, ou une valeur."""

    nom: str
    collection: str = ""


VALEUR, BOUCLE_JINJA, INCONNU = Genre("valeur"), Genre("boucle"), Genre("inconnu")


@dataclass
class _Examen:
    """Ce que la lecture de l’arbre a trouvé : les défauts, et les champs cités."""

    partie: PartieBalisee
    portee: Portee | None
    defauts: list[str] = field(default_factory=list)
    champs: set[tuple[str, str]] = field(default_factory=set)

    def dire(self, noeud: nodes.Node, message: str) -> Genre:
        lieu = self.partie.situer(noeud.lineno)
        self.defauts.append(f"{lieu[0].upper()}{lieu[1:]} : {message}")
        return INCONNU


def defauts_de_la_partie(partie: PartieBalisee, portee: Portee) -> list[str]:
    """Les noms inconnus d’une partie, chacun avec son lieu et le nom le plus proche."""
    return list(dict.fromkeys(_examiner(partie, portee).defauts))


def champs_de_la_partie(partie: PartieBalisee) -> set[tuple[str, str]]:
    """Les (collection ou fiche, champ) que la partie cite."""
    return _examiner(partie, None).champs


def _examiner(partie: PartieBalisee, portee: Portee | None) -> _Examen:
    examen = _Examen(partie, portee)
    _suite(examen, partie.arbre.body, _racines(portee))
    return examen


def _racines(portee: Portee | None) -> dict[str, Genre]:
    noms = {fiche: Genre("ligne", fiche) for fiche in FICHES} | {"N": VALEUR}
    noms |= {collection: Genre("liste", collection) for collection in COLLECTIONS}
    presents = {"etablissement": ["etablissement"], "objectif": ["objectif"], "gestionnaire": []}
    for role in list(ELEMENTS) if portee is None else presents[portee]:
        noms[role] = Genre("ligne", ELEMENTS[role])
    return noms


def _suite(examen: _Examen, corps: Iterable[nodes.Node], noms: dict[str, Genre]) -> None:
    """Les instructions l’une après l’autre ; un « set » vaut pour celles qui le suivent."""
    for noeud in corps:
        if isinstance(noeud, nodes.Output):
            for sortie in noeud.nodes:
                if not isinstance(sortie, nodes.TemplateData):
                    _ecrire(examen, sortie, noms)
        elif isinstance(noeud, nodes.If):
            _genre(examen, noeud.test, noms)
            for branche in (noeud.body, noeud.elif_, noeud.else_):
                _suite(examen, branche, noms)
        elif isinstance(noeud, nodes.For):
            _boucle(examen, noeud, noms)
        elif isinstance(noeud, nodes.Assign) and isinstance(noeud.target, nodes.Name):
            noms[noeud.target.name] = _genre(examen, noeud.node, noms)


def _ecrire(examen: _Examen, noeud: nodes.Node, noms: dict[str, Genre]) -> None:
    genre = _genre(examen, noeud, noms)
    if genre.nom in ("ligne", "liste", "boucle"):
        examen.dire(noeud, "une ligne ou une liste entière ne s’écrit pas ; nommer un champ.")


def _boucle(examen: _Examen, noeud: nodes.For, noms: dict[str, Genre]) -> None:
    genre = _genre(examen, noeud.iter, noms)
    if genre.nom not in ("liste", "inconnu"):
        examen.dire(noeud, "une boucle ne porte pas sur une liste.")
    dedans = dict(noms)
    if isinstance(noeud.target, nodes.Name):
        dedans[noeud.target.name] = Genre("ligne", genre.collection) if genre.collection else INCONNU
    if noeud.test is not None:
        _genre(examen, noeud.test, dict(dedans))
    dedans["loop"] = BOUCLE_JINJA
    _suite(examen, noeud.body, dedans)
    _suite(examen, noeud.else_, dict(noms))


def _genre(examen: _Examen, noeud: nodes.Node, noms: dict[str, Genre]) -> Genre:
    """Ce que l’expression désigne ; ce qui n’existe pas est noté."""
    if isinstance(noeud, nodes.Name):
        return _nom(examen, noeud, noms)
    if isinstance(noeud, nodes.Getattr):
        return _attribut(examen, noeud, noeud.attr, _genre(examen, noeud.node, noms))
    if isinstance(noeud, nodes.Getitem):
        return _element(examen, noeud, noms)
    if isinstance(noeud, nodes.Filter) and noeud.node is not None:
        return _filtre(examen, noeud, noms)
    genres = [_genre(examen, enfant, noms) for enfant in noeud.iter_child_nodes()]
    if isinstance(noeud, nodes.CondExpr):
        return next((g for g in genres[1:] if g != VALEUR), VALEUR)
    return VALEUR


def _nom(examen: _Examen, noeud: nodes.Name, noms: dict[str, Genre]) -> Genre:
    if noeud.name in noms:
        return noms[noeud.name]
    if noeud.name in ELEMENTS:
        return examen.dire(
            noeud,
            f"ce document n’a pas d’{noeud.name} courant. Employer la liste « {ELEMENTS[noeud.name]} ».",
        )
    return examen.dire(
        noeud, f"« {noeud.name} » n’existe pas. {vouliez_vous_dire(noeud.name, noms)}".rstrip()
    )


def _attribut(examen: _Examen, noeud: nodes.Node, nom: str, genre: Genre) -> Genre:
    if genre.nom == "ligne":
        modele = _modele(genre.collection)
        liees = collections_liees(genre.collection)
        if nom in infos(modele):
            examen.champs.add((genre.collection, nom))
            return VALEUR
        if nom in liees:
            examen.champs |= {(nom, champ) for champ, _ in liees[nom]}
            return Genre("liste", nom)
        proche = vouliez_vous_dire(nom, [*infos(modele), *liees])
        return examen.dire(noeud, f"« {genre.collection}.{nom} » n’existe pas. {proche}".rstrip())
    if genre.nom == "boucle" and nom in BOUCLE:
        return VALEUR
    if genre.nom == "liste":
        return examen.dire(noeud, f"« {nom} » est lu sur une liste entière : boucler d’abord sur ses lignes.")
    if genre.nom in ("valeur", "boucle"):
        return examen.dire(
            noeud, f"« {nom} » n’existe pas ici : ce qui précède le point est une simple valeur."
        )
    return INCONNU


def _element(examen: _Examen, noeud: nodes.Getitem, noms: dict[str, Genre]) -> Genre:
    genre = _genre(examen, noeud.node, noms)
    rang = noeud.arg.value if isinstance(noeud.arg, nodes.Const) else None
    if isinstance(rang, str):
        return _attribut(examen, noeud, rang, genre)
    return Genre("ligne", genre.collection) if genre.nom == "liste" and genre.collection else INCONNU


def _filtre(examen: _Examen, noeud: nodes.Filter, noms: dict[str, Genre]) -> Genre:
    genre = _genre(examen, noeud.node, noms) if noeud.node is not None else INCONNU
    for argument in (*noeud.args, *(nomme.value for nomme in noeud.kwargs)):
        _genre(examen, argument, noms)
    champ = _champ_du_filtre(noeud)
    if champ is not None and genre.nom == "liste" and genre.collection:
        _attribut(examen, noeud, champ, Genre("ligne", genre.collection))
    if noeud.name in _LISTES:
        return genre
    if noeud.name in _ELEMENTS:
        return Genre("ligne", genre.collection) if genre.collection else INCONNU
    if noeud.name in ("default", "d"):
        return genre if genre.nom != "inconnu" else VALEUR
    return Genre("liste") if noeud.name == "map" else VALEUR


def _champ_du_filtre(noeud: nodes.Filter) -> str | None:
    """Le champ qu’un filtre lit sur chaque ligne."""
    premier = (
        noeud.args[0] if noeud.args and noeud.name in ("selectattr", "rejectattr", "map", "sum") else None
    )
    lu = next((nomme.value for nomme in noeud.kwargs if nomme.key == "attribute"), premier)
    return lu.value if isinstance(lu, nodes.Const) and isinstance(lu.value, str) else None


def _modele(collection: str) -> type[Entite]:
    return FICHES.get(collection) or COLLECTIONS[collection]
