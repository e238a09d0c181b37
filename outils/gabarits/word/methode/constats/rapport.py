"""Le rapport de diagnostic partagé : contexte, constats communs puis propres, position, validation."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.commun import cellule, entete, intituler, tableau
from outils.gabarits.word.briques.interne import document_interne, respiration, titre_interne
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, table_de_boucle
from outils.gabarits.word.methode.constats.lectures import (
    DU_PERIMETRE,
    ENJEUX,
    FAIBLES,
    FORTS,
    constats_de_l_axe,
    liste,
)
from outils.gabarits.word.methode.constats.rapport_chiffres import activite, finances, immobilier, qualite, rh
from outils.gabarits.word.methode.constats.rapport_suites import (
    optimisation,
    problematiques,
    territoire,
    validation,
)

FICHIER = "Rapport de diagnostic partagé.docx"
_PROPRES = "e.constats|selectattr('portee', 'equalto', 'specifique')"
_DE_L_AXE = f"{_PROPRES}|selectattr('axe', 'equalto', a.axe)"
_DANS_L_AXE = "c in e.constats if c.portee == 'specifique' and c.axe == a.axe"


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Diagnostic partagé", taille=9.5)
    titre_interne(document, "Diagnostic partagé", "{{ gestionnaire.raison_sociale }}")
    _contexte(document)
    _communs(document)
    _propres(document)
    for partie in (activite, rh, qualite, immobilier, finances, optimisation, territoire, problematiques):
        partie(document)
    validation(document)
    return enregistrer(document, dossier / FICHIER)


def _contexte(document: TypeDocument) -> None:
    document.add_paragraph("Contexte et périmètre", style="Heading 1")
    for champ in ("gestionnaire.texte_presentation", "contrat.texte_preambule"):
        condition(document, champ)
        alinea(document, f"{{{{ {champ} }}}}")
        condition(document, None)
    alinea(
        document,
        "L’autodiagnostic part du projet de chaque établissement ou service et de sa dernière évaluation "
        "; les "
        "chiffres sont ceux des exercices {{ N - 2 }} et {{ N - 1 }}, et du budget {{ N }} quand il existe.",
    )
    table_de_boucle(
        document,
        (5.6, 2.2, 1.8, 3.7, 3.7),
        ["Établissement ou service", "Type", "Places", "Projet d’établissement", "Dernière évaluation"],
        DU_PERIMETRE,
        [
            "{{ e.nom }}",
            "{{ e.type|default('–') }}",
            "{{ e.capacite_autorisee|default('–') }}",
            "{{ e.date_projet_etablissement|default('non daté') }}",
            "{{ e.date_derniere_evaluation|default('–') }}",
        ],
        droite=(2,),
    )


def _communs(document: TypeDocument) -> None:
    condition(document, "constats|selectattr('portee', 'equalto', 'commun')|list|length")
    document.add_paragraph("Constats communs aux établissements", style="Heading 1")
    alinea(document, "Les constats prioritaires sont en gras.", italique=True)
    boucle(document, "a in axes if a.nombre_communs or a.retenu")
    document.add_paragraph("{{ a.axe_intitule }}", style="Heading 3")
    condition(document, "a.nombre_communs")
    constats_de_l_axe(document, "commun")
    document.add_paragraph("{%p else %}")
    alinea(document, "Aucun constat commun : voir les constats propres à chaque établissement.")
    condition(document, None)
    boucle(document, None)
    condition(document, None)


def _propres(document: TypeDocument) -> None:
    """Pour chaque établissement, une ligne par axe qui a un constat propre à lui."""
    titre = document.add_paragraph("Constats propres à chaque établissement", style="Heading 1")
    titre.paragraph_format.keep_with_next = True
    boucle(document, DU_PERIMETRE)
    document.add_paragraph("{{ e.nom }}", style="Heading 2")
    condition(document, "e.texte_presentation")
    alinea(document, "{{ e.texte_presentation }}").paragraph_format.keep_with_next = True
    condition(document, None)
    condition(document, f"{_PROPRES}|list|length")
    table = tableau(document, (3.2, 6.9, 6.9), 9)
    entete(table.rows[0])
    intituler(table, 0, ("Axe", "Points forts", "Points à améliorer"))
    table.cell(1, 0).paragraphs[0].add_run("{%tr for a in axes %}")
    table.cell(2, 0).paragraphs[0].add_run(f"{{%tr if {_DE_L_AXE}|list|length %}}")
    cellule(table.cell(3, 0), "{{ a.axe_intitule }}", gras=True)
    for colonne, types in ((1, FORTS), (2, FAIBLES)):
        liste(table.cell(3, colonne), f"{_DANS_L_AXE} and c.type in {types}")
    enjeux = f"{_DE_L_AXE}|selectattr('type', 'in', {ENJEUX})"
    table.cell(4, 0).paragraphs[0].add_run(f"{{%tr if {enjeux}|list|length %}}")
    cellule(table.cell(5, 0), "Enjeux", italique=True)
    reunie = table.cell(5, 1).merge(table.cell(5, 2))
    for vide in reunie.paragraphs[1:]:
        vide._p.getparent().remove(vide._p)
    liste(reunie, f"{_DANS_L_AXE} and c.type in {ENJEUX}", vide=False)
    for ligne, balise in ((6, "endif"), (7, "endif"), (8, "endfor")):
        table.cell(ligne, 0).paragraphs[0].add_run(f"{{%tr {balise} %}}")
    document.add_paragraph("{%p else %}")
    alinea(document, "Aucun constat propre à cet établissement n’est encore saisi.")
    condition(document, None)
    respiration(document)
    boucle(document, None)
