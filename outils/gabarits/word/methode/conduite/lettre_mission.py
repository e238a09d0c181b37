"""La lettre de mission du référent CPOM : une page au moins par référent."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Cm, Pt

from outils.gabarits.word.briques.commun import BLEU, cellule, ecrire, tableau
from outils.gabarits.word.briques.interne import document_interne, souder
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, puce, table_de_boucle

FICHIER = "Lettre de mission du référent CPOM.docx"
_REFERENTS = "['referent_technique', 'referent_strategique']"
_MISSIONS = {
    "referent_technique": (
        "Être l’interlocuteur des autorités pour les pièces et le calendrier ;",
        "Réunir auprès des établissements les données utiles au diagnostic, dans les délais convenus ;",
        "Préparer les réunions, rédiger les documents et rendre compte au comité de pilotage ;",
    ),
    "referent_strategique": (
        "Représenter le gestionnaire auprès des autorités et porter ses positions ;",
        "Proposer au comité de pilotage les arbitrages sur les objectifs et les moyens ;",
        "Rendre compte à la gouvernance des engagements demandés, offerts et convenus ;",
    ),
}


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Lettre de mission", taille=10.5)
    boucle(document, f"r in roles if r.role in {_REFERENTS}")
    _adresse(document)
    _missions(document)
    _position(document)
    _calendrier(document)
    _signatures(document)
    condition(document, "not loop.last")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    condition(document, None)
    boucle(document, None)
    return enregistrer(document, dossier / FICHIER)


def _adresse(document: TypeDocument) -> None:
    destinataire = document.add_paragraph()
    destinataire.paragraph_format.left_indent = Cm(9)
    destinataire.paragraph_format.space_after = Pt(10)
    ecrire(destinataire, "{{ r.nom }}", gras=True)
    ecrire(destinataire, "{% if r.fonction %}, {{ r.fonction }}{% endif %}")
    date = document.add_paragraph()
    date.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    ecrire(date, "{{ gestionnaire.commune }}, le {{ parametres.date_reference|default('………………………') }}")
    objet = document.add_paragraph()
    objet.paragraph_format.space_before = objet.paragraph_format.space_after = Pt(8)
    ecrire(objet, "Objet : lettre de mission – {{ r.role|libelle }}", gras=True, couleur=BLEU)
    alinea(
        document,
        "{{ gestionnaire.raison_sociale }} prépare son contrat pluriannuel d’objectifs et de moyens"
        "{% if contrat.date_debut and contrat.date_fin %} pour la période du {{ contrat.date_debut }} au "
        "{{ contrat.date_fin }}{% endif %}"
        "{% if contrat.autorites %}. Autorités signataires : {{ contrat.autorites }}{% endif %}"
        "{% if contrat.date_signature_visee %}. La signature est visée le "
        "{{ contrat.date_signature_visee }}{% endif %}. Le périmètre compte {{ etablissements|length }} "
        "établissement{% if etablissements|length > 1 %}s ou services{% else %} ou service{% endif %}.",
    )
    alinea(
        document,
        "À ce titre, vous êtes désigné(e) « {{ r.role|libelle }} »"
        "{% if r.depuis %} depuis le {{ r.depuis }}{% endif %}, jusqu’à la signature du contrat. Cette "
        "lettre précise vos missions, votre position et vos moyens.",
    )


def _missions(document: TypeDocument) -> None:
    document.add_paragraph("Vos missions", style="Heading 2")
    condition(document, "r.missions")
    document.add_paragraph("{{p r.missions|riche }}", style="List Bullet").paragraph_format.space_after = Pt(
        2
    )
    for rang, (role, lignes) in enumerate(_MISSIONS.items()):
        document.add_paragraph(
            f"{{%p elif r.role == '{role}' %}}" if rang + 1 < len(_MISSIONS) else "{%p else %}"
        )
        for ligne in lignes:
            puce(document, ligne)
    condition(document, None)


def _position(document: TypeDocument) -> None:
    document.add_paragraph("Votre position", style="Heading 2")
    alinea(
        document,
        "Vous rendez compte au comité de pilotage, qui valide chaque livrable, et vous sollicitez "
        "directement les directions d’établissement et les services du siège.",
    )
    condition(document, "r.role == 'referent_strategique'")
    alinea(
        document,
        "{% for a in roles if a.role in ['referent_technique', 'appui_technique'] and a.nom != r.nom %}"
        "{% if loop.first %}Votre mission est de représentation : vous êtes épaulé(e), pour la technique et "
        "la coordination des tâches, par {% elif loop.last %} et {% else %}, {% endif %}{{ a.nom }}"
        "{% if a.fonction %} ({{ a.fonction }}){% endif %}{% if loop.last %}.{% endif %}{% endfor %}",
    )
    document.add_paragraph("{%p else %}")
    alinea(
        document,
        "{% for a in roles if a.role == 'referent_strategique' and a.nom != r.nom %}"
        "{% if loop.first %}La représentation auprès des autorités est tenue par "
        "{% elif loop.last %} et {% else %}, {% endif %}{{ a.nom }}"
        "{% if a.fonction %} ({{ a.fonction }}){% endif %}{% if loop.last %}.{% endif %}{% endfor %}",
    )
    condition(document, None)
    document.add_paragraph("Vos moyens", style="Heading 2")
    puce(
        document,
        "L’accès aux données utiles de chaque établissement, dans le respect de leur confidentialité ;",
    )
    puce(document, "Le temps nécessaire à la mission, convenu avec votre responsable : …………………… ;")
    puce(
        document,
        "{% for f in formations if f.personne == r.nom %}{% if loop.first %}La formation : {% else %}, "
        "{% endif %}« {{ f.theme }} » ({% if f.date_realisee %}faite le {{ f.date_realisee }}"
        "{% else %}prévue le {{ f.date_prevue|default('……………') }}{% endif %}){% else %}"
        "Une formation à la démarche, si vous la jugez utile{% endfor %}.",
    )


def _calendrier(document: TypeDocument) -> None:
    condition(document, "jalons")
    document.add_paragraph("Le calendrier", style="Heading 2")
    table_de_boucle(
        document,
        (8.4, 4.0, 4.6),
        ["Étape", "Fin prévue", "Responsable"],
        "j in jalons if not j.date_fin_reelle",
        ["{{ j.etape }}", "{{ j.date_fin_prevue|default('–') }}", "{{ j.responsable|default('–') }}"],
    )
    condition(document, None)


def _signatures(document: TypeDocument) -> None:
    blanc = document.add_paragraph()
    blanc.paragraph_format.space_after = Pt(2)
    table = tableau(document, (8.5, 8.5), 2)
    cellule(
        table.cell(0, 0),
        "{{ gestionnaire.representant_signataire|default('……………………') }}"
        "{% if gestionnaire.qualite_signataire %}, {{ gestionnaire.qualite_signataire }}{% endif %}",
        gras=True,
    )
    cellule(table.cell(0, 1), "{{ r.nom }}, lu et accepté", gras=True)
    table.rows[1].height = Cm(1.8)
    for case in table.rows[1].cells:
        cellule(case)
    souder(table)
