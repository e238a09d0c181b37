"""`collecte/rassemblement.xlsx` : les points à décider, que la personne remplit et que la commande relit."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from cpomdocs.collecte.echange.maitre import Inscription
from cpomdocs.collecte.pages import CREATION, ENTETE, Page, ecrire_page
from cpomdocs.collecte.retour.points import GARDER, PRENDRE, Decision, Point
from cpomdocs.erreurs import ErreurClasseur, ErreurFichier
from cpomdocs.lecture.grilles import ouvrir_classeur
from cpomdocs.lecture.localisation import trouver_nom
from cpomdocs.lecture.valeurs.textes import normaliser

FEUILLE = "Rassemblement"
_DECISION, _REPERE = "Décision", "Repère"
_COLONNES = (
    (_DECISION, 13.0),
    ("Pourquoi", 24.0),
    ("De qui", 28.0),
    ("Feuille", 16.0),
    ("Ligne", 40.0),
    ("Donnée", 26.0),
    ("Envoyé", 30.0),
    ("Le leur", 30.0),
    ("Le nôtre", 30.0),
    ("Leur cellule", 12.0),
    ("Notre cellule", 12.0),
    (_REPERE, 18.0),
)
_FONDS = {"conflit": "#F8CBAD"}
_FOND = "#FFF2CC"
_AIDE = (
    f"« {PRENDRE} » : ce qu’ils ont mis entre dans le classeur maître. « {GARDER} » : il ne change pas. "
    "Décider, enregistrer, fermer, puis relancer « cpomdocs classeur rassembler »."
)


@dataclass(frozen=True)
class Choix:
    """Ce que la personne a répondu : la décision de chaque point montré, et les réponses incomprises."""

    decisions: dict[str, Decision | None]
    incomprises: tuple[str, ...] = ()


def lire_choix(chemin: Path) -> Choix:
    """Les réponses du rassemblement précédent ; aucune s’il n’y en a pas.

    Lève `ErreurClasseur` si le fichier est abîmé ou n’a plus sa feuille.
    """
    if not chemin.is_file():
        return Choix({})
    lu = ouvrir_classeur(chemin)
    nom = trouver_nom(FEUILLE, lu.feuilles)
    try:
        lignes = lu.grille(nom).lignes if nom is not None else []
    except ErreurFichier as erreur:
        raise ErreurClasseur(erreur.message, erreur.remede) from erreur
    colonnes: dict[str, int] = {}
    decisions: dict[str, Decision | None] = {}
    incomprises: list[str] = []
    for ligne in lignes:
        mots = [str(brut).strip() for brut in ligne]
        if not colonnes:
            if _DECISION in mots and _REPERE in mots:
                colonnes = {_DECISION: mots.index(_DECISION), _REPERE: mots.index(_REPERE)}
            continue
        repere, ecrit = mots[colonnes[_REPERE]], mots[colonnes[_DECISION]]
        if repere:
            decisions[repere] = _decision(ecrit)
            if ecrit and decisions[repere] is None:
                incomprises.append(ecrit)
    if not colonnes:
        raise ErreurClasseur(
            f"« {chemin.name} » n’a plus sa feuille « {FEUILLE} », ou ses colonnes « {_DECISION} » et "
            f"« {_REPERE} ».",
            "Le supprimer et relancer : les points y seront montrés de nouveau.",
        )
    return Choix(decisions, tuple(incomprises))


def _decision(ecrit: str) -> Decision | None:
    mot = normaliser(ecrit)
    return PRENDRE if mot == PRENDRE else GARDER if mot == GARDER else None


def composer_rassemblement(
    points: Sequence[Point],
    deja_montres: Collection[str],
    prises: Sequence[Inscription],
    constats: Sequence[tuple[str, str]],
    ecrit: bool,
) -> bytes:
    """Le classeur : ce qui reste à décider, ce qui est pris (`ecrit` : déjà écrit), ce qu’il faut savoir.

    `deja_montres` : les repères des points que la personne a vus ; ce qu’elle y a laissé vide le reste.
    """
    tampon = io.BytesIO()
    reglages = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(tampon, reglages) as livre:
        livre.set_properties({"created": CREATION, "author": "cpomdocs"})
        _ecrire_points(livre, points, deja_montres)
        ecrire_page(livre, _prises(prises, ecrit))
        ecrire_page(livre, _constats(constats))
    return tampon.getvalue()


def _ecrire_points(livre: Any, points: Sequence[Point], deja_montres: Collection[str]) -> None:
    lignes = [
        (
            point.decision or (None if point.repere in deja_montres else point.propose) or "",
            point.nature,
            point.qui,
            point.feuille,
            point.ligne,
            point.donnee,
            point.ancien,
            point.leur,
            point.notre,
            point.cellule_leur,
            point.cellule_notre,
            point.repere,
        )
        for point in points
    ]
    titre = f"{len(points)} à décider" if points else "Rien à décider"
    fonds = [_FONDS.get(point.nature, _FOND) for point in points]
    feuille = ecrire_page(livre, Page(FEUILLE, titre, _AIDE, _COLONNES, lignes, fonds))
    feuille.set_column(len(_COLONNES) - 1, len(_COLONNES) - 1, None, None, {"hidden": True})
    if points:
        regle = {
            "validate": "list",
            "source": [PRENDRE, GARDER],
            "error_message": f"Choisir « {PRENDRE} » ou « {GARDER} ».",
        }
        feuille.data_validation(ENTETE + 1, 0, ENTETE + len(points), 0, regle)
    feuille.freeze_panes(ENTETE + 1, 1)


def _prises(prises: Sequence[Inscription], ecrit: bool) -> Page:
    quand = "Écrit dans le classeur maître" if ecrit else "Sera écrit dans le classeur maître"
    return Page(
        "Pris",
        f"{quand} : {len(prises)} cellule{'s' if len(prises) > 1 else ''}",
        "Changé d’un seul côté, ou décidé."
        if ecrit
        else "Rien n’est écrit tant que les points n’ont pas été vus.",
        (("De qui", 30), ("Cellule", 26), ("Donnée", 36), ("Avant", 40), ("Après", 40)),
        [(i.origine, f"{i.feuille} ! {i.cellule}", i.libelle, i.ancien, i.nouveau) for i in prises],
    )


def _constats(constats: Sequence[tuple[str, str]]) -> Page:
    return Page(
        "À savoir",
        "À savoir",
        "Fichiers écartés, remarques, ce qui a été écrit hors des cases : rien de cela n’est rassemblé.",
        (("De qui", 40), ("Constat", 120)),
        constats,
    )
