"""Le gabarit « Trame de diagnostic partagé » : tableaux N-2 | N-1 | N, zones réservées, signets, notes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from docx.document import Document as TypeDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.section import Section
from docx.shared import Cm
from docx.text.paragraph import Paragraph

from outils.gabarits.word import trame_chiffres as chiffres
from outils.gabarits.word import trame_recit as recit
from outils.gabarits.word.briques.cadre import (
    en_tete_courant,
    libelles,
    pied,
    premier_en_tete,
    titre_de_couverture,
    zone_reservee,
)
from outils.gabarits.word.briques.commun import BLEU, FICTIF, ecrire, nouveau_document, tableau
from outils.gabarits.word.briques.controles import Fabrique, appel_de_note, notes_de_bas_de_page
from outils.gabarits.word.briques.paquet import enregistrer, sans_vignette
from outils.gabarits.word.briques.sommaire import sommaire

FICHIER = "Trame diagnostic partagé ESMS - opérateur (V3).docx"
MENTION = FICTIF.format("d’un document d’analyse et de diagnostic d’une agence régionale de santé")
_NOTES = (
    "Dans toute la trame, N désigne le dernier exercice clos, N-1 et N-2 les deux exercices qui le "
    "précèdent.",
    "Personnes présentes au 31 décembre, hors accompagnement temporaire.",
    "Taux de rotation : demi-somme des recrutements et des départs, rapportée à l’effectif au 31 décembre "
    "précédent. Absentéisme : jours calendaires d’absence ÷ (ETP réels × 365), hors formation.",
    "Journées réalisées ÷ (capacité autorisée et financée × jours d’ouverture), en pourcentage.",
)
SOMMAIRE = (
    ("1. Organisation et gouvernance", 2),
    ("2. Personnes accompagnées et droits des usagers", 3),
    ("3. Ressources humaines", 4),
    ("4. Activité", 5),
    ("5. Situation budgétaire et financière", 6),
    ("6. Qualité et gestion des risques", 7),
    ("7. Patrimoine immobilier", 7),
    ("8. Partenariats et réseaux", 7),
    ("9. Constats du diagnostic", 8),
    ("10. Validation", 8),
)


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = nouveau_document("Trame de diagnostic partagé", "Diagnostic préalable au CPOM", taille=9.5)
    sans_vignette(document)
    fabrique = Fabrique(611_020_933)
    notes = notes_de_bas_de_page(document, _NOTES)
    debut = document.sections[0]
    premier_en_tete(debut, MENTION, "Trame D3 – partie opérateur")
    _habiller(debut, fabrique, "entete_finess")
    _couverture(document, fabrique)
    _introduction(document, fabrique, notes[0])
    recit.organisation(document, fabrique)
    chiffres.personnes(document, notes[1])
    recit.droits(document, fabrique)
    chiffres.ressources_humaines(document, notes[2])
    _orienter(document, fabrique, "entete_finess_paysage", paysage=True)
    chiffres.activite(document, notes[3])
    chiffres.budget(document)
    _orienter(document, fabrique, "entete_finess_suite", paysage=False)
    recit.qualite(document)
    recit.patrimoine(document, fabrique)
    recit.partenariats(document)
    recit.constats(document)
    _validation(document)
    return enregistrer(document, dossier / FICHIER)


def _habiller(section: Section, fabrique: Fabrique, balise: str) -> None:
    en_tete_courant(section, MENTION, "Diagnostic partagé", partial(_finess_en_en_tete, fabrique, balise))
    pied(section, "Trame de diagnostic partagé – V3 – janvier 2026", "8")


def _finess_en_en_tete(fabrique: Fabrique, balise: str, ligne: Paragraph) -> None:
    ecrire(ligne, "FINESS ")
    fabrique.texte(ligne, balise, "FINESS (en-tête)", "à compléter")


def _couverture(document: TypeDocument, fabrique: Fabrique) -> None:
    titre_de_couverture(
        document,
        "TRAME DE DIAGNOSTIC PARTAGÉ",
        "Préalable au contrat pluriannuel d’objectifs et de moyens – une trame par établissement ou service",
    )
    table = tableau(document, (5.4, 12), 6)
    for rang, texte in enumerate(
        (
            "Organisme gestionnaire :",
            "Établissement ou service :",
            "N° FINESS (établissement) :",
            "Catégorie :",
            "Commune :",
            "Personne chargée du diagnostic :",
        )
    ):
        libelles(table, rang, [(texte, None)])
        table.rows[rang].height = Cm(0.7)
    espace = document.add_paragraph()
    ecrire(espace, "")
    sommaire(document, SOMMAIRE)


def _introduction(document: TypeDocument, fabrique: Fabrique, note: int) -> None:
    document.add_paragraph("Mode d’emploi", style="Heading 2")
    consigne = document.add_paragraph(style="Consigne")
    ecrire(
        consigne,
        "L’opérateur remplit les colonnes « Partie à remplir par l’opérateur ». Les colonnes et les "
        "cadres gris "
        "« Réservé ARS » sont complétés par l’agence après la visite : n’y rien inscrire. Chaque "
        "indicateur en "
        "pourcentage est suivi de son numérateur et de son dénominateur. Les cases sans objet pour "
        "la catégorie "
        "d’établissement restent vides.",
    )
    appel_de_note(consigne, note)
    phrase = document.add_paragraph()
    ecrire(phrase, "Le présent diagnostic, établi au ", morceaux=3)
    fabrique.signet(phrase, "date_diagnostic", "[date]")
    ecrire(phrase, ", concerne ")
    fabrique.signet(phrase, "nom_etablissement", "[nom de l’établissement]")
    ecrire(phrase, ", géré par ")
    fabrique.signet(phrase, "nom_gestionnaire", "[organisme gestionnaire]")
    ecrire(phrase, ". Il couvre les exercices ")
    fabrique.signet(phrase, "premiere_annee", "[N-2]")
    ecrire(phrase, " à ")
    fabrique.signet(phrase, "derniere_annee", "[N]")
    ecrire(phrase, " et fonde les objectifs du contrat à venir.")


def _orienter(document: TypeDocument, fabrique: Fabrique, balise: str, *, paysage: bool) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    section.orientation = WD_ORIENT.LANDSCAPE if paysage else WD_ORIENT.PORTRAIT
    cotes = (Cm(29.7), Cm(21)) if paysage else (Cm(21), Cm(29.7))
    section.page_width, section.page_height = cotes
    _habiller(section, fabrique, balise)


def _validation(document: TypeDocument) -> None:
    document.add_paragraph("10. Validation", style="Heading 1")
    phrase = document.add_paragraph()
    phrase.paragraph_format.keep_with_next = True
    ecrire(phrase, "Diagnostic arrêté par le gestionnaire, représenté par : ", couleur=BLEU)
    ecrire(phrase, "…" * 18)
    zone_reservee(
        document,
        (
            "Date de la visite contradictoire :",
            "Validé en comité de pilotage le :",
            "Observations de l’agence :",
            "Points retenus pour la négociation :",
        ),
        "RÉSERVÉ ARS",
    ).rows[4].height = Cm(1)
