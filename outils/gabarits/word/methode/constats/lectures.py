"""Ce que le rapport de diagnostic et sa synthèse partagent : constats, indicateurs, lecture en couleur."""

from __future__ import annotations

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from outils.gabarits.word.briques.commun import BLEU, PALE, cellule, ecrire, entete, intituler, tableau
from outils.gabarits.word.briques.interne import BLANC, ORANGE, ROUGE, VERT

FORTS, FAIBLES, ENJEUX = "['force', 'opportunite']", "['faiblesse', 'menace']", "['enjeu', 'constat']"
DU_PERIMETRE = "e in etablissements if e.dans_perimetre_cpom != false"
ANNEES = ("{{ N - 2 }}", "{{ N - 1 }}", "{{ N }} (prévu)")


def couleur_de_lecture(champ: str) -> str:
    """La balise qui colore une cellule selon une lecture."""
    return (
        f"{{% cellbg '{VERT}' if {champ} == 'bon' else '{ORANGE}' if {champ} == 'a_surveiller' "
        f"else '{ROUGE}' if {champ} == 'fragile' else '{BLANC}' %}}"
    )


def lignes_de_mesures(
    document: TypeDocument, tete: str, *, avec_nom: bool, avec_reperes: bool = False
) -> None:
    """Un tableau d’indicateurs : N-2, N-1, N, évolution, lecture en couleur."""
    premieres = ["Établissement"] if avec_nom else []
    titres = [*premieres, "Indicateur", *ANNEES, "Évolution", "Lecture"]
    textes = [
        *(["{{ m.nom }}"] if avec_nom else []),
        "{{ m.indicateur|libelle }}",
        "{{ m.texte_n2|default('–') }}",
        "{{ m.texte_n1|default('–') }}",
        "{{ m.texte_n|default('–') }}",
        "{% if m.tendance %}{{ m.tendance|libelle }}{% else %}–{% endif %}",
        couleur_de_lecture("m.lecture") + "{{ m.lecture|libelle|default('–') }}",
    ]
    largeurs = [2.9, 3.5, 2.05, 2.05, 2.05, 2.15, 2.3] if avec_nom else [4.6, 2.3, 2.3, 2.3, 2.6, 2.9]
    if avec_reperes:
        titres, textes = [*titres, "Repères"], [*textes, "{{ m.repere|default('–') }}"]
        largeurs = [3.4, 2.1, 2.1, 1.8, 2.2, 2.2, 3.2]
    table = tableau(document, largeurs, 4)
    entete(table.rows[0])
    intituler(table, 0, titres)
    table.cell(1, 0).paragraphs[0].add_run(f"{{%tr for {tete} %}}")
    table.cell(3, 0).paragraphs[0].add_run("{%tr endfor %}")
    for rang, texte in enumerate(textes):
        paragraphe = cellule(table.cell(2, rang), texte)
        if "texte_n" in texte:
            paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def constats_de_l_axe(document: TypeDocument, qui: str) -> None:
    """Le tableau des constats d’un axe `a` : points forts, points à améliorer, enjeux."""
    table = tableau(document, (8.5, 8.5), 5)
    entete(table.rows[0])
    intituler(table, 0, ("Points forts", "Points à améliorer"))
    enjeux = (
        f"a.constats|selectattr('portee', 'equalto', '{qui}')|selectattr('type', 'in', {ENJEUX})|list|length"
    )
    for colonne, types in enumerate((FORTS, FAIBLES)):
        liste(table.cell(1, colonne), f"c in a.constats if c.portee == '{qui}' and c.type in {types}")
    table.cell(2, 0).paragraphs[0].add_run(f"{{%tr if {enjeux} %}}")
    table.cell(4, 0).paragraphs[0].add_run("{%tr endif %}")
    reunie = table.cell(3, 0).merge(table.cell(3, 1))
    for vide in reunie.paragraphs[1:]:
        vide._p.getparent().remove(vide._p)
    ecrire(cellule(reunie, fond=PALE), "Enjeux", gras=True, couleur=BLEU)
    liste(reunie, f"c in a.constats if c.portee == '{qui}' and c.type in {ENJEUX}", neuve=False)


def liste(case: _Cell, tete: str, *, neuve: bool = True, vide: bool = True) -> None:
    """Les constats `c` d’une boucle, un par ligne, les prioritaires en gras ; « – » s’il n’y en a pas."""
    ouvre = case.paragraphs[0] if neuve else case.add_paragraph()
    ouvre.style = "Cellule"
    ouvre.add_run(f"{{%p for {tete} %}}")
    _constat(case.add_paragraph(style="Cellule"))
    if vide:
        case.add_paragraph("{%p else %}", style="Cellule")
        case.add_paragraph("–", style="Cellule")
    case.add_paragraph("{%p endfor %}", style="Cellule")


def _constat(paragraphe: Paragraph) -> None:
    ecrire(paragraphe, "• ")
    nuance = "{% if c.type == 'opportunite' %} (opportunité){% elif c.type == 'menace' %} (menace){% endif %}"
    paragraphe.add_run("{%r if c.priorite == 'prioritaire' %}")
    ecrire(paragraphe, "{{ c.texte }}" + nuance, gras=True)
    paragraphe.add_run("{%r else %}")
    ecrire(paragraphe, "{{ c.texte }}" + nuance)
    paragraphe.add_run("{%r endif %}")
