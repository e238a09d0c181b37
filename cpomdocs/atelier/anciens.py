"""Le sort d’un document qu’on n’a pas à refaire : tel que la mémoire le garde, s’il est toujours en place."""

from __future__ import annotations

from typing import Any

from cpomdocs.atelier.commande import Atelier, Sort
from cpomdocs.atelier.livraison import RIEN_A_GARDER
from cpomdocs.controle.completude import Completude
from cpomdocs.ecriture.anciens import A_COTE
from cpomdocs.ecriture.depot import en_place
from cpomdocs.ecriture.etat import Trace
from cpomdocs.memoire.souvenirs import en_json, relire_anomalies
from cpomdocs.modeles.observation import Reperes
from cpomdocs.plan import Projet
from cpomdocs.rapport import INCHANGE_A_BLANC, DocumentProduit


def relire_sort(projet: Projet, atelier: Atelier) -> Sort | None:
    """Le sort du document, s’il est à jour sans qu’on ait à le planifier ; sinon `None`."""
    rendu = atelier.memoire.relire(_cle(projet), atelier.cadre(projet))
    trace = atelier.etat.trace(projet.cle) if rendu is not None else None
    if rendu is None or trace is None or trace.ecrite != rendu["ecrite"] or trace.lectures is None:
        return None
    if any(atelier.empreinte_image(nom) != vue for nom, vue in rendu["images"].items()):
        return None
    if trace.chemin != projet.chemin or not tranquille(trace, atelier):
        return None
    return Sort(
        inchange(projet, atelier, rendu["remplies"], rendu["manquantes"]),
        tuple(relire_anomalies(rendu["plan"])),
        tuple(relire_anomalies(rendu["fabrique"])),
        Completude(*rendu["completude"]),
    )


def tranquille(trace: Trace, atelier: Atelier) -> bool:
    """Vrai si le document est en place, que personne n’y a touché et que rien n’est resté posé à côté."""
    voisin = atelier.etat.trace(trace.cle + A_COTE)
    pose_a_cote = voisin is not None and (atelier.racine / voisin.chemin).exists()
    return not pose_a_cote and en_place(atelier.racine, trace)


def retenir_sort(projet: Projet, atelier: Atelier, sort: Sort, lues: Reperes, images: dict[str, str]) -> None:
    """Retient le sort d’un document qui est en place et à jour."""
    trace = atelier.etat.trace(projet.cle)
    if trace is None or trace.ecrite is None:
        return
    rendu: dict[str, Any] = {
        "ecrite": trace.ecrite,
        "remplies": sort.produit.cases_remplies,
        "manquantes": sort.produit.cases_manquantes,
        "plan": en_json(sort.plan),
        "fabrique": en_json(sort.fabrique),
        "completude": (sort.completude.renseignees, sort.completude.attendues),
        "images": images,
    }
    situe = any(anomalie.sources for anomalie in (*sort.plan, *sort.fabrique))
    atelier.memoire.retenir(_cle(projet), atelier.cadre(projet), lues, rendu, situe=situe)


def inchange(projet: Projet, atelier: Atelier, remplies: int, manquantes: int) -> DocumentProduit:
    """La ligne du rapport d’un document à jour."""
    a_blanc = atelier.demande.a_blanc
    dit = RIEN_A_GARDER if atelier.demande.garder else None
    return DocumentProduit(
        cle=projet.cle,
        formulaire=projet.formulaire.nom,
        etablissement=projet.etablissement,
        chemin=projet.chemin,
        statut="a_blanc" if a_blanc else "inchange",
        message=INCHANGE_A_BLANC if a_blanc else dit,
        cases_remplies=remplies,
        cases_manquantes=manquantes,
    )


def _cle(projet: Projet) -> str:
    return f"document/{projet.cle}"
