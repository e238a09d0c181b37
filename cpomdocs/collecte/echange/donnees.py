"""Ce que dit une cellule, sous une forme qui se compare d’un classeur à l’autre, se garde et se récrit.

« 12 », 12 et 12,0 sont la même donnée dans une colonne de nombres ; une cellule vide n’en porte aucune.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from cpomdocs.classeur.valeurs import SANS_OBJET, Cellule, en_cellule
from cpomdocs.lecture.valeurs.conversion import CONTROLE, Lu
from cpomdocs.lecture.valeurs.textes import normaliser
from cpomdocs.modeles.base import InfoChamp
from cpomdocs.modeles.types import ValeurSimple

Genre = Literal["texte", "nombre", "date", "booleen", "sans_objet", "illisible"]


@dataclass(frozen=True)
class Donnee:
    """Une donnée non vide. `texte` : ce qui a été tapé, sous sa forme constante ; `repere` : ce qui compte.

    « ehpad1 » et « EHPAD1 » ont le même repère quand le champ désigne une ligne. `illisible` : la cellule
    porte quelque chose que la lecture ne comprend pas ; son texte est gardé tel quel.
    """

    genre: Genre
    texte: str = field(compare=False)
    repere: str

    def valeur(self) -> ValeurSimple | None:
        """La valeur du modèle ; `None` si elle est sans objet ou illisible."""
        if self.genre == "nombre":
            return Decimal(self.texte)
        if self.genre == "date":
            return datetime.date.fromisoformat(self.texte)
        if self.genre == "booleen":
            return self.texte == "oui"
        return self.texte if self.genre == "texte" else None

    def cellule(self, info: InfoChamp) -> Cellule:
        """Ce que la cellule doit porter pour que la lecture y retrouve cette donnée.

        Lève `ErreurEcriture` si un texte dépasse une cellule d’Excel.
        """
        if self.genre in ("sans_objet", "illisible"):
            return SANS_OBJET if self.genre == "sans_objet" else self.texte
        if self.genre == "nombre":
            nombre = Decimal(self.texte)
            return int(nombre) if nombre == nombre.to_integral_value() else float(nombre)
        return en_cellule(self.valeur(), info) or self.texte


def donnee(lu: Lu, brut: object, info: InfoChamp) -> Donnee | None:
    """La donnée d’une cellule lue ; `None` si elle est vide."""
    if lu.sans_objet:
        return Donnee("sans_objet", SANS_OBJET, SANS_OBJET)
    if lu.valeur is None:
        return _illisible(brut) if lu.probleme is not None else None
    if isinstance(lu.valeur, str) and not _visible(lu.valeur):
        return None
    return de_valeur(lu.valeur, info)


def de_valeur(valeur: ValeurSimple, info: InfoChamp) -> Donnee:
    """La donnée qui porte une valeur du modèle."""
    if isinstance(valeur, bool):
        mot = "oui" if valeur else "non"
        return Donnee("booleen", mot, mot)
    if isinstance(valeur, int | Decimal):
        nombre = Decimal(valeur)
        texte = "0" if nombre == 0 else f"{nombre.normalize():f}"
        return Donnee("nombre", texte, texte)
    if isinstance(valeur, datetime.date):
        jour = valeur.date() if isinstance(valeur, datetime.datetime) else valeur
        return Donnee("date", jour.isoformat(), jour.isoformat())
    texte = _visible(valeur)
    designe = info.reference is not None or (info.cle and info.liste is None)
    return Donnee("texte", texte, (normaliser(texte) or texte) if designe else texte)


def _illisible(brut: object) -> Donnee:
    texte = str(int(brut)) if isinstance(brut, float) and brut.is_integer() else str(brut)
    texte = _visible(texte) or "?"
    return Donnee("illisible", texte, texte)


def _visible(texte: str) -> str:
    """Le texte sans les caractères qu’aucun classeur ne peut montrer, fins de ligne d’une seule façon."""
    return CONTROLE.sub("", texte.replace("\r\n", "\n").replace("\r", "\n")).strip()


def montrer_donnee(lue: Donnee | None, info: InfoChamp) -> str:
    """La donnée comme la personne la voit dans le classeur ; « (vide) » s’il n’y en a pas."""
    if lue is None:
        return "(vide)"
    if lue.genre == "illisible":
        return f"« {lue.texte} » (illisible)"
    cellule = lue.cellule(info)
    if isinstance(cellule, datetime.date):
        return f"{cellule:%d/%m/%Y}"
    if isinstance(cellule, str):
        return cellule
    if info.nature.nom == "annee":
        return str(cellule)
    if info.nature.nom == "taux":
        return f"{_nombre(Decimal(lue.texte) * 100)} %"
    return _nombre(Decimal(lue.texte)) + (" €" if info.nature.nom == "montant" else "")


def _nombre(nombre: Decimal) -> str:
    """Un nombre à la française : espace fine insécable entre les milliers, virgule décimale."""
    ecrit = f"{nombre.normalize():,f}" if nombre else "0"
    return ecrit.replace(",", "\u202f").replace(".", ",")
