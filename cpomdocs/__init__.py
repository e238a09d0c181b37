"""cpomdocs : un classeur maître rempli une fois, chaque formulaire imposé du CPOM rempli partout.

from cpomdocs import generer, controler
rapport = generer("mon-cpom")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cpomdocs.erreurs import ErreurCpomdocs
    from cpomdocs.production import controler, generer
    from cpomdocs.rapport import Anomalie, DocumentProduit, Rapport

__version__ = "0.1.0"
__all__ = ["Anomalie", "DocumentProduit", "ErreurCpomdocs", "Rapport", "__version__", "controler", "generer"]

_OU = {
    "Anomalie": "rapport",
    "DocumentProduit": "rapport",
    "ErreurCpomdocs": "erreurs",
    "Rapport": "rapport",
    "controler": "production",
    "generer": "production",
}


def __getattr__(nom: str) -> Any:
    """Charge à la demande : `cpomdocs --version` n’a pas à charger les bibliothèques d’Office."""
    if nom in _OU:
        return getattr(import_module(f"cpomdocs.{_OU[nom]}"), nom)
    raise AttributeError(nom)
