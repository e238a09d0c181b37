"""Livrer un document : le poser, retenir ce qu’il est, dire ce qu’une personne y a changé."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterable
from pathlib import Path

from cpomdocs.ecriture.anciens import restes, retirer_les_anciens
from cpomdocs.ecriture.contenus import contenu_de, document_de
from cpomdocs.ecriture.depot import deposer, nettoyer
from cpomdocs.ecriture.empreintes import empreinte_du_fichier
from cpomdocs.ecriture.etat import Etat
from cpomdocs.erreurs import ErreurCpomdocs, ErreurDossier, vouliez_vous_dire
from cpomdocs.plan import DocumentPrevu, Projet
from cpomdocs.rapport import DocumentProduit

_SANS_MEMOIRE = "ce qui a été changé n’est pas connu : l’état du dossier ou le formulaire a changé depuis"
_RETOUCHES_DITES = 200
RIEN_A_GARDER = "Il n’est pas modifié à la main : rien à garder."


def livrer(
    prevu: DocumentPrevu,
    octets: bytes,
    retenue: tuple[str, bytes],
    racine: Path,
    etat: Etat,
    *,
    forcer: bool = False,
    garder: bool = False,
) -> dict[str, object]:
    """Pose le document et rend ce que le rapport en dit : statut, message, conflit, retouches.

    `retenue` : l’empreinte des lectures et le souvenir. Lève `ErreurEcriture` si le disque refuse.
    """
    laisse, perdues = _laisse_sous_son_ancien_nom(prevu, racine, etat)
    depot = deposer(racine, prevu.cle, prevu.chemin, octets, etat, forcer=forcer, garder=garder)
    suite: dict[str, object] = {
        "statut": depot.statut,
        "message": depot.message or laisse,
        "retouches": perdues,
    }
    if depot.statut in ("cree", "remplace", "inchange"):
        etat.retenir(prevu.cle, *retenue, contenu_de(prevu.formulaire.octets, octets))
    if depot.statut == "conflit" or (depot.statut == "garde" and garder):
        suite["retouches"] = _retouches(prevu, racine / prevu.chemin, etat)
    if depot.chemin_conflit is not None:
        suite["chemin_conflit"] = depot.chemin_conflit.relative_to(racine).as_posix()
    if garder and depot.statut in ("cree", "remplace", "inchange"):
        suite["message"] = RIEN_A_GARDER
    return suite


def _laisse_sous_son_ancien_nom(
    prevu: DocumentPrevu, racine: Path, etat: Etat
) -> tuple[str | None, list[str]]:
    """Ce qu’une personne a changé dans le document avant qu’il change de nom : cela reste sous l’ancien."""
    trace = etat.trace(prevu.cle)
    if trace is None or trace.chemin == prevu.chemin:
        return None, []
    presente = empreinte_du_fichier(racine / trace.chemin)
    if presente is None or etat.reconnait(trace.chemin, presente):
        return None, []
    message = f"« {trace.chemin} », modifié à la main, est laissé sous son ancien nom."
    return message, _retouches(prevu, racine / trace.chemin, etat)


def _retouches(prevu: DocumentPrevu, actuel: Path, etat: Etat) -> list[str]:
    """Ce qui distingue un fichier du document que cpomdocs avait écrit."""
    contenu = etat.contenu(prevu.cle)
    try:
        ecrit = document_de(prevu.formulaire.octets, contenu) if contenu else None
        octets = actuel.read_bytes()
    except (OSError, ErreurCpomdocs, zipfile.BadZipFile):
        ecrit = None
    if ecrit is None:
        return [_SANS_MEMOIRE]
    from cpomdocs.certificat.comparaison.retouches import retouches  # rare, et long à charger

    trouvees = retouches(ecrit, octets)
    reste = len(trouvees) - _RETOUCHES_DITES
    return trouvees[:_RETOUCHES_DITES] + ([f"et {reste} autres changements"] if reste > 0 else [])


def ranger(
    racine: Path, prevus: Collection[Projet], produits: Collection[DocumentProduit], etat: Etat
) -> list[DocumentProduit]:
    """Retire les documents déplacés et intacts ; rend ceux que plus rien ne demande, jamais supprimés."""
    if any(produit.statut != "a_blanc" for produit in produits):
        retirer_les_anciens(racine, etat)
        nettoyer(racine / "sorties")
    en_conflit = {p.cle for p in produits if p.statut in ("conflit", "verrouille", "a_blanc", "erreur")}
    attendus = {prevu.cle: prevu.chemin for prevu in prevus}
    return [
        DocumentProduit(
            cle=reste.cle,
            formulaire=reste.cle.split("/")[0],
            chemin=reste.chemin,
            statut="orphelin",
            message=reste.message,
        )
        for reste in restes(racine, etat, attendus, en_conflit)
    ]


def cles_designees(noms: Iterable[str], prevus: Collection[Projet], racine: Path) -> frozenset[str]:
    """Les clés que ces noms désignent : clé, début de clé, ou chemin (depuis le dossier, ou d’où l’on est).

    Lève `ErreurDossier` si un nom ne désigne aucun document.
    """
    cles, chemins = [p.cle for p in prevus], {(racine / p.chemin).resolve(): p.cle for p in prevus}
    designees = set()
    for nom in noms:
        if any(f"{cle}/".startswith(f"{nom}/") for cle in cles):
            designees.add(nom)
            continue
        lieux = (Path(nom).resolve(), (racine / nom.replace("\\", "/")).resolve())
        trouvee = next((chemins[lieu] for lieu in lieux if lieu in chemins), None)
        if trouvee is None:
            proche = vouliez_vous_dire(nom, [*cles, *(p.chemin for p in prevus)])
            remede = proche or "Donner son chemin, ou sa clé « formulaire/établissement »."
            raise ErreurDossier(f"Aucun document ne s’appelle « {nom} ».", remede)
        designees.add(trouvee)
    return frozenset(designees)
