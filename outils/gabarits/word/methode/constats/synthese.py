"""La synthèse du diagnostic, pour l’annexe du contrat : deux pages."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH

from outils.gabarits.word.briques.commun import cellule, entete, intituler, tableau
from outils.gabarits.word.briques.interne import document_interne, titre_interne
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, condition, table_de_boucle
from outils.gabarits.word.methode.constats.lectures import DU_PERIMETRE, FAIBLES, FORTS, couleur_de_lecture

FICHIER = "Synthèse du diagnostic partagé.docx"


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Synthèse du diagnostic partagé", taille=9)
    titre_interne(document, "Synthèse du diagnostic partagé", "Annexe au contrat")
    condition(document, "contrat.synthese_diagnostic")
    alinea(document, "{{ contrat.synthese_diagnostic }}")
    condition(document, None)
    _communs(document)
    _etablissements(document)
    _ratios(document)
    _suites(document)
    return enregistrer(document, dossier / FICHIER)


def _communs(document: TypeDocument) -> None:
    condition(document, "constats|selectattr('portee', 'equalto', 'commun')|list|length")
    document.add_paragraph("Constats communs", style="Heading 2")
    table = tableau(document, (3.4, 6.8, 6.8), 4)
    entete(table.rows[0])
    intituler(table, 0, ("Axe", "Points forts", "Points à améliorer et enjeux"))
    table.cell(1, 0).paragraphs[0].add_run("{%tr for a in axes if a.nombre_communs %}")
    table.cell(3, 0).paragraphs[0].add_run("{%tr endfor %}")
    cellule(table.cell(2, 0), "{{ a.axe_intitule }}", gras=True)
    for colonne, types in ((1, FORTS), (2, "['faiblesse', 'menace', 'enjeu', 'constat']")):
        cellule(
            table.cell(2, colonne),
            f"{{% for c in a.constats if c.portee == 'commun' and c.type in {types} %}}{{{{ c.texte }}}}"
            "{% if not loop.last %} {% endif %}{% else %}–{% endfor %}",
        )
    condition(document, None)


def _etablissements(document: TypeDocument) -> None:
    condition(document, "constats|selectattr('portee', 'equalto', 'specifique')|list|length")
    document.add_paragraph("Constats prioritaires de chaque établissement", style="Heading 2")
    siens = "c.portee == 'specifique' and c.priorite == 'prioritaire'"
    propres = "{%% for c in e.constats if " + siens + " and c.type in %s %%}"
    fin = "{{ c.texte }}{% if not loop.last %} {% endif %}{% else %}–{% endfor %}"
    table_de_boucle(
        document,
        (3.4, 6.8, 6.8),
        ["Établissement", "Points forts", "Points à améliorer et enjeux"],
        DU_PERIMETRE,
        [
            "{{ e.nom_court|default(e.nom) }}",
            propres % FORTS + fin,
            propres % FAIBLES.replace("]", ", 'enjeu', 'constat']") + fin,
        ],
    )
    condition(document, None)


def _ratios(document: TypeDocument) -> None:
    """Deux tableaux serrés : les ratios du gestionnaire ; activité et absentéisme par établissement."""
    condition(document, "mesures_gestionnaire|selectattr('lecture')|list|length")
    document.add_paragraph("Situation financière du gestionnaire", style="Heading 2")
    table = table_de_boucle(
        document,
        (5.2, 2.4, 2.4, 2.6, 4.4),
        ["Ratio", "{{ N - 2 }}", "{{ N - 1 }}", "Lecture", "Repères"],
        "m in mesures_gestionnaire if m.lecture",
        [
            "{{ m.indicateur|libelle }}",
            "{{ m.texte_n2|default('–') }}",
            "{{ m.texte_n1|default('–') }}",
            couleur_de_lecture("m.lecture") + "{{ m.lecture|libelle }}",
            "{{ m.repere|default('–') }}",
        ],
        droite=(1, 2),
    )
    table.cell(2, 3).paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    condition(document, None)
    _reperes_des_etablissements(document)


def _reperes_des_etablissements(document: TypeDocument) -> None:
    condition(document, "mesures|selectattr('lecture')|list|length")
    document.add_paragraph(
        "Indicateurs par établissement ({{ N - 1 }}, à défaut {{ N - 2 }})", style="Heading 2"
    )
    codes = ("taux_occupation", "taux_absenteisme", "taux_etp_vacants", "taux_resultat", "taux_caf")
    valeurs = [
        f"{{% for m in e.mesures if m.indicateur == '{code}' %}}"
        "{{ m.derniere|default('–') }}{% endfor %}"
        for code in codes
    ]
    table_de_boucle(
        document,
        (4.5, 2.5, 2.5, 2.5, 2.5, 2.5),
        ["Établissement", "Occupation", "Absentéisme", "ETP vacants", "Résultat", "CAF"],
        DU_PERIMETRE,
        ["{{ e.nom_court|default(e.nom) }}", *valeurs],
        droite=(1, 2, 3, 4, 5),
    )
    condition(document, None)


def _suites(document: TypeDocument) -> None:
    condition(document, "problematiques")
    document.add_paragraph("Problématiques retenues", style="Heading 2")
    alinea(
        document,
        "{% for p in problematiques|sort(attribute='axe_ordre') %}{{ p.code }}. {{ p.intitule }}"
        "{% if not loop.last %} {% endif %}{% endfor %}",
    )
    condition(document, None)
    alinea(
        document,
        "{% for v in validations|sort(attribute='rang') if v.objet == 'diagnostic' %}"
        "{% if loop.first %}Validation : {% endif %}"
        "{% for i in instances if i.code == v.instance %}{{ i.libelle }}{% else %}{{ v.instance }}"
        "{% endfor %} "
        "({% if v.date_avis %}{{ v.avis|libelle|default('avis rendu')|lower }} le {{ v.date_avis }}"
        "{% else %}prévue le "
        "{{ v.date_prevue|default('……………') }}{% endif %}{% if v.reserves %}, réserves : {{ v.reserves "
        "}}{% endif %})"
        "{% if loop.last %}.{% else %} ; {% endif %}{% else %}"
        "Le circuit de validation du diagnostic n’est pas encore fixé.{% endfor %}",
    )
