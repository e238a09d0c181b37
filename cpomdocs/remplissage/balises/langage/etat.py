"""L’état d’un rendu : les noms connus, ce qui est déjà écrit, ce qui a été lu, et les bornes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.modeles.chemins import Valeur
from cpomdocs.modeles.types import Nature
from cpomdocs.remplissage.balises.donnees.valeurs import Lue, Manque, texte_francais
from cpomdocs.remplissage.balises.donnees.vues import ListeVues, Vue
from cpomdocs.remplissage.word.recriture.medias import Medias
from cpomdocs.saisies import Annexe, Image

TOURS = 200_000
"""Nombre de tours de boucle d’un document."""
TEXTE = 1_000_000
"""Longueur du texte que peut rendre une balise."""
SORTIE = 60_000_000
"""Taille (octets) au-delà de laquelle un document rendu est refusé."""
ECRITURES = 1_000_000
"""Nombre de morceaux au-delà duquel un document rendu est refusé."""
_BOOLEEN = "booleen"
_ENTIER = Nature("entier")


_PESEE = 4_096
"""Nombre de morceaux entre deux pesées de la sortie."""


class NomInconnu(ErreurFormulaire):
    """Un nom que ni les modèles ni le document ne définissent."""


class Lectures(NamedTuple):
    """Ce qu’un document a lu. `montrees` : les données écrites ou comparées ; `toutes` : avec elles, celles
    dont il n’a regardé que la présence, et le nombre de lignes des listes ; `images` : les fichiers cités
    (images, documents)."""

    montrees: list[Valeur]
    toutes: list[Valeur]
    images: list[str]


class Illustrations(NamedTuple):
    """Les images et les documents du dossier, par nom de fichier, et ce qu’il faut ajouter au document rendu
    pour les y poser ; `styles` : le genre et l’identifiant de ceux du gabarit."""

    images: Mapping[str, Image | Annexe]
    medias: Medias
    styles: frozenset[tuple[str, str]] = frozenset()


@dataclass(slots=True)
class Boucle:
    """Ce que « loop » dit du tour en cours : `index0` et le nombre de tours."""

    index0: int
    length: int

    @property
    def index(self) -> int:
        """Le rang du tour, à partir de 1."""
        return self.index0 + 1

    @property
    def revindex(self) -> int:
        """Le nombre de tours qui restent, celui-ci compris."""
        return self.length - self.index0

    @property
    def revindex0(self) -> int:
        """Le nombre de tours qui restent après celui-ci."""
        return self.length - self.index0 - 1

    @property
    def first(self) -> bool:
        """Vrai au premier tour."""
        return self.index0 == 0

    @property
    def last(self) -> bool:
        """Vrai au dernier tour."""
        return self.index0 == self.length - 1


@dataclass
class Etat:
    """Ce qui change pendant un rendu. `illustrations` : les images à poser (`None` : on ne fait que lire) ;
    `retient` : il faudra dire ce qui a été lu."""

    noms: dict[str, object]
    illustrations: Illustrations | None = None
    retient: bool = True
    partie: str = ""
    images: list[str] = field(default_factory=list)
    """Les fichiers demandés, images et documents, dans l’ordre."""
    insere: int = 0
    """Taille (octets) des documents déjà insérés."""
    sortie: list[bytes] = field(default_factory=list)
    tours: int = 0
    pesees: int = 0
    """Morceaux de la sortie dont la taille a déjà été comptée."""
    taille: int = 0
    numeros: int = 100_000
    uniques: set[bytes] = field(default_factory=set)
    cellules: list[int] = field(default_factory=list)
    lus: list[object] = field(default_factory=list)
    """Ce qui a servi, écrit, calculé ou comparé : valeurs, champs (ligne, champ) et listes, dans l’ordre."""
    _gardes: list[Manque] = field(default_factory=list)

    def noter_champ(self, vue: object, nom: str) -> None:
        """Retient qu’un champ de cette ligne a été écrit."""
        if isinstance(vue, Vue):
            self.lus.append(vue.reference(nom))

    def noter_garde(self, objet: object) -> None:
        """Retient qu’on a regardé si une donnée est là. Vide, elle ne manque pas ; un oui ou non, si."""
        if isinstance(objet, Manque):
            booleen = objet.champ is not None and objet.champ.nature.nom == _BOOLEEN
            (self.lus if booleen else self._gardes).append(objet)
        else:
            self.lus.append(objet)

    def lire(self, element: object, nom: str) -> object:
        """Le champ d’une ligne, retenu comme lu ; tout autre objet est rendu tel quel."""
        if not isinstance(element, Vue):
            return element
        lu = element.lire(nom)
        if lu is None:
            raise NomInconnu(f"« {nom} » n’existe pas.")
        self.lus.append(lu)
        return lu

    def lire_garde(self, element: object, nom: str) -> object:
        """Comme `lire`, quand seule compte la présence de la donnée."""
        if not isinstance(element, Vue):
            return element
        lu = element.lire(nom)
        if lu is None:
            raise NomInconnu(f"« {nom} » n’existe pas.")
        self.noter_garde(lu)
        return lu

    def parcourir(self, elements: object) -> Iterator[object]:
        """Les éléments d’une liste. Lève `ErreurFormulaire` si ce n’en est pas une."""
        if not isinstance(elements, ListeVues | list | Manque):
            raise ErreurFormulaire("Une boucle ne porte pas sur une liste.", "Boucler sur une collection.")
        return iter(elements)

    def compter(self) -> None:
        """Compte un tour de boucle et la taille déjà écrite, dans leurs limites."""
        self.tours += 1
        if self.tours > TOURS:
            raise ErreurFormulaire(
                f"Le document fait plus de {TOURS} tours de boucle.", "Réduire les boucles imbriquées."
            )
        if len(self.sortie) - self.pesees > _PESEE:
            self._peser()

    def ouvrir(self, partie: str, noms: dict[str, object], entete: bytes) -> None:
        """Commence une partie."""
        self.partie, self.noms, self.sortie, self.pesees = partie, noms, [entete], 0

    def poser_image(self, nom: str) -> tuple[Image, str] | None:
        """L’image de ce nom et sa relation dans la partie ; `None` pour une lecture, ou si elle manque."""
        image = None if self.illustrations is None else self.illustrations.images.get(nom)
        if image is None:
            return None
        if not isinstance(image, Image):
            raise ErreurFormulaire(f"« {nom} » n’est pas une image PNG ou JPEG.", "Nommer une image.")
        return image, self.relier(image)

    def relier(self, image: Image) -> str:
        """La relation de la partie à cette image, ajoutée au besoin ; rien pour une lecture."""
        return "" if self.illustrations is None else self.illustrations.medias.poser(self.partie, image)

    def inserer(self, nom: str) -> Annexe | None:
        """Le document de ce nom ; `None` pour une lecture, ou s’il manque. Borné comme la sortie."""
        annexe = None if self.illustrations is None else self.illustrations.images.get(nom)
        if not isinstance(annexe, Annexe):
            return None
        self.insere += len(annexe.corps)
        if self.insere > SORTIE:
            raise ErreurFormulaire("Les documents insérés seraient démesurés.", "En insérer moins.")
        return annexe

    @property
    def styles(self) -> frozenset[tuple[str, str]]:
        """Le genre et l’identifiant des styles du gabarit."""
        return frozenset() if self.illustrations is None else self.illustrations.styles

    def octets(self) -> bytes:
        """Tout ce qui a été écrit. Lève `ErreurFormulaire` si c’est démesuré."""
        self._peser()
        return b"".join(self.sortie)

    def _peser(self) -> None:
        self.taille += sum(map(len, self.sortie[self.pesees :]))
        self.pesees = len(self.sortie)
        if self.taille > SORTIE or self.pesees > ECRITURES:
            raise ErreurFormulaire("Le document rendu serait démesuré.", "Réduire ses boucles.")

    def ecrire(self, objet: object) -> str:
        """Le texte français d’une valeur."""
        try:
            return borner(texte_francais(objet))
        except ArithmeticError:
            raise ErreurFormulaire("Une balise calcule un nombre démesuré.", "La simplifier.") from None
        except TypeError:
            raise ErreurFormulaire(
                "Une balise veut écrire une liste ou une ligne entière.", "Nommer le champ à écrire."
            ) from None

    def lectures(self) -> Lectures:
        """Ce qui a été lu jusqu’ici, chaque champ de chaque ligne une fois, dans l’ordre."""
        montrees = dict(_valeurs(self.lus))
        gardes = {cle: valeur for cle, valeur in _valeurs(self._gardes) if cle not in montrees}
        parcourues = (lu for lu in self.lus if isinstance(lu, ListeVues))
        listes = {liste.chemin: _nombre_de_lignes(liste) for liste in parcourues}
        toutes = [*montrees.values(), *gardes.values(), *listes.values()]
        return Lectures([*montrees.values()], toutes, list(dict.fromkeys(self.images)))


def _valeurs(lus: Iterable[object]) -> Iterator[tuple[tuple[int, str, str], Valeur]]:
    """Les champs lus, chacun une fois par ligne, avec de quoi le reconnaître."""
    connues: set[tuple[int, str, str]] = set()
    for lu in lus:
        if isinstance(lu, tuple):
            origine, info = lu
        elif isinstance(lu, Lue):
            origine, info = lu.origine, lu.champ if isinstance(lu, Manque) else lu.info
        else:
            continue
        if origine is None or info is None:
            continue
        cle = (id(origine.ligne), origine.racine, info.nom)
        if cle not in connues:
            connues.add(cle)
            yield cle, origine.valeur(info)


def _nombre_de_lignes(liste: ListeVues) -> Valeur:
    return Valeur(liste.chemin, "Nombre de lignes", _ENTIER, len(liste), "renseigne")


def borner(texte: str) -> str:
    """Le texte, s’il n’est pas démesuré."""
    if len(texte) > TEXTE:
        raise ErreurFormulaire(f"Une balise rend un texte de plus de {TEXTE} caractères.", "La simplifier.")
    return texte
