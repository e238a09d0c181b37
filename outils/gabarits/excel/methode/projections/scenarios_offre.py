"""Comparaison des scénarios : l’offre avant et après, les actions chiffrées, comment lire le classeur."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.interne import COULEURS, OuvrageInterne

OFFRE, ACTIONS, LIRE = "Offre", "Actions", "Lire"
PREMIERE, MODALITES, ACTIONS_PREVUES = 7, 20, 40
_TOTAL = PREMIERE + MODALITES
_NOTES = (
    "Quatre scénarios tiennent dans ce classeur, dans l’ordre de la feuille « Scénarios ». Au-delà, le "
    "contrôle le dit.",
    "Les cellules claires sont remplies par cpomdocs ; les grises sont des formules, que cpomdocs compare "
    "à ses propres calculs.",
    "L’année N est le budget du périmètre (exécutoire, à défaut prévisionnel). Chaque année suivante est "
    "celle d’avant, évoluée des taux de la feuille « Hypothèses », plus les coûts des actions retenues.",
    "Produits du groupe I : évolution des dotations. Groupe II : autres produits et activité. Groupe III : "
    "constants.",
    "Charges du groupe I : inflation et activité. Groupe II : GVT et salaires. Groupe III : inflation, sauf "
    "les dotations aux amortissements, constantes.",
    "Une charge « par redéploiement » s’ajoute aux charges : l’économie qui la couvre se saisit en produit, "
    "ou en charge négative, dans « Coûts des actions ».",
    "FRNG : celui du dernier bilan, plus chaque année la CAF, les emprunts, les subventions et les cessions, "
    "moins les investissements et les remboursements (annuités constantes).",
    "BFR : celui du dernier bilan, tenu constant tant qu’aucune variation n’est saisie en hypothèse.",
    "Tient à moyens constants : aucune action retenue ne demande de crédits pérennes ni de CNR.",
    "Retour durable à l’équilibre : la première année à partir de laquelle le résultat reste positif ou nul.",
)


def feuilles(ouvrage: OuvrageInterne) -> None:
    """Ajoute « Offre », « Actions » et « Lire »."""
    _offre(ouvrage)
    _actions(ouvrage)
    _lire(ouvrage)


def _offre(ouvrage: OuvrageInterne) -> None:
    style = ouvrage.style
    largeurs = {"B:B": 34, "C:C": 26, "D:D": 16, "E:E": 12, "F:O": 9, "P:Q": 11, "R:R": 48}
    feuille = ouvrage.page(OFFRE, "L’OFFRE AVANT ET APRÈS", largeurs, "R")
    ouvrage.identite(feuille, "Synthèse!$B$2")
    for plage, titre in (
        ("B5:B6", "Établissement"),
        ("C5:C6", "Modalité d’accueil"),
        ("D5:D6", "Mouvement"),
        ("E5:E6", "Places autorisées"),
        ("F5:J5", "Places proposées"),
        ("K5:O5", "Places demandées par l’autorité"),
        ("P5:P6", "Évolution au terme"),
        ("Q5:Q6", "Écart avec la demande"),
        ("R5:R6", "Motif de l’écart"),
    ):
        feuille.merge_range(plage, titre, style("entete"))
    feuille.set_row(5, 30)
    for rang in range(10):
        ecart = rang % 5 + 1
        formule = f'=IF(ANNEE_N="","N+{ecart}",ANNEE_N+{ecart})'
        feuille.write_formula(5, 5 + rang, formule, style("colonne"), f"N+{ecart}")
    for ligne in range(PREMIERE, PREMIERE + MODALITES):
        feuille.set_row(ligne - 1, 26)
        _modalite(ouvrage, feuille, ligne)
    feuille.write(f"B{_TOTAL}", "Ensemble", style("total", "gauche"))
    for rang in range(1, 17):
        colonne = xl_col_to_name(1 + rang)
        cellule, plage = f"{colonne}{_TOTAL}", f"{colonne}{PREMIERE}:{colonne}{_TOTAL - 1}"
        if 3 <= rang <= 15:
            formule = f'=IF(COUNT({plage})=0,"",SUM({plage}))'
            ouvrage.calculer(feuille, cellule, formule, "total", "entier", "centre")
        else:
            feuille.write_blank(cellule, None, style("total"))
    feuille.freeze_panes(6, 3)
    feuille.set_paper(8)
    feuille.fit_to_pages(1, 1)
    _graphique(ouvrage, feuille)


def _modalite(ouvrage: OuvrageInterne, feuille: Worksheet, ligne: int) -> None:
    """Une ligne : places autorisées, proposées, demandées ; l’évolution et l’écart se calculent."""
    style = ouvrage.style
    for colonne in "BCD":
        feuille.write_blank(f"{colonne}{ligne}", None, style("saisie", "deux_lignes", "petit"))
    for colonne in "EFGHIJKLMNO":
        feuille.write_blank(f"{colonne}{ligne}", None, style("saisie", "entier", "centre"))
    feuille.write_blank(f"R{ligne}", None, style("saisie", "petit", "deux_lignes"))
    for colonne, droite, gauche, plage in (("P", "J", "E", "F{0}:J{0}"), ("Q", "J", "O", "K{0}:O{0}")):
        cellules, presentes = f"{gauche}{ligne},{droite}{ligne}", plage.format(ligne)
        formule = f'=IF(OR(COUNT({cellules})<2,COUNT({presentes})=0),"",{droite}{ligne}-{gauche}{ligne})'
        ouvrage.calculer(feuille, f"{colonne}{ligne}", formule, "calcul", "signe", "centre")


def _graphique(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    """Toutes modalités : ce que l’association propose et ce que l’autorité demande."""
    graphique = ouvrage.classeur.add_chart({"type": "column"})
    for nom, debut, fin, couleur in (
        ("Places proposées", "F", "J", COULEURS[1]),
        ("Places demandées par l’autorité", "K", "O", COULEURS[2]),
    ):
        graphique.add_series(
            {
                "name": nom,
                "categories": f"={OFFRE}!${debut}$6:${fin}$6",
                "values": f"={OFFRE}!${debut}${_TOTAL}:${fin}${_TOTAL}",
                "fill": {"color": couleur},
                "gap": 80,
                "data_labels": {"value": True, "font": {"size": 9}},
            }
        )
    titre = "Ensemble des modalités dont l’offre évolue (places)"
    graphique.set_title({"name": titre, "name_font": {"size": 11}})
    graphique.set_legend({"position": "bottom"})
    graphique.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    graphique.set_size({"width": 760, "height": 330})
    feuille.insert_chart(f"B{_TOTAL + 3}", graphique, {"object_position": 3})


_COLONNES_ACTIONS: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("Scénario", 10, ("centre",)),
    ("Retenu", 9, ("centre",)),
    ("Objectif", 9, ("centre",)),
    ("N°", 9, ("centre",)),
    ("Action", 52, ("deux_lignes",)),
    ("Décalage (ans)", 10, ("entier", "centre")),
    ("Charges", 15, ("euros",)),
    ("par redéploiement", 15, ("euros",)),
    ("par autofinancement", 15, ("euros",)),
    ("CNR demandés", 15, ("euros",)),
    ("Crédits pérennes demandés", 15, ("euros",)),
    ("Produits", 15, ("euros",)),
    ("Effet sur le résultat de N+5", 15, ("euros",)),
)


def _actions(ouvrage: OuvrageInterne) -> None:
    largeurs = {
        f"{xl_col_to_name(rang)}:{xl_col_to_name(rang)}": largeur
        for rang, (_, largeur, _styles) in enumerate(_COLONNES_ACTIONS, start=1)
    }
    feuille = ouvrage.page(ACTIONS, "LES ACTIONS DE CHAQUE SCÉNARIO, DE N+1 À N+5", largeurs, "N")
    ouvrage.identite(feuille, "Synthèse!$B$2")
    feuille.set_row(PREMIERE - 2, 32)
    for rang, (titre, _, _styles) in enumerate(_COLONNES_ACTIONS, start=1):
        feuille.write(PREMIERE - 2, rang, titre, ouvrage.style("entete"))
    for ligne in range(PREMIERE - 1, PREMIERE - 1 + ACTIONS_PREVUES):
        for rang, (_, _largeur, styles) in enumerate(_COLONNES_ACTIONS, start=1):
            feuille.write_blank(ligne, rang, None, ouvrage.style("saisie", "petit", *styles))
    fin = PREMIERE + ACTIONS_PREVUES - 1
    ouvrage.surligner(feuille, f"B{PREMIERE}:F{fin}", f'$C{PREMIERE}="oui"')
    ouvrage.deficits_en_rouge(feuille, f"N{PREMIERE}:N{fin}")
    feuille.autofilter(f"B{PREMIERE - 1}:N{fin}")
    feuille.freeze_panes(PREMIERE - 1, 6)
    feuille.repeat_rows(PREMIERE - 2)
    feuille.fit_to_pages(1, 0)


def _lire(ouvrage: OuvrageInterne) -> None:
    feuille = ouvrage.page(LIRE, "COMMENT LIRE CE CLASSEUR", {"B:B": 6, "C:C": 120}, "C")
    ouvrage.identite(feuille, "Synthèse!$B$2")
    for rang, note in enumerate(_NOTES, start=1):
        feuille.set_row(3 + rang, 32)
        feuille.write(3 + rang, 1, f"{rang}.", ouvrage.style("libelle", "centre"))
        feuille.write(3 + rang, 2, note, ouvrage.style("libelle"))
    feuille.fit_to_pages(1, 1)
