"""Les écritures décidées avant la première : où, et quoi. Chacune s’applique à une copie de sa partie."""

from __future__ import annotations

from dataclasses import dataclass, field

from cpomdocs.remplissage.word.endroits import Portion
from cpomdocs.remplissage.word.genres.champs import ecrire_champ
from cpomdocs.remplissage.word.genres.coches import marquer
from cpomdocs.remplissage.word.genres.controles import Reponse
from cpomdocs.remplissage.word.genres.fusion import ecrire_fusion
from cpomdocs.remplissage.word.genres.liaisons import Noeud, ecrire_noeud
from cpomdocs.remplissage.word.genres.remplir_controle import ecrire_controle
from cpomdocs.remplissage.word.genres.signets import ecrire_signet
from cpomdocs.remplissage.word.ooxml import PartieOuverte
from cpomdocs.remplissage.word.texte import (
    remplacer_portion,
)


@dataclass(frozen=True)
class Geste:
    """Une écriture : la partie, le rang de l’élément dans le gabarit, la position dans un paragraphe."""

    partie: str
    rang: int
    position: int
    texte: str
    autour: frozenset[int] = field(default=frozenset(), kw_only=True)
    """Rangs des contrôles qui entourent l’endroit : les remplir l’effacerait."""

    @property
    def endroit(self) -> tuple[str, int, int]:
        """Ce qui ne peut recevoir qu’une valeur."""
        return self.partie, self.rang, self.position

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie : ici, le texte d’un signet."""
        ecrire_signet(ouverte, self.rang, self.texte)


@dataclass(frozen=True)
class GesteControle(Geste):
    """Remplir un contrôle de contenu."""

    reponse: Reponse
    styles_invite: frozenset[str]

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        ecrire_controle(ouverte.elements[self.rang], self.reponse, self.styles_invite)


@dataclass(frozen=True)
class GesteChamp(Geste):
    """Remplir un champ de formulaire."""

    reponse: Reponse

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        ecrire_champ(ouverte, self.rang, self.reponse)


@dataclass(frozen=True)
class GesteFusion(Geste):
    """Remplacer un champ de publipostage."""

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        ecrire_fusion(ouverte.elements[self.rang], self.texte)


@dataclass(frozen=True)
class GesteCoche(Geste):
    """Cocher ou décocher un carré du texte."""

    coche: bool

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        marquer(ouverte.elements[self.rang], self.position, self.coche)


@dataclass(frozen=True)
class GesteNoeud(Geste):
    """Écrire la donnée XML à laquelle des contrôles sont liés."""

    noeud: Noeud

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        ecrire_noeud(ouverte.elements[self.rang], self.noeud, self.texte)


@dataclass(frozen=True)
class GestePortion(Geste):
    """Écrire au fil d’un paragraphe ou dans une cellule."""

    portion: Portion

    def appliquer(self, ouverte: PartieOuverte) -> None:
        """Écrit dans la copie."""
        remplacer_portion(
            ouverte.elements[self.rang],
            self.portion.debut,
            self.portion.fin,
            self.portion.avant + self.texte,
            self.portion.format_de_la_valeur,
        )
