"""Montrer une comparaison à l’écran : la phrase qui résume, puis chaque lieu, par genre et par feuille."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape

from cpomdocs.certificat.comparaison.constats import MOTS, Comparaison, Constat

LIMITE = 12
"""Lieux montrés par genre et par feuille ; `--json` les donne tous."""
_LONGUEUR = 60


def montrer_comparaison(console: Console, comparaison: Comparaison) -> None:
    """La phrase, puis les atteintes, puis les remarques."""
    couleur = "green" if comparaison.code_sortie == 0 else "red"
    console.print(f"[{couleur}]{escape(comparaison.resume)}[/]", highlight=False)
    atteintes = [c for c in comparaison.constats if c.gravite == "atteinte"]
    remarques = [c for c in comparaison.constats if c.gravite == "remarque"]
    _montrer(console, atteintes, "red")
    if remarques:
        console.print("\nÀ regarder avant de remettre :")
        _montrer(console, remarques, "yellow")


def _montrer(console: Console, constats: Sequence[Constat], couleur: str) -> None:
    for (genre, feuille), groupe in _grouper(constats):
        nombre = sum(c.nombre for c in groupe)
        ou = f" — feuille « {feuille} »" if feuille else ""
        console.print(
            f"  [{couleur}]●[/] [bold]{nombre} {MOTS[genre][nombre > 1]}[/]{escape(ou)}", highlight=False
        )
        for constat in groupe[:LIMITE]:
            if suite := detail(constat):
                console.print(f"      {escape(suite)}", highlight=False)
        if len(groupe) > LIMITE:
            console.print(f"      [dim]… et {len(groupe) - LIMITE} autres (--json les donne tous)[/]")


def _grouper(constats: Sequence[Constat]) -> Iterator[tuple[tuple[str, str | None], list[Constat]]]:
    """Par genre, dans l’ordre des mots, puis par feuille, dans l’ordre des constats."""
    groupes: dict[tuple[str, str | None], list[Constat]] = {}
    for constat in constats:
        groupes.setdefault((constat.genre, constat.feuille), []).append(constat)
    rangs = {genre: rang for rang, genre in enumerate(MOTS)}
    yield from sorted(groupes.items(), key=lambda paire: rangs[paire[0][0]])


def detail(constat: Constat) -> str:
    """« C4 : =B4/B5 → 12 »."""
    change = ""
    if constat.genre == "erreur_affichee":
        change = constat.apres or ""
    elif constat.avant is not None or constat.apres is not None:
        change = _court(constat.avant) + (f" → {_court(constat.apres)}" if _bouge(constat) else "")
    return " : ".join(morceau for morceau in (constat.lieu, constat.message, change) if morceau)


def _bouge(constat: Constat) -> bool:
    """Vrai si la suite dit quelque chose : une chose perdue n’a pas d’après."""
    return constat.apres is not None or constat.genre in (
        "formule_perdue",
        "libelle_change",
        "cellule_verrouillee",
    )


def _court(texte: str | None) -> str:
    if texte is None:
        return "(vide)"
    texte = " ".join(texte.split())
    return texte if len(texte) <= _LONGUEUR else texte[: _LONGUEUR - 1] + "…"
