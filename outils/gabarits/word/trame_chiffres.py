"""Les parties chiffrées de la trame : personnes accompagnées, ressources humaines, activité, budget."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.table import Table

from outils.gabarits.word.briques.cadre import reserver
from outils.gabarits.word.briques.commun import (
    BLEU,
    GRIS,
    PALE,
    cellule,
    ecrire,
    entete,
    fusionner,
    intituler,
    tableau,
)
from outils.gabarits.word.briques.controles import appel_de_note

OPERATEUR, RESERVE = "Partie à remplir par l’opérateur", "Réservé ARS"
_ANNEES = ("N-2", "N-1", "N")
_PROVENANCES = ("du domicile", "d’un établissement de santé", "d’un autre ESMS", "d’une autre situation")
_MODALITES = (
    "Hébergement permanent",
    "Hébergement temporaire",
    "Accueil de jour",
    "Internat",
    "Semi-internat",
    "Externat",
    "Milieu ordinaire",
    "Séances",
)
_MESURES = (
    "Capacité financée (places)",
    "Journées théoriques",
    "Journées réalisées",
    "Taux d’occupation",
)
LIGNES_CATEGORIES = 16


def personnes(document: TypeDocument, note: int) -> None:
    """Partie 2, tableaux 3 et 4 : la provenance des personnes, puis les mouvements."""
    _en_haut_de_page(document, "2. Personnes accompagnées et droits des usagers")
    titre = document.add_paragraph(
        "2.1 Provenance des personnes accompagnées au 31 décembre", style="Heading 2"
    )
    appel_de_note(titre, note)
    lignes: list[str] = []
    for origine in _PROVENANCES:
        lignes += [
            f"Part des personnes venant {origine} (%)",
            f"– numérateur : venant {origine}",
            "– dénominateur : personnes présentes au 31 décembre",
        ]
    _par_annee(document, "Indicateur", lignes)
    document.add_paragraph("2.2 File active et mouvements de l’année", style="Heading 2")
    _par_annee(
        document,
        "Mouvements",
        (
            "File active (présents au 31 décembre + sorties définitives)",
            "– personnes présentes au 31 décembre",
            "– sorties définitives de l’année",
            "Entrées de l’année",
            "Sorties de l’année, temporaires comprises",
            "Durée moyenne d’accompagnement des sortis (jours)",
            "Personnes sur liste d’attente au 31 décembre",
        ),
    )


def ressources_humaines(document: TypeDocument, note: int) -> None:
    """Partie 3, tableaux 6 et 7 : indicateurs et effectifs par catégorie."""
    _en_haut_de_page(document, "3. Ressources humaines")
    titre = document.add_paragraph("3.1 Indicateurs", style="Heading 2")
    appel_de_note(titre, note)
    _par_annee(
        document,
        "Indicateur",
        (
            "ETP budgétés",
            "ETP réalisés",
            "ETP vacants au 31 décembre",
            "Taux de rotation du personnel (%)",
            "– recrutements de l’année (CDI et titulaires)",
            "– départs de l’année (CDI et titulaires)",
            "– effectif au 31 décembre de l’année précédente",
            "Taux d’absentéisme (%)",
            "– numérateur : jours calendaires d’absence",
            "– dénominateur : ETP réels (× 365 jours)",
            "Contrats de remplacement à durée déterminée (nombre)",
            "Coût de l’intérim (€)",
        ),
    )
    document.add_paragraph("3.2 Effectifs par catégorie d’emploi, exercice N", style="Heading 2")
    table = tableau(document, (6.2, 2.4, 2.4, 2.4, 4.0), LIGNES_CATEGORIES + 2)
    entete(table.rows[0], table.rows[1])
    intituler(table, 1, ["", "ETP budgétés", "ETP réalisés", "ETP vacants"])
    _coiffer(table, "Catégorie d’emploi", 1, 3)
    _aligner(table, 2, (1, 2, 3))


def activite(document: TypeDocument, note: int) -> None:
    """Partie 4, tableau 8 (paysage) : quatre mesures × trois exercices, une ligne par modalité."""
    document.add_paragraph("4. Activité", style="Heading 1")
    consigne = document.add_paragraph(style="Consigne")
    ecrire(
        consigne, "Ne remplir que les modalités autorisées. Le taux d’occupation est calculé par modalité."
    )
    appel_de_note(consigne, note)
    table = tableau(document, (4.3, *([1.3] * 3), *([1.75] * 3), *([1.75] * 3), *([1.6] * 3), 2.6), 11)
    entete(*table.rows[:3])
    for rang, mesure in enumerate(_MESURES):
        premiere = 1 + 3 * rang
        reunie = fusionner(table, (0, premiere), (0, premiere + 2))
        cellule(reunie, mesure, fond=PALE, gras=True, couleur=BLEU, centre=True, morceaux=2)
        for ecart, annee in enumerate(_ANNEES):
            _annee(table, 1, premiere + ecart, annee)
    cellule(
        fusionner(table, (0, 0), (2, 0)),
        "Modalité d’accueil",
        fond=PALE,
        gras=True,
        couleur=BLEU,
        centre=True,
    )
    cellule(fusionner(table, (0, 13), (2, 13)), RESERVE, fond=GRIS, gras=True, centre=True)
    for ligne, texte in enumerate(_MODALITES, 3):
        cellule(table.cell(ligne, 0), texte, fond=PALE, couleur=BLEU)
        reserver(table.cell(ligne, 13))
        table.rows[ligne].height = Pt(26)
    _aligner(table, 3, tuple(range(1, 13)), droite=True)


def budget(document: TypeDocument) -> None:
    """Partie 5, tableau 9 (paysage) : trois exercices clos et la prévision."""
    _en_haut_de_page(document, "5. Situation budgétaire et financière")
    lignes = (
        ("Charges – groupe I : exploitation courante", False),
        ("Charges – groupe II : personnel", False),
        ("Charges – groupe III : structure", False),
        ("Total des charges", True),
        ("Produits – groupe I : produits de la tarification", False),
        ("Produits – groupe II : autres produits d’exploitation", False),
        ("Produits – groupe III : produits financiers et non encaissables", False),
        ("Total des produits", True),
        ("Résultat (excédent +, déficit –)", True),
        ("Capacité d’autofinancement (CAF)", False),
        ("Taux de CAF (%)", False),
        ("Frais de siège", False),
        ("Coût à la place", False),
    )
    table = tableau(document, (9.2, 3, 3, 3, 3.2, 4.7), len(lignes) + 3)
    entete(*table.rows[:3])
    cellule(fusionner(table, (0, 0), (2, 0)), "En euros", fond=PALE, gras=True, couleur=BLEU, centre=True)
    cellule(
        fusionner(table, (0, 1), (0, 3)), "Exercices clos", fond=PALE, gras=True, couleur=BLEU, centre=True
    )
    cellule(table.cell(0, 4), "Prévision", fond=PALE, gras=True, couleur=BLEU, centre=True)
    cellule(fusionner(table, (0, 5), (2, 5)), RESERVE, fond=GRIS, gras=True, centre=True)
    for colonne, annee in enumerate((*_ANNEES, "N+1"), 1):
        _annee(table, 1, colonne, annee)
    for ligne, (texte, gras) in enumerate(lignes, 3):
        cellule(table.cell(ligne, 0), texte, fond=PALE, couleur=BLEU, gras=gras)
        table.rows[ligne].height = Pt(21)
        reserver(table.cell(ligne, 5))
    _aligner(table, 3, (1, 2, 3, 4), droite=True)


def _en_haut_de_page(document: TypeDocument, titre: str) -> None:
    document.add_paragraph(titre, style="Heading 1").paragraph_format.page_break_before = True


def _par_annee(document: TypeDocument, coin: str, lignes: Sequence[str]) -> Table:
    """Un tableau N-2 | N-1 | N : en-tête sur trois lignes, années à remplir, colonne réservée à droite."""
    table = tableau(document, (8.1, 2.25, 2.25, 2.25, 2.55), len(lignes) + 3)
    entete(*table.rows[:3])
    for ecart, annee in enumerate(_ANNEES, 1):
        _annee(table, 1, ecart, annee)
    _coiffer(table, coin, 2, 3)
    for ligne, texte in enumerate(lignes, 3):
        detail = texte.startswith("–")
        paragraphe = cellule(table.cell(ligne, 0), texte, fond=None if detail else PALE, couleur=BLEU)
        if detail:
            paragraphe.paragraph_format.left_indent = Pt(10)
    _aligner(table, 3, (1, 2, 3), droite=True)
    return table


def _annee(table: Table, ligne: int, colonne: int, annee: str) -> None:
    """L’en-tête d’une année : son rang, puis une cellule vide pour le millésime."""
    cellule(table.cell(ligne, colonne), annee, fond=PALE, gras=True, couleur=BLEU, centre=True)
    cellule(table.cell(ligne + 1, colonne), fond=PALE, centre=True)


def _coiffer(table: Table, coin: str, derniere: int, colonnes: int) -> None:
    """Fusionne l’en-tête : le coin, la partie de l’opérateur, la colonne réservée."""
    cellule(fusionner(table, (0, 0), (derniere, 0)), coin, fond=PALE, gras=True, couleur=BLEU, centre=True)
    cellule(
        fusionner(table, (0, 1), (0, colonnes)), OPERATEUR, fond=PALE, gras=True, couleur=BLEU, centre=True
    )
    fin = colonnes + 1
    cellule(fusionner(table, (0, fin), (derniere, fin)), RESERVE, fond=GRIS, gras=True, centre=True)
    reserver(*[ligne.cells[fin] for ligne in table.rows[derniere + 1 :]])


def _aligner(table: Table, premiere: int, colonnes: Sequence[int], *, droite: bool = True) -> None:
    for ligne in table.rows[premiere:]:
        for colonne in colonnes:
            paragraphe = ligne.cells[colonne].paragraphs[0]
            paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT if droite else WD_ALIGN_PARAGRAPH.CENTER
