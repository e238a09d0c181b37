"""Les champs, écrits comme des chemins : `activite[annee=N-1, modalite=HP].capacite_financee`.

Un chemin ne calcule rien : il désigne une donnée. Il se vérifie sans donnée, dit d’où vient une valeur
et quelle cellule remplir quand elle manque.

    racine [ clé = valeur , … ] . champ

Racines : les fiches (`gestionnaire`, `contrat`, `parametres`), l’élément courant (`etablissement`,
`objectif`) et les collections du dossier (`activite`, `comptes_synthese`…). Une collection est réduite
d’elle-même aux lignes de l’établissement courant et de l’objectif courant ; `etablissement=*` lève ce filtre,
`etablissement=-` ne garde que les lignes du gestionnaire. Sans sélecteur `version`, une année antérieure à N
se lit en version « reel », les autres en « previsionnel ».
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

from cpomdocs.erreurs import ErreurChemin, vouliez_vous_dire
from cpomdocs.modeles.base import Entite, InfoChamp, Source, cles, infos
from cpomdocs.modeles.dossier import COLLECTIONS, FICHES, Dossier
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.types import Nature, ValeurSimple

Portee = Literal["etablissement", "gestionnaire", "objectif"]
Etat = Literal["renseigne", "vide", "sans_objet", "non_attendu"]

_FORME = re.compile(r"^([a-z][a-z0-9_]*)(?:\[([^\]]*)\])?(?:\.([a-z][a-z0-9_]*))?$")
_NOMBRE = re.compile(r"^-?\d+(?:\.\d+)?$")
_ANNEE = re.compile(r"^N(?:([+-])(\d{1,2}))?$")
ELEMENTS = {"etablissement": "etablissements", "objectif": "objectifs"}
"""L’élément courant et la collection dont il vient."""
_COLLECTION_DE = {modele: nom for nom, modele in {**FICHES, **COLLECTIONS}.items()}


@dataclass(frozen=True)
class Chemin:
    """Un chemin lu : racine, sélecteurs (clé, valeur écrite), champ final (`None` : la collection)."""

    racine: str
    selecteurs: tuple[tuple[str, str], ...] = ()
    champ: str | None = None

    def __str__(self) -> str:
        return self._ecrit

    @cached_property
    def _ecrit(self) -> str:
        filtre = ", ".join(f"{cle}={valeur}" for cle, valeur in self.selecteurs)
        return self.racine + (f"[{filtre}]" if filtre else "") + (f".{self.champ}" if self.champ else "")

    def avec(self, selecteurs: Iterable[tuple[str, str]] = (), champ: str | None = None) -> Chemin:
        """Le même chemin, précisé par d’autres sélecteurs ou par un champ final."""
        reunis = dict(self.selecteurs) | dict(selecteurs)
        return Chemin(self.racine, tuple(reunis.items()), champ or self.champ)


@dataclass(frozen=True)
class Contexte:
    """Pour qui un document est rempli : le dossier, et l’établissement et l’objectif courants s’il y en a."""

    dossier: Dossier
    etablissement: Etablissement | None = None
    objectif: Entite | None = None


@dataclass(frozen=True)
class Valeur:
    """Ce qu’un chemin désigne : la valeur, son état, sa présentation et les cellules concernées.

    `sources` : les cellules d’où vient la valeur ; quand elle est vide, les cellules à remplir.
    `liste` : la nomenclature dont la valeur est un code.
    """

    champ: str
    libelle: str
    nature: Nature
    valeur: ValeurSimple | None
    etat: Etat
    unite: str | None = None
    obligatoire: bool = False
    sources: tuple[Source, ...] = ()
    liste: str | None = None
    entite: Entite | None = field(default=None, compare=False, repr=False)

    def __getstate__(self) -> dict[str, object]:
        """Une valeur part seule vers un autre programme, sans sa ligne ni le dossier entier."""
        return {**self.__dict__, "entite": None}


@lru_cache(maxsize=20_000)
def lire_chemin(texte: str) -> Chemin:
    """Lit un chemin. Lève `ErreurChemin` si sa forme n’est pas celle d’un chemin."""
    forme = _FORME.match(texte.strip())
    if forme is None:
        raise ErreurChemin(
            f"« {texte} » n’est pas un champ.",
            "Écrire « racine.champ » ou « collection[clé=valeur].champ », sans calcul ni formule.",
        )
    racine, filtre, nom = forme.groups()
    return Chemin(racine, tuple(_lire_selecteurs(filtre, texte)), nom)


def _lire_selecteurs(filtre: str | None, texte: str) -> Iterable[tuple[str, str]]:
    for morceau in filter(None, (m.strip() for m in (filtre or "").split(","))):
        cle, egal, valeur = (m.strip() for m in morceau.partition("="))
        if not (egal and cle and valeur):
            raise ErreurChemin(
                f"Dans « {texte} », le sélecteur « {morceau} » n’est pas de la forme clé=valeur.", ""
            )
        yield cle, valeur.strip("\"'")


def modele_de(chemin: Chemin) -> type[Entite]:
    """L’entité que la racine désigne. Lève `ErreurChemin`, avec le nom le plus proche, sinon."""
    if chemin.racine in FICHES:
        return FICHES[chemin.racine]
    collection = ELEMENTS.get(chemin.racine, chemin.racine)
    if collection in COLLECTIONS:
        return COLLECTIONS[collection]
    raise ErreurChemin(
        f"« {chemin} » : « {chemin.racine} » n’existe pas dans les modèles.",
        vouliez_vous_dire(chemin.racine, [*FICHES, *ELEMENTS, *COLLECTIONS]),
    )


def verifier(chemin: Chemin, portee: Portee) -> InfoChamp | None:
    """Vérifie un chemin sans donnée ; rend ce qu’on sait du champ final (`None` pour une collection).

    Lève `ErreurChemin`, avec « vouliez-vous dire », si la racine, une clé ou le champ n’existe pas.
    """
    modele = modele_de(chemin)
    if chemin.racine in ELEMENTS and chemin.racine != portee:
        raise ErreurChemin(
            f"« {chemin} » : un formulaire de portée « {portee} » n’a pas d’{chemin.racine} courant.",
            f"Employer la collection « {ELEMENTS[chemin.racine]} ».",
        )
    connus = infos(modele)
    for cle, _ in chemin.selecteurs:
        if cle not in connus:
            raise ErreurChemin(
                f"« {chemin} » : « {cle} » n’est pas un champ de « {chemin.racine} ».",
                vouliez_vous_dire(cle, connus),
            )
    if chemin.champ is None:
        return None
    if chemin.champ not in connus:
        raise ErreurChemin(
            f"« {chemin} » : « {chemin.champ} » n’existe pas.", vouliez_vous_dire(chemin.champ, connus)
        )
    return connus[chemin.champ]


def lignes(chemin: Chemin, contexte: Contexte) -> list[Entite]:
    """Les lignes que le chemin désigne, dans l’ordre du classeur maître."""
    if chemin.racine in FICHES:
        return [getattr(contexte.dossier, chemin.racine)]
    if chemin.racine in ELEMENTS:
        element = contexte.etablissement if chemin.racine == "etablissement" else contexte.objectif
        return [] if element is None else [element]
    filtre = _filtre(chemin, contexte)
    code, annee = filtre.pop("etablissement", None), filtre.get("annee")
    trouvees = contexte.dossier.lignes(
        chemin.racine, None if code is None else str(code), annee if isinstance(annee, int) else None
    )
    return [ligne for ligne in trouvees if all(_egal(getattr(ligne, c), v) for c, v in filtre.items())]


def _filtre(chemin: Chemin, contexte: Contexte) -> dict[str, ValeurSimple | None]:
    """Les valeurs attendues de chaque clé, contexte et version par défaut compris."""
    modele, n = modele_de(chemin), contexte.dossier.parametres.annee_n
    filtre: dict[str, ValeurSimple | None] = {}
    if contexte.etablissement is not None and "etablissement" in infos(modele):
        filtre["etablissement"] = contexte.etablissement.code
    if contexte.objectif is not None and "objectif" in cles(modele):
        filtre["objectif"] = getattr(contexte.objectif, "numero", None)
    voulues, levees = _selection(chemin, n)
    return {nom: v for nom, v in filtre.items() if nom not in levees} | voulues


@lru_cache(maxsize=20_000)
def _selection(chemin: Chemin, n: int | None) -> tuple[dict[str, ValeurSimple | None], frozenset[str]]:
    """Les valeurs que les sélecteurs attendent, version par défaut comprise, et les clés qu’ils libèrent."""
    modele = modele_de(chemin)
    connus, ecrites = infos(modele), dict(chemin.selecteurs)
    levees = frozenset(cle for cle, ecrit in ecrites.items() if ecrit == "*")
    voulues = {c: valeur_de_selecteur(ecrit, connus[c], n) for c, ecrit in ecrites.items() if c not in levees}
    annee = voulues.get("annee")
    if "version" in cles(modele) and "version" not in ecrites and isinstance(annee, int):
        voulues["version"] = version_par_defaut(annee, n)
    return voulues, levees


def version_par_defaut(annee: int, n: int | None) -> str:
    """« reel » pour une année antérieure à N, « previsionnel » sinon."""
    return "reel" if n is not None and annee < n else "previsionnel"


def valeur_de_selecteur(ecrit: str, info: InfoChamp, n: int | None) -> ValeurSimple | None:
    """La valeur qu’un sélecteur désigne : année relative à N, nombre, oui/non, code, « - » pour vide."""
    relative = _ANNEE.match(ecrit)
    if relative and info.nature.nom in ("annee", "entier"):
        decalage = int(relative[2] or 0) * (-1 if relative[1] == "-" else 1)
        return None if n is None else n + decalage
    if ecrit == "-":
        return ""
    if info.nature.nom in ("annee", "entier") and ecrit.isdigit():
        return int(ecrit)
    if info.nature.nom == "booleen":
        return ecrit.lower() in ("oui", "vrai", "true", "1")
    return ecrit


def _egal(valeur: object, attendue: ValeurSimple | None) -> bool:
    if attendue == "":
        return valeur in (None, "")
    if isinstance(valeur, Decimal) and isinstance(attendue, str):
        return _NOMBRE.match(attendue) is not None and valeur == Decimal(attendue)
    return valeur == attendue


def resoudre(chemin: Chemin, contexte: Contexte) -> Valeur:
    """La valeur que le chemin désigne, avec son état et ses cellules.

    Aucune ligne : `non_attendu` si le modèle n’en attend pas pour ces clés, `vide` sinon.
    Lève `ErreurChemin` si plusieurs lignes répondent.
    """
    if chemin.champ is None:
        raise ErreurChemin(f"« {chemin} » désigne une collection, il manque le champ.", "")
    info = infos(modele_de(chemin))[chemin.champ]
    precis = preciser(chemin, contexte)
    trouvees = lignes(chemin, contexte)
    if len(trouvees) > 1:
        raise ErreurChemin(
            f"« {precis} » désigne {len(trouvees)} lignes au lieu d’une.",
            "Ajouter une clé au champ, ou supprimer la ligne en double du classeur maître.",
        )
    if trouvees:
        return valeur_du_champ(trouvees[0], info, str(precis))
    filtre = {} if chemin.racine in FICHES or chemin.racine in ELEMENTS else _filtre(chemin, contexte)
    attendu = contexte.dossier.attend(chemin.racine, filtre)
    sources = contexte.dossier.emplacement(chemin.racine, chemin.champ) if attendu else ()
    etat: Etat = "vide" if attendu else "non_attendu"
    return Valeur(str(precis), info.libelle, info.nature, None, etat, info.unite, info.obligatoire, sources)


def valeur_du_champ(ligne: Entite, info: InfoChamp, chemin: str, *, abrege: bool = False) -> Valeur:
    """La valeur d’un champ d’une ligne connue. `abrege` : présente, sa première cellule suffit."""
    valeur = getattr(ligne, info.nom)
    etat = ligne.etat(info.nom)
    if etat == "vide":
        sources = _a_remplir(ligne, info.nom)
    elif abrege:
        premiere = ligne.premiere_source(info.nom)
        sources = () if premiere is None else (premiere,)
    else:
        sources = ligne.sources(info.nom)
    return Valeur(
        champ=chemin,
        libelle=info.libelle,
        nature=info.nature,
        valeur=valeur,
        etat=etat,
        unite=info.unite,
        obligatoire=info.obligatoire,
        sources=sources,
        liste=info.liste,
        entite=ligne,
    )


def _a_remplir(ligne: Entite, nom: str) -> tuple[Source, ...]:
    """Les cellules qui manquent à un champ vide ; à défaut, l’endroit où la feuille les attend."""
    collection = _COLLECTION_DE.get(type(ligne))
    manques = ligne.manques(nom)
    return manques or (ligne.dossier.emplacement(collection, nom) if collection else ())


def preciser(chemin: Chemin, contexte: Contexte) -> Chemin:
    """Le même chemin, années relatives remplacées : c’est ainsi qu’on le montre."""
    return _preciser(chemin, contexte.dossier.parametres.annee_n)


@lru_cache(maxsize=20_000)
def _preciser(chemin: Chemin, n: int | None) -> Chemin:
    connus = infos(modele_de(chemin))
    precises = []
    for cle, ecrit in chemin.selecteurs:
        valeur = valeur_de_selecteur(ecrit, connus[cle], n) if cle in connus and ecrit not in "*-" else ecrit
        absent = valeur is None or isinstance(valeur, bool | datetime.date)
        precises.append((cle, ecrit if absent else str(valeur)))
    return Chemin(chemin.racine, tuple(precises), chemin.champ)
