"""Le document « Comité de pilotage » : composition, missions, circuit de validation, équipe, formations."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.interne import document_interne, respiration, titre_interne
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, table_de_boucle

FICHIER = "Comité de pilotage – composition et missions.docx"
_REFERENTS = "['referent_technique', 'referent_strategique', 'appui_technique', 'equipe_projet']"
_NEGOCIATEURS = "['negociateur_ars', 'negociateur_departement']"
_ASSOCIES = "['gouvernance', 'cse', 'cvs']"
_INSTANCE = "{% for i in instances if i.code == v.instance %}{{ i.libelle }}{% endfor %}"


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Comité de pilotage du CPOM")
    titre_interne(document, "Comité de pilotage du CPOM", "Composition, missions et circuit de validation")
    alinea(
        document,
        "Ce document dit qui conduit la démarche, qui décide, qui négocie et qui est associé. Le comité de "
        "pilotage s’appuie sur l’organisation interne du gestionnaire : il arbitre, valide chaque livrable "
        "avant qu’il ne soit remis aux autorités, puis suit l’exécution du contrat.",
    )
    _comites(document)
    _roles(document, "Référents et équipe projet", _REFERENTS)
    _roles(document, "Négociateurs face aux autorités", _NEGOCIATEURS)
    _associes(document)
    _circuit(document)
    _formations(document)
    return enregistrer(document, dossier / FICHIER)


def _comites(document: TypeDocument) -> None:
    document.add_paragraph("Le comité de pilotage", style="Heading 1")
    boucle(document, "c in instances if c.type in ['copil_interne', 'copil_autorites']")
    document.add_paragraph("{{ c.libelle }}", style="Heading 2")
    condition(document, "c.mission")
    alinea(document, "Mission : {{ c.mission }}")
    condition(document, None)
    condition(document, "c.periodicite or c.prochaine_reunion")
    alinea(
        document,
        "{% if c.periodicite %}Rythme : {{ c.periodicite|lower }}. {% endif %}"
        "{% if c.prochaine_reunion %}Prochaine réunion : {{ c.prochaine_reunion }}.{% endif %}",
    )
    condition(document, None)
    table_de_boucle(
        document,
        (4.3, 4.7, 4.9, 3.1),
        ["Membre", "Fonction", "Structure", "Rôle"],
        "m in membres if m.instance == c.code",
        [
            "{{ m.nom }}",
            "{{ m.fonction|default('–') }}",
            "{{ m.structure|default('–') }}",
            "{{ m.role|libelle|default('–') }}",
        ],
    )
    respiration(document)
    boucle(document, None)


def _roles(document: TypeDocument, titre: str, codes: str) -> None:
    """Ceux qui tiennent ces rôles : nom, rôle, fonction, missions."""
    condition(document, f"roles|selectattr('role', 'in', {codes})|list|length")
    document.add_paragraph(titre, style="Heading 1")
    table_de_boucle(
        document,
        (4.2, 3.6, 9.2),
        ["Personne", "Rôle", "Missions"],
        f"r in roles if r.role in {codes}",
        [
            "{{ r.nom }}{% if r.fonction %}, {{ r.fonction }}{% endif %}",
            "{{ r.role|libelle }}",
            "{{ r.missions|default('–') }}",
        ],
    )
    condition(document, None)


def _associes(document: TypeDocument) -> None:
    condition(document, f"roles|selectattr('role', 'in', {_ASSOCIES})|list|length")
    document.add_paragraph("Acteurs internes associés", style="Heading 1")
    alinea(
        document,
        "La gouvernance donne mandat et décide ; les représentants du personnel et des personnes "
        "accompagnées sont informés tôt et consultés avant chaque validation.",
    )
    table_de_boucle(
        document,
        (4.2, 4.6, 8.2),
        ["Personne", "Au titre de", "Contribution attendue"],
        f"r in roles if r.role in {_ASSOCIES}",
        [
            "{{ r.nom }}{% if r.fonction %}, {{ r.fonction }}{% endif %}",
            "{{ r.role|libelle }}",
            "{{ r.missions|default('–') }}",
        ],
    )
    condition(document, None)


def _circuit(document: TypeDocument) -> None:
    condition(document, "validations")
    document.add_paragraph("Circuit de validation", style="Heading 1")
    alinea(
        document,
        "Chaque livrable est validé dans cet ordre. Un avis avec réserves dit ce qui doit être repris avant "
        "l’étape suivante.",
    )
    for circuit, titre in (("interne", "En interne"), ("financeurs", "Avec les financeurs")):
        condition(document, f"validations|selectattr('circuit', 'equalto', '{circuit}')|list|length")
        document.add_paragraph(titre, style="Heading 2")
        table_de_boucle(
            document,
            (3.1, 4.2, 3.5, 6.2),
            ["Livrable", "Instance", "Prévue le", "Avis"],
            f"v in validations if v.circuit == '{circuit}'",
            [
                "{{ v.objet|libelle }}",
                _INSTANCE,
                "{{ v.date_prevue|default('–') }}",
                "{% if v.date_avis %}{{ v.avis|libelle|default('Avis rendu') }} le {{ v.date_avis }}"
                "{% else %}À venir{% endif %}"
                "{% if v.reserves %} : {{ v.reserves }}{% endif %}",
            ],
        )
        condition(document, None)
    condition(document, None)


def _formations(document: TypeDocument) -> None:
    condition(document, "formations")
    document.add_paragraph("Plan de formation à la démarche", style="Heading 1")
    table_de_boucle(
        document,
        (4.0, 4.8, 3.7, 4.5),
        ["Personne", "Thème", "Organisme", "Date"],
        "f in formations",
        [
            "{{ f.personne }}",
            "{{ f.theme }}",
            "{{ f.organisme|default('–') }}",
            "{% if f.date_realisee %}Faite le {{ f.date_realisee }}"
            "{% elif f.date_prevue %}Prévue le {{ f.date_prevue }}{% else %}–{% endif %}",
        ],
    )
    condition(document, None)
