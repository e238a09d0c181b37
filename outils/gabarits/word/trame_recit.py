"""Les parties rédigées de la trame : organisation, droits, qualité, patrimoine, partenariats, constats."""

from __future__ import annotations

from docx.document import Document as TypeDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from outils.gabarits.word.briques.cadre import libelles, reserver
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
from outils.gabarits.word.briques.controles import Fabrique
from outils.gabarits.word.trame_chiffres import OPERATEUR, RESERVE

LIGNES_CONSTATS, LIGNES_PARTENARIATS = 5, 6
_OUTILS = (
    ("Livret d’accueil", "livret"),
    ("Règlement de fonctionnement", "reglement"),
    ("Contrat de séjour ou document individuel (DIPC)", "contrat_sejour"),
    ("Projet d’établissement ou de service", "projet"),
    ("Conseil de la vie sociale ou autre forme de participation", "cvs"),
    ("Charte des droits et libertés de la personne accueillie", "charte"),
)


def organisation(document: TypeDocument, fabrique: Fabrique) -> None:
    """Partie 1, tableau 2 : une rubrique par ligne, la partie de l’opérateur, la colonne réservée."""
    titre = document.add_paragraph("1. Organisation et gouvernance", style="Heading 1")
    titre.paragraph_format.page_break_before = True
    rubriques = (
        ("Historique du gestionnaire", 2.6),
        ("Gouvernance et délégations", 2.6),
        ("Organisation et missions du siège", 2.6),
        ("Présentation de l’établissement ou du service", 3.2),
        ("Zone d’intervention", 0.7),
        ("Projet associatif (période)", 0.7),
        ("Arrêté d’autorisation (référence)", 0.7),
        ("Échéance de l’autorisation", 0.7),
        ("Projets de transformation de l’offre", 2.4),
    )
    table = tableau(document, (4.2, 9.2, 4.0), len(rubriques) + 1)
    entete(table.rows[0])
    intituler(table, 0, ["Rubrique", OPERATEUR])
    cellule(table.cell(0, 2), RESERVE, fond=GRIS, gras=True, centre=True)
    for ligne, (texte, hauteur) in enumerate(rubriques, 1):
        cellule(table.cell(ligne, 0), texte, fond=PALE, couleur=BLEU, morceaux=1 + ligne % 3)
        table.rows[ligne].height = Cm(hauteur)
        reserver(table.cell(ligne, 2))
    suite = document.add_paragraph()
    suite.paragraph_format.space_before = Pt(8)
    ecrire(suite, "Frais de siège autorisés :  ")
    for balise, texte in (("siege_oui", "oui"), ("siege_non", "non")):
        fabrique.coche(suite, balise, f"Frais de siège autorisés : {texte}")
        ecrire(suite, f" {texte}     ")
    for texte in ("Convention collective appliquée : ", "Date du projet d’établissement en cours : "):
        ligne_libre = document.add_paragraph()
        ecrire(ligne_libre, texte, morceaux=2)
        ecrire(ligne_libre, "…" * 28)


def droits(document: TypeDocument, fabrique: Fabrique) -> None:
    """Partie 2.3, tableau 5 : les outils de la loi de 2002, à cocher et à dater."""
    document.add_paragraph("2.3 Outils de la loi du 2 janvier 2002", style="Heading 2")
    table = tableau(document, (8.7, 1.3, 1.3, 3.5, 2.6), len(_OUTILS) + 2)
    entete(*table.rows[:2])
    intituler(table, 1, ["", "oui", "non", "mis à jour le"])
    cellule(fusionner(table, (0, 0), (1, 0)), "Outil", fond=PALE, gras=True, couleur=BLEU, centre=True)
    cellule(fusionner(table, (0, 1), (0, 3)), OPERATEUR, fond=PALE, gras=True, couleur=BLEU, centre=True)
    cellule(fusionner(table, (0, 4), (1, 4)), RESERVE, fond=GRIS, gras=True, centre=True)
    for ligne, (texte, balise) in enumerate(_OUTILS, 2):
        cellule(table.cell(ligne, 0), texte, fond=PALE, couleur=BLEU)
        for colonne, reponse in ((1, "oui"), (2, "non")):
            case = cellule(table.cell(ligne, colonne), centre=True)
            fabrique.coche(case, f"{balise}_{reponse}", f"{texte} : {reponse}")
        cellule(table.cell(ligne, 3), centre=True)
        reserver(table.cell(ligne, 4))


def qualite(document: TypeDocument) -> None:
    """Partie 6, tableau 10 : libellés et cellules vides, deux par ligne."""
    document.add_paragraph("6. Qualité et gestion des risques", style="Heading 1")
    paires = (
        ("Dernière évaluation (HAS) le :", "Organisme évaluateur :"),
        ("Cotation chapitre 1 – la personne :", "Cotation chapitre 2 – les professionnels :"),
        ("Cotation chapitre 3 – l’ESSMS :", "Critères impératifs cotés moins de 4 :"),
        ("Événements indésirables déclarés :", "dont graves :"),
        ("Réclamations reçues :", "Dernière inspection le :"),
        ("Injonctions :", "Prescriptions :"),
        ("Plan d’amélioration de la qualité du :", "DUERP mis à jour le :"),
    )
    table = tableau(document, (5.4, 3.1, 5.8, 3.1), len(paires))
    for ligne, (gauche, droite) in enumerate(paires):
        libelles(table, ligne, [(gauche, None), (droite, None)])


def patrimoine(document: TypeDocument, fabrique: Fabrique) -> None:
    """Partie 7, tableau 11 : l’immobilier, avec une liste déroulante et des unités dans les libellés."""
    document.add_paragraph("7. Patrimoine immobilier", style="Heading 1")
    table = tableau(document, (5.2, 3.5, 5.2, 3.5), 5)
    choix = [
        (texte, texte) for texte in ("Propriétaire", "Locataire", "Mise à disposition", "Bail emphytéotique")
    ]

    def occupation(paragraphe: object) -> None:
        fabrique.liste(paragraphe, "occupation", "Statut d’occupation", choix)  # type: ignore[arg-type]

    paires = (
        (("Statut d’occupation", occupation), ("Propriétaire ou bailleur :", None)),
        (("Surface (m²)", None), ("Année de construction", None)),
        (("Chambres simples", None), ("Chambres doubles", None)),
        (("Dernière rénovation (année)", None), ("Commission de sécurité du", None)),
    )
    for ligne, paire in enumerate(paires):
        libelles(table, ligne, paire)
    libelles(table, 4, [("Travaux à prévoir", None)])
    fusionner(table, (4, 1), (4, 3))
    table.rows[4].height = Cm(1.4)


def partenariats(document: TypeDocument) -> None:
    """Partie 8, tableau 12 : six lignes et pas davantage."""
    document.add_paragraph("8. Partenariats et réseaux", style="Heading 1")
    table = tableau(document, (4.4, 5.2, 3.3, 1.5, 3.0), LIGNES_PARTENARIATS + 1)
    entete(table.rows[0])
    intituler(table, 0, ["Partenaire", "Objet", "Convention du", "Effectif"])
    cellule(table.cell(0, 4), RESERVE, fond=GRIS, gras=True, centre=True)
    reserver(*[ligne.cells[4] for ligne in table.rows[1:]])


def constats(document: TypeDocument) -> None:
    """Partie 9, tableaux 13 et 14 : constats communs, puis spécifiques ; forces et faiblesses."""
    titre_de_partie = document.add_paragraph("9. Constats du diagnostic", style="Heading 1")
    titre_de_partie.paragraph_format.page_break_before = True
    for numero, titre in (
        ("9.1", "Constats communs au gestionnaire"),
        ("9.2", "Constats propres à l’établissement"),
    ):
        document.add_paragraph(f"{numero} {titre}", style="Heading 2")
        table = tableau(document, (1.2, 3.4, 9.0, 3.8), 2 * LIGNES_CONSTATS + 1)
        entete(table.rows[0])
        intituler(table, 0, ["", "Axe", "Constat"])
        cellule(table.cell(0, 0), fond=PALE)
        cellule(table.cell(0, 3), f"{RESERVE} : avis", fond=GRIS, gras=True, centre=True)
        for rang, nature in enumerate(("Forces", "Faiblesses")):
            premiere = 1 + rang * LIGNES_CONSTATS
            marge = fusionner(table, (premiere, 0), (premiere + LIGNES_CONSTATS - 1, 0))
            cellule(marge, nature, fond=PALE, gras=True, couleur=BLEU, centre=True)
            sens = OxmlElement("w:textDirection", {qn("w:val"): "btLr"})
            marge._tc.get_or_add_tcPr().find(qn("w:vAlign")).addprevious(sens)
        for ligne in table.rows[1:]:
            ligne.height = Cm(0.62)
            reserver(ligne.cells[3])
