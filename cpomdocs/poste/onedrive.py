"""Retrouver sur le disque un classeur qu’Excel désigne par son adresse OneDrive ou SharePoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cpomdocs.erreurs import ErreurDossier
from cpomdocs.poste.machine import Machine
from cpomdocs.poste.registre import Registre

_VARIABLES = ("OneDriveCommercial", "OneDriveConsumer", "OneDrive")
_CLE_DES_ESPACES = r"HKCU\Software\SyncEngines\Providers\OneDrive"


def est_une_adresse(chemin: str) -> bool:
    """Vrai si Excel a donné une adresse plutôt qu’un chemin."""
    return "://" in chemin


def chemin_local(adresse: str, racines: Sequence[Path], espaces: Mapping[str, Path]) -> Path:
    """Le fichier local d’une adresse.

    `racines` : les répertoires OneDrive de ce poste ; `espaces` : le répertoire local de chaque bibliothèque
    synchronisée, par début d’adresse. Lève `ErreurDossier` si ce poste n’en a pas de copie, ou en a deux.
    """
    candidats = {fichier.resolve() for fichier in _candidats(adresse, racines, espaces) if fichier.is_file()}
    if len(candidats) == 1:
        return candidats.pop()
    if candidats:
        raise ErreurDossier(
            "Ce classeur est sur OneDrive, et ce poste en a plusieurs copies synchronisées.",
            "N’en garder qu’une, ou ouvrir le classeur depuis l’Explorateur, pas depuis le navigateur.",
        )
    raise ErreurDossier(
        "Ce classeur est ouvert depuis OneDrive ou SharePoint, et ce poste n’en a pas de copie synchronisée.",
        "Dans OneDrive, synchroniser le dossier, « Toujours conserver sur cet appareil », puis ouvrir le "
        "classeur depuis l’Explorateur (ou le Finder). À défaut, déplacer le dossier hors de OneDrive.",
    )


def _candidats(adresse: str, racines: Sequence[Path], espaces: Mapping[str, Path]) -> list[Path]:
    """Les fichiers possibles : par bibliothèque connue, sinon par la plus longue fin de l’adresse."""
    lisible = unquote(adresse)
    for debut, racine in sorted(espaces.items(), key=lambda espace: -len(espace[0])):
        prefixe = unquote(debut).rstrip("/") + "/"
        if lisible.casefold().startswith(prefixe.casefold()):
            return [racine.joinpath(*lisible[len(prefixe) :].split("/"))]
    parties = [partie for partie in unquote(urlsplit(adresse).path).split("/") if partie]
    trouves = []
    for racine in dict.fromkeys(racines):
        fins = (racine.joinpath(*parties[rang:]) for rang in range(len(parties)))
        trouves += [next((fichier for fichier in fins if fichier.is_file()), racine / parties[-1])]
    return trouves


def racines_onedrive(machine: Machine) -> list[Path]:
    """Les répertoires OneDrive de ce poste : ceux des variables de Windows, ceux du Finder."""
    racines = [Path(v) for nom in _VARIABLES if (v := machine.variables.get(nom))]
    nuages = machine.personnel / "Library" / "CloudStorage"
    if nuages.is_dir():
        racines += sorted(p for p in nuages.iterdir() if p.name.startswith("OneDrive"))
    return racines


def espaces_synchronises(registre: Registre) -> dict[str, Path]:
    """Les bibliothèques que OneDrive synchronise, d’après le registre de Windows."""
    espaces: dict[str, Path] = {}
    for nom in registre.sous_cles(_CLE_DES_ESPACES):
        adresse = registre.valeur(rf"{_CLE_DES_ESPACES}\{nom}", "UrlNamespace")
        racine = registre.valeur(rf"{_CLE_DES_ESPACES}\{nom}", "MountPoint")
        if isinstance(adresse, str) and isinstance(racine, str):
            espaces[adresse] = Path(racine)
    return espaces
