"""Ce que le plan donne à remplir : une case du gabarit, la valeur qui y va, la cellule d’où elle vient.

Écriture d’une case :
  Excel  `Feuille!C4` · `nom:NOM_DEFINI` (la cellule que ce nom désigne)
         `controle:NOM` (la case à cocher, l’option ou la liste de ce nom ou de cette légende, par sa cellule
         liée ; `controle:NOM#2`, la deuxième ; `Feuille!controle:NOM`, celle de cette feuille)
  Word   `controle:BALISE` (les contrôles de cette balise ou de ce titre ; `#2`, le deuxième) · `signet:NOM`
         `champ:NOM` (champ de formulaire ; `champ:NOM#2`, le deuxième de ce nom)
         `controle:#5`, `champ:#5` (le cinquième du document, quand l’autorité ne les a pas nommés)
         `coche:TEXTE` (la case à cocher de ce libellé ; `coche:☐ TEXTE` ou `coche:TEXTE ☐` dit son côté)
         `libelle:TEXTE` (la cellule vide qui suit ce libellé ; `libelle:TEXTE#2`, sa deuxième occurrence)
         `tableau:3!B4` (3ᵉ tableau du corps, 2ᵉ colonne, 4ᵉ ligne ; les fusions comptent pour leurs colonnes)
         `section:NOM!CONTROLE#2` (ce contrôle, dans le 2ᵉ élément de la section répétée de ce nom)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.modeles.chemins import Valeur

GenreWord = Literal["controle", "champ", "signet", "libelle", "coche", "tableau", "section"]
_CELLULE = re.compile(r"^\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})$")
_WORD = re.compile(r"^(controle|champ|signet|libelle|coche|tableau|section):(.+)$", re.DOTALL)
_NOM = "nom:"
_COMMANDE = re.compile(r"^(?:.+!)?controle:.")
_RANG = re.compile(r"^(.*)#([1-9][0-9]*)$", re.DOTALL)


class CaseExcel(NamedTuple):
    """Une cellule du gabarit Excel ; `commande` : le contrôle nommé dont elle est la cellule liée.

    `malgre_verrou` : la correspondance demande de l’écrire même verrouillée.
    """

    feuille: str
    cellule: str
    commande: str = ""
    malgre_verrou: bool = False

    def __str__(self) -> str:
        return self.commande or f"{self.feuille}!{self.cellule}"


@dataclass(frozen=True, order=True)
class CaseWord:
    """Un endroit du gabarit Word ; `cellule` sert aux tableaux, `rang` aux noms répétés (0 : non dit)."""

    genre: GenreWord
    nom: str
    cellule: str = ""
    rang: int = 0

    def __str__(self) -> str:
        suite = f"!{self.cellule}" if self.cellule else ""
        return f"{self.genre}:{self.nom}{suite}" + (f"#{self.rang}" if self.rang else "")


Case = CaseExcel | CaseWord


class Image(NamedTuple):
    """Une image vérifiée : ses octets, son genre (png ou jpeg), sa taille en pixels."""

    octets: bytes
    genre: str
    largeur: int
    hauteur: int


class Annexe(NamedTuple):
    """Un document vérifié, à insérer : son fichier, le XML de son corps, ses images par identifiant."""

    octets: bytes
    corps: bytes
    images: tuple[tuple[str, Image], ...]


@dataclass(frozen=True)
class Saisie:
    """Une valeur à écrire dans une case. `texte` : le texte imposé par la correspondance à la place de la
    valeur (traduction d’un code dans les mots du formulaire, « sans objet »). `image` : celle que la valeur
    nomme, pour une case qui en reçoit une."""

    case: Case
    valeur: Valeur
    texte: str | None = None
    image: Image | None = None

    @property
    def a_ecrire(self) -> object | None:
        """Ce qui va dans la case : un texte imposé, la valeur typée, ou `None` pour n’y rien changer."""
        return self.texte if self.texte is not None else self.valeur.valeur


class Refus(NamedTuple):
    """Une saisie que le gabarit n’accepte pas : rien n’a été écrit dans sa case."""

    saisie: Saisie
    code: str
    message: str
    remede: str


class Remplissage(NamedTuple):
    """Le document rempli, les saisies écrites et celles qui ont été refusées."""

    octets: bytes
    ecrites: tuple[Saisie, ...]
    refus: tuple[Refus, ...]


def lire_case(texte: str, excel: bool, reference: Callable[[str], str | None] = lambda nom: None) -> Case:
    """Lit l’adresse d’une case ; `reference` rend ce que désigne un nom défini du classeur.

    Lève `ErreurFormulaire` si sa forme n’est pas reconnue, ou si le nom ne désigne pas une cellule.
    """
    if excel and _COMMANDE.match(texte):
        liee = _case_nommee(texte, reference)
        return CaseExcel(liee.feuille, liee.cellule, texte)
    if excel and texte.startswith(_NOM):
        return _case_nommee(texte.removeprefix(_NOM), reference)
    case = _case_excel(texte) if excel else _case_word(texte)
    if case is None:
        attendu = (
            "Feuille!C4, nom:NOM_DEFINI ou controle:NOM"
            if excel
            else "controle:…, champ:…, signet:…, libelle:…, coche:…, tableau:3!B4 ou section:…!…#1"
        )
        raise ErreurFormulaire(f"La case « {texte} » n’est pas une adresse connue.", f"Écrire {attendu}.")
    return case


def _case_nommee(nom: str, reference: Callable[[str], str | None]) -> CaseExcel:
    designe = reference(nom)
    if designe is None:
        raise ErreurFormulaire(f"Le gabarit n’a pas de nom défini « {nom} ».", "Relever ses noms dans Excel.")
    case = _case_excel(designe)
    if case is None:
        raise ErreurFormulaire(
            f"Le nom « {nom} » ne désigne pas une cellule, mais « {designe} ».",
            "Écrire l’adresse de la cellule à remplir.",
        )
    return case


def _case_excel(texte: str) -> CaseExcel | None:
    feuille, _, cellule = texte.rpartition("!")
    if not feuille or _CELLULE.match(cellule) is None:
        return None
    return CaseExcel(feuille.strip("'").replace("''", "'"), cellule.replace("$", ""))


def _case_word(texte: str) -> CaseWord | None:
    forme = _WORD.match(texte)
    if forme is None:
        return None
    if forme[1] == "tableau":
        nom, _, cellule = forme[2].partition("!")
        return CaseWord("tableau", nom, cellule) if nom.isdigit() and _CELLULE.match(cellule) else None
    rang = None if forme[1] == "signet" else _RANG.match(forme[2])
    if forme[1] == "section":
        nom, _, controle = (rang[1] if rang else forme[2]).partition("!")
        return CaseWord("section", nom, controle, int(rang[2])) if nom and controle and rang else None
    genre: GenreWord = forme[1]  # type: ignore[assignment]
    return CaseWord(genre, rang[1] if rang else forme[2], "", int(rang[2]) if rang else 0)
