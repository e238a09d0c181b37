"""Les colonnes que presque toutes les feuilles partagent : clés, source, commentaire."""

from __future__ import annotations

from typing import Any

from cpomdocs.modeles.base import champ


def cle_etablissement() -> Any:
    """Clé : le code court de l’établissement."""
    return champ("Établissement", cle=True, reference="etablissements", exemple="EHPAD1")


def etablissement_facultatif(aide: str, *, cle: bool = False) -> Any:
    """L’établissement concerné, ou rien pour l’ensemble du gestionnaire."""
    return champ(
        "Établissement",
        cle=cle,
        obligatoire=False,
        reference="etablissements",
        exemple="EHPAD1",
        aide=aide,
    )


def cle_annee() -> Any:
    """Clé : l’exercice, sur quatre chiffres."""
    return champ("Année", cle=True, exemple=2025)


def cle_version() -> Any:
    """Clé : réel, anticipé, prévisionnel, exécutoire ou cible."""
    return champ("Version", cle=True, liste="versions", exemple="reel")


def cle_objectif() -> Any:
    """Clé : le numéro de l’objectif."""
    return champ("Objectif", cle=True, reference="objectifs", exemple="1.2")


def source() -> Any:
    """D’où vient la ligne : logiciel, document, personne."""
    return champ("Source", exemple="ERRD 2025", aide="D’où viennent les chiffres : ERRD, paie, FINESS…")


def commentaire() -> Any:
    """Ce que la personne veut dire de la ligne."""
    return champ("Commentaire", aide="Explication reprise dans les documents qui la demandent.")
