"""Le PGFP : hypothèses et mode d’emploi, graphiques, détail par établissement."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.interne import COULEURS, OuvrageInterne, axe_des_montants, si_connus

HYPOTHESES, DETAIL, GRAPHIQUES = "Hypothèses", "Par établissement", "Graphiques"
TAUX: tuple[tuple[str, str, str], ...] = (
    ("taux_dotation", "Évolution des dotations", "Produits du groupe I"),
    ("taux_autres_produits", "Évolution des autres produits", "Produits du groupe II"),
    ("taux_activite", "Évolution de l’activité", "Produits du groupe II et charges du groupe I"),
    ("taux_inflation", "Inflation", "Charges des groupes I et III, hors amortissements"),
    ("taux_gvt", "GVT", "Charges du groupe II"),
    ("taux_salaires", "Évolution générale des salaires", "Charges du groupe II"),
)
PREMIERE_HYPOTHESE, PREMIER_DETAIL, LIGNES_DU_DETAIL = 6, 6, 72
_SUPPOSE = (
    "Le BFR est celui du dernier bilan clos. Sans variation saisie dans « Hypothèses », il reste constant : "
    "c’est une convention, aucune donnée ne le prévoit.",
    "Les remboursements partent du capital remboursé en N et suivent des annuités constantes, au taux de "
    "chaque emprunt. Un emprunt nouveau commence à être remboursé l’année qui suit son début.",
    "Les intérêts des emprunts nouveaux et les amortissements des investissements nouveaux ne comptent que "
    "s’ils sont saisis dans « Coûts des actions » (groupe III).",
    "Les dotations aux amortissements et les produits du groupe III du budget N restent constants.",
    "Le FRNG n’est pas partagé entre investissement (FRI) et exploitation (FRE) : la projection n’en donne "
    "que le total.",
)


def feuilles(ouvrage: OuvrageInterne, rangs: Mapping[str, int]) -> None:
    """Ajoute « Hypothèses », « Graphiques » et « Par établissement »."""
    _hypotheses(ouvrage)
    _graphiques(ouvrage, rangs)
    _detail(ouvrage)


def _hypotheses(ouvrage: OuvrageInterne) -> None:
    style = ouvrage.style
    feuille = ouvrage.page(
        HYPOTHESES, "LES HYPOTHÈSES DU SCÉNARIO RETENU", {"B:B": 36, "C:C": 46, "D:H": 14}, "H"
    )
    ouvrage.identite(feuille, "PGFP!$B$2")
    entete = PREMIERE_HYPOTHESE - 1
    feuille.write(f"B{entete}", "Taux", style("entete"))
    feuille.write(f"C{entete}", "S’applique à", style("entete"))
    for rang, colonne in enumerate("DEFGH", start=1):
        formule = f'=IF(ANNEE_N="","N+{rang}",ANNEE_N+{rang})'
        feuille.write_formula(f"{colonne}{entete}", formule, style("entete"), f"N+{rang}")
    for ligne, (_, libelle, porte) in enumerate(TAUX, start=PREMIERE_HYPOTHESE):
        feuille.write(f"B{ligne}", libelle, style("libelle"))
        feuille.write(f"C{ligne}", porte, style("libelle", "petit"))
        ouvrage.vides(feuille, [f"{c}{ligne}" for c in "DEFGH"], "saisie", "pour_mille")
    suivante = PREMIERE_HYPOTHESE + len(TAUX)
    feuille.write(f"B{suivante}", "BFR", style("libelle"))
    feuille.write(f"C{suivante}", "Constant, ou variation saisie", style("libelle", "petit"))
    ouvrage.vides(feuille, [f"{c}{suivante}" for c in "DEFGH"], "saisie", "petit", "entoure")
    feuille.set_row(suivante - 1, 27)
    debut = suivante + 2
    feuille.merge_range(f"B{debut}:H{debut}", "Ce que ce plan suppose", style("section"))
    for ligne, texte in enumerate(_SUPPOSE, start=debut + 1):
        feuille.set_row(ligne - 1, 32)
        feuille.merge_range(f"B{ligne}:H{ligne}", texte, style("libelle", "gauche"))
    feuille.fit_to_pages(1, 1)


def _graphiques(ouvrage: OuvrageInterne, rangs: Mapping[str, int]) -> None:
    feuille = ouvrage.page(GRAPHIQUES, "GRAPHIQUES", {"B:S": 9}, "S")
    ouvrage.identite(feuille, "PGFP!$B$2")
    for place, titre, genre, series in (
        ("B5", "Résultat", "column", (("resultat", "Résultat"),)),
        ("K5", "Produits et charges", "line", (("total_produits", "Produits"), ("total_charges", "Charges"))),
        (
            "B25",
            "Fonds de roulement, besoin et trésorerie",
            "line",
            (("frng", "FRNG"), ("bfr", "BFR"), ("tresorerie", "Trésorerie")),
        ),
        (
            "K25",
            "Autofinancement, investissements et dette",
            "column",
            (("caf", "CAF"), ("acquisitions", "Investissements"), ("encours", "Encours d’emprunts")),
        ),
    ):
        graphique = ouvrage.classeur.add_chart({"type": genre})
        for rang, (nom, libelle) in enumerate(series):
            couleur = COULEURS[rang]
            trait = (
                {"fill": {"color": couleur}, "gap": 80, "invert_if_negative": False}
                if genre == "column"
                else {"line": {"color": couleur, "width": 2.25}, "marker": {"type": "circle", "size": 6}}
            )
            graphique.add_series(
                {
                    "name": libelle,
                    "categories": "=PGFP!$C$7:$H$7",
                    "values": f"=PGFP!$C${rangs[nom]}:$H${rangs[nom]}",
                    **trait,
                }
            )
        graphique.set_title({"name": titre, "name_font": {"size": 11}})
        graphique.set_y_axis(axe_des_montants())
        graphique.set_x_axis({"label_position": "low", "num_font": {"size": 8}})
        graphique.set_legend({"none": True} if len(series) == 1 else {"position": "bottom"})
        graphique.set_size({"width": 600, "height": 375})
        feuille.insert_chart(place, graphique, {"object_position": 3})
    feuille.fit_to_pages(1, 1)


_COLONNES: tuple[tuple[str, float, str], ...] = (
    ("Établissement", 38, ""),
    ("Année", 9, ""),
    ("Produits I", 16, ""),
    ("Produits II", 16, ""),
    ("Produits III", 16, ""),
    ("Total des produits", 17, "D{0}:F{0}"),
    ("Charges I", 16, ""),
    ("Charges II", 16, ""),
    ("Charges III", 16, ""),
    ("Total des charges", 17, "H{0}:J{0}"),
    ("Résultat", 16, ""),
    ("CAF", 16, ""),
    ("Taux de CAF", 10, ""),
)
"""Titre, largeur, et la plage qu’un total additionne ; résultat et taux se calculent aussi."""


def _detail(ouvrage: OuvrageInterne) -> None:
    largeurs = {
        f"{xl_col_to_name(rang)}:{xl_col_to_name(rang)}": largeur
        for rang, (_, largeur, _plage) in enumerate(_COLONNES, start=1)
    }
    feuille = ouvrage.page(DETAIL, "LE SCÉNARIO RETENU, PAR ÉTABLISSEMENT", largeurs, "N")
    ouvrage.identite(feuille, "PGFP!$B$2")
    feuille.set_row(PREMIER_DETAIL - 2, 30)
    for rang, (titre, _, _plage) in enumerate(_COLONNES, start=1):
        feuille.write(PREMIER_DETAIL - 2, rang, titre, ouvrage.style("entete"))
    for ligne in range(PREMIER_DETAIL, PREMIER_DETAIL + LIGNES_DU_DETAIL):
        _etablissement(ouvrage, feuille, ligne)
    fin = PREMIER_DETAIL + LIGNES_DU_DETAIL - 1
    ouvrage.deficits_en_rouge(feuille, f"L{PREMIER_DETAIL}:M{fin}")
    trait = ouvrage.classeur.add_format({"top": 1, "top_color": "#1F3864", "bold": True})
    nouveau = f'AND($B{PREMIER_DETAIL}<>"",$B{PREMIER_DETAIL}<>$B{PREMIER_DETAIL - 1})'
    feuille.conditional_format(
        f"B{PREMIER_DETAIL}:N{fin}", {"type": "formula", "criteria": f"={nouveau}", "format": trait}
    )
    feuille.autofilter(f"B{PREMIER_DETAIL - 1}:N{fin}")
    feuille.freeze_panes(PREMIER_DETAIL - 1, 3)
    feuille.repeat_rows(PREMIER_DETAIL - 2)
    feuille.fit_to_pages(1, 0)


def _etablissement(ouvrage: OuvrageInterne, feuille: Worksheet, ligne: int) -> None:
    style = ouvrage.style
    feuille.write_blank(f"B{ligne}", None, style("saisie", "petit", "gauche"))
    feuille.write_blank(f"C{ligne}", None, style("saisie", "annee", "centre"))
    ouvrage.vides(feuille, [f"{c}{ligne}" for c in "DEFHIJM"], "saisie", "euros")
    for rang, (_, _largeur, plage) in enumerate(_COLONNES, start=1):
        if plage:
            somme = plage.format(ligne)
            cellule = f"{xl_col_to_name(rang)}{ligne}"
            ouvrage.calculer(feuille, cellule, si_connus(somme, 3, f"SUM({somme})"), "calcul", "euros")
    resultat = si_connus(f"G{ligne},K{ligne}", 2, f"G{ligne}-K{ligne}")
    ouvrage.calculer(feuille, f"L{ligne}", resultat, "calcul", "euros", "gras")
    taux = si_connus(f"G{ligne},M{ligne}", 2, f'IF(G{ligne}<=0,"",M{ligne}/G{ligne})')
    ouvrage.calculer(feuille, f"N{ligne}", taux, "calcul", "taux")
