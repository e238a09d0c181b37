"""Le document « Rétroplanning », en paysage : la vue d’ensemble, qui fait quoi, les dates de l’autorité."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table

from outils.gabarits.word.briques.commun import (
    PALE,
    SARCELLE,
    cellule,
    entete,
    fusionner,
    intituler,
    solidaire,
    tableau,
)
from outils.gabarits.word.briques.interne import (
    BLANC,
    ORANGE,
    ROUGE,
    VERT,
    document_interne,
    figure,
    titre_interne,
)
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, condition, table_de_boucle

FICHIER = "Rétroplanning du CPOM.docx"
_PHASES = {
    "cadrage": "Cadrage",
    "lancement": "Réunion de lancement",
    "diagnostic": "Diagnostic",
    "objectifs": "Objectifs",
    "moyens": "Moyens",
    "redaction": "Rédaction du contrat",
    "signature": "Signature",
    "suivi": "Suivi",
}
_LARGEURS = (5.4, 3.4, 3.5, 3.0, 3.0, 1.3, 3.0, 1.4, 2.4)
_TITRES = (
    "Étape",
    "Qui",
    "Livrable",
    "Début",
    "Fin prévue",
    "Durée",
    "Fin au plus tard",
    "Marge",
    "Situation",
)
_COLONNES = (
    "{{ e.etape }}",
    "{{ e.responsable|default('–') }}",
    "{{ e.livrable|default('–') }}",
    "{{ e.date_debut|default('–') }}",
    "{{ e.date_fin_prevue }}",
    "{{ e.duree|default('–') }}",
    "{{ e.fin_au_plus_tard|default('–') }}",
    "{{ e.marge|default('–') }}",
    f"{{% cellbg '{ROUGE}' if e.situation in ['en_retard', 'impossible', 'depassee'] else "
    f"'{ORANGE}' if e.situation == 'tendue' else '{VERT}' if e.situation == 'faite' else '{BLANC}' %}}"
    "{{ e.situation|libelle }}",
)
_CENTREES = (5, 7)


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Rétroplanning du CPOM", paysage=True, taille=9.5)
    titre_interne(
        document,
        "Rétroplanning du CPOM",
        "{% if contrat.date_signature_visee %}Signature visée le {{ contrat.date_signature_visee }}"
        "{% else %}Date de signature à fixer{% endif %}",
    )
    alinea(
        document,
        "La préparation d’un CPOM demande dix-huit mois en moyenne, dix pour le diagnostic et huit pour la "
        "négociation (ANAP, janvier 2017). Ce calendrier remonte de la signature visée. La durée et la marge "
        "de chaque étape sont comptées en jours ouvrés, du lundi au vendredi, hors jours fériés ; finir "
        "après la date « au plus tard » décale la suite.",
    )
    _vue_d_ensemble(document)
    _dates_de_l_autorite(document)
    _etapes(document)
    _echeances(document)
    return enregistrer(document, dossier / FICHIER)


def _vue_d_ensemble(document: TypeDocument) -> None:
    figure(
        document,
        "{{ retroplanning|gantt(titre='', etiquette='etape', debut='date_debut', fin='date_fin_prevue', "
        "groupe='phase', reelle='date_fin_reelle', imposee='date_imposee', proposee='date_proposee', "
        "jour=parametres.date_reference, largeur=235) }}",
    )


def _etapes(document: TypeDocument) -> None:
    """Une seule table : une ligne de titre par phase, puis ses étapes."""
    titre = document.add_paragraph("Qui fait quoi, étape par étape", style="Heading 1")
    titre.paragraph_format.page_break_before = True
    table = tableau(document, _LARGEURS, 1 + 6 * (len(_PHASES) + 1))
    entete(table.rows[0])
    intituler(table, 0, _TITRES)
    groupes = [*(("e.phase == '" + code + "'", nom) for code, nom in _PHASES.items())]
    groupes.append(("not e.phase", "Autres étapes"))
    for rang, (si, nom) in enumerate(groupes):
        _groupe(table, 1 + 6 * rang, si, nom)


def _groupe(table: Table, ligne: int, si: str, nom: str) -> None:
    code = si.partition("'")[2].rstrip("'")
    presence = (
        f"retroplanning|selectattr('phase', 'equalto', '{code}')|list|length"
        if code
        else "retroplanning|rejectattr('phase')|list|length"
    )
    balises = {
        0: f"{{%tr if {presence} %}}",
        2: "{%tr endif %}",
        3: f"{{%tr for e in retroplanning if {si} %}}",
        5: "{%tr endfor %}",
    }
    for rang, balise in balises.items():
        table.cell(ligne + rang, 0).paragraphs[0].add_run(balise)
    bandeau = fusionner(table, (ligne + 1, 0), (ligne + 1, len(_LARGEURS) - 1))
    cellule(bandeau, nom, fond=PALE, gras=True, couleur=SARCELLE)
    solidaire(table.rows[ligne + 1])
    for colonne, texte in enumerate(_COLONNES):
        paragraphe = cellule(table.cell(ligne + 4, colonne), texte)
        if colonne in _CENTREES:
            paragraphe.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _dates_de_l_autorite(document: TypeDocument) -> None:
    condition(document, "retroplanning|selectattr('date_imposee')|list|length")
    document.add_paragraph("Le calendrier de l’autorité et notre contre-proposition", style="Heading 1")
    alinea(
        document,
        "La colonne « au plus tôt » dit quand l’étape peut être finie, d’après celles qui la précèdent, leur "
        "durée et la date des données : une date imposée avant elle ne peut pas être tenue.",
    )
    table_de_boucle(
        document,
        (7.6, 3.2, 3.2, 3.2, 3.0, 6.2),
        ["Étape", "Date imposée", "Prévue", "Au plus tôt", "Notre proposition", "Écart"],
        "e in retroplanning if e.date_imposee",
        [
            "{{ e.etape }}",
            "{{ e.date_imposee }}",
            "{{ e.date_fin_prevue }}",
            f"{{% cellbg '{ROUGE}' if e.fin_au_plus_tot and e.fin_au_plus_tot > e.date_imposee "
            f"and e.situation != 'faite' else '{BLANC}' %}}{{{{ e.fin_au_plus_tot|default('–') }}}}",
            "{{ e.date_proposee|default('–') }}",
            "{% if not e.date_proposee %}date acceptée{% elif e.ecart_impose == 0 %}aucun"
            "{% elif e.ecart_impose > 0 %}{{ e.ecart_impose }} jour{% if e.ecart_impose > 1 %}s{% endif %} "
            "ouvré{% if e.ecart_impose > 1 %}s{% endif %} après la date imposée"
            "{% else %}{{ -e.ecart_impose }} jour{% if e.ecart_impose < -1 %}s{% endif %} "
            "ouvré{% if e.ecart_impose < -1 %}s{% endif %} avant la date imposée{% endif %}",
        ],
    )
    condition(document, None)


def _echeances(document: TypeDocument) -> None:
    condition(document, "echeances|rejectattr('passee')|list|length")
    titre = document.add_paragraph("Échéances légales et de campagne à venir", style="Heading 1")
    titre.paragraph_format.page_break_before = True
    table_de_boucle(
        document,
        (3.6, 3.6, 7.6, 1.8, 4.2, 5.6),
        ["Date", "Dernier jour ouvré", "Échéance", "Exercice", "Concerne", "Source"],
        "h in echeances if not h.passee",
        [
            "{{ h.date }}",
            "{% if h.dernier_jour_ouvre == h.date %}–{% else %}{{ h.dernier_jour_ouvre }}{% endif %}",
            "{{ h.libelle }}{% if h.precision %} ({{ h.precision|lower }}){% endif %}",
            "{{ h.annee }}",
            "{{ h.concerne }}",
            "{{ h.texte }}",
        ],
    )
    alinea(
        document,
        "Une échéance qui tombe un jour chômé n’est pas reportée par les textes : s’y préparer pour le "
        "dernier jour ouvré qui la précède. Les dates et les textes sont à vérifier à chaque campagne.",
        italique=True,
        sous_un_tableau=True,
    )
    condition(document, None)
