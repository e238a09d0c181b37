"""La matrice des tâches, en paysage : une ligne par tâche, une colonne par acteur."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from outils.gabarits.word.briques.commun import BLEU, PALE, cellule, ecrire, entete, tableau
from outils.gabarits.word.briques.interne import BLANC, a_la_verticale, document_interne, titre_interne
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, condition, table_de_boucle

FICHIER = "Qui fait quoi – matrice des tâches par étape.docx"
_COULEURS = {"R": "BDD7EE", "A": "F8CBAD", "C": "E2EFDA", "I": "EDEDED"}
_SENS = {
    "R": "réalise la tâche",
    "A": "approuve et en répond (un seul par tâche)",
    "C": "est consulté avant la décision",
    "I": "est informé de la décision",
}
_ACTEUR = 1.3
_LARGEURS = (2.4, 6.6, 8, _ACTEUR, 8)
"""Les deux colonnes de 8 cm portent la boucle et disparaissent : la place est à ceux qui restent."""
_PART = (
    "(taches|selectattr('phase', 'equalto', l.phase)|selectattr('tache', 'equalto', l.tache)"
    "|selectattr('acteur', 'equalto', a.acteur)|map(attribute='part')|first)"
)


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Qui fait quoi", paysage=True, taille=9)
    titre_interne(document, "Qui fait quoi, étape par étape", "Matrice des tâches de la démarche CPOM")
    _legende(document)
    _matrice(document)
    _personnes(document)
    return enregistrer(document, dossier / FICHIER)


def _legende(document: TypeDocument) -> None:
    table = tableau(document, (0.9, 5.7) * 4, 1)
    for rang, (part, sens) in enumerate(_SENS.items()):
        cellule(table.cell(0, 2 * rang), part, fond=_COULEURS[part], gras=True, centre=True)
        cellule(table.cell(0, 2 * rang + 1), sens)
    vide = document.add_paragraph()
    vide.paragraph_format.space_after = Pt(2)


def _matrice(document: TypeDocument) -> None:
    """Une ligne par tâche ; les colonnes des acteurs se répètent, leur titre de bas en haut."""
    condition(document, "raci")
    table = tableau(document, _LARGEURS, 4)
    for ligne in table.rows:
        ligne.cells[3].width = Cm(_ACTEUR)
    entete(table.rows[0])
    table.rows[0].height = Cm(3.3)
    for colonne, titre in enumerate(("Étape", "Tâche")):
        cellule(table.cell(0, colonne), titre, fond=PALE, gras=True, couleur=BLEU)
    table.cell(1, 0).paragraphs[0].add_run("{%tr for l in raci %}")
    table.cell(3, 0).paragraphs[0].add_run("{%tr endfor %}")
    for ligne in (0, 2):
        table.cell(ligne, 2).paragraphs[0].add_run("{%tc for a in acteurs_raci %}")
        table.cell(ligne, 4).paragraphs[0].add_run("{%tc endfor %}")
    case = table.cell(0, 3)
    cellule(case, "{{ a.acteur|libelle }}", fond=PALE, gras=True, couleur=BLEU, taille=8)
    a_la_verticale(case)
    cellule(table.cell(2, 0), "{{ l.phase|libelle }}")
    cellule(table.cell(2, 1), "{{ l.tache }}")
    choix = " else ".join(f"'{couleur}' if {_PART} == '{part}'" for part, couleur in _COULEURS.items())
    paragraphe = cellule(table.cell(2, 3), f"{{% cellbg {choix} else '{BLANC}' %}}", gras=True)
    ecrire(paragraphe, f"{{{{ {_PART} }}}}", gras=True)
    paragraphe.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("{%p else %}")
    alinea(document, "Aucune tâche n’est encore répartie : les saisir dans la feuille « Tâches ».")
    condition(document, None)


def _personnes(document: TypeDocument) -> None:
    condition(document, "acteurs_raci|selectattr('personnes')|list|length")
    document.add_paragraph("Qui tient chaque rôle", style="Heading 2")
    table_de_boucle(
        document,
        (8, 18.4),
        ["Rôle", "Personnes"],
        "a in acteurs_raci if a.personnes",
        ["{{ a.acteur|libelle }}", "{{ a.personnes }}"],
    )
    condition(document, None)
