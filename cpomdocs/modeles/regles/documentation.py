"""La page des règles, écrite d’après le registre."""

from __future__ import annotations

from collections.abc import Iterable

from cpomdocs.modeles.regles.registre import Regle

_NIVEAUX = {"bloquante": "B", "avertissement": "A", "information": "I"}


def tableau_markdown(regles: Iterable[Regle]) -> str:
    """Le tableau Markdown des règles : code, niveau (B, A, I), phrase, ce qui est rendu, source."""
    lignes = ["| Code | Niveau | Règle | Ce qui est signalé | Source |", "|---|---|---|---|---|"]
    for regle in regles:
        signale = " ".join((regle.fonction.__doc__ or "").split())
        cases = (regle.code, _NIVEAUX[regle.gravite], regle.libelle, signale, regle.source)
        lignes.append("| " + " | ".join(case.replace("|", "\\|") for case in cases) + " |")
    return "\n".join(lignes) + "\n"
