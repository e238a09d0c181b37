"""Le montant d’un compte une année donnée : celui de 2025, son taux d’évolution, une oscillation stable."""

from __future__ import annotations

from decimal import Decimal

from cpomdocs.demo.outils import arrondi, lire, oscillation

_REFERENCE = 2025


def evolution(compte: str) -> Decimal:
    """Le taux d’évolution annuel d’un compte : le plus long début connu l’emporte."""
    taux = lire("comptes")["evolutions"]
    return Decimal(taux[max((debut for debut in taux if compte.startswith(debut)), key=len)])


def montant(etablissement: str, compte: str, annee: int) -> Decimal:
    """Le montant du compte, en euros ; zéro s’il n’est pas dans la table de l’établissement."""
    reference = Decimal(lire("comptes")["montants"][etablissement].get(compte, 0))
    taux = evolution(compte)
    if taux:
        reference *= 1 + oscillation(etablissement, compte, annee)
    return arrondi(reference * (1 + taux) ** (annee - _REFERENCE))
