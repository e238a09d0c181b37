"""Ce que la cellule liée d’un contrôle reçoit, comme Excel l’écrirait : VRAI, FAUX, ou un rang."""

from __future__ import annotations

from collections.abc import Sequence

from cpomdocs.remplissage.commandes.lecture import Commande
from cpomdocs.remplissage.excel_cellules import Ecriture
from cpomdocs.remplissage.excel_controles import rang_dans
from cpomdocs.remplissage.excel_listes import Item
from cpomdocs.remplissage.excel_valeurs import Accueil, SaisieRefusee, convertir

_MONTRES = 8


def traduire(
    commande: Commande, valeur: object, items: Sequence[Item | None], accueil: Accueil
) -> Ecriture | None:
    """L’écriture de la cellule liée ; `None` : rien à écrire (une option qui n’est pas choisie).

    Lève `SaisieRefusee` si le contrôle n’admet pas cette valeur.
    """
    if commande.genre == "liste":
        return _choisir(commande, valeur, items, accueil)
    if not isinstance(valeur, bool):
        raise SaisieRefusee(
            "RX-14",
            f"Une case à cocher attend oui ou non, pas « {valeur} ».",
            "Ajouter à sa ligne `vaut`, avec la valeur qui la coche.",
        )
    if commande.genre == "coche" or commande.activex:
        return Ecriture("booleen", str(int(valeur)))
    return Ecriture("nombre", str(commande.rang)) if valeur else None


def _choisir(commande: Commande, valeur: object, items: Sequence[Item | None], accueil: Accueil) -> Ecriture:
    rang = rang_dans(valeur, items, accueil)
    item = items[rang - 1] if rang else None
    if rang is None or item is None:
        montres = " · ".join(str(item) for item in items[:_MONTRES] if item is not None) or "aucune"
        raise SaisieRefusee(
            "RX-07", f"« {valeur} » n’est pas dans la liste déroulante.", f"Valeurs admises : {montres}."
        )
    return convertir(item, accueil) if commande.activex else Ecriture("nombre", str(rang))
