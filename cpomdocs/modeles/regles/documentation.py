"""La page des règles, écrite d’après le registre."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from cpomdocs.modeles.regles.redaction import nombre
from cpomdocs.modeles.regles.registre import Regle
from cpomdocs.modeles.regles.seuils import Seuils

_NIVEAUX = {"bloquante": "B", "avertissement": "A", "information": "I"}


def tableau_des_regles(regles: Iterable[Regle]) -> str:
    """Le tableau Markdown des règles : code, niveau (B, A, I), phrase, ce qui est rendu, source."""
    lignes = ["| Code | Niveau | Règle | Ce qui est signalé | Source |", "|---|---|---|---|---|"]
    for regle in regles:
        signale = " ".join((regle.fonction.__doc__ or "").split()).removeprefix("Rend ")
        cases = (
            regle.code,
            _NIVEAUX[regle.gravite],
            regle.libelle,
            signale[:1].upper() + signale[1:],
            regle.source,
        )
        lignes.append("| " + " | ".join(case.replace("|", "\\|") for case in cases) + " |")
    return "\n".join(lignes) + "\n"


def tableau_des_seuils() -> str:
    """Le tableau Markdown des seuils réglables : nom dans `cpomdocs.toml`, sens, valeur par défaut."""
    lignes = ["| Réglage | Sens | Par défaut |", "|---|---|---|"]
    for nom, info in Seuils.model_fields.items():
        lignes.append(f"| `{nom}` | {info.title} | {_defaut(info.default)} |")
    return "\n".join(lignes) + "\n"


def _defaut(valeur: object) -> str:
    if valeur is None:
        return "désactivé"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return nombre(valeur) if isinstance(valeur, int | Decimal) else str(valeur)
