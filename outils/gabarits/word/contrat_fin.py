"""Le contrat : titre 3 (les annexes) et les signatures."""

from __future__ import annotations

from docx.document import Document as TypeDocument
from docx.shared import Cm

from outils.gabarits.word.briques.commun import solidaire
from outils.gabarits.word.briques.redaction import alinea, condition, puce, table_de_boucle
from outils.gabarits.word.contrat_annexes import ANNEXES, JOINTES


def titre_3(document: TypeDocument) -> None:
    """La liste des annexes et les orientations auxquelles le contrat répond."""
    document.add_paragraph("TITRE 3 – ANNEXES", style="Heading 1")
    alinea(document, "Les annexes ont la même valeur que le contrat. Elles sont portées à sa suite :")
    for rang, annexe in enumerate(ANNEXES, start=1):
        puce(document, f"Annexe {rang} – {annexe} ;")
    alinea(document, "Les pièces suivantes lui sont jointes :")
    for piece in JOINTES:
        puce(document, f"{piece} ;")
    condition(document, "orientations")
    document.add_paragraph("Orientations de référence", style="Heading 3")
    table_de_boucle(
        document,
        (2.6, 9.6, 4.4),
        ["Code", "Orientation", "Document"],
        "r in orientations",
        ["{{ r.code }}", "{{ r.intitule }}", "{{ r.reference|default('–') }}"],
    )
    condition(document, None)


def signatures(document: TypeDocument) -> None:
    """Le bloc des signatures : une ligne par signataire."""
    document.add_paragraph("SIGNATURES", style="Heading 1")
    alinea(
        document,
        "Fait à {{ gestionnaire.commune }}, le {{ contrat.date_signature|default('………………………') }}, en "
        "{{ signataires|length }} exemplaires.",
    ).paragraph_format.keep_with_next = True
    table = table_de_boucle(
        document,
        (5.6, 5.2, 5.8),
        ["Pour", "Nom et qualité", "Signature"],
        "s in signataires",
        ["{{ s.structure }}", "{{ s.nom }}, {{ s.qualite }}", ""],
    )
    table.rows[2].height = Cm(1.8)
    for ligne in table.rows:
        solidaire(ligne)
