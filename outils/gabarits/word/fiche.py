"""Le gabarit « Fiche signalétique ESMS » : contrôles de contenu, zone de texte, protection de formulaire."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from docx.document import Document as TypeDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from outils.gabarits.word import fiche_identite as identite
from outils.gabarits.word.briques.cadre import (
    en_tete_courant,
    libelles,
    pied,
    premier_en_tete,
    titre_de_couverture,
    zone_reservee,
)
from outils.gabarits.word.briques.commun import (
    BLEU,
    FICTIF,
    PALE,
    cellule,
    ecrire,
    entete,
    fusionner,
    intituler,
    nouveau_document,
    tableau,
)
from outils.gabarits.word.briques.controles import (
    Fabrique,
    donnees_liees,
    ouvrir_section,
    proteger_en_formulaire,
)
from outils.gabarits.word.briques.paquet import enregistrer, sans_vignette

FICHIER = "Fiche signalétique ESMS 2026.docx"
MENTION = FICTIF.format("de la fiche signalétique d’une agence régionale de santé")
_PIECES = (
    "Copie du dernier arrêté d’autorisation et, s’il y a lieu, de l’habilitation à l’aide sociale ;",
    "extrait du répertoire FINESS de moins de trois mois ;",
    "organigramme de l’établissement ou du service, sans donnée nominative autre que la direction ;",
    "document unique de délégation du directeur ou de la directrice ;",
    "dernier procès-verbal de la commission de sécurité.",
)
LIGNES_AUTORISATIONS, LIGNES_PARTENARIATS = 6, 5


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = nouveau_document("Fiche signalétique d’un ESMS", "Campagne CPOM 2026")
    sans_vignette(document)
    fabrique = Fabrique(203_114_507)
    lien = donnees_liees(document, "fiche", ("etablissement",))
    premiere = document.sections[0]
    premier_en_tete(premiere, MENTION, "Formulaire FS-ESMS – campagne 2026")
    en_tete_courant(
        premiere,
        MENTION,
        "Fiche signalétique ESMS",
        partial(_nom_en_en_tete, fabrique, lien["etablissement"]),
    )
    pied(premiere, "FS-ESMS – version 1.2 du 12 janvier 2026", "3")
    _presentation(document, fabrique)
    identite.gestionnaire(document, fabrique)
    identite.etablissement(document, fabrique, lien["etablissement"])
    identite.autorisation(document, fabrique)
    document.add_section(WD_SECTION.NEW_PAGE)
    _capacites(document)
    _moyens(document)
    _partenariats(document)
    document.add_section(WD_SECTION.NEW_PAGE)
    _attestation(document, fabrique)
    _reserve(document, fabrique)
    _, libre, close = document.sections
    for section in (libre, close):
        section.different_first_page_header_footer = False
    ouvrir_section(libre)
    proteger_en_formulaire(document)
    return enregistrer(document, dossier / FICHIER)


def _nom_en_en_tete(fabrique: Fabrique, lien: str, ligne: Paragraph) -> None:
    fabrique.texte(
        ligne, "entete_nom", "Nom de l’établissement (en-tête)", "Nom de l’établissement", lien=lien
    )


def _presentation(document: TypeDocument, fabrique: Fabrique) -> None:
    titre_de_couverture(
        document, "FICHE SIGNALÉTIQUE", "Établissement ou service médico-social – annexe 1 du CPOM"
    )
    ancre = document.add_paragraph(style="Consigne")
    fabrique.zone_de_texte(
        ancre, "Identification rapide", "cadre_finess", "N° FINESS de l’établissement :", taille_cm=(5.4, 1.9)
    )
    ecrire(
        ancre,
        "Une fiche par établissement ou service du périmètre, remplie par l’organisme gestionnaire. "
        "Les cadres "
        "gris sont réservés à l’agence : ne rien y écrire. Les identifiants sont ceux du répertoire "
        "FINESS ; "
        "tout écart est à signaler à l’agence avant le dépôt. Le document est protégé : seuls les "
        "champs et "
        "les tableaux des parties 4 à 6 se remplissent.",
    )


def _capacites(document: TypeDocument) -> None:
    document.add_paragraph("4. Activités autorisées et capacités", style="Heading 1")
    consigne = document.add_paragraph(style="Consigne")
    consigne.paragraph_format.keep_with_next = True
    ecrire(consigne, "Une ligne par modalité d’accueil. Codes du répertoire FINESS ; capacités en places.")
    table = tableau(document, (4.2, 1.9, 2.1, 1.9, 1.75, 1.75, 1.8, 2.0), LIGNES_AUTORISATIONS + 3)
    entete(table.rows[0], table.rows[1])
    intituler(
        table,
        1,
        [
            "",
            "Discipline",
            "Fonction\u00adnement",
            "Clientèle",
            "autorisée",
            "financée",
            "installée",
            "habilitée AS",
        ],
    )
    for coin, oppose, texte in (
        ((0, 0), (1, 0), "Modalité d’accueil"),
        ((0, 1), (0, 3), "Triplet FINESS"),
        ((0, 4), (0, 7), "Capacité (places)"),
    ):
        cellule(fusionner(table, coin, oppose), texte, fond=PALE, gras=True, couleur=BLEU, centre=True)
    for ligne in table.rows[2:-1]:
        for case in ligne.cells[1:]:
            case.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    total = len(table.rows) - 1
    cellule(
        fusionner(table, (total, 0), (total, 3)),
        "Total de l’établissement",
        fond=PALE,
        gras=True,
        couleur=BLEU,
    )
    for case in table.rows[total].cells[4:]:
        case.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _moyens(document: TypeDocument) -> None:
    document.add_paragraph("5. Activité et moyens du dernier exercice clos", style="Heading 1")
    table = tableau(document, (6.3, 2.4, 6.3, 2.4), 7)
    paires = [
        ("Exercice clos :", "File active (personnes) :"),
        ("Effectif présent au 31 décembre :", "Entrées dans l’année :"),
        ("ETP de direction et d’encadrement :", "ETP administratifs et de gestion :"),
        ("ETP socio-éducatifs :", "ETP médicaux :"),
        ("ETP d’infirmiers :", "ETP d’aides-soignants, AES et AMP :"),
        ("ETP paramédicaux :", "ETP des services généraux :"),
        ("ETP totaux budgétés :", "ETP totaux réalisés :"),
    ]
    for rang, (gauche, droite) in enumerate(paires):
        libelles(table, rang, [(gauche, None), (droite, None)])
        for colonne in (1, 3):
            table.cell(rang, colonne).paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _partenariats(document: TypeDocument) -> None:
    document.add_paragraph("6. Principaux partenariats", style="Heading 1")
    table = tableau(document, (4.9, 3.4, 5.8, 3.3), LIGNES_PARTENARIATS + 1)
    entete(table.rows[0])
    intituler(table, 0, ["Partenaire", "Nature", "Objet de la coopération", "Convention du"])
    fin = document.add_paragraph(style="Mention")
    ecrire(fin, "Au-delà de cinq partenariats, citer les plus structurants pour le parcours des personnes.")


def _attestation(document: TypeDocument, f: Fabrique) -> None:
    document.add_paragraph("7. Projets de restructuration ou de transformation", style="Heading 1")
    invite = "Projets qui modifieraient l’autorisation pendant le contrat ; « Sans objet » s’il n’y en a pas."
    identite.grand_cadre(document, f, "projets", "Projets de transformation", invite, 2.5)
    document.add_paragraph("8. Pièces à joindre", style="Heading 1")
    for piece in _PIECES:
        document.add_paragraph(piece, style="List Bullet")
    document.add_paragraph("9. Attestation du gestionnaire", style="Heading 1")
    ligne = document.add_paragraph()
    ecrire(ligne, "Je soussigné(e), ")
    f.texte(ligne, "attest_nom", "Nom du signataire", "nom du représentant légal")
    ecrire(ligne, ", certifie que les renseignements de cette fiche sont exacts à la date du ")
    f.date(ligne, "attest_date", "Date des renseignements", "d MMMM yyyy")
    ecrire(ligne, " et conformes au répertoire FINESS.")
    table = tableau(document, (8.7, 8.7), 1)
    lieu = cellule(table.cell(0, 0), "Fait à ")
    f.texte(lieu, "attest_commune", "Fait à", "commune")
    cellule(table.cell(0, 1), "Signature et cachet du gestionnaire", italique=True)
    table.rows[0].height = Pt(62)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _reserve(document: TypeDocument, f: Fabrique) -> None:
    table = zone_reservee(
        document,
        [
            "Dossier reçu le :",
            "Numéro de dossier :",
            "Conformité au répertoire FINESS :",
            "Avis de l’agence :",
        ],
        "RÉSERVÉ À L’AUTORITÉ – NE RIEN INSCRIRE",
    )
    f.date(table.cell(1, 1).paragraphs[0], "reserve_recu", "Réservé à l’autorité : reçu le")
    f.liste(
        table.cell(4, 1).paragraphs[0],
        "reserve_avis",
        "Réservé à l’autorité : avis",
        [("Favorable", "F"), ("Favorable avec réserves", "R"), ("Défavorable", "D")],
    )
