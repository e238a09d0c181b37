"""Comparer deux fichiers Office partie par partie : mêmes noms, même ordre, mêmes octets hors des cases."""

from __future__ import annotations

from collections.abc import Callable

from cpomdocs.certificat import PARTIES_D_IMAGE_POSEE, PARTIES_IMAGE, Ecart
from cpomdocs.office.archive import Archive

PermetPartie = Callable[[str], bool]


def comparer_paquets(
    gabarit: Archive, document: Archive, remplie: PermetPartie, images: bool = False
) -> list[Ecart]:
    """Les écarts entre les parties des deux fichiers, celles que `remplie` désigne mises à part.

    `remplie(nom)` : vrai si la partie porte une case remplie ; l’appelant en compare alors le contenu.
    `images` : une image a été posée ; des médias peuvent s’ajouter, leurs déclarations s’enrichir.
    """
    ecarts = _comparer_noms(gabarit.noms, document.noms, images)
    for nom in gabarit.noms:
        if nom not in document or remplie(nom) or (images and PARTIES_D_IMAGE_POSEE.match(nom)):
            continue
        if gabarit.brut(nom) != document.brut(nom) and gabarit.lire(nom) != document.lire(nom):
            ecarts.append(Ecart(nom, nom, "cette partie du gabarit a changé, aucune case n’y était prévue"))
    return ecarts


def _comparer_noms(avant: tuple[str, ...], apres: tuple[str, ...], images: bool) -> list[Ecart]:
    perdues = set(avant) - set(apres)
    ajoutees = [nom for nom in apres if nom not in set(avant)]
    ecarts = [Ecart(nom, nom, "cette partie du gabarit a disparu") for nom in avant if nom in perdues]
    ecarts += [
        Ecart(nom, nom, "cette partie n’est pas dans le gabarit")
        for nom in ajoutees
        if not (images and (PARTIES_IMAGE.match(nom) or PARTIES_D_IMAGE_POSEE.match(nom)))
    ]
    if not perdues and [nom for nom in apres if nom not in set(ajoutees)] != list(avant):
        ecarts.append(Ecart("", "fichier", "les parties ne sont plus dans l’ordre du gabarit"))
    return ecarts
