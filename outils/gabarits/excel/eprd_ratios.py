"""La feuille « Ratios » : capacité d’autofinancement, poids du personnel, coût à la place, graphique."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.eprd_lignes import ANNEES, GROUPES, LIGNES, RESULTAT
from outils.gabarits.excel.feuilles import commenter
from outils.gabarits.excel.styles import NOTE, ORANGE_PALE, ROUGE, ROUGE_PALE, VERT, VERT_PALE, Ouvrage

FEUILLE = "Ratios"
_PREMIERE = 6
_CHARGES, _PRODUITS = LIGNES["charge", "", ""], LIGNES["produit", "", ""]


def _crp(*cle: str) -> str:
    """La cellule de la feuille « CRP », la colonne restant à mettre (« {c} »)."""
    return f"CRP!{{c}}{LIGNES[cle[0], cle[1], cle[2]]}"


_DOTATIONS, _REPRISES = _crp("charge", "III", "68"), _crp("produit", "III", "78")
_CESSIONS, _CEDES = _crp("compte", "", "775"), _crp("compte", "", "675")
_SUBVENTIONS, _AUTRES, _AUTRES_7781 = (_crp("compte", "", c) for c in ("777", "778", "7781"))
_CLASSE_7 = "+".join(
    _crp(g.sens, g.code, chapitre)
    for g in GROUPES
    if g.sens == "produit"
    for chapitre, _ in g.chapitres
    if chapitre[0] == "7"
)
_RABAIS = f"({_crp('charge', 'I', '70')}+{_crp('charge', 'I', '71')})"
_COURANTS = f"{_CLASSE_7}-{_REPRISES}-{_CESSIONS}-{_SUBVENTIONS}-{_AUTRES_7781}-{_RABAIS}"
_NETTES = f"CRP!{{c}}{_CHARGES}-{_crp('produit', 'II', '')}-{_crp('produit', 'III', '')}"

_RATIOS: tuple[tuple[str, str, str, str, str], ...] = (
    ("resultat", "Résultat", "Total des produits − total des charges", "euros", f"CRP!{{c}}{RESULTAT}"),
    ("", "+ Dotations aux amortissements et provisions", "Compte 68", "euros", _DOTATIONS),
    ("", "+ Valeur comptable des actifs cédés", "Compte 675", "euros", _CEDES),
    ("", "− Reprises sur amortissements et provisions", "Compte 78", "euros", f"-{_REPRISES}"),
    ("", "− Produits des cessions d’actifs", "Compte 775", "euros", f"-{_CESSIONS}"),
    ("", "− Quote-part des subventions", "Compte 777", "euros", f"-{_SUBVENTIONS}"),
    ("", "− Autres produits exceptionnels", "Compte 778", "euros", f"-{_AUTRES}-{_AUTRES_7781}"),
    ("caf", "CAPACITÉ D’AUTOFINANCEMENT", "Somme des lignes qui précèdent", "euros", "SUM({c}6:{c}12)"),
    ("", "Produits courants", "Classe 7 sauf 775, 777, 7781, 78, moins 709 et 713", "euros", _COURANTS),
    ("taux_caf", "Taux de CAF", "CAF / produits courants", "taux", "{c}13/{c}14"),
    (
        "part_personnel",
        "Part des charges de personnel",
        "Charges du groupe II / total des charges",
        "taux",
        f"{_crp('charge', 'II', '')}/CRP!{{c}}{_CHARGES}",
    ),
    (
        "",
        "Part des charges de structure",
        "Charges du groupe III / total des charges",
        "taux",
        f"{_crp('charge', 'III', '')}/CRP!{{c}}{_CHARGES}",
    ),
    (
        "",
        "Part des frais de siège",
        "Compte 655 / total des charges",
        "taux",
        f"{_crp('compte', '', '655')}/CRP!{{c}}{_CHARGES}",
    ),
    ("", "Charges nettes", "Total des charges − produits des groupes II et III", "euros", _NETTES),
    ("cout_place", "Coût à la place", "Charges nettes / capacité financée", "euros", "{c}19/CAPACITE"),
)
"""Nom défini, libellé, lecture, style, formule. L’ordre fixe les lignes : CAF en 13, taux de CAF en 15."""


def feuille_ratios(ouvrage: Ouvrage) -> None:
    """Ajoute la feuille : rien ne s’y saisit."""
    style = ouvrage.style
    largeurs = {"A:A": 2, "B:B": 44, "C:C": 48, "D:F": 18}
    feuille = ouvrage.feuille(FEUILLE, "#2E8B57", largeurs)
    feuille.set_row(0, 28)
    feuille.merge_range("B1:F1", "RATIOS FINANCIERS", style("bandeau"))
    feuille.merge_range("B2:F2", NOTE, style("fictif"))
    feuille.merge_range("B4:B5", "Ratio", style("entete"))
    feuille.merge_range("C4:C5", "Mode de calcul", style("entete"))
    feuille.merge_range("D4:F4", "Exercices", style("entete"))
    for colonne, exercice in zip(ANNEES, ("N-2", "N-1", "N"), strict=True):
        formule = f'=IF(EXERCICE="","{exercice}",EXERCICE{exercice[1:]})'
        feuille.write_formula(f"{colonne}5", formule, style("colonne"), exercice)
    for ligne, ratio in enumerate(_RATIOS, start=_PREMIERE):
        _ratio(ouvrage, feuille, ligne, ratio)
    _alertes(ouvrage, feuille)
    _graphique(ouvrage, feuille)
    feuille.set_landscape()
    feuille.fit_to_pages(1, 1)


def _ratio(ouvrage: Ouvrage, feuille: Worksheet, ligne: int, ratio: tuple[str, str, str, str, str]) -> None:
    nom, libelle, lecture, nature, formule = ratio
    style, principal = ouvrage.style, bool(nom)
    feuille.set_row(ligne - 1, 19)
    feuille.write(f"B{ligne}", libelle, style("libelle", *(["gras"] if principal else ["retrait"])))
    feuille.write(f"C{ligne}", lecture, style("libelle", "petit"))
    for colonne in ANNEES:
        calcul = formule.format(c=colonne)
        quotient = "/" in calcul
        if quotient:
            denominateur = calcul.rpartition("/")[2]
            calcul = f'IF(N({denominateur})=0,"",{calcul})'
        genre = ("total",) if principal else ("calcul",)
        cellule = f"{colonne}{ligne}"
        feuille.write_formula(cellule, f"={calcul}", style(*genre, nature), "" if quotient else 0)
    if principal:
        ouvrage.classeur.define_name(f"{nom.upper()}_N", f"={FEUILLE}!$F${ligne}")


def _alertes(ouvrage: Ouvrage, feuille: Worksheet) -> None:
    """Taux de CAF sous 2 % en rouge, jusqu’à 5 % en orange, au-delà en vert ; flèches sur le personnel."""
    for critere, fond, encre in (
        ("AND(ISNUMBER(D15),D15<0.02)", ROUGE_PALE, ROUGE),
        ("AND(ISNUMBER(D15),D15<0.05)", ORANGE_PALE, "#7F4F00"),
        ("ISNUMBER(D15)", VERT_PALE, VERT),
    ):
        feuille.conditional_format(
            "D15:F15",
            {
                "type": "formula",
                "criteria": f"={critere}",
                "format": ouvrage.alerte(fond, encre, gras=True),
                "stop_if_true": True,
            },
        )
    feuille.conditional_format(
        "D16:F18",
        {
            "type": "data_bar",
            "data_bar_2010": True,
            "bar_solid": True,
            "bar_color": "#F4B183",
            "min_type": "num",
            "max_type": "num",
            "min_value": 0,
            "max_value": 1,
        },
    )
    commenter(feuille, "B15", "Un taux de CAF inférieur à 2 % est un critère de déséquilibre.")


def _graphique(ouvrage: Ouvrage, feuille: Worksheet) -> None:
    """Charges par groupe, empilées, et total des produits en ligne."""
    colonnes = ouvrage.classeur.add_chart({"type": "column", "subtype": "stacked"})
    couleurs = ("#9DB7D5", "#2E5C8A", "#1F3864")
    for couleur, code in zip(couleurs, ("I", "II", "III"), strict=True):
        ligne = LIGNES["charge", code, ""]
        colonnes.add_series(
            {
                "name": f"Charges, groupe {code}",
                "categories": f"={FEUILLE}!$D$5:$F$5",
                "values": f"=CRP!$D${ligne}:$F${ligne}",
                "fill": {"color": couleur},
                "gap": 90,
            }
        )
    produits = ouvrage.classeur.add_chart({"type": "line"})
    produits.add_series(
        {
            "name": "Total des produits",
            "categories": f"={FEUILLE}!$D$5:$F$5",
            "values": f"=CRP!$D${_PRODUITS}:$F${_PRODUITS}",
            "line": {"color": "#E2725B", "width": 2.5},
            "marker": {"type": "circle", "size": 7, "fill": {"color": "#E2725B"}},
        }
    )
    colonnes.combine(produits)
    colonnes.set_title({"name": "Charges par groupe fonctionnel et produits (€)", "name_font": {"size": 11}})
    colonnes.set_y_axis(
        {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    colonnes.set_legend({"position": "bottom"})
    colonnes.set_size({"width": 1060, "height": 330})
    feuille.insert_chart("B23", colonnes, {"object_position": 3})
