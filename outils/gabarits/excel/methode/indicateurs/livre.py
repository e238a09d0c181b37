"""Le livre des indicateurs : gestionnaire, thèmes, fiche d’un établissement, repères de lecture."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.indicateurs import fiche, themes
from outils.gabarits.excel.methode.indicateurs.liste import (
    BILAN,
    EXPLOITATION,
    FORMATS,
    THEMES,
    colorer,
    lecture,
)
from outils.gabarits.excel.methode.interne import COULEURS, OuvrageInterne

FICHIER = "Livre des indicateurs.xlsx"
GESTIONNAIRE, REPERES = "Gestionnaire", "Repères"
_PREMIERE = 8
_ANNEES = ("C", "D", "E")
_DU_GESTIONNAIRE = (*EXPLOITATION[:4], *BILAN)


def construire() -> bytes:
    """Le classeur entier."""
    ouvrage = OuvrageInterne("Livre des indicateurs")
    _gestionnaire(ouvrage)
    for nom, indicateurs in THEMES.items():
        themes.feuille(ouvrage, nom, indicateurs)
    themes.qualite(ouvrage)
    themes.immobilier(ouvrage)
    fiche.feuille(ouvrage)
    _reperes(ouvrage)
    return ouvrage.octets()


def _gestionnaire(ouvrage: OuvrageInterne) -> None:
    """La première feuille : l’année N, les ratios du gestionnaire, leur lecture, deux graphiques."""
    style = ouvrage.style
    feuille = ouvrage.page(
        GESTIONNAIRE, "LIVRE DES INDICATEURS", {"B:B": 36, "C:E": 15, "F:F": 15, "G:G": 40}, "G"
    )
    feuille.write("B5", "Année N du dossier", style("libelle"))
    feuille.write_blank("C5", None, style("saisie", "annee", "centre"))
    ouvrage.classeur.define_name("ANNEE_N", f"={GESTIONNAIRE}!$C$5")
    feuille.merge_range(
        "D5:G5",
        "N-2 et N-1 sont réalisés, N est prévu. Les couleurs suivent la feuille « Repères ».",
        style("aide", "gauche"),
    )
    feuille.write(f"B{_PREMIERE - 1}", "Ratio", style("entete"))
    annees(ouvrage, feuille, _ANNEES, _PREMIERE - 1)
    feuille.write(f"F{_PREMIERE - 1}", "Lecture", style("entete"))
    feuille.write(f"G{_PREMIERE - 1}", "Ce qu’il mesure", style("entete"))
    for ligne, indicateur in enumerate(_DU_GESTIONNAIRE, start=_PREMIERE):
        feuille.set_row(ligne - 1, 20)
        feuille.write(f"B{ligne}", indicateur.libelle, style("libelle"))
        for colonne in _ANNEES:
            feuille.write_blank(f"{colonne}{ligne}", None, style("calcul", FORMATS[indicateur.unite]))
        ouvrage.calculer(
            feuille, f"F{ligne}", lecture(indicateur, f"D{ligne}", f"C{ligne}"), "calcul", "centre"
        )
        feuille.write(f"G{ligne}", indicateur.mesure, style("libelle", "petit"))
        colorer(ouvrage, feuille, f"C{ligne}:E{ligne}", indicateur)
    _graphiques(ouvrage, feuille)
    feuille.freeze_panes(_PREMIERE - 1, 2)
    feuille.fit_to_pages(1, 1)


def _graphiques(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    """Les équilibres en jours de charges, et les taux de résultat et de CAF."""
    lignes = {ind.code: rang for rang, ind in enumerate(_DU_GESTIONNAIRE, start=_PREMIERE)}
    dernier = _PREMIERE + len(_DU_GESTIONNAIRE) + 1
    for cellule, titre, codes, nombre in (
        (
            f"B{dernier}",
            "Équilibres du bilan, en jours de charges",
            ("frng_jours", "bfr_jours", "tresorerie_jours"),
            "0",
        ),
        (f"E{dernier}", "Résultat et autofinancement", ("taux_resultat", "taux_caf"), "0.0%"),
    ):
        graphique = ouvrage.classeur.add_chart({"type": "column"})
        for rang, code in enumerate(codes):
            graphique.add_series(
                {
                    "name": f"={GESTIONNAIRE}!$B${lignes[code]}",
                    "categories": f"={GESTIONNAIRE}!$C${_PREMIERE - 1}:$E${_PREMIERE - 1}",
                    "values": f"={GESTIONNAIRE}!$C${lignes[code]}:$E${lignes[code]}",
                    "fill": {"color": COULEURS[rang]},
                    "data_labels": {"value": True, "num_format": nombre, "font": {"size": 8}},
                }
            )
        graphique.set_title({"name": titre, "name_font": {"size": 11}})
        graphique.set_y_axis(
            {"num_format": nombre, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
        )
        graphique.set_x_axis({"label_position": "low"})
        graphique.set_legend({"position": "bottom"})
        graphique.set_size({"width": 470, "height": 290})
        feuille.insert_chart(cellule, graphique, {"object_position": 3, "x_offset": 4, "y_offset": 4})


def annees(ouvrage: OuvrageInterne, feuille: Worksheet, colonnes: tuple[str, ...], ligne: int) -> None:
    """Les trois années, calculées d’après N."""
    for recul, colonne in zip((2, 1, 0), colonnes, strict=True):
        annee = f"ANNEE_N-{recul}" if recul else "ANNEE_N"
        ouvrage.calculer(feuille, f"{colonne}{ligne}", f'=IF(ANNEE_N="","",{annee})', "entete", "annee")


def _reperes(ouvrage: OuvrageInterne) -> None:
    """La dernière feuille : les deux bornes de chaque indicateur, que les couleurs suivent."""
    style = ouvrage.style
    feuille = ouvrage.page(REPERES, "REPÈRES DE LECTURE", {"B:B": 36, "C:D": 15, "E:E": 60}, "E")
    ouvrage.identite(feuille, f"{GESTIONNAIRE}!$B$2")
    feuille.merge_range(
        "B5:E5",
        "Repris du classeur maître : la feuille « Repères de lecture » les change, dans tous les documents.",
        style("aide", "gauche"),
    )
    for colonne, texte in zip("BCDE", ("Indicateur", "Bon", "Fragile", "Comment lire"), strict=True):
        feuille.write(f"{colonne}7", texte, style("entete"))
    lus = [i for liste in (*THEMES.values(), BILAN) for i in liste if i.sens]
    for ligne, indicateur in enumerate(lus, start=8):
        feuille.write(f"B{ligne}", indicateur.libelle, style("libelle"))
        for colonne, nom in (("C", "BON"), ("D", "FRAGILE")):
            feuille.write_blank(
                f"{colonne}{ligne}", None, style("saisie", FORMATS[indicateur.unite], "centre")
            )
            ouvrage.classeur.define_name(f"{nom}_{indicateur.code}", f"='{REPERES}'!${colonne}${ligne}")
        sens = (
            "Bon à partir du premier seuil, fragile au-dessous du second"
            if indicateur.sens == "hausse"
            else "Bon jusqu’au premier seuil, fragile au-delà du second"
        )
        feuille.write(f"E{ligne}", sens, style("libelle", "petit"))
    feuille.fit_to_pages(1, 0)


def lignes_des_reperes() -> dict[int, str]:
    """La ligne de chaque indicateur, dans la feuille des repères."""
    lus = [i for liste in (*THEMES.values(), BILAN) for i in liste if i.sens]
    return {ligne: indicateur.code for ligne, indicateur in enumerate(lus, start=8)}


def lignes_du_gestionnaire() -> dict[int, str]:
    """La ligne de chaque ratio, dans la première feuille."""
    return {ligne: i.code for ligne, i in enumerate(_DU_GESTIONNAIRE, start=_PREMIERE)}
