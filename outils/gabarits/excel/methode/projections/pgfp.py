"""Le classeur « Plan global de financement pluriannuel » du scénario retenu, de N à N+5."""

from __future__ import annotations

from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.interne import OuvrageInterne, si_connus
from outils.gabarits.excel.methode.projections import pgfp_suite as suite

FICHIER = "PGFP du scénario retenu.xlsx"
FEUILLE = "PGFP"
ANNEES = ("C", "D", "E", "F", "G", "H")
PREMIERE = 8


class Ligne(NamedTuple):
    """Une ligne du plan : son nom, son libellé, sa formule (`{nom}` : une ligne ; `{-nom}` : l’an d’avant).

    Sans formule, la ligne se remplit. `depart` : vrai si la première année vient du bilan, donc se remplit.
    `des` : la première année calculée.
    """

    nom: str
    libelle: str
    formule: str = ""
    style: str = "euros"
    genre: str = ""
    depart: bool = False
    des: int = 0


LIGNES: tuple[Ligne, ...] = (
    Ligne("", "1. Produits", genre="section"),
    Ligne("produits_groupe_1", "Groupe I – produits de la tarification"),
    Ligne("produits_groupe_2", "Groupe II – autres produits d’exploitation"),
    Ligne("produits_groupe_3", "Groupe III – produits financiers et non encaissables"),
    Ligne(
        "total_produits",
        "Total des produits",
        "{produits_groupe_1}+{produits_groupe_2}+{produits_groupe_3}",
        genre="total",
    ),
    Ligne("", "2. Charges", genre="section"),
    Ligne("charges_groupe_1", "Groupe I – exploitation courante"),
    Ligne("charges_groupe_2", "Groupe II – personnel"),
    Ligne("charges_groupe_3", "Groupe III – structure"),
    Ligne(
        "total_charges",
        "Total des charges",
        "{charges_groupe_1}+{charges_groupe_2}+{charges_groupe_3}",
        genre="total",
    ),
    Ligne("", "3. Résultat et autofinancement", genre="section"),
    Ligne("resultat", "Résultat (1 − 2)", "{total_produits}-{total_charges}", genre="total"),
    Ligne("caf", "Capacité d’autofinancement (CAF)"),
    Ligne("taux_caf", "Taux de CAF (CAF ÷ produits)", "{caf}/{total_produits}", "taux"),
    Ligne("", "4. Emplois stables", genre="section"),
    Ligne("remboursements", "Remboursements d’emprunts (capital)"),
    Ligne("acquisitions", "Acquisitions et travaux"),
    Ligne("emplois", "Total des emplois", "{remboursements}+{acquisitions}", genre="total"),
    Ligne("", "5. Ressources stables", genre="section"),
    Ligne("caf_reprise", "Capacité d’autofinancement", "{caf}"),
    Ligne("emprunts_nouveaux", "Emprunts nouveaux"),
    Ligne("subventions", "Subventions d’investissement"),
    Ligne("cessions", "Cessions d’immobilisations"),
    Ligne(
        "ressources",
        "Total des ressources",
        "{caf_reprise}+{emprunts_nouveaux}+{subventions}+{cessions}",
        genre="total",
    ),
    Ligne("apport", "Apport au FRNG, ou prélèvement (5 − 4)", "{ressources}-{emplois}", genre="total"),
    Ligne("", "6. Équilibre du bilan au 31 décembre", genre="section"),
    Ligne("frng_ouverture", "FRNG au 1er janvier", "{-frng}", depart=True),
    Ligne("frng", "FRNG au 31 décembre", "{frng_ouverture}+{apport}", genre="total"),
    Ligne("bfr_ouverture", "BFR au 1er janvier", "{-bfr}", depart=True),
    Ligne("variation_bfr", "Variation du BFR supposée"),
    Ligne("bfr", "BFR au 31 décembre", "{bfr_ouverture}+{variation_bfr}", genre="total"),
    Ligne("tresorerie", "Trésorerie au 31 décembre (FRNG − BFR)", "{frng}-{bfr}", genre="total"),
    Ligne("", "7. Dette", genre="section"),
    Ligne("encours_ouverture", "Encours d’emprunts au 1er janvier", "{-encours}", depart=True),
    Ligne(
        "encours",
        "Encours d’emprunts au 31 décembre",
        "{encours_ouverture}+{emprunts_nouveaux}-{remboursements}",
        genre="total",
    ),
    Ligne("duree_apparente_dette", "Durée apparente de la dette (années)", "{encours}/{caf}", "decimal"),
    Ligne("", "8. Évolutions", genre="section"),
    Ligne("evolution_produits", "Des produits", "{total_produits}/{-total_produits}-1", "variation", des=1),
    Ligne("evolution_charges", "Des charges", "{total_charges}/{-total_charges}-1", "variation", des=1),
    Ligne(
        "evolution_dotation",
        "De la dotation",
        "{produits_groupe_1}/{-produits_groupe_1}-1",
        "variation",
        des=1,
    ),
)
"""L’ordre fixe les lignes de la feuille, à partir de la huitième."""
RANGS = {ligne.nom: PREMIERE + rang for rang, ligne in enumerate(LIGNES) if ligne.nom}


def construire() -> bytes:
    """Le classeur entier."""
    ouvrage = OuvrageInterne("Plan global de financement pluriannuel")
    feuille = ouvrage.page(FEUILLE, "PLAN GLOBAL DE FINANCEMENT PLURIANNUEL", {"B:B": 54, "C:H": 18}, "H")
    _entete(ouvrage, feuille)
    for rang, ligne in enumerate(LIGNES, start=PREMIERE):
        _ligne(ouvrage, feuille, rang, ligne)
    suite.feuilles(ouvrage, RANGS)
    return ouvrage.octets()


def _entete(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    style = ouvrage.style
    for ligne, libelle in ((4, "Scénario retenu"), (5, "Contrat")):
        feuille.write(f"B{ligne}", libelle, style("libelle"))
        feuille.merge_range(f"C{ligne}:E{ligne}", "", style("saisie", "gauche"))
    feuille.write("F4", "Année N du dossier", style("libelle", "petit"))
    feuille.write_blank("G4", None, style("saisie", "annee", "centre"))
    ouvrage.classeur.define_name("ANNEE_N", f"={FEUILLE}!$G$4")
    feuille.write(f"B{PREMIERE - 1}", "En euros", style("entete", "gauche"))
    for rang, colonne in enumerate(ANNEES):
        ecart = f"+{rang}" if rang else ""
        nature = "budget" if rang == 0 else "projeté"
        formule = f'=IF(ANNEE_N="","N{ecart}",ANNEE_N{ecart})&" – {nature}"'
        feuille.write_formula(f"{colonne}{PREMIERE - 1}", formule, style("entete"), f"N{ecart} – {nature}")
    feuille.freeze_panes(PREMIERE - 1, 2)
    feuille.fit_to_pages(1, 1)
    feuille.set_portrait()
    feuille.print_area(f"A1:H{PREMIERE + len(LIGNES)}")


def _ligne(ouvrage: OuvrageInterne, feuille: Worksheet, rang: int, ligne: Ligne) -> None:
    if ligne.genre == "section":
        feuille.merge_range(f"B{rang}:H{rang}", ligne.libelle, ouvrage.style("section"))
        return
    pose = ("total", "gauche") if ligne.genre else ("libelle", "retrait")
    feuille.write(f"B{rang}", ligne.libelle, ouvrage.style(*pose))
    for place, colonne in enumerate(ANNEES):
        cellule, style = f"{colonne}{rang}", ligne.style
        if place < ligne.des:
            feuille.write_blank(cellule, None, ouvrage.style("neutre"))
        elif not ligne.formule or (ligne.depart and place == 0):
            feuille.write_blank(cellule, None, ouvrage.style("saisie", style))
        else:
            fond = "total" if ligne.genre else "calcul"
            ouvrage.calculer(feuille, cellule, _formule(ligne.formule, place), fond, style)
    if ligne.nom in ("resultat", "caf", "apport", "frng", "tresorerie"):
        ouvrage.deficits_en_rouge(feuille, f"C{rang}:H{rang}")


def _formule(modele: str, place: int) -> str:
    """La formule d’une année : vide s’il manque une valeur, ou si elle diviserait par zéro."""
    cellules: list[str] = []
    expression = modele
    for nom, rang in RANGS.items():
        for ecrit, colonne in ((f"{{{nom}}}", ANNEES[place]), (f"{{-{nom}}}", ANNEES[place - 1])):
            if ecrit in expression:
                cellules.append(f"{colonne}{rang}")
                expression = expression.replace(ecrit, cellules[-1])
    if "/" in expression:
        diviseur = expression.partition("/")[2].removesuffix("-1")
        expression = f'IF({diviseur}<=0,"",{expression})'
    return si_connus(",".join(cellules), len(cellules), expression)
