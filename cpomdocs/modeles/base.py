"""Le socle des modèles : un champ a un libellé, une nature, une unité, et sait de quelle cellule il vient.

Le libellé est unique : c’est l’en-tête du classeur maître, le titre du schéma et le mot des messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from cpomdocs.modeles.types import Nature

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_F = TypeVar("_F", bound=Callable[..., Any])


class Source(BaseModel):
    """La cellule du classeur maître d’où vient une donnée."""

    model_config = ConfigDict(frozen=True)

    feuille: str
    cellule: str


@dataclass(frozen=True)
class Feuille:
    """La feuille du classeur maître qui porte une entité : son nom, une phrase d’aide, sa disposition.

    `liste` : une ligne par élément, en-têtes en colonnes ; `fiche` : un champ par ligne, une seule valeur.
    """

    nom: str
    aide: str
    disposition: Literal["liste", "fiche"] = "liste"


@dataclass(frozen=True)
class InfoChamp:
    """Tout ce qu’on sait d’un champ sans lire de donnée."""

    nom: str
    libelle: str
    nature: Nature
    unite: str | None = None
    cle: bool = False
    obligatoire: bool = False
    liste: str | None = None
    reference: str | None = None
    exemple: str | None = None
    aide: str | None = None
    calcule: bool = False
    entrees: tuple[str, ...] = ()


def champ(
    libelle: str,
    *,
    cle: bool = False,
    obligatoire: bool | None = None,
    unite: str | None = None,
    liste: str | None = None,
    reference: str | None = None,
    exemple: object = None,
    aide: str | None = None,
    **contraintes: Any,
) -> Any:
    """Déclare un champ saisi : son libellé, et ce qu’il faut pour le présenter et le contrôler.

    `cle` : fait partie de l’identité de la ligne ; une clé est obligatoire sauf `obligatoire=False`
    (la clé peut alors rester vide). `liste` : nom d’une nomenclature de valeurs admises.
    `reference` : collection dont la clé est attendue (« etablissements »).
    """
    extra: dict[str, Any] = {
        "x-cle": cle,
        "x-obligatoire": cle if obligatoire is None else obligatoire,
        "x-unite": unite,
        "x-liste": liste,
        "x-reference": reference,
        "x-exemple": None if exemple is None else str(exemple),
    }
    return Field(
        default=None,
        title=libelle,
        description=aide,
        json_schema_extra={nom: valeur for nom, valeur in extra.items() if valeur not in (None, False)},
        **contraintes,
    )


def calcul(
    libelle: str, nature: Nature, *, entrees: tuple[str, ...], unite: str | None = None
) -> Callable[[_F], _F]:
    """Marque la fonction d’une propriété calculée ; à placer sous `@property`.

    `entrees` : les champs lus, nommés comme dans l’entité (« capacite_financee »), ou à travers une liste
    de lignes liées (« autorisations.capacite_autorisee »). Ils donnent la provenance et les manques.
    """

    def marquer(fonction: _F) -> _F:
        fonction.__calcul__ = (libelle, nature, entrees, unite)  # type: ignore[attr-defined]
        return fonction

    return marquer


class Entite(BaseModel):
    """Une ligne (ou une fiche) du classeur maître, ou une vue calculée sur des lignes."""

    model_config = ConfigDict(extra="forbid")

    feuille: ClassVar[Feuille | None] = None
    """Feuille qui porte l’entité ; `None` pour une vue calculée."""

    liens: ClassVar[dict[str, str]] = {}
    """Propriétés qui rendent des lignes liées, et la collection dont ces lignes viennent."""

    sans_objet: frozenset[str] = frozenset()
    """Noms des champs déclarés « sans objet » (« SO ») : ni vides, ni nuls."""

    _sources: Mapping[str, Source] = PrivateAttr(default_factory=dict)
    _dossier: Dossier | None = PrivateAttr(default=None)

    def __eq__(self, autre: object) -> bool:
        """Deux lignes sont égales quand leurs données le sont, d’où qu’elles viennent."""
        return type(self) is type(autre) and self.__dict__ == autre.__dict__

    @property
    def dossier(self) -> Dossier:
        """Le dossier auquel la ligne appartient. Lève `LookupError` tant qu’elle n’est dans aucun dossier."""
        if self._dossier is None:
            raise LookupError(f"{type(self).__name__} n’appartient à aucun dossier")
        return self._dossier

    def situer(self, sources: Mapping[str, Source]) -> None:
        """Retient la cellule de chaque champ, renseigné ou non."""
        self._sources = sources

    def etat(self, nom: str) -> Literal["renseigne", "vide", "sans_objet"]:
        """L’état d’un champ saisi ou calculé.

        Un calcul est sans objet quand ses entrées manquantes le sont, ou quand il n’a pas de sens alors
        que rien ne lui manque (une division par zéro).
        """
        if getattr(self, nom) is not None:
            return "renseigne"
        if nom in self.sans_objet:
            return "sans_objet"
        entrees = self._entrees(nom)
        manquantes = [(ligne, n) for ligne, n in entrees if getattr(ligne, n) is None]
        if manquantes:
            return "sans_objet" if all(li.etat(n) == "sans_objet" for li, n in manquantes) else "vide"
        return "sans_objet" if entrees and self._entierement_lie(nom) else "vide"

    def sources(self, nom: str) -> tuple[Source, ...]:
        """Les cellules dont dépend un champ ; pour un calcul, celles de ses entrées."""
        if nom in self._sources:
            return (self._sources[nom],)
        return unir(ligne.sources(n) for ligne, n in self._entrees(nom))

    def manques(self, nom: str) -> tuple[Source, ...]:
        """Les cellules à remplir pour qu’un champ vide cesse de l’être."""
        if getattr(self, nom) is not None:
            return ()
        if nom in self._sources:
            return (self._sources[nom],)
        vides = [(ligne, n) for ligne, n in self._entrees(nom) if ligne.etat(n) == "vide"]
        return unir(ligne.manques(n) or ligne.sources(n) for ligne, n in vides)

    def _entierement_lie(self, nom: str) -> bool:
        """Vrai si chaque liste de lignes dont dépend un calcul en a au moins une."""
        prefixes = (entree.rpartition(".")[0] for entree in infos(type(self))[nom].entrees)
        return all(any(True for _ in _en_lignes(getattr(self, p))) for p in prefixes if p)

    def _entrees(self, nom: str) -> list[tuple[Entite, str]]:
        """Les champs (ligne, nom) lus par un calcul."""
        trouvees: list[tuple[Entite, str]] = []
        for entree in infos(type(self))[nom].entrees if nom in infos(type(self)) else ():
            prefixe, _, suffixe = entree.rpartition(".")
            lignes: Iterable[Entite] = _en_lignes(getattr(self, prefixe)) if prefixe else (self,)
            trouvees += [(ligne, suffixe) for ligne in lignes]
        return trouvees


def _en_lignes(valeur: Entite | Iterable[Entite] | None) -> Iterable[Entite]:
    if valeur is None:
        return ()
    return (valeur,) if isinstance(valeur, Entite) else valeur


def unir(groupes: Iterable[Iterable[Source]]) -> tuple[Source, ...]:
    """Les cellules de tous les groupes, sans doublon, dans l’ordre."""
    return tuple(dict.fromkeys(source for groupe in groupes for source in groupe))


@cache
def infos(modele: type[Entite]) -> dict[str, InfoChamp]:
    """Les champs d’une entité, saisis puis calculés, dans l’ordre de leur déclaration."""
    trouves: dict[str, InfoChamp] = {}
    for nom, info in modele.model_fields.items():
        natures = [m for m in info.metadata if isinstance(m, Nature)]
        if not natures:
            continue
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        trouves[nom] = InfoChamp(
            nom=nom,
            libelle=info.title or nom,
            nature=natures[0],
            unite=_texte(extra.get("x-unite")) or natures[0].unite,
            cle=bool(extra.get("x-cle")),
            obligatoire=bool(extra.get("x-obligatoire")),
            liste=_texte(extra.get("x-liste")),
            reference=_texte(extra.get("x-reference")),
            exemple=_texte(extra.get("x-exemple")),
            aide=info.description,
        )
    for classe in reversed(modele.__mro__):
        for nom, attribut in vars(classe).items():
            marque = getattr(getattr(attribut, "fget", None), "__calcul__", None)
            if marque is not None:
                libelle, nature, entrees, unite = marque
                trouves[nom] = InfoChamp(
                    nom, libelle, nature, unite or nature.unite, calcule=True, entrees=entrees
                )
    return trouves


def cles(modele: type[Entite]) -> tuple[str, ...]:
    """Les champs qui identifient une ligne de l’entité."""
    return tuple(info.nom for info in infos(modele).values() if info.cle)


def _texte(valeur: object) -> str | None:
    return None if valeur is None else str(valeur)
