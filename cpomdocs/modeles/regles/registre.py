"""Le registre des règles : une règle a un code stable, une gravité, une phrase, une source et une fonction.

La fonction reçoit le dossier et les seuils et rend des manquements. Elle se tait quand une donnée manque :
le manque est dit ailleurs, une seule fois.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cpomdocs.modeles.base import Entite, Source, cles, infos, unir
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.nomenclatures import libelle, noms
from cpomdocs.rapport import Anomalie, Gravite

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier


_E = TypeVar("_E", bound=Entite)


@dataclass(frozen=True)
class Manquement:
    """Un endroit où une règle n’est pas respectée : la ligne, les champs en cause, ce qui ne va pas, que
    faire.

    `gravite` remplace celle de la règle ; `autres` ajoute des champs d’autres lignes à la provenance,
    `emplacements` des cellules où taper des lignes qui n’existent pas encore.
    """

    entite: Entite
    champs: tuple[str, ...]
    message: str
    remede: str
    gravite: Gravite | None = None
    autres: tuple[tuple[Entite, str], ...] = ()
    emplacements: tuple[Source, ...] = ()


Controle = Callable[["Dossier", Seuils], Iterable[Manquement]]


@dataclass(frozen=True)
class Regle:
    """Une règle de cohérence et la fonction qui la contrôle."""

    code: str
    gravite: Gravite
    libelle: str
    source: str
    fonction: Controle

    def manquements(self, dossier: Dossier, seuils: Seuils) -> list[Anomalie]:
        """Les anomalies que la règle trouve dans le dossier."""
        return [_anomalie(self, manquement) for manquement in self.fonction(dossier, seuils)]


_ENREGISTREES: dict[str, Regle] = {}


def regle(code: str, gravite: Gravite, libelle: str, *, source: str) -> Callable[[Controle], Controle]:
    """Enregistre la fonction d’une règle sous son code. Lève `ValueError` si le code est déjà pris."""

    def enregistrer(fonction: Controle) -> Controle:
        if code in _ENREGISTREES:
            raise ValueError(f"deux règles portent le code {code}")
        _ENREGISTREES[code] = Regle(code, gravite, libelle, source, fonction)
        return fonction

    return enregistrer


def enregistrees() -> tuple[Regle, ...]:
    """Les règles enregistrées jusqu’ici, dans l’ordre de leurs modules."""
    return tuple(_ENREGISTREES.values())


def _anomalie(regle: Regle, manquement: Manquement) -> Anomalie:
    entite, principal = manquement.entite, manquement.champs[0]
    concernes = [(entite, champ) for champ in manquement.champs] + list(manquement.autres)
    return Anomalie(
        code=regle.code,
        gravite=manquement.gravite or regle.gravite,
        message=f"{situation(entite)} : {manquement.message}",
        remede=manquement.remede,
        etablissement=_etablissement(entite),
        champ=chemin_de(entite, principal),
        libelle=infos(type(entite))[principal].libelle,
        sources=unir([*(ligne.sources(champ) for ligne, champ in concernes), manquement.emplacements]),
    )


def _etablissement(entite: Entite) -> str | None:
    valeur = getattr(entite, "etablissement", None) or (
        getattr(entite, "code", None) if collection_de(entite) == "etablissements" else None
    )
    return None if valeur is None else str(valeur)


def collection_de(entite: Entite) -> str:
    """Le nom de la fiche ou de la collection à laquelle l’entité appartient."""
    from cpomdocs.modeles.dossier import COLLECTIONS, FICHES

    return next(nom for nom, modele in (*FICHES.items(), *COLLECTIONS.items()) if modele is type(entite))


def lignes_de(dossier: Dossier, modele: type[_E]) -> list[_E]:
    """Les lignes d’une collection ou d’une vue, sous leur type."""
    from cpomdocs.modeles.dossier import COLLECTIONS

    nom = next(nom for nom, connu in COLLECTIONS.items() if connu is modele)
    return [ligne for ligne in dossier.lignes(nom) if isinstance(ligne, modele)]


def situation(entite: Entite) -> str:
    """Où l’on est, en mots : la feuille et ce qui identifie la ligne (« Activité, EHPAD1, 2025, Réel »)."""
    champs = infos(type(entite))
    reperes = [_en_mots(champs[nom].liste, str(valeur)) for nom, valeur in _identite(entite)]
    return ", ".join([_feuille(entite), *reperes])


def _feuille(entite: Entite) -> str:
    """La feuille où l’entité se tape ; pour une vue, celle des lignes qu’elle résume."""
    from cpomdocs.modeles.dossier import SAISIES
    from cpomdocs.modeles.vues import ORIGINES

    collection = collection_de(entite)
    feuille = type(entite).feuille or SAISIES[ORIGINES[collection]].feuille
    return feuille.nom if feuille is not None else collection


def _en_mots(liste: str | None, code: str) -> str:
    if liste is None or liste not in noms():
        return code
    return libelle(liste, code) or code


def chemin_de(entite: Entite, champ: str) -> str:
    """Le chemin d’un champ de l’entité ; l’établissement n’y est pas répété."""
    collection = collection_de(entite)
    if collection == "etablissements":
        return f"etablissement.{champ}"
    filtre = ", ".join(f"{nom}={valeur}" for nom, valeur in _identite(entite) if nom != "etablissement")
    return f"{collection}[{filtre}].{champ}" if filtre else f"{collection}.{champ}"


def _identite(entite: Entite) -> list[tuple[str, object]]:
    valeurs = [(nom, getattr(entite, nom)) for nom in cles(type(entite))]
    return [(nom, valeur) for nom, valeur in valeurs if valeur not in (None, "")]
