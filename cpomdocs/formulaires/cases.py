"""Les places d’un formulaire : leur adresse, leur libellé, ce qui y va, pour écrire la correspondance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Field

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.formulaires.attributions import case_de_grille
from cpomdocs.formulaires.catalogue import Formulaire, charger_formulaire
from cpomdocs.formulaires.correspondance import Placement, Tableau
from cpomdocs.formulaires.verification import verifier_formulaires
from cpomdocs.remplissage.moteurs import (
    Gabarit,
    Genre,
    champs_cites,
    defaut_de_case,
    endroit_de_case,
    places_du_gabarit,
    preparer,
)
from cpomdocs.remplissage.places import Place
from cpomdocs.remplissage.word import GabaritWord
from cpomdocs.saisies import Case, CaseWord

_GENRES: dict[str, Genre] = {".xlsx": "excel", ".xlsm": "excel"}
_GENRES |= {f".{suffixe}": "word" for suffixe in ("docx", "docm", "dotx", "dotm")}


class CaseListee(BaseModel):
    """Une place : son genre, l’adresse à écrire, le libellé voisin, son contenu, les champs qui y vont."""

    genre: str
    case: str
    libelle: str = ""
    contenu: str = ""
    choix: list[str] = Field(default_factory=list)
    champs: list[str] = Field(default_factory=list)
    obstacle: str | None = None


class CasesDuFormulaire(BaseModel):
    """Les places d’un formulaire, dans l’ordre du gabarit."""

    formulaire: str
    gabarit: str
    remarques: list[str] = Field(default_factory=list)
    cases: list[CaseListee] = Field(default_factory=list)


def lister_cases(designation: str, repertoire: Path) -> CasesDuFormulaire:
    """Les places d’un formulaire du répertoire, par son nom, ou d’un fichier sans correspondance encore.

    Lève `ErreurFormulaire` si rien ne porte ce nom, `ErreurFichier` si le fichier ne peut pas servir.
    """
    fichier = Path(designation)
    if fichier.suffix.lower() in _GENRES and fichier.is_file():
        gabarit = preparer(_GENRES[fichier.suffix.lower()], fichier.read_bytes(), fichier.name)
        cases = [_listee(place, []) for place in places_du_gabarit(gabarit)]
        return CasesDuFormulaire(
            formulaire="", gabarit=fichier.name, remarques=_remarques(gabarit), cases=cases
        )
    formulaire = _trouver(designation, repertoire)
    return CasesDuFormulaire(
        formulaire=formulaire.nom,
        gabarit=formulaire.correspondance.formulaire.gabarit,
        remarques=_remarques(formulaire.gabarit),
        cases=list(_du_formulaire(formulaire)),
    )


def _remarques(gabarit: Gabarit) -> list[str]:
    if isinstance(gabarit, GabaritWord) and gabarit.publipostage:
        return [
            "Ce document est relié à une source de publipostage. Le lien est gardé : à l’ouverture, Word "
            "peut proposer d’exécuter une requête ; répondre non."
        ]
    return []


def _trouver(nom: str, repertoire: Path) -> Formulaire:
    sous_repertoires = [r for r in sorted(repertoire.iterdir()) if (r / "correspondance.toml").is_file()]
    verdicts = dict(zip(sous_repertoires, verifier_formulaires(repertoire), strict=True))
    for sous_repertoire, verdict in verdicts.items():
        if verdict.nom == nom:
            return charger_formulaire(sous_repertoire)
    noms = ", ".join(verdict.nom for verdict in verdicts.values()) or "aucun"
    raise ErreurFormulaire(
        f"Aucun formulaire ne s’appelle « {nom} ».", f"Choisir parmi : {noms} ; ou donner un fichier."
    )


def _du_formulaire(formulaire: Formulaire) -> Iterator[CaseListee]:
    gabarit = formulaire.gabarit
    for collection, champ in sorted(champs_cites(gabarit)):
        yield CaseListee(genre="balise", case="", champs=[f"{collection}.{champ}"])
    prevus = list(_prevus(formulaire))
    par_endroit: dict[object, list[str]] = {}
    for case, champ in prevus:
        par_endroit.setdefault(endroit_de_case(gabarit, case), []).append(champ)
    montres = set()
    for place in places_du_gabarit(gabarit):
        endroit = endroit_de_case(gabarit, place.case)
        montres.add(endroit)
        yield _listee(place, par_endroit.get(endroit, []))
    for case, champ in prevus:
        if endroit_de_case(gabarit, case) not in montres:
            yield _hors_liste(gabarit, case, champ)


def _prevus(formulaire: Formulaire) -> Iterator[tuple[Case, str]]:
    """Chaque case de la correspondance et le champ qui y va."""
    for attribution in formulaire.attributions:
        yield attribution.case, str(attribution.chemin)
    for tableau in formulaire.correspondance.tableaux:
        yield from _du_tableau(tableau)
    for bloc, feuille in formulaire.feuilles:
        for attribution in formulaire.de_la_feuille(bloc, feuille):
            yield attribution.case, str(attribution.chemin)
        for suivi in bloc.tableaux:
            yield from _du_tableau(Tableau(feuille=feuille, **suivi.model_dump()))
    for section in formulaire.correspondance.sections:
        for controle, ecrit in section.controles.items():
            champ = ecrit.champ if isinstance(ecrit, Placement) else ecrit
            yield CaseWord("section", section.section, controle, 1), f"{section.source}[1].{champ}"


def _du_tableau(tableau: Tableau) -> Iterator[tuple[Case, str]]:
    for rang in range(tableau.lignes):
        for colonne, ecrit in tableau.colonnes.items():
            champ = ecrit.champ if isinstance(ecrit, Placement) else ecrit
            case = case_de_grille(tableau.feuille, tableau.tableau, tableau.cellule(colonne, rang))
            yield case, f"{tableau.source}[{rang + 1}].{champ}"


def _listee(place: Place, champs: list[str]) -> CaseListee:
    return CaseListee(
        genre=place.genre,
        case=str(place.case),
        libelle=place.libelle,
        contenu=place.contenu,
        choix=list(place.choix),
        champs=champs,
        obstacle=place.obstacle,
    )


def _hors_liste(gabarit: Gabarit, case: Case, champ: str) -> CaseListee:
    """Une case prévue que le relevé ne montre pas, avec ce qui l’empêche s’il y a lieu."""
    return CaseListee(
        genre="case prévue", case=str(case), champs=[champ], obstacle=defaut_de_case(gabarit, case)
    )
