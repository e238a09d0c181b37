"""Ce qui reste sur le disque et n’est plus demandé : retiré s’il n’a été que déplacé, montré sinon."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from cpomdocs.ecriture.empreintes import empreinte_du_fichier
from cpomdocs.ecriture.etat import Etat
from cpomdocs.ecriture.noms import cle_de_collision
from cpomdocs.ecriture.verrous import ouvert_par, verrou_office

A_COTE = "#nouveau"
"""Ce qui distingue, dans l’état, la clé du document posé à côté d’un document modifié à la main."""
SANS_DEMANDE = "Plus aucun établissement ni formulaire ne le demande."


class Reste(NamedTuple):
    """Un fichier que plus rien ne demande : la clé du document qu’il a été, son chemin, pourquoi il reste."""

    cle: str
    chemin: str
    message: str


def retirer_les_anciens(racine: Path, etat: Etat, cle: str | None = None) -> list[str]:
    """Retire les anciens chemins d’un document (ou de tous) déplacé et intact ; rend ceux qui sont retirés.

    Rien n’est retiré tant que le document n’est pas à sa nouvelle place, ni ce qu’une personne a changé.
    """
    anciens = [ancien for ancien in etat.anciens() if cle in (None, ancien[0])]
    occupes = {cle_de_collision(trace.chemin) for trace in etat.traces()} if anciens else set()
    retires = []
    for de, chemin, ecrite in anciens:
        fichier = racine / chemin
        if cle_de_collision(chemin) in occupes or not fichier.is_file():
            etat.oublier_ancien(de, chemin)
        elif _a_sa_place(racine, etat, de) and _intact(fichier, ecrite) and _retirer(fichier):
            etat.oublier_ancien(de, chemin)
            retires.append(chemin)
    return retires


def restes(
    racine: Path, etat: Etat, attendus: Mapping[str, str], en_conflit: Collection[str]
) -> Iterator[Reste]:
    """Les fichiers déjà produits que plus rien ne demande ; jamais supprimés.

    `attendus` : le chemin que le plan donne à chaque clé ; `en_conflit` : les clés des documents modifiés à
    la main.
    """
    for trace in etat.traces():
        cle, _, marque = trace.cle.partition("#")
        voulu = cle in en_conflit if marque == A_COTE[1:] else _va_avec(attendus.get(cle), trace.chemin)
        if not voulu and (racine / trace.chemin).is_file():
            yield Reste(cle, trace.chemin, "Posé à côté, puis modifié à la main." if marque else SANS_DEMANDE)
    vus = set()
    for cle, chemin, ecrite in etat.anciens():
        if chemin not in vus and (racine / chemin).is_file():
            vus.add(chemin)
            yield Reste(cle.partition("#")[0], chemin, _pourquoi(racine / chemin, ecrite))


def _va_avec(attendu: str | None, chemin: str) -> bool:
    """Vrai si ce chemin est celui du document, ou d’un fichier qui l’accompagne (son PDF)."""
    return attendu is not None and chemin.startswith(str(PurePosixPath(attendu).with_suffix("")) + ".")


def _intact(fichier: Path, ecrite: str) -> bool:
    """Vrai si personne n’a changé ce fichier ni ne l’a ouvert."""
    return empreinte_du_fichier(fichier) == ecrite and verrou_office(fichier) is None


def _pourquoi(fichier: Path, ecrite: str) -> str:
    if empreinte_du_fichier(fichier) != ecrite:
        return "Ancien nom du document, modifié à la main : en reprendre ce qui sert, puis le supprimer."
    verrou = verrou_office(fichier)
    etat = ouvert_par(verrou) if verrou else "protégé"
    return f"Ancien nom du document, {etat} : il sera retiré à la prochaine génération."


def _a_sa_place(racine: Path, etat: Etat, cle: str) -> bool:
    trace = etat.trace(cle)
    return trace is not None and trace.prevue is None and (racine / trace.chemin).is_file()


def _retirer(fichier: Path) -> bool:
    """Supprime le fichier, et son répertoire s’il est vide ; faux si le système refuse."""
    try:
        fichier.unlink()
    except OSError:
        return False
    with contextlib.suppress(OSError):
        fichier.parent.rmdir()
    return True
