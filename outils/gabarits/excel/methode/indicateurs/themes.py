"""Les feuilles par thème : une ligne par établissement, trois années par indicateur."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.indicateurs.liste import FORMATS, Indicateur, colorer
from outils.gabarits.excel.methode.interne import OuvrageInterne

PREMIERE, LIGNES = 8, 60
DERNIERE = PREMIERE + LIGNES - 1
_IDENTITE = "Gestionnaire!$B$2"
_QUALITE = (
    ("Évaluation", "date", 13),
    ("Chapitre 1 : la personne", "decimal", 12),
    ("Chapitre 2 : les professionnels", "decimal", 13),
    ("Chapitre 3 : l’établissement", "decimal", 13),
    ("Critères impératifs sous 4", "entier", 12),
    ("EIG", "entier", 9),
    ("EIGS", "entier", 9),
    ("Réclamations", "entier", 13),
    ("Prescriptions", "entier", 13),
    ("Injonctions", "entier", 12),
    ("Projet d’établissement", "date", 14),
)
_IMMOBILIER = (
    ("Occupation", "texte", 20),
    ("Surface (m²)", "entier", 12),
    ("Construction", "annee", 13),
    ("Rénovation", "annee", 13),
    ("Chambres simples", "entier", 11),
    ("Chambres doubles", "entier", 11),
    ("Accessible", "texte", 11),
    ("DPE", "texte", 8),
    ("État", "texte", 13),
)


def colonne_de(rang: int, annee: int) -> str:
    """La colonne de l’indicateur de ce rang, pour la première, la deuxième ou la troisième année."""
    return xl_col_to_name(3 + 3 * rang + annee)


def feuille(ouvrage: OuvrageInterne, nom: str, indicateurs: Sequence[Indicateur]) -> None:
    """Un thème : code, nom, puis N-2, N-1 et N de chaque indicateur."""
    fin = colonne_de(len(indicateurs) - 1, 2)
    page = ouvrage.page(nom, nom.upper(), {"B:B": 12, "C:C": 26, f"D:{fin}": 9.5}, fin)
    ouvrage.identite(page, _IDENTITE)
    _etablissements(ouvrage, page)
    for rang, indicateur in enumerate(indicateurs):
        trois = [colonne_de(rang, annee) for annee in range(3)]
        page.merge_range(f"{trois[0]}6:{trois[2]}6", indicateur.libelle, ouvrage.style("entete"))
        for recul, colonne in zip((2, 1, 0), trois, strict=True):
            annee = f"ANNEE_N-{recul}" if recul else "ANNEE_N"
            ouvrage.calculer(page, f"{colonne}7", f'=IF(ANNEE_N="","",{annee})', "colonne", "annee")
            _colonne(ouvrage, page, colonne, FORMATS[indicateur.unite])
        plage = f"{trois[0]}{PREMIERE}:{trois[2]}{DERNIERE}"
        colorer(ouvrage, page, plage, indicateur)
        if not indicateur.sens:
            _barres(page, f"{trois[1]}{PREMIERE}:{trois[1]}{DERNIERE}")
    _finir(ouvrage, page, fin)


def qualite(ouvrage: OuvrageInterne) -> None:
    """Les évaluations et les événements, un état par établissement."""
    _etat(ouvrage, "Qualité", _QUALITE)


def immobilier(ouvrage: OuvrageInterne) -> None:
    """Les murs, un état par établissement."""
    _etat(ouvrage, "Immobilier", _IMMOBILIER)


def _etat(ouvrage: OuvrageInterne, nom: str, colonnes: Sequence[tuple[str, str, float]]) -> None:
    """Une feuille sans années : une colonne par renseignement."""
    fin = xl_col_to_name(1 + len(colonnes))
    largeurs = {f"{xl_col_to_name(2 + r)}:{xl_col_to_name(2 + r)}": c[2] for r, c in enumerate(colonnes)}
    page = ouvrage.page(nom, nom.upper(), {"B:B": 12, **largeurs}, fin)
    ouvrage.identite(page, _IDENTITE)
    page.set_row(6, 42)
    page.write("B7", "Code", ouvrage.style("entete"))
    for rang, (titre, genre, _) in enumerate(colonnes):
        colonne = xl_col_to_name(2 + rang)
        page.write(f"{colonne}7", titre, ouvrage.style("entete"))
        _colonne(ouvrage, page, colonne, genre)
    _colonne(ouvrage, page, "B", "texte")
    if nom == "Qualité":
        page.conditional_format(
            f"D{PREMIERE}:F{DERNIERE}",
            {
                "type": "3_color_scale",
                **{f"{borne}_type": "num" for borne in ("min", "mid", "max")},
                **{"min_value": 1, "mid_value": 3, "max_value": 4},
                **{"min_color": "#F8CBAD", "mid_color": "#FFF2CC", "max_color": "#C6EFCE"},
            },
        )
    _finir(ouvrage, page, fin)


def _etablissements(ouvrage: OuvrageInterne, page: Worksheet) -> None:
    page.merge_range("B6:B7", "Code", ouvrage.style("entete"))
    page.merge_range("C6:C7", "Établissement", ouvrage.style("entete"))
    page.set_row(5, 30)
    for colonne in "BC":
        _colonne(ouvrage, page, colonne, "texte")


def _colonne(ouvrage: OuvrageInterne, page: Worksheet, colonne: str, genre: str) -> None:
    """Les cellules d’une colonne, au format de l’indicateur, sans bord tant qu’elles sont vides."""
    pose = ("gauche",) if genre == "texte" else ("centre",)
    for ligne in range(PREMIERE, DERNIERE + 1):
        page.write_blank(f"{colonne}{ligne}", None, ouvrage.style(genre, *pose))


def _barres(page: Worksheet, plage: str) -> None:
    """Des barres dans les cellules, pour comparer d’un coup d’œil ce qui n’a pas de repère."""
    page.conditional_format(
        plage,
        {
            "type": "data_bar",
            "bar_color": "#9DC3E6",
            "bar_solid": True,
            "data_bar_2010": True,
            "min_type": "num",
            "min_value": 0,
        },
    )


def _finir(ouvrage: OuvrageInterne, page: Worksheet, fin: str) -> None:
    """Un cadre autour des seules lignes remplies, les titres répétés à l’impression."""
    bords = ouvrage.classeur.add_format({"border": 1, "border_color": "#A6A6A6"})
    page.conditional_format(
        f"B{PREMIERE}:{fin}{DERNIERE}",
        {"type": "formula", "criteria": f'=$B{PREMIERE}<>""', "format": bords},
    )
    page.freeze_panes(PREMIERE - 1, 2)
    page.repeat_rows(5, 6)
    page.fit_to_pages(1, 0)
