"""Les réglages techniques d’un dossier, dans `cpomdocs.toml` (facultatif). Ce qu’une personne choisit
(année N, autorité, formulaires à remettre) se saisit dans la feuille « Paramètres » du classeur maître."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from cpomdocs.erreurs import ErreurDossier
from cpomdocs.formulaires.lecture_toml import lire_toml
from cpomdocs.modeles.regles import Seuils

PRIVE = ".cpomdocs"
"""Le répertoire de l’état, du journal et des copies, dans le dossier."""
FICHIER = "cpomdocs.toml"
CLASSEURS = ("classeur-maitre.xlsm", "classeur-maitre.xlsx")


class Reglages(BaseModel):
    """Le contenu de `cpomdocs.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    classeur: str | None = Field(None, title="Classeur maître", description="Nom du fichier, s’il a changé.")
    attente_verrou: float = Field(30.0, ge=0, le=600, title="Attente d’une autre commande (secondes)")
    recalcul: bool = Field(
        True, title="Recalculer les totaux", description="false : Excel les calcule à l’ouverture."
    )
    seuils: Seuils = Field(default_factory=Seuils, title="Seuils et tolérances des contrôles")


def lire_reglages(dossier: Path) -> Reglages:
    """Les réglages du dossier. Lève `ErreurDossier` si le dossier est absent ou `cpomdocs.toml` fautif."""
    if dossier.is_file():
        raise ErreurDossier(
            f"« {dossier} » est un fichier, pas un dossier.",
            f"Indiquer le dossier qui le contient : {dossier.parent}",
        )
    if not dossier.is_dir():
        raise ErreurDossier(
            f"Le dossier « {dossier} » n’existe pas.", f"Le créer avec « cpomdocs nouveau {dossier} »."
        )
    fichier = dossier / FICHIER
    return lire_toml(fichier, Reglages, FICHIER, ErreurDossier) if fichier.is_file() else Reglages()


def trouver_classeur(dossier: Path, reglages: Reglages) -> Path:
    """Le classeur maître du dossier. Lève `ErreurDossier` s’il n’y en a pas, ou s’il y en a deux."""
    ou = dossier.resolve().name
    noms = (reglages.classeur,) if reglages.classeur else CLASSEURS
    presents = [trouve for nom in noms if (trouve := _fichier(dossier / nom)) is not None]
    if len(presents) > 1:
        raise ErreurDossier(
            f"« {ou} » contient deux classeurs maîtres : {' et '.join(p.name for p in presents)}.",
            f'En garder un, ou nommer le bon dans {FICHIER} (classeur = "…").',
        )
    if not presents:
        raise ErreurDossier(
            f"« {ou} » ne contient pas de classeur maître ({' ou '.join(noms)}).",
            "Vérifier le dossier, ou en créer un avec « cpomdocs nouveau ».",
        )
    return presents[0]


def _fichier(voulu: Path) -> Path | None:
    """Ce fichier ; sinon celui du même nom, accents écrits autrement (un fichier qui vient d’un Mac)."""
    if voulu.is_file():
        return voulu
    if voulu.name.isascii() or not voulu.parent.is_dir():
        return None
    nom = unicodedata.normalize("NFC", voulu.name)
    memes = (v for v in voulu.parent.iterdir() if unicodedata.normalize("NFC", v.name) == nom)
    return next((voisin for voisin in memes if voisin.is_file()), None)
