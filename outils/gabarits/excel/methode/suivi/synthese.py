"""Suivi des objectifs : la feuille « Synthèse », ses comptes et ses graphiques."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.interne import OuvrageInterne
from outils.gabarits.excel.methode.suivi.colonnes import (
    ANNEES,
    AVANCEMENTS,
    DERNIERE,
    DERNIERE_ACTION,
    ETATS,
    FINALE,
    INDICATEURS,
    LIGNES,
    PREMIERE,
    PREMIERE_ACTION,
    atteinte,
)

_NOM = "Synthèse"
_TEINTES = ("#5AA469", "#E8A33D", "#C0504D", "#BFBFBF")
_ETATS, _ACTIONS, _PARTS = 6, 13, 22
"""La première ligne de chaque tableau, sous ses intitulés."""


def feuille(ouvrage: OuvrageInterne) -> None:
    """Ajoute la feuille : rien ne s’y saisit."""
    page = ouvrage.page(_NOM, "SYNTHÈSE DU SUIVI", {"B:B": 24, "C:G": 11, "H:H": 3, "I:R": 9}, "R")
    ouvrage.identite(page, f"{INDICATEURS}!$B$2")
    _etats(ouvrage, page)
    _actions(ouvrage, page)
    _parts(ouvrage, page)
    _graphiques(ouvrage, page)
    page.fit_to_pages(1, 1)


def _titres(ouvrage: OuvrageInterne, page: Worksheet, ligne: int, textes: tuple[str, ...]) -> None:
    for colonne, texte in zip("BCDEFG", textes, strict=False):
        page.write(f"{colonne}{ligne}", texte, ouvrage.style("entete"))


def _etats(ouvrage: OuvrageInterne, page: Worksheet) -> None:
    """Combien d’indicateurs dans chaque état, chaque année."""
    _titres(ouvrage, page, _ETATS - 1, ("Indicateurs",))
    for colonne, annee in zip("CDEFG", ANNEES, strict=True):
        formule = f"={INDICATEURS}!{annee.cible}6"
        page.write_formula(f"{colonne}{_ETATS - 1}", formule, ouvrage.style("entete", "annee"), "")
        for rang, mot in enumerate(ETATS):
            plage = f"{INDICATEURS}!${annee.etat}${PREMIERE}:${annee.etat}${DERNIERE}"
            cellule = f"{colonne}{_ETATS + rang}"
            compte = ouvrage.style("calcul", "entier", "centre")
            page.write_formula(cellule, f'=COUNTIF({plage},"{mot}")', compte, 0)
    for rang, mot in enumerate(ETATS):
        page.write(f"B{_ETATS + rang}", mot, ouvrage.style("libelle"))


def _actions(ouvrage: OuvrageInterne, page: Worksheet) -> None:
    """Combien d’actions à chaque avancement, et combien en retard."""
    _titres(ouvrage, page, _ACTIONS - 1, ("Actions", "Nombre"))
    avancement = f"Actions!$J${PREMIERE_ACTION}:$J${DERNIERE_ACTION}"
    fin = f"Actions!$G${PREMIERE_ACTION}:$G${DERNIERE_ACTION}"
    compte = ouvrage.style("calcul", "entier", "centre")
    for rang, mot in enumerate(AVANCEMENTS):
        page.write(f"B{_ACTIONS + rang}", mot, ouvrage.style("libelle"))
        page.write_formula(f"C{_ACTIONS + rang}", f'=COUNTIF({avancement},"{mot}")', compte, 0)
    ligne = _ACTIONS + len(AVANCEMENTS)
    page.write(f"B{ligne}", "Fin passée, non atteintes", ouvrage.style("libelle", "gras"))
    retard = (
        f'=IF(ISNUMBER(DATE_REFERENCE),COUNTIFS({fin},"<"&DATE_REFERENCE,{fin},">0",'
        f'{avancement},"<>{AVANCEMENTS[2]}",{avancement},"<>{AVANCEMENTS[3]}"),0)'
    )
    page.write_formula(f"C{ligne}", retard, ouvrage.style("calcul", "entier", "centre", "gras"), 0)


def _parts(ouvrage: OuvrageInterne, page: Worksheet) -> None:
    """Pour chaque indicateur, la part de la cible finale au départ et à la dernière mesure."""
    _titres(ouvrage, page, _PARTS - 1, ("Part de la cible finale", "Départ", "Dernière"))
    for rang in range(LIGNES):
        ligne, source = _PARTS + rang, PREMIERE + rang
        sens, finale = f"{INDICATEURS}!$G{source}", f"{INDICATEURS}!${FINALE}{source}"
        derniere = '""'
        for annee in ANNEES:
            cellule = f"{INDICATEURS}!${annee.realise}{source}"
            derniere = f"IF(ISNUMBER({cellule}),{cellule},{derniere})"
        nom = f'=IF({INDICATEURS}!$D{source}="","",{INDICATEURS}!$B{source}&" "&{INDICATEURS}!$C{source})'
        ouvrage.calculer(page, f"B{ligne}", nom, "calcul", "gauche")
        depart = "=" + atteinte(sens, finale, f"{INDICATEURS}!$H{source}")
        ouvrage.calculer(page, f"C{ligne}", depart, "calcul", "pour_cent", "centre")
        ouvrage.calculer(page, f"E{ligne}", f"={derniere}", "calcul", "nombre", "centre")
        part = "=" + atteinte(sens, finale, f"$E{ligne}")
        ouvrage.calculer(page, f"D{ligne}", part, "calcul", "pour_cent", "centre")
    page.write(f"E{_PARTS - 1}", "Mesure", ouvrage.style("entete"))


def _graphiques(ouvrage: OuvrageInterne, page: Worksheet) -> None:
    empile = ouvrage.classeur.add_chart({"type": "column", "subtype": "stacked"})
    for rang, (mot, teinte) in enumerate(zip(ETATS, _TEINTES, strict=True)):
        ligne = _ETATS + rang
        empile.add_series(
            {
                "name": mot,
                "categories": f"={_NOM}!$C${_ETATS - 1}:$G${_ETATS - 1}",
                "values": f"={_NOM}!$C${ligne}:$G${ligne}",
                "fill": {"color": teinte},
                "gap": 60,
            }
        )
    _habiller(empile, "Où en sont les indicateurs, année par année", "0")
    page.insert_chart("I5", empile, {"object_position": 3})
    parts = ouvrage.classeur.add_chart({"type": "column"})
    for colonne, nom, teinte in (("C", "Départ", "#BFBFBF"), ("D", "Dernière mesure", "#00767E")):
        parts.add_series(
            {
                "name": nom,
                "categories": f"={_NOM}!$B${_PARTS}:$B${_PARTS + LIGNES - 1}",
                "values": f"={_NOM}!${colonne}${_PARTS}:${colonne}${_PARTS + LIGNES - 1}",
                "fill": {"color": teinte},
                "gap": 60,
            }
        )
    _habiller(parts, "Part de la cible finale : au départ, à la dernière mesure", "0%")
    page.insert_chart(f"I{_PARTS - 1}", parts, {"object_position": 3})


def _habiller(graphique: object, titre: str, forme: str) -> None:
    graphique.set_title({"name": titre, "name_font": {"size": 11}})  # type: ignore[attr-defined]
    axe = {"num_format": forme, "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    graphique.set_y_axis(axe)  # type: ignore[attr-defined]
    graphique.set_x_axis({"num_font": {"size": 8}})  # type: ignore[attr-defined]
    graphique.set_legend({"position": "bottom"})  # type: ignore[attr-defined]
    graphique.set_size({"width": 690, "height": 310})  # type: ignore[attr-defined]
