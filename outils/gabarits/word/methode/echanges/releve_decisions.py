"""Le gabarit « Relevé de décisions » : ce qui reste à faire d’abord, puis réunion par réunion."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.interne import (
    BLANC,
    ORANGE,
    ROUGE,
    VERT,
    document_interne,
    fiche,
    respiration,
    souder,
    titre_interne,
)
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, table_de_boucle
from outils.gabarits.word.methode.echanges.tournures import attendu

FICHIER = "Relevé de décisions – trame à balises.docx"
_TENUE = "r.synthese or r.positions or r.decisions"


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Relevé de décisions", taille=9.5)
    titre_interne(document, "Relevé de décisions", "Négociation du CPOM, réunion par réunion")
    _a_faire(document)
    _prevues(document)
    _reunions(document)
    return enregistrer(document, dossier / FICHIER)


def _couleur(nom: str) -> str:
    return (
        f"{{% cellbg '{ROUGE}' if {nom}.situation == 'En retard' else '{VERT}' if {nom}.situation == 'Fait' "
        f"else '{ORANGE}' if {nom}.situation == 'En cours' else '{BLANC}' %}}"
        f"{{{{ {nom}.situation|default('À faire') }}}}"
    )


def _a_faire(document: TypeDocument) -> None:
    document.add_paragraph("Décisions à suivre", style="Heading 2")
    condition(document, "decisions|rejectattr('statut', 'equalto', 'fait')|list")
    table_de_boucle(
        document,
        (1.7, 6.6, 3.8, 2.7, 2.2),
        ["Réunion", "Décision", "Qui", "Pour le", "État"],
        "d in decisions|rejectattr('statut', 'equalto', 'fait')|sort(attribute='echeance')",
        [
            "{{ d.reunion }}, n° {{ d.numero }}",
            attendu("d.decision", "À rédiger") + "{% if d.engagement %} [{{ d.engagement }}]{% endif %}",
            "{{ d.responsable|default('À désigner') }}",
            "{{ d.echeance|default('À fixer') }}",
            _couleur("d"),
        ],
    )
    document.add_paragraph("{%p else %}")
    alinea(document, "Toutes les décisions prises ont été suivies d’effet.")
    condition(document, None)


def _prevues(document: TypeDocument) -> None:
    condition(
        document, "reunions|rejectattr('synthese')|rejectattr('positions')|rejectattr('decisions')|list"
    )
    document.add_paragraph("Réunions à venir", style="Heading 2")
    table_de_boucle(
        document,
        (1.7, 3.6, 7.9, 3.8),
        ["Réunion", "Date", "Objet", "Lieu"],
        "r in reunions|rejectattr('synthese')|rejectattr('positions')|rejectattr('decisions')"
        "|sort(attribute='date')",
        [
            "{{ r.numero }}",
            "{{ r.date|default('À fixer') }}",
            attendu("r.objet", "À préciser"),
            "{{ r.lieu|default('À fixer') }}",
        ],
    )
    condition(document, None)


def _reunions(document: TypeDocument) -> None:
    boucle(document, f"r in reunions|sort(attribute='date') if {_TENUE}")
    titre = document.add_paragraph(
        "{{ r.numero }} – " + attendu("r.objet", "objet à préciser"), style="Heading 1"
    )
    titre.paragraph_format.keep_with_next = True
    table = fiche(
        document,
        [
            ("Date et lieu", "{{ r.date|default('À préciser') }}{% if r.lieu %}, {{ r.lieu }}{% endif %}"),
            ("Étape", "{{ r.phase|libelle|default('–') }}"),
            ("Participants", "{{ r.participants|default('À compléter') }}"),
            ("Synthèse", "{{ r.synthese|default('À rédiger') }}"),
            ("Réunion suivante", "{{ r.prochaine|default('À fixer') }}"),
        ],
        largeurs=(3.6, 13.4),
    )
    souder(table)
    condition(document, "r.positions")
    sous_titre = document.add_paragraph("Positions", style="Heading 3")
    sous_titre.paragraph_format.keep_with_next = True
    table_de_boucle(
        document,
        (4.2, 2.6, 5.2, 5.0),
        ["Engagement", "Partie", "Position", "Motif"],
        "p in r.positions",
        [
            "{{ p.engagement }}"
            "{% for e in engagements if e.code == p.engagement %} – {{ e.objet }}{% endfor %}",
            "{{ p.partie|libelle }}{% if not p.partie %}–{% endif %}",
            attendu("p.position", "–"),
            "{{ p.motif|default('–') }}",
        ],
    )
    condition(document, None)
    condition(document, "r.decisions")
    sous_titre = document.add_paragraph("Décisions", style="Heading 3")
    sous_titre.paragraph_format.keep_with_next = True
    table_de_boucle(
        document,
        (1.1, 7.2, 3.8, 2.7, 2.2),
        ["N°", "Décision", "Qui", "Pour le", "État"],
        "d in r.decisions",
        [
            "{{ d.numero }}",
            attendu("d.decision", "À rédiger") + "{% if d.engagement %} [{{ d.engagement }}]{% endif %}",
            "{{ d.responsable|default('À désigner') }}",
            "{{ d.echeance|default('À fixer') }}",
            _couleur("d"),
        ],
    )
    condition(document, None)
    respiration(document, 8)
    boucle(document, None)
