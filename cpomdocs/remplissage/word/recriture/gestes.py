"""Les écritures décidées avant la première : où, et quoi. Chacune s’applique à une copie de son élément."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple, Self

from cpomdocs.remplissage.word.endroits import Portion
from cpomdocs.remplissage.word.genres.champs import ecrire_champ
from cpomdocs.remplissage.word.genres.coches import marquer
from cpomdocs.remplissage.word.genres.controles import Reponse
from cpomdocs.remplissage.word.genres.fusion import ecrire_fusion
from cpomdocs.remplissage.word.genres.liaisons import Noeud, ecrire_noeud
from cpomdocs.remplissage.word.genres.remplir_controle import ecrire_controle
from cpomdocs.remplissage.word.genres.signets import ecrire_signet
from cpomdocs.remplissage.word.ooxml import PartieOuverte, w
from cpomdocs.remplissage.word.texte import remplacer_portion


class Lieu(NamedTuple):
    """Où va un geste : la partie, le rang de l’élément, la position dans un paragraphe.

    `unite` : rangs du premier et du dernier des éléments voisins à récrire ; `autour` : ceux des contrôles
    dont le remplissage l’effacerait.
    """

    partie: str
    rang: int
    position: int
    unite: tuple[int, int]
    autour: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Geste:
    """Une écriture ; ici, le texte d’un signet."""

    lieu: Lieu
    texte: str
    moulable: ClassVar[bool] = True
    """Faux si ce qui s’écrit n’est pas fait de textes à glisser dans un élément toujours le même."""

    def lignes(self) -> list[str]:
        """Les textes écrits tels quels, une ligne chacun : le reste de l’élément n’en dépend pas."""
        return self.texte.split("\n")

    @property
    def etat(self) -> Hashable:
        """Ce qui décide de l’écriture en plus de ses textes."""
        return None

    def cle(self, lignes: Sequence[str]) -> Hashable:
        """Deux gestes de même clé écrivent la même chose, aux textes près."""
        return (
            self.lieu[1:3],
            self.etat,
            tuple(map(bool, lignes)) if len(lignes) > 1 else bool(lignes and lignes[0]),
        )

    def avec(self, lignes: Sequence[str]) -> Self:
        """Le même geste, d’autres textes."""
        return replace(self, texte="\n".join(lignes))

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        ecrire_signet(ouverte, self.lieu.rang, self.texte)


@dataclass(frozen=True)
class GesteControle(Geste):
    """Remplir un contrôle de contenu. `choisie` : la valeur enregistrée, s’il s’agit d’une liste.

    `relation` : celle de l’image, une fois posée.
    """

    reponse: Reponse
    styles_invite: frozenset[str]
    choisie: str | None = None
    relation: str = ""

    def lignes(self) -> list[str]:
        """Les lignes de la réponse montrée."""
        return self.reponse.texte.split("\n")

    @property
    def etat(self) -> Hashable:
        """Coché, daté, choisi, illustré."""
        image = self.reponse.image
        return self.reponse.coche, self.reponse.date, self.choisie, self.relation, image and image[2:]

    def avec(self, lignes: Sequence[str]) -> Self:
        """Le même geste, d’autres textes."""
        return replace(self, reponse=replace(self.reponse, texte="\n".join(lignes)))

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        sdt = ouverte.elements[self.lieu.rang]
        ecrire_controle(sdt, self.reponse, self.styles_invite, self.relation)


@dataclass(frozen=True)
class GesteChamp(Geste):
    """Remplir un champ de formulaire. `choisie` : le rang retenu, s’il s’agit d’une liste."""

    reponse: Reponse
    choisie: str | None = None

    def lignes(self) -> list[str]:
        """Les lignes de la réponse montrée."""
        return self.reponse.texte.split("\n")

    @property
    def etat(self) -> Hashable:
        """Coché, choisi."""
        return self.reponse.coche, self.choisie

    def avec(self, lignes: Sequence[str]) -> Self:
        """Le même geste, d’autres textes."""
        return replace(self, reponse=replace(self.reponse, texte="\n".join(lignes)))

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        ecrire_champ(ouverte, self.lieu.rang, self.reponse)


@dataclass(frozen=True)
class GesteFusion(Geste):
    """Remplacer un champ de publipostage."""

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        ecrire_fusion(ouverte.elements[self.lieu.rang], self.texte)


@dataclass(frozen=True)
class GesteCoche(Geste):
    """Cocher ou décocher un carré du texte."""

    coche: bool

    def lignes(self) -> list[str]:
        """Aucun texte."""
        return []

    @property
    def etat(self) -> Hashable:
        """Coché ou non."""
        return self.coche

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        marquer(ouverte.elements[self.lieu.rang], self.lieu.position, self.coche)


@dataclass(frozen=True)
class GesteInvite(Geste):
    """Dire qu’un contrôle ne montre plus son texte d’invite : on a écrit dans ce qu’il contient."""

    def lignes(self) -> list[str]:
        """Aucun texte."""
        return []

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        proprietes = ouverte.elements.get(self.lieu.rang)  # absent d’une copie que le contrôle entoure
        if proprietes is not None:
            for indication in proprietes.findall(w("showingPlcHdr")):
                proprietes.remove(indication)


@dataclass(frozen=True)
class GesteNoeud(Geste):
    """Écrire la donnée XML à laquelle des contrôles sont liés."""

    noeud: Noeud
    moulable: ClassVar[bool] = False

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        ecrire_noeud(ouverte.elements[self.lieu.rang], self.noeud, self.texte)


@dataclass(frozen=True)
class GestePortion(Geste):
    """Écrire au fil d’un paragraphe ou dans une cellule, après le blanc `avant`."""

    portion: Portion
    avant: str = ""

    def lignes(self) -> list[str]:
        """Les lignes écrites, blanc compris."""
        return (self.avant + self.texte).split("\n")

    def avec(self, lignes: Sequence[str]) -> Self:
        """Le même geste, d’autres textes."""
        return replace(self, texte="\n".join(lignes), avant="")

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        remplacer_portion(
            ouverte.elements[self.lieu.rang],
            self.portion.debut,
            self.portion.fin,
            self.avant + self.texte,
            self.portion.format_de_la_valeur,
        )
