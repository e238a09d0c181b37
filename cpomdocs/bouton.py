"""La porte d’xlwings : les mêmes gestes que les boutons, et le contrôle écrit dans le classeur ouvert.

Depuis Excel, avec le complément xlwings : `RunPython "import cpomdocs.bouton; cpomdocs.bouton.generer()"`.
Depuis Python, le classeur ouvert : `cpomdocs.bouton.generer(xlwings.Book("classeur-maitre.xlsm"))`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cpomdocs.classeur.macros.boutons import Action
from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.lecture import lire_classeur
from cpomdocs.poste.clic import executer
from cpomdocs.poste.direct.controle import ecrire_controle
from cpomdocs.poste.direct.livre import BarreDEtat, poser, sans_deranger
from cpomdocs.poste.direct.marques import signaler
from cpomdocs.poste.reponse import Reponse

if TYPE_CHECKING:
    from xlwings import Book

_TITRE = "cpomdocs"


def generer(livre: Book | None = None) -> str:
    """Produit tous les documents ; rend la phrase montrée."""
    return _cliquer("generer", livre)


def controler(livre: Book | None = None) -> str:
    """Contrôle le dossier sans rien produire ; rend la phrase montrée."""
    return _cliquer("controler", livre)


def preparer(livre: Book | None = None) -> str:
    """Ajoute les lignes attendues au classeur ouvert ; rend la phrase montrée."""
    return _cliquer("preparer", livre)


def pdf(livre: Book | None = None) -> str:
    """Produit tous les documents et leurs PDF ; rend la phrase montrée."""
    return _cliquer("pdf", livre)


def selection(livre: Book | None = None) -> str:
    """Produit les documents cochés dans « Pilotage » ; rend la phrase montrée."""
    return _cliquer("selection", livre)


def _cliquer(action: Action, livre: Book | None) -> str:
    ouvert: Any = _appelant() if livre is None else livre
    barre = BarreDEtat(ouvert.app)
    try:
        ouvert.save()
        reponse = executer(action, ouvert.fullname, "", barre)
        phrase = "\n".join(filter(None, (reponse.message, _ecrire(ouvert, reponse))))
    finally:
        barre.finir()
    if livre is None and phrase:
        ouvert.app.alert(phrase, _TITRE)
    return phrase


def _ecrire(livre: Any, reponse: Reponse) -> str | None:
    """Pose la réponse, le contrôle et les marques ; rend ce qui n’a pas pu l’être."""
    try:
        with sans_deranger(livre):
            poser(livre, reponse)
            if reponse.rapport is not None:
                ecrire_controle(livre, reponse.rapport, _codes(Path(livre.fullname)))
                signaler(livre, reponse.rapport.anomalies)
    except ErreurCpomdocs as erreur:
        return f"{erreur.message}\n{erreur.remede}"
    except Exception:  # Excel refuse de bien des façons : feuille protégée, cellule en cours de saisie…
        return (
            "Le classeur ouvert n’a pas pu être mis à jour : finir la saisie en cours, ôter la protection "
            "des feuilles, puis recommencer. Le détail est dans sorties/controle.xlsx."
        )
    return None


def _codes(classeur: Path) -> list[str]:
    donnees, _ = lire_classeur(classeur)
    return [etablissement.code for etablissement in donnees.etablissements if etablissement.code]


def _appelant() -> Any:
    """Le classeur d’où vient le clic. Lève `ErreurCpomdocs` si xlwings n’est pas là."""
    try:
        import xlwings
    except ImportError as absente:
        raise ErreurCpomdocs(
            "xlwings n’est pas installé sur ce poste.", "Se servir des boutons du classeur, ou l’installer."
        ) from absente
    return xlwings.Book.caller()
