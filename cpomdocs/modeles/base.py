"""Le socle des modèles : un champ a un libellé, une nature, une unité, et sait de quelle cellule il vient.

Le libellé est unique : c’est l’en-tête du classeur maître, le titre du schéma et le mot des messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from cpomdocs.modeles.champs import Feuille, InfoChamp, Source, champ
from cpomdocs.modeles.observation import Repere, Reperes
from cpomdocs.modeles.types import Nature

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

__all__ = [
    "Entite",
    "Feuille",
    "Fiche",
    "InfoChamp",
    "Source",
    "calcul",
    "champ",
    "cles",
    "infos",
    "unir",
]

_poser = object.__setattr__
"""Range un attribut à part des données, sans les vérifications de pydantic : le double de la lecture."""
_F = TypeVar("_F", bound=Callable[..., Any])
_T = TypeVar("_T")
Etat = Literal["renseigne", "vide", "sans_objet"]


def calcul(
    libelle: str,
    nature: Nature,
    *,
    entrees: tuple[str, ...],
    unite: str | None = None,
    liste: str | None = None,
) -> Callable[[_F], _F]:
    """Marque la fonction d’une propriété calculée ; à placer sous `@property`. Le résultat est retenu.

    `entrees` : les champs lus, nommés comme dans l’entité (« capacite_financee »), ou à travers une liste
    de lignes liées (« autorisations.capacite_autorisee »). Ils donnent la provenance et les manques.
    `liste` : la nomenclature dont le résultat est un code.
    """

    def marquer(fonction: _F) -> _F:
        nom = fonction.__name__

        @wraps(fonction)
        def retenu(ligne: Entite) -> Any:
            return ligne._retenir(nom, lambda: fonction(ligne))

        retenu.__calcul__ = (libelle, nature, entrees, unite, liste)  # type: ignore[attr-defined]
        return retenu  # type: ignore[return-value]

    return marquer


class Entite(BaseModel):
    """Une ligne (ou une fiche) du classeur maître, ou une vue calculée sur des lignes.

    Une fois dans un dossier, une ligne ne change plus : ce qui s’en calcule est retenu.
    """

    model_config = ConfigDict(extra="forbid")
    __slots__ = ("_dossier", "_retenus", "_sources")

    feuille: ClassVar[Feuille | None] = None
    """Feuille qui porte l’entité ; `None` pour une vue calculée."""

    liens: ClassVar[dict[str, str]] = {}
    """Propriétés qui rendent des lignes liées, et la collection dont ces lignes viennent."""

    sans_objet: frozenset[str] = frozenset()
    """Noms des champs déclarés « sans objet » (« SO ») : ni vides, ni nuls."""

    if TYPE_CHECKING:  # rangés à part des données : des milliers de lignes sont lues à chaque commande
        _dossier: Dossier | None
        _retenus: dict[str, tuple[Any, Reperes]] | None
        _sources: Mapping[str, Source]

    def model_post_init(self, contexte: object, /) -> None:
        """Une ligne naît sans dossier ni cellule."""
        _poser(self, "_dossier", None)
        _poser(self, "_retenus", None)
        _poser(self, "_sources", _NULLE_PART)

    def __copy__(self) -> Self:
        """La même ligne, hors de tout dossier."""
        copie = super().__copy__()
        copie.model_post_init(None)
        copie.situer(self._sources)
        return copie

    def __setstate__(self, etat: dict[Any, Any]) -> None:
        """Une ligne envoyée à un autre programme y arrive sans dossier ni cellule."""
        super().__setstate__(etat)
        self.model_post_init(None)

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
        _poser(self, "_sources", sources)

    @property
    def endroits(self) -> Mapping[str, Source]:
        """La cellule de chaque champ saisi."""
        return self._sources

    def rattacher(self, dossier: Dossier) -> None:
        """Place la ligne dans un dossier : elle ne change plus."""
        _poser(self, "_dossier", dossier)

    def etat(self, nom: str) -> Etat:
        """L’état d’un champ saisi ou calculé.

        Un calcul est sans objet quand ses entrées manquantes le sont, ou quand il n’a pas de sens alors
        que rien ne lui manque (une division par zéro).
        """
        if getattr(self, nom) is not None:
            return "renseigne"
        if nom in self.sans_objet:
            return "sans_objet"
        return (
            self._retenir(f"état {nom}", lambda: self._etat_du_calcul(nom)) if self._calcule(nom) else "vide"
        )

    def _etat_du_calcul(self, nom: str) -> Etat:
        entrees = self._entrees(nom)
        manquantes = [(ligne, n) for ligne, n in entrees if getattr(ligne, n) is None]
        if manquantes:
            return "sans_objet" if all(li.etat(n) == "sans_objet" for li, n in manquantes) else "vide"
        return "sans_objet" if entrees and self._entierement_lie(nom) else "vide"

    def sources(self, nom: str) -> tuple[Source, ...]:
        """Les cellules dont dépend un champ ; pour un calcul, celles de ses entrées."""
        if nom in self._sources:
            return (self._sources[nom],)
        if not self._calcule(nom):
            return ()
        return self._retenir(
            f"sources {nom}", lambda: unir(ligne.sources(n) for ligne, n in self._entrees(nom))
        )

    def premiere_source(self, nom: str) -> Source | None:
        """La première des cellules dont dépend un champ, sans chercher les autres."""
        if nom in self._sources:
            return self._sources[nom]
        if not self._calcule(nom):
            return None
        return self._retenir(f"première source {nom}", lambda: self._premiere_des_entrees(nom))

    def _premiere_des_entrees(self, nom: str) -> Source | None:
        trouvees = (ligne.premiere_source(n) for ligne, n in self._entrees(nom))
        return next(filter(None, trouvees), None)

    def manques(self, nom: str) -> tuple[Source, ...]:
        """Les cellules à remplir pour qu’un champ vide cesse de l’être."""
        if getattr(self, nom) is not None:
            return ()
        if nom in self._sources:
            return (self._sources[nom],)
        return self._retenir(f"manques {nom}", lambda: self._manques_du_calcul(nom))

    def _manques_du_calcul(self, nom: str) -> tuple[Source, ...]:
        vides = [(ligne, n) for ligne, n in self._entrees(nom) if ligne.etat(n) == "vide"]
        return unir(ligne.manques(n) or ligne.sources(n) for ligne, n in vides)

    def _retenir(self, cle: str, calculer: Callable[[], _T]) -> _T:
        """Ce que rend `calculer`, calculé une seule fois une fois la ligne dans un dossier."""
        dossier = self._dossier
        if dossier is None:
            return calculer()
        retenus = self._retenus
        if retenus is None:
            retenus = {}
            _poser(self, "_retenus", retenus)
        retenu = retenus.get(cle)
        if retenu is None:
            retenu = retenus[cle] = dossier.observer(calculer)
        elif retenu[1]:
            dossier.noter(retenu[1])
        valeur: _T = retenu[0]
        return valeur

    def _calcule(self, nom: str) -> bool:
        info = infos(type(self)).get(nom)
        return info is not None and info.calcule

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


class Fiche(Entite):
    """Une entité qui n’a qu’une valeur par dossier ; ce qu’on en lit s’observe champ par champ."""

    def __getattribute__(self, nom: str) -> Any:
        """L’attribut ; lire un champ saisi s’observe, d’où qu’on le lise."""
        modele = type(self)
        if nom in modele.__pydantic_fields__:
            dossier = self._dossier
            if dossier is not None:
                dossier.noter((Repere(modele.__name__, nom),))
        return object.__getattribute__(self, nom)


def _en_lignes(valeur: Entite | Iterable[Entite] | None) -> Iterable[Entite]:
    if valeur is None:
        return ()
    return (valeur,) if isinstance(valeur, Entite) else valeur


def unir(groupes: Iterable[Iterable[Source]]) -> tuple[Source, ...]:
    """Les cellules de tous les groupes, sans doublon, dans l’ordre."""
    return tuple(dict.fromkeys(source for groupe in groupes for source in groupe))


_NULLE_PART: Mapping[str, Source] = {}


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
                libelle, nature, entrees, unite, liste = marque
                trouves[nom] = InfoChamp(
                    nom, libelle, nature, unite or nature.unite, liste=liste, calcule=True, entrees=entrees
                )
    return trouves


@cache
def cles(modele: type[Entite]) -> tuple[str, ...]:
    """Les champs qui identifient une ligne de l’entité."""
    return tuple(info.nom for info in infos(modele).values() if info.cle)


def _texte(valeur: object) -> str | None:
    return None if valeur is None else str(valeur)
