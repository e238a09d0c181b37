"""La comparaison à trois : ce qui a été envoyé, ce qui revient, ce que le classeur maître porte maintenant.

Changé d’un seul côté : pris. Changé des deux : un point à décider. Une donnée effacée, une clé changée, une
ligne ajoutée ou retirée sont des points aussi : rien ne disparaît sans avoir été montré.
"""

from __future__ import annotations

from cpomdocs.collecte.echange.conservation import Tables
from cpomdocs.collecte.echange.maitre import Maitre
from cpomdocs.collecte.retour.feuille import FeuilleConfrontee
from cpomdocs.collecte.retour.ouverture import Retour
from cpomdocs.collecte.retour.points import Decisions, Deroulement


def confronter(retour: Retour, acquis: Tables, maitre: Maitre, decisions: Decisions) -> Deroulement:
    """Compare un retour ; ce qui est retenu va au classeur maître et à `acquis`, rien n’est encore écrit.

    `acquis` : les lignes de l’envoi, telles qu’on en a tenu compte jusqu’ici.
    """
    part = retour.envoi.part
    tout = Deroulement(f"{part.nom} ({retour.fichier})", retour.envoi.reference, decisions)
    tout.constats += retour.constats
    for collection in part.collections:
        leurs, notres = retour.releve.tables.get(collection), maitre.table(collection)
        if leurs is not None and notres is not None:
            base = acquis.setdefault(collection, [])
            FeuilleConfrontee(tout, part, base, leurs, notres, maitre).confronter()
        elif leurs is not None:
            tout.bloquee = True
            tout.constats.append(
                f"Le classeur maître n’a plus la feuille « {leurs.feuille} » : rien n’en est rassemblé."
            )
    return tout
