"""La fiche d’un établissement : on le choisit dans une liste, ses chiffres et ses graphiques suivent."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.indicateurs.liste import FORMATS, THEMES, Indicateur, colorer, lecture
from outils.gabarits.excel.methode.indicateurs.themes import DERNIERE, PREMIERE, colonne_de
from outils.gabarits.excel.methode.interne import COULEURS, OuvrageInterne

FEUILLE = "Fiche établissement"
_DEBUT = 8
_GRAPHIQUES = ("taux_occupation", "taux_absenteisme", "taux_caf", "cout_place")
_CODES = f"'Activité'!$B${PREMIERE}:$B${DERNIERE}"


def feuille(ouvrage: OuvrageInterne) -> None:
    """Les indicateurs de l’établissement choisi, devant la moyenne simple des établissements."""
    style = ouvrage.style
    page = ouvrage.page(FEUILLE, "FICHE D’UN ÉTABLISSEMENT", {"B:B": 32, "C:H": 11.5, "I:I": 14}, "I")
    ouvrage.identite(page, "Gestionnaire!$B$2")
    page.write("B5", "Choisir l’établissement (code)", style("libelle"))
    page.write_blank("C5", None, style("saisie", "texte", "centre"))
    page.data_validation("C5", {"validate": "list", "source": f"={_CODES}"})
    ouvrage.calculer(page, "D5", f'=IF(C5="",INDEX({_CODES},1)&"",C5&"")', "calcul", "centre")
    nom = f"INDEX('Activité'!$C${PREMIERE}:$C${DERNIERE},MATCH($D$5,{_CODES},0))"
    page.merge_range("E5:I5", "", style("calcul", "gauche", "gras"))
    ouvrage.calculer(page, "E5", f'=IF($D$5="","",IFERROR({nom}&"",""))', "calcul", "gauche", "gras")
    page.merge_range("B6:B7", "Indicateur", style("entete"))
    page.merge_range("C6:E6", "Établissement", style("entete"))
    page.merge_range("F6:H6", "Moyenne des établissements", style("entete"))
    page.merge_range("I6:I7", "Lecture", style("entete"))
    for bloc in ("CDE", "FGH"):
        for recul, colonne in zip((2, 1, 0), bloc, strict=True):
            annee = f"ANNEE_N-{recul}" if recul else "ANNEE_N"
            ouvrage.calculer(page, f"{colonne}7", f'=IF(ANNEE_N="","",{annee})', "colonne", "annee")
    ligne, lignes = _DEBUT, {}
    for theme, indicateurs in THEMES.items():
        for rang, indicateur in enumerate(indicateurs):
            _ligne(ouvrage, page, ligne, theme, rang, indicateur)
            lignes[indicateur.code] = ligne
            ligne += 1
    _graphiques(ouvrage, page, lignes, ligne + 1)
    page.freeze_panes(_DEBUT - 1, 2)
    page.fit_to_pages(1, 1)


def _ligne(
    ouvrage: OuvrageInterne, page: Worksheet, ligne: int, theme: str, rang: int, indicateur: Indicateur
) -> None:
    """Une ligne : trois valeurs cherchées par le code, trois moyennes, la lecture."""
    page.write(f"B{ligne}", indicateur.libelle, ouvrage.style("libelle"))
    genre = FORMATS[indicateur.unite]
    for annee in range(3):
        source = colonne_de(rang, annee)
        plage = f"'{theme}'!${source}${PREMIERE}:${source}${DERNIERE}"
        trouvee = f"INDEX({plage},MATCH($D$5,'{theme}'!$B${PREMIERE}:$B${DERNIERE},0))"
        ouvrage.calculer(
            page,
            f"{'CDE'[annee]}{ligne}",
            f'=IFERROR(IF(ISNUMBER({trouvee}),{trouvee},""),"")',
            "calcul",
            genre,
        )
        ouvrage.calculer(
            page, f"{'FGH'[annee]}{ligne}", f'=IF(COUNT({plage})=0,"",AVERAGE({plage}))', "calcul", genre
        )
    ouvrage.calculer(page, f"I{ligne}", lecture(indicateur, f"D{ligne}", f"C{ligne}"), "calcul", "centre")
    colorer(ouvrage, page, f"C{ligne}:E{ligne}", indicateur)


def _graphiques(ouvrage: OuvrageInterne, page: Worksheet, lignes: dict[str, int], debut: int) -> None:
    """Quatre graphiques : l’établissement et la moyenne, sur trois années."""
    unites = {i.code: i.unite for liste in THEMES.values() for i in liste}
    for rang, code in enumerate(_GRAPHIQUES):
        graphique = ouvrage.classeur.add_chart({"type": "column"})
        ligne, nombre = lignes[code], "0.0%" if unites[code] == "%" else "#,##0"
        for colonnes, nom, couleur in (("CE", "Établissement", COULEURS[0]), ("FH", "Moyenne", "#A6A6A6")):
            graphique.add_series(
                {
                    "name": nom,
                    "categories": f"='{FEUILLE}'!$C$7:$E$7",
                    "values": f"='{FEUILLE}'!${colonnes[0]}${ligne}:${colonnes[1]}${ligne}",
                    "fill": {"color": couleur},
                }
            )
        graphique.set_title({"name": f"='{FEUILLE}'!$B${ligne}", "name_font": {"size": 10}})
        graphique.set_y_axis(
            {
                "num_format": nombre,
                "min": 0,
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            }
        )
        graphique.set_legend({"position": "bottom"})
        graphique.set_size({"width": 405, "height": 230})
        cellule = f"{'BF'[rang % 2]}{debut + 13 * (rang // 2)}"
        page.insert_chart(cellule, graphique, {"object_position": 3, "x_offset": 4, "y_offset": 4})
