"""La toile commune : police, couleurs, nombres à la française, rendu qui ne dépend que des données."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.formats import formater
from cpomdocs.modeles.types import Nature

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Forme = Literal["png", "svg"]
COULEURS = ("#2F5597", "#C55A11", "#548235", "#7F6000", "#7030A0", "#1F7A8C", "#A61C00", "#7F7F7F")
"""Distinctes aussi en nuances de gris pour les trois premières."""
GRIS, ENCRE = "#BFBFBF", "#262626"
_PARAMETRES: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "svg.hashsalt": "cpomdocs",
    "svg.fonttype": "none",
    "axes.edgecolor": GRIS,
    "axes.labelcolor": ENCRE,
    "text.color": ENCRE,
}
_POINTS_PAR_POUCE = 150
_GRAND = 1_000
"""Un compte (places, personnes) au-delà s’écrit en entier."""


@contextmanager
def toile(
    largeur: float, hauteur: float, titre: str
) -> Iterator[tuple[Figure, Axes, Callable[[Forme], bytes]]]:
    """Une figure (pouces), son repère, et de quoi la rendre.

    Lève `ErreurCpomdocs` si la bibliothèque de dessin n’est pas installée.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as absente:
        raise ErreurCpomdocs(
            "Les graphiques n’ont pas été dessinés : matplotlib n’est pas installé.",
            'Installer cpomdocs avec ses graphiques : pip install "cpomdocs[graphiques]".',
        ) from absente
    with rc_context(_PARAMETRES):
        figure = Figure(figsize=(largeur, hauteur), layout="constrained")
        repere = figure.add_subplot()
        for cote in ("top", "right"):
            repere.spines[cote].set_visible(False)
        if titre:
            repere.set_title(titre, loc="left", fontsize=10.5, fontweight="bold")

        def rendre(forme: Forme) -> bytes:
            tampon = io.BytesIO()
            anonyme: dict[str, Any] = (
                {"Software": None} if forme == "png" else {"Date": None, "Creator": None}
            )
            with warnings.catch_warnings():  # trop serré : matplotlib le dit en anglais, et dessine
                warnings.simplefilter("ignore", UserWarning)
                figure.savefig(tampon, format=forme, dpi=_POINTS_PAR_POUCE, metadata=anonyme)
            return tampon.getvalue()

        yield figure, repere, rendre


def corps(lignes: int, hauteur: float) -> float:
    """Le corps (points) des libellés de tant de lignes, pour qu’ils tiennent dans cette hauteur (pouces)."""
    return max(min(8.0, 72 * hauteur / max(lignes, 1) * 0.8), 2.0)


def graduer(repere: Axes, unite: str | None) -> None:
    """Écrit l’axe des valeurs à la française, dans l’unité (« € », « % » pour une fraction, ou un mot)."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    repere.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=unite not in ("%", "€", None)))
    repere.yaxis.set_major_formatter(FuncFormatter(lambda valeur, _: ecrire(valeur, unite)))
    repere.grid(axis="y", color=GRIS, linewidth=0.5, alpha=0.6)
    repere.set_axisbelow(True)
    repere.tick_params(length=0)
    if unite not in ("%", "€", None):
        repere.set_ylabel(str(unite))


def ecrire(valeur: float, unite: str | None) -> str:
    """Une valeur d’axe : « 12 k€ », « 95 % », « 1 200 »."""
    if unite == "%":
        return f"{_nombre(100 * valeur)}\N{NO-BREAK SPACE}%"
    if unite != "€":
        return _nombre(valeur)
    if abs(valeur) >= 1_000_000:
        return f"{_nombre(valeur / 1_000_000)}\N{NO-BREAK SPACE}M€"
    return (
        f"{_nombre(valeur / 1_000)}\N{NO-BREAK SPACE}k€"
        if abs(valeur) >= 1_000
        else f"{_nombre(valeur)}\N{NO-BREAK SPACE}€"
    )


def etiqueter(valeur: float, unite: str | None) -> str:
    """Une valeur au bout de sa barre : trois chiffres au plus, et l’unité que l’axe ne dit pas déjà."""
    court = float(f"{valeur:.3g}") if abs(valeur) < _GRAND or unite == "€" else valeur
    return ecrire(court, unite).removesuffix("\N{NO-BREAK SPACE}%")


def _nombre(valeur: float) -> str:
    return formater(Decimal(str(round(valeur, 2))), Nature("decimal"))
