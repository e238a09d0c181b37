"""Le document « Prêts pour la réunion de lancement » : une page, les critères puis chaque établissement."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH

from outils.gabarits.word.briques.interne import (
    BLANC,
    ORANGE,
    ROUGE,
    VERT,
    document_interne,
    titre_interne,
)
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, condition, table_de_boucle

FICHIER = "Prêts pour la réunion de lancement.docx"


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Prêts pour la réunion de lancement", taille=9)
    titre_interne(
        document,
        "Prêts pour la réunion de lancement",
        "{% set faits = criteres|selectattr('etat_critere', 'equalto', 'fait')|list|length %}"
        "{{ faits }} critère{% if faits > 1 %}s{% endif %} rempli{% if faits > 1 %}s{% endif %} sur "
        "{{ criteres|length }}{% for j in jalons if j.phase == 'lancement' %}{% if loop.first %} – réunion "
        "de lancement le {{ j.date_fin_reelle|default(j.date_fin_prevue) }}{% endif %}{% endfor %}",
    )
    _criteres(document)
    _etablissements(document)
    _actions(document)
    return enregistrer(document, dossier / FICHIER)


def _fond(champ: str) -> str:
    """La couleur d’un état : fait, en cours, à faire."""
    choix = f"'{VERT}' if {champ} == 'fait' else '{ORANGE}' if {champ} == 'en_cours' else '{ROUGE}'"
    return f"{{% cellbg {choix} %}}"


def _criteres(document: TypeDocument) -> None:
    document.add_paragraph("Le gestionnaire", style="Heading 1")
    table = table_de_boucle(
        document,
        (0.9, 5.6, 5.2, 5.3),
        ["", "Critère", "Constat", "Ce qui reste"],
        "c in criteres",
        [
            _fond("c.etat_critere") + "{{ c.signe }}",
            "{{ c.critere|libelle }}",
            "{{ c.constat|default('–') }}",
            "{{ c.reste|default('–') }}",
        ],
    )
    table.cell(2, 0).paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    alinea(document, "✓ fait   … en cours   ☐ à faire", italique=True, sous_un_tableau=True)


def _etablissements(document: TypeDocument) -> None:
    condition(document, "preparation")
    document.add_paragraph("Les données du diagnostic, par établissement", style="Heading 1")
    table_de_boucle(
        document,
        (4.2, 1.8, 3.8, 3.8, 3.4),
        ["Établissement", "Collecté", "Qui collecte", "Ce qui manque", "Échéance"],
        "p in preparation",
        [
            "{{ p.nom }}{% if p.documents_en_retard %} – à déposer, en retard : {{ p.documents_en_retard }}"
            "{% endif %}",
            _fond("p.etat_collecte") + "{{ p.part_collectee|default('–') }}",
            "{{ p.responsable|default('–') }}",
            "{{ p.manque|default('–') }}",
            f"{{% cellbg '{ROUGE}' if p.en_retard else '{BLANC}' %}}{{{{ p.echeance|default('–') }}}}",
        ],
        droite=(1,),
    )
    alinea(
        document,
        "Part des données attendues sur les exercices clos qui sont saisies, « sans objet » compris, "
        "arrondie vers le bas : 100 % veut dire complet.",
        italique=True,
        sous_un_tableau=True,
    )
    condition(document, None)


def _actions(document: TypeDocument) -> None:
    for cadre, debut in (("avant", "Engagées avant le contrat"), ("hors", "Menées hors du contrat")):
        liste = f"actions|selectattr('cadre', 'equalto', '{cadre}')|list"
        condition(document, f"{liste}|length")
        alinea(
            document,
            f"{debut} : {{% for a in actions if a.cadre == '{cadre}' %}}{{% if not loop.first %}} ; "
            "{% endif %}{{ a.numero }} {{ a.intitule }}{% endfor %}.",
        )
        condition(document, None)
