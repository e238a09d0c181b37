"""Lire un document balisé sans donnée : les noms inconnus, les champs cités, ceux qui peuvent manquer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2 import nodes

from cpomdocs.erreurs import vouliez_vous_dire
from cpomdocs.modeles.base import Entite, infos
from cpomdocs.modeles.chemins import ELEMENTS, Portee
from cpomdocs.modeles.dossier import COLLECTIONS, FICHES
from cpomdocs.remplissage.balises.donnees.vues import collections_liees
from cpomdocs.remplissage.balises.gabarit.lieux import Lieu
from cpomdocs.remplissage.balises.gabarit.parties import PartieBalisee
from cpomdocs.remplissage.balises.langage.filtres import GARDES
from cpomdocs.remplissage.balises.langage.grammaire import BOUCLE
from cpomdocs.remplissage.balises.langage.graphiques import CHAMPS_LUS, GRAPHIQUES
from cpomdocs.remplissage.balises.verification.presences import (
    chemin_du_noeud,
    presences,
    presentes_apres_filtre,
)

_LISTES = {"sort", "selectattr", "rejectattr", "list"}
_ELEMENTS = {"first", "last"}
_PRESENCES = {"defined", "undefined", "none"}


class Genre(NamedTuple):
    """Ce qu’un nom désigne : une ligne, une liste de lignes, une boucle, ou une valeur (d’un champ)."""

    nom: str
    collection: str = ""
    champ: str = ""


VALEUR, BOUCLE_JINJA, INCONNU = Genre("valeur"), Genre("boucle"), Genre("inconnu")


class LectureSansGarde(NamedTuple):
    """Un champ facultatif écrit sans que rien ne prévoie son absence."""

    collection: str
    champ: str
    lieu: Lieu


@dataclass
class Examen:
    """Ce que la lecture de l’arbre a trouvé : les défauts, les champs cités, ceux qui peuvent manquer."""

    partie: PartieBalisee
    portee: Portee | None
    defauts: list[str] = field(default_factory=list)
    champs: set[tuple[str, str]] = field(default_factory=set)
    sans_garde: list[LectureSansGarde] = field(default_factory=list)
    presents: frozenset[str] = frozenset()

    def dire(self, noeud: nodes.Node, message: str) -> Genre:
        """Note un défaut, avec son lieu."""
        lieu = str(self.partie.situer(noeud.lineno))
        self.defauts.append(f"{lieu[0].upper()}{lieu[1:]} : {message}")
        return INCONNU


def examiner(partie: PartieBalisee, portee: Portee | None) -> Examen:
    """L’examen d’une partie ; sans portée, tous les éléments courants sont admis."""
    examen = Examen(partie, portee)
    _suite(examen, partie.arbre.body, _racines(portee))
    examen.defauts = list(dict.fromkeys(examen.defauts))
    return examen


def _racines(portee: Portee | None) -> dict[str, Genre]:
    noms = {fiche: Genre("ligne", fiche) for fiche in FICHES} | {"N": VALEUR}
    noms |= {collection: Genre("liste", collection) for collection in COLLECTIONS}
    presents = {"etablissement": ["etablissement"], "objectif": ["objectif"], "gestionnaire": []}
    for role in list(ELEMENTS) if portee is None else presents[portee]:
        noms[role] = Genre("ligne", ELEMENTS[role])
    return noms


def _suite(examen: Examen, corps: Iterable[nodes.Node], noms: dict[str, Genre]) -> None:
    """Les instructions l’une après l’autre ; un « set » vaut pour celles qui le suivent."""
    for noeud in corps:
        if isinstance(noeud, nodes.Output):
            for sortie in noeud.nodes:
                if not isinstance(sortie, nodes.TemplateData):
                    _ecrire(examen, sortie, noms)
        elif isinstance(noeud, nodes.If):
            _condition(examen, noeud, noms)
        elif isinstance(noeud, nodes.For):
            _boucle(examen, noeud, noms)
        elif isinstance(noeud, nodes.Assign) and isinstance(noeud.target, nodes.Name):
            noms[noeud.target.name] = _genre(examen, noeud.node, noms)


def _sous_garde(
    examen: Examen, corps: Iterable[nodes.Node], noms: dict[str, Genre], presents: frozenset[str]
) -> None:
    """Les instructions d’une branche, où ces données sont présentes."""
    autour = examen.presents
    examen.presents = autour | presents
    _suite(examen, corps, noms)
    examen.presents = autour


def _condition(examen: Examen, noeud: nodes.If, noms: dict[str, Genre]) -> None:
    refusees: frozenset[str] = frozenset()
    for branche in (noeud, *noeud.elif_):
        _genre(examen, branche.test, noms)
        garanties = presences(branche.test)
        _sous_garde(examen, branche.body, noms, refusees | garanties.si_vrai)
        refusees |= garanties.si_faux
    _sous_garde(examen, noeud.else_, noms, refusees)


def _boucle(examen: Examen, noeud: nodes.For, noms: dict[str, Genre]) -> None:
    genre = _genre(examen, noeud.iter, noms)
    if genre.nom not in ("liste", "inconnu"):
        examen.dire(noeud, "une boucle ne porte pas sur une liste.")
    dedans, presents = dict(noms), frozenset[str]()
    if isinstance(noeud.target, nodes.Name):
        dedans[noeud.target.name] = Genre("ligne", genre.collection) if genre.collection else INCONNU
        presents = presentes_apres_filtre(noeud.iter, noeud.target.name)
    if noeud.test is not None:
        _genre(examen, noeud.test, dict(dedans))
        presents |= presences(noeud.test).si_vrai
    dedans["loop"] = BOUCLE_JINJA
    _sous_garde(examen, noeud.body, dedans, presents)
    _suite(examen, noeud.else_, dict(noms))


def _ecrire(examen: Examen, noeud: nodes.Node, noms: dict[str, Genre]) -> None:
    genre = _genre(examen, noeud, noms)
    if genre.nom in ("ligne", "liste", "boucle"):
        examen.dire(noeud, "une ligne ou une liste entière ne s’écrit pas ; nommer un champ.")
    _noter_sans_garde(examen, noeud, noms, examen.presents)


def _noter_sans_garde(
    examen: Examen, noeud: nodes.Node | None, noms: dict[str, Genre], presents: frozenset[str]
) -> None:
    """Retient le champ facultatif qu’une sortie écrit, s’il peut manquer ici."""
    if isinstance(noeud, nodes.CondExpr):
        garanties = presences(noeud.test)
        _noter_sans_garde(examen, noeud.expr1, noms, presents | garanties.si_vrai)
        _noter_sans_garde(examen, noeud.expr2, noms, presents | garanties.si_faux)
    elif isinstance(noeud, nodes.Or):
        _noter_sans_garde(examen, noeud.right, noms, presents | presences(noeud.left).si_faux)
    elif isinstance(noeud, nodes.Concat):
        for part in noeud.nodes:
            _noter_sans_garde(examen, part, noms, presents)
    elif isinstance(noeud, nodes.Filter) and noeud.name not in GARDES:
        _noter_sans_garde(examen, noeud.node, noms, presents)
    elif isinstance(noeud, nodes.Name | nodes.Getattr | nodes.Getitem):
        genre = _genre(Examen(examen.partie, examen.portee), noeud, noms)
        if genre.champ and chemin_du_noeud(noeud) not in presents and _facultatif(genre):
            lieu = examen.partie.situer(noeud.lineno)
            examen.sans_garde.append(LectureSansGarde(genre.collection, genre.champ, lieu))


def _facultatif(genre: Genre) -> bool:
    info = infos(modele_de_collection(genre.collection))[genre.champ]
    return not (info.obligatoire or info.calcule)


def _genre(examen: Examen, noeud: nodes.Node, noms: dict[str, Genre]) -> Genre:
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
        return next((g for g in genres[1:] if g.nom != "valeur"), VALEUR)
    return VALEUR


def _nom(examen: Examen, noeud: nodes.Name, noms: dict[str, Genre]) -> Genre:
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


def _attribut(examen: Examen, noeud: nodes.Node, nom: str, genre: Genre) -> Genre:
    if genre.nom == "ligne":
        return _champ(examen, noeud, nom, genre.collection)
    if genre.nom == "boucle" and nom in BOUCLE:
        return VALEUR
    if genre.nom == "liste":
        return examen.dire(noeud, f"« {nom} » est lu sur une liste entière : boucler d’abord sur ses lignes.")
    if genre.nom in ("valeur", "boucle"):
        return examen.dire(
            noeud, f"« {nom} » n’existe pas ici : ce qui précède le point est une simple valeur."
        )
    return INCONNU


def _champ(examen: Examen, noeud: nodes.Node, nom: str, collection: str) -> Genre:
    """Le champ d’une ligne, ou la liste des lignes qui s’y rattachent."""
    connus, liees = infos(modele_de_collection(collection)), collections_liees(collection)
    if nom in connus:
        examen.champs.add((collection, nom))
        return Genre("valeur", collection, nom)
    if nom in liees:
        examen.champs |= {(nom, champ) for champ, _ in liees[nom]}
        return Genre("liste", nom)
    proche = vouliez_vous_dire(nom, [*connus, *liees]) or _ailleurs(nom)
    return examen.dire(noeud, f"« {collection}.{nom} » n’existe pas. {proche}".rstrip())


def _ailleurs(nom: str) -> str:
    """Où ce nom de champ existe, quand aucun voisin ne lui ressemble."""
    trouvees = [c for c, modele in {**FICHES, **COLLECTIONS}.items() if nom in infos(modele)]
    return f"Ce champ est dans « {' », « '.join(trouvees[:3])} »." if trouvees else ""


def _element(examen: Examen, noeud: nodes.Getitem, noms: dict[str, Genre]) -> Genre:
    genre = _genre(examen, noeud.node, noms)
    rang = noeud.arg.value if isinstance(noeud.arg, nodes.Const) else None
    if isinstance(rang, str):
        return _attribut(examen, noeud, rang, genre)
    return Genre("ligne", genre.collection) if genre.nom == "liste" and genre.collection else INCONNU


def _filtre(examen: Examen, noeud: nodes.Filter, noms: dict[str, Genre]) -> Genre:
    genre = _genre(examen, noeud.node, noms) if noeud.node is not None else INCONNU
    for argument in (*noeud.args, *(nomme.value for nomme in noeud.kwargs)):
        _genre(examen, argument, noms)
    if genre.nom == "liste" and genre.collection:
        for champ in _champs_du_filtre(noeud):
            _attribut(examen, noeud, champ, Genre("ligne", genre.collection))
    if noeud.name in _LISTES:
        return genre
    if noeud.name in _ELEMENTS:
        return Genre("ligne", genre.collection) if genre.collection else INCONNU
    if noeud.name in GARDES:
        return genre if genre.nom not in ("inconnu", "valeur") else VALEUR
    return Genre("liste") if noeud.name == "map" else VALEUR


def _champs_du_filtre(noeud: nodes.Filter) -> Iterator[str]:
    """Les champs qu’un filtre lit sur chaque ligne."""
    nommes = {str(nomme.key): nomme.value for nomme in noeud.kwargs}
    if noeud.name in GRAPHIQUES:
        lus = [nommes[argument] for argument in sorted(CHAMPS_LUS & nommes.keys())]
    else:
        premier = noeud.args[:1] if noeud.name in ("selectattr", "rejectattr", "map", "sum") else []
        lus = [nommes["attribute"]] if "attribute" in nommes else premier
    for lu in lus:
        for nom in lu.items if isinstance(lu, nodes.List) else (lu,):
            if isinstance(nom, nodes.Const) and isinstance(nom.value, str):
                yield nom.value


def modele_de_collection(collection: str) -> type[Entite]:
    """L’entité d’une fiche ou d’une collection."""
    return FICHES.get(collection) or COLLECTIONS[collection]
