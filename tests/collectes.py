"""Un petit dossier à répartir, et les gestes des gens sur les classeurs qu’ils reçoivent."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from fabriques import des_donnees, poser_classeur, poser_formulaire
from openpyxl.worksheet.worksheet import Worksheet

from cpomdocs.classeur.valeurs import valeur_de_cellule
from cpomdocs.collecte.rassemblement import Bilan, rassembler
from cpomdocs.collecte.registre import Envoi
from cpomdocs.collecte.repartition import DemandeDeCollecte, repartir
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles.base import infos
from cpomdocs.modeles.dossier import FICHES, SAISIES, Dossier
from cpomdocs.modeles.entites.activite import Activite
from cpomdocs.modeles.entites.identite import Autorisation, Etablissement
from cpomdocs.modeles.entites.qualite import Constat
from cpomdocs.modeles.entites.rh import RhIndicateur

FORMULAIRE = """
[cases]
"Fiche!B1" = "etablissement.nom"
"Fiche!B2" = "etablissement.directeur"
"Fiche!B3" = "activite[annee=N-1, modalite=HP, version=reel].journees_realisees"
"Fiche!B4" = "activite[annee=N-1, modalite=HP, version=reel].capacite_financee"
"Fiche!B5" = "rh_indicateurs[annee=N-1].recrutements"

[[tableaux]]
feuille = "Fiche"
source = "constats"
premiere_ligne = 12
lignes = 20

[tableaux.colonnes]
A = "texte"
"""
LE_JOUR = datetime.date(2026, 11, 2)
ECHEANCE = datetime.date(2026, 12, 15)
MAITRE = "classeur-maitre.xlsx"


FEUILLES = (
    "parametres",
    "gestionnaire",
    "etablissements",
    "autorisations",
    "activite",
    "rh_indicateurs",
    "constats",
)
"""Les feuilles du petit classeur maître des essais, pour qu’ils durent peu."""


def un_dossier(racine: Path, *codes: str, complet: bool = False) -> Path:
    """Un dossier de ces établissements : activité 2025 connue, constats, un formulaire qui les demande.

    `complet` : le classeur maître est celui que cpomdocs écrit, avec toutes ses feuilles.
    """
    for relatif, octets in _fabriquer(codes or ("EHPAD1", "IME", "SAVS"), complet).items():
        (racine / relatif).parent.mkdir(parents=True, exist_ok=True)
        (racine / relatif).write_bytes(octets)
    return racine


@cache
def _fabriquer(codes: tuple[str, ...], complet: bool) -> dict[str, bytes]:
    """Les fichiers du dossier, fabriqués une fois pour tous les essais."""
    with tempfile.TemporaryDirectory() as provisoire:
        racine = Path(provisoire)
        _installer(racine, codes, complet)
        return {str(f.relative_to(racine)): f.read_bytes() for f in racine.rglob("*") if f.is_file()}


def _installer(racine: Path, codes: tuple[str, ...], complet: bool) -> None:
    donnees = des_donnees(
        *(
            Etablissement(
                code=code,
                nom=f"Maison {code}",
                directeur=f"Directrice {code}",
                courriel=f"{code.lower()}@exemple.fr",
            )
            for code in codes
        ),
        autorisations=[Autorisation(etablissement=c, modalite="HP", capacite_autorisee=10) for c in codes],
        activite=[
            Activite(
                etablissement=c,
                annee=2025,
                modalite="HP",
                version="reel",
                journees_realisees=1_000 + rang,
                capacite_financee=10,
                commentaire=f"note de {c}",
            )
            for rang, c in enumerate(codes)
        ],
        rh_indicateurs=[RhIndicateur(etablissement=c, annee=2025) for c in codes],
        constats=[
            Constat(axe="rh", portee="specifique", etablissement=c, type="force", texte=f"constat de {c}")
            for c in codes
        ],
    )
    donnees.gestionnaire.referent_cpom_nom = "Camille Exemple"
    donnees.gestionnaire.referent_cpom_courriel = "camille@exemple.fr"
    if complet:
        poser_classeur(racine, donnees)
    else:
        _petit_maitre(donnees).save(racine / MAITRE)
    poser_formulaire(racine, "fiche", FORMULAIRE)


def _petit_maitre(donnees: Dossier) -> openpyxl.Workbook:
    """Un classeur maître de quelques feuilles, en-têtes en ligne 5 comme celui que cpomdocs écrit."""
    livre = openpyxl.Workbook()
    livre.remove(livre.active)
    for nom in FEUILLES:
        modele = FICHES.get(nom) or SAISIES[nom]
        page = livre.create_sheet(modele.feuille.nom if modele.feuille else nom)
        champs = [info for info in infos(modele).values() if not info.calcule]
        page.append([page.title])
        if nom in FICHES:
            for info in champs:
                page.append([info.libelle, valeur_de_cellule(getattr(donnees, nom), info)])
            continue
        for colonne, info in enumerate(champs, start=1):
            page.cell(5, colonne, info.libelle)
            for rang, ligne in enumerate(donnees.lignes(nom), start=6):
                page.cell(rang, colonne, valeur_de_cellule(ligne, info))
    return livre


def envoyer(racine: Path, **demande: Any) -> dict[str, Envoi]:
    """Répartit, et rend l’envoi de chaque part par son code."""
    voulue = DemandeDeCollecte(**{"echeance": ECHEANCE, "aujourd_hui": LE_JOUR, **demande})
    return {envoi.part.code: envoi for envoi in repartir(racine, voulue)}


def recevoir(racine: Path, *fichiers: Path, **options: Any) -> Bilan:
    """Rassemble, à une date fixe."""
    return rassembler(racine, fichiers, aujourd_hui=datetime.date(2026, 11, 20), **options)


def repondre(racine: Path, envoi: Envoi, changer: Callable[[Any], None], nom: str = "") -> Path:
    """Ce que la personne renvoie : la part reçue, changée avec openpyxl, dans `collecte/retours`."""
    livre = openpyxl.load_workbook(racine / envoi.fichier)
    changer(livre)
    cible = racine / "collecte" / "retours" / (nom or f"réponse {envoi.part.code}.xlsx")
    livre.save(cible)
    return cible


def cellule(page: Worksheet, ligne: int, libelle: str) -> Any:
    """La cellule d’une ligne de données (à partir de 1) sous cet en-tête, où qu’il soit."""
    for rangee in page.iter_rows(max_row=25):
        for entete in rangee:
            if entete.value == libelle:
                return page.cell(entete.row + ligne, entete.column)
    raise AssertionError(f"pas de colonne « {libelle} » dans {page.title}")


def corriger(racine: Path, feuille: str, ligne: int, libelle: str, valeur: object) -> None:
    """Change une cellule du classeur maître, comme la personne référente le ferait."""
    livre = openpyxl.load_workbook(racine / MAITRE)
    cellule(livre[feuille], ligne, libelle).value = valeur
    livre.save(racine / MAITRE)


def decider(racine: Path, choisir: Callable[[dict[str, str]], str | None]) -> None:
    """Remplit « Décision » de chaque point du rassemblement, d’après ce que sa ligne montre."""
    chemin = racine / "collecte" / "rassemblement.xlsx"
    livre = openpyxl.load_workbook(chemin)
    for cases, montre in _points(livre["Rassemblement"]):
        cases[0].value = choisir(montre)
    livre.save(chemin)


def points(racine: Path) -> list[dict[str, str]]:
    """Les points que montre le rassemblement, par titre de colonne."""
    livre = openpyxl.load_workbook(racine / "collecte" / "rassemblement.xlsx")
    return [montre for _, montre in _points(livre["Rassemblement"])]


def _points(page: Worksheet) -> list[tuple[Any, dict[str, str]]]:
    titres, *suite = page.iter_rows(min_row=4)
    noms = [str(c.value) for c in titres]
    return [
        (cases, dict(zip(noms, (str(c.value or "") for c in cases), strict=True)))
        for cases in suite
        if cases[1].value
    ]


def page_de(racine: Path, fichier: str, feuille: str) -> list[tuple[Any, ...]]:
    """Les lignes d’une feuille de compte rendu, sous ses en-têtes."""
    page = openpyxl.load_workbook(racine / "collecte" / fichier)[feuille]
    return [tuple(ligne) for ligne in page.iter_rows(min_row=5, values_only=True)]


def le_maitre(racine: Path) -> Dossier:
    """Les données du classeur maître, relues."""
    return lire_classeur(racine / MAITRE)[0]
