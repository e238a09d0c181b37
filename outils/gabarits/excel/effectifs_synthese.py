"""La feuille « Synthèse » du TPER : sous-totaux par catégorie et par type de contrat, graphique."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.effectifs_emplois import (
    CATEGORIES,
    CONTRATS,
    DERNIERE,
    PREMIERE,
    PREVU,
    REALISE,
)
from outils.gabarits.excel.styles import BLEU, NOTE, Ouvrage

_PREMIERE_CATEGORIE = 6
TOTAL_CATEGORIES = _PREMIERE_CATEGORIE + len(CATEGORIES)
_PREMIER_CONTRAT = TOTAL_CATEGORIES + 4
_TOTAL_CONTRATS = _PREMIER_CONTRAT + len(CONTRATS)


def feuille_synthese(ouvrage: Ouvrage) -> None:
    """Ajoute la feuille : rien ne s’y saisit."""
    style = ouvrage.style
    feuille = ouvrage.feuille("Synthèse", "#2E8B57", {"A:A": 2, "B:B": 32, "C:H": 15})
    feuille.set_row(0, 28)
    feuille.merge_range("B1:H1", "SYNTHÈSE DES EFFECTIFS", style("bandeau"))
    feuille.merge_range("B2:H2", NOTE, style("fictif"))
    _bloc(ouvrage, feuille, 4, "Catégorie d’emploi", "C", CATEGORIES)
    _bloc(ouvrage, feuille, _PREMIER_CONTRAT - 2, "Type de contrat", "E", CONTRATS)
    _encadrement(ouvrage, feuille, _TOTAL_CONTRATS + 2)
    _graphique(ouvrage, feuille)
    feuille.set_landscape()
    feuille.fit_to_pages(1, 1)


def _bloc(
    ouvrage: Ouvrage, feuille: Worksheet, entete: int, titre: str, critere: str, valeurs: Sequence[str]
) -> None:
    """En-tête sur deux lignes, une ligne par valeur, un total."""
    style = ouvrage.style
    feuille.merge_range(f"B{entete}:B{entete + 1}", titre, style("entete"))
    feuille.merge_range(f"C{entete}:F{entete}", "Équivalents temps plein", style("entete"))
    feuille.merge_range(f"G{entete}:H{entete}", "Coût chargé N (€)", style("entete"))
    intitules = ("Réalisés N-1", "Budgétés N", "Écart", "Part du total N", "Total", "Par ETP")
    for colonne, intitule in zip("CDEFGH", intitules, strict=True):
        feuille.write(f"{colonne}{entete + 1}", intitule, style("colonne"))
    debut, total = entete + 2, entete + 2 + len(valeurs)
    for ligne, valeur in enumerate(valeurs, start=debut):
        feuille.write(f"B{ligne}", valeur, style("libelle"))
        _sommes(ouvrage, feuille, ligne, critere)
        _rapports(ouvrage, feuille, ligne, total, "calcul")
    feuille.write(f"B{total}", "TOTAL", style("grand_total", "gauche"))
    for colonne, nature in (("C", "decimal"), ("D", "decimal"), ("G", "euros")):
        somme = f"=SUM({colonne}{debut}:{colonne}{total - 1})"
        feuille.write_formula(f"{colonne}{total}", somme, style("grand_total", nature), 0)
    _rapports(ouvrage, feuille, total, total, "grand_total")


def _sommes(ouvrage: Ouvrage, feuille: Worksheet, ligne: int, critere: str) -> None:
    for colonne, source, somme, nature in (
        ("C", REALISE, "G", "decimal"),
        ("D", PREVU, "G", "decimal"),
        ("G", PREVU, "L", "euros"),
    ):
        plages = [f"'{source}'!${c}${PREMIERE}:${c}${DERNIERE}" for c in (critere, somme)]
        formule = f"=SUMIF({plages[0]},$B{ligne},{plages[1]})"
        feuille.write_formula(f"{colonne}{ligne}", formule, ouvrage.style("calcul", nature), 0)


def _rapports(ouvrage: Ouvrage, feuille: Worksheet, ligne: int, total: int, genre: str) -> None:
    style = ouvrage.style
    feuille.write_formula(f"E{ligne}", f"=D{ligne}-C{ligne}", style(genre, "decimal"), 0)
    part = f'=IF(D${total}=0,"",D{ligne}/D${total})'
    feuille.write_formula(f"F{ligne}", part, style(genre, "taux"), "")
    feuille.write_formula(f"H{ligne}", f'=IF(D{ligne}=0,"",G{ligne}/D{ligne})', style(genre, "euros"), "")


def _encadrement(ouvrage: Ouvrage, feuille: Worksheet, ligne: int) -> None:
    style = ouvrage.style
    feuille.write(f"B{ligne}", "Taux d’encadrement (ETP / place)", style("libelle", "gras"))
    taux = f'=IF(N(CAPACITE)=0,"",D{TOTAL_CATEGORIES}/CAPACITE)'
    feuille.write_formula(f"C{ligne}", taux, style("calcul", "decimal", "gras"), "")
    ouvrage.classeur.define_name("TAUX_ENCADREMENT", f"=Synthèse!$C${ligne}")


def _graphique(ouvrage: Ouvrage, feuille: Worksheet) -> None:
    """ETP réalisés et budgétés, par catégorie."""
    graphique = ouvrage.classeur.add_chart({"type": "bar"})
    categories = f"=Synthèse!$B${_PREMIERE_CATEGORIE}:$B${TOTAL_CATEGORIES - 1}"
    for colonne, nom, couleur in (("C", "Réalisés N-1", "#A6A6A6"), ("D", "Budgétés N", BLEU)):
        graphique.add_series(
            {
                "name": nom,
                "categories": categories,
                "values": f"=Synthèse!${colonne}${_PREMIERE_CATEGORIE}:${colonne}${TOTAL_CATEGORIES - 1}",
                "fill": {"color": couleur},
            }
        )
    graphique.set_title({"name": "ETP par catégorie", "name_font": {"size": 11}})
    graphique.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    graphique.set_x_axis(
        {"num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    graphique.set_legend({"position": "bottom"})
    graphique.set_size({"width": 520, "height": 460})
    feuille.insert_chart("J4", graphique, {"object_position": 3})
