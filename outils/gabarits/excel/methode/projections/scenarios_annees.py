"""Comparaison des scénarios : les feuilles par année, un bloc par grandeur, une ligne par scénario."""

from __future__ import annotations

from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.interne import COULEURS, OuvrageInterne, axe_des_montants, si_connus

ANNEES = ("D", "E", "F", "G", "H", "I")
"""Les colonnes de N à N+5."""
SCENARIOS = 4
_HAUTEUR = SCENARIOS + 2


class Bloc(NamedTuple):
    """Une grandeur : son nom, son titre, son style, et la formule d’une ligne (`{champ}` : sa ligne)."""

    nom: str
    titre: str
    style: str = "euros"
    formule: str = ""
    des: int = 0
    """La première année du bloc : 0 pour N, 1 pour N+1."""


HYPOTHESES, COMPTES, EQUILIBRES = "Hypothèses", "Charges et produits", "Équilibres"
FEUILLES: dict[str, tuple[Bloc, ...]] = {
    HYPOTHESES: (
        Bloc("taux_dotation", "Évolution des dotations", "pour_mille", des=1),
        Bloc("taux_autres_produits", "Évolution des autres produits", "pour_mille", des=1),
        Bloc("taux_gvt", "GVT (glissement vieillesse-technicité)", "pour_mille", des=1),
        Bloc("taux_salaires", "Évolution générale des salaires", "pour_mille", des=1),
        Bloc("taux_inflation", "Inflation", "pour_mille", des=1),
        Bloc("taux_activite", "Évolution de l’activité", "pour_mille", des=1),
        Bloc("variation_bfr", "Variation du BFR (vide ou zéro : tenu constant)", des=1),
    ),
    COMPTES: (
        Bloc("charges_groupe_1", "Charges du groupe I – exploitation courante"),
        Bloc("charges_groupe_2", "Charges du groupe II – personnel"),
        Bloc("charges_groupe_3", "Charges du groupe III – structure"),
        Bloc(
            "total_charges", "TOTAL DES CHARGES", formule="charges_groupe_1+charges_groupe_2+charges_groupe_3"
        ),
        Bloc("produits_groupe_1", "Produits du groupe I – tarification (la dotation)"),
        Bloc("produits_groupe_2", "Produits du groupe II – autres produits d’exploitation"),
        Bloc("produits_groupe_3", "Produits du groupe III – financiers et non encaissables"),
        Bloc(
            "total_produits",
            "TOTAL DES PRODUITS",
            formule="produits_groupe_1+produits_groupe_2+produits_groupe_3",
        ),
    ),
    EQUILIBRES: (
        Bloc("resultat", "Résultat", formule="total_produits-total_charges"),
        Bloc("caf", "Capacité d’autofinancement (CAF)"),
        Bloc("taux_caf", "Taux de CAF (CAF ÷ total des produits)", "taux", "caf/total_produits"),
        Bloc("frng", "Fonds de roulement net global (FRNG) au 31 décembre"),
        Bloc("bfr", "Besoin en fonds de roulement (BFR) au 31 décembre"),
        Bloc("tresorerie", "Trésorerie au 31 décembre", formule="frng-bfr"),
        Bloc("dotation", "Dotation (produits de la tarification)", formule="produits_groupe_1"),
        Bloc(
            "evolution_dotation",
            "Évolution de la dotation depuis N",
            formule="produits_groupe_1-$produits_groupe_1",
            des=1,
        ),
        Bloc("demandes", "Crédits demandés, hors moyens constants", des=1),
        Bloc("redeploiement", "Charges d’actions couvertes par redéploiement", des=1),
        Bloc("autofinancement", "Charges d’actions couvertes par autofinancement", des=1),
    ),
}
BLOCS: dict[str, tuple[str, int]] = {
    bloc.nom: (feuille, 6 + _HAUTEUR * rang)
    for feuille, blocs in FEUILLES.items()
    for rang, bloc in enumerate(blocs)
}
"""Le nom d’une grandeur → sa feuille et la ligne du premier scénario."""


def feuilles(ouvrage: OuvrageInterne) -> None:
    """Ajoute les trois feuilles de valeurs et celle des graphiques."""
    for nom, blocs in FEUILLES.items():
        feuille = ouvrage.page(nom, nom.upper(), {"B:B": 10, "C:C": 46, "D:I": 17}, "I")
        ouvrage.identite(feuille, "Synthèse!$B$2")
        feuille.freeze_panes(3, 3)
        feuille.fit_to_pages(1, 0)
        feuille.set_h_pagebreaks([4 + _HAUTEUR * rang - 1 for rang in (4, 8) if rang < len(blocs)])
        for bloc in blocs:
            _bloc(ouvrage, feuille, bloc)
    _graphiques(ouvrage)


def _bloc(ouvrage: OuvrageInterne, feuille: Worksheet, bloc: Bloc) -> None:
    style, premiere = ouvrage.style, BLOCS[bloc.nom][1]
    feuille.merge_range(f"B{premiere - 1}:C{premiere - 1}", bloc.titre, style("entete", "gauche"))
    feuille.set_row(premiere - 2, 20)
    for rang, colonne in enumerate(ANNEES):
        ecart = "" if rang == 0 else f"+{rang}"
        formule = f'=IF(ANNEE_N="","N{ecart}",ANNEE_N{ecart})'
        feuille.write_formula(f"{colonne}{premiere - 1}", formule, style("entete"), f"N{ecart}")
    for scenario in range(SCENARIOS):
        ligne, source = premiere + scenario, f"Synthèse!{'CDEF'[scenario]}"
        for colonne, origine, vide in (("B", 7, ""), ("C", 8, "–")):
            formule = f'=IF({source}{origine}="","{vide}",{source}{origine})'
            feuille.write_formula(f"{colonne}{ligne}", formule, style("libelle"), vide)
        for rang, colonne in enumerate(ANNEES):
            _valeur(ouvrage, feuille, bloc, scenario, rang, colonne)
    if bloc.style == "euros" and "bfr" not in bloc.nom:
        ouvrage.deficits_en_rouge(feuille, f"D{premiere}:I{premiere + SCENARIOS - 1}")
    condition = f'INDEX(Synthèse!$C$9:$F$9,ROW()-{premiere - 1})="oui"'
    ouvrage.surligner(feuille, f"B{premiere}:C{premiere + SCENARIOS - 1}", condition)


def _valeur(
    ouvrage: OuvrageInterne, feuille: Worksheet, bloc: Bloc, scenario: int, rang: int, colonne: str
) -> None:
    cellule = f"{colonne}{BLOCS[bloc.nom][1] + scenario}"
    if rang < bloc.des:
        feuille.write_blank(cellule, None, ouvrage.style("neutre"))
    elif bloc.formule:
        formule = _formule(bloc.formule, scenario, colonne)
        ouvrage.calculer(feuille, cellule, formule, "calcul", bloc.style)
    else:
        feuille.write_blank(cellule, None, ouvrage.style("saisie", bloc.style))


def _formule(modele: str, scenario: int, colonne: str) -> str:
    """« a+b », « a-$a » (la même grandeur en N) : les cellules du scénario, et vide s’il en manque une."""
    cellules: list[str] = []
    expression = ""
    for morceau in modele.replace("+", " + ").replace("-", " - ").replace("/", " / ").split():
        if morceau in "+-/":
            expression += morceau
            continue
        feuille, premiere = BLOCS[morceau.lstrip("$")]
        lettre = ANNEES[0] if morceau.startswith("$") else colonne
        cellules.append(f"'{feuille}'!{lettre}{premiere + scenario}")
        expression += cellules[-1]
    return si_connus(",".join(cellules), len(cellules), expression)


_DESSINS: tuple[tuple[str, str, str, str], ...] = (
    ("resultat", "Résultat", "column", "B5"),
    ("caf", "Capacité d’autofinancement", "line", "K5"),
    ("frng", "Fonds de roulement net global au 31 décembre", "line", "B25"),
    ("produits_groupe_1", "Dotation", "line", "K25"),
    ("redeploiement", "Charges d’actions couvertes par redéploiement", "column", "B45"),
    ("demandes", "Crédits demandés, hors moyens constants", "column", "K45"),
)
"""Grandeur, titre, genre, place."""


def _graphiques(ouvrage: OuvrageInterne) -> None:
    feuille = ouvrage.page("Graphiques", "GRAPHIQUES", {"B:S": 9}, "S")
    ouvrage.identite(feuille, "Synthèse!$B$2")
    feuille.fit_to_pages(1, 1)
    for nom, titre, genre, place in _DESSINS:
        feuille.insert_chart(place, _graphique(ouvrage, nom, titre, genre), {"object_position": 3})


def _graphique(ouvrage: OuvrageInterne, nom: str, titre: str, genre: str) -> object:
    """Une série par scénario, de N (ou N+1) à N+5."""
    feuille, premiere = BLOCS[nom]
    debut = ANNEES[next(b.des for b in FEUILLES[feuille] if b.nom == nom)]
    graphique = ouvrage.classeur.add_chart({"type": genre})
    for scenario, couleur in enumerate(COULEURS[:SCENARIOS]):
        ligne = premiere + scenario
        trait = (
            {"fill": {"color": couleur}, "gap": 80}
            if genre == "column"
            else {
                "line": {"color": couleur, "width": 2.25},
                "marker": {"type": "circle", "size": 6, "fill": {"color": couleur}},
            }
        )
        graphique.add_series(
            {
                "name": f"='{feuille}'!$C${ligne}",
                "categories": f"='{feuille}'!${debut}${premiere - 1}:$I${premiere - 1}",
                "values": f"='{feuille}'!${debut}${ligne}:$I${ligne}",
                **trait,
            }
        )
    graphique.set_title({"name": titre, "name_font": {"size": 11}})
    graphique.set_y_axis(axe_des_montants())
    graphique.set_x_axis({"label_position": "low"})
    graphique.set_legend({"position": "bottom"})
    graphique.set_size({"width": 600, "height": 375})
    return graphique
