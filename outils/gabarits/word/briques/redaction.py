"""Les briques d’un document à balises : articles, alinéas, boucles, conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from outils.gabarits.word.briques.commun import cellule, ecrire, entete, intituler, tableau


def article(document: TypeDocument, numero: int, titre: str) -> None:
    """Le titre d’un article."""
    document.add_paragraph(f"Article {numero} – {titre}", style="Heading 2")


def alinea(
    document: TypeDocument,
    texte: str,
    *,
    italique: bool = False,
    morceaux: int = 1,
    sous_un_tableau: bool = False,
) -> Paragraph:
    """Un alinéa justifié, un peu écarté du tableau qui le précède."""
    paragraphe = document.add_paragraph()
    if sous_un_tableau:
        paragraphe.paragraph_format.space_before = Pt(6)
    paragraphe.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if texte:
        ecrire(paragraphe, texte, italique=italique or None, morceaux=morceaux)
    return paragraphe


def clause(document: TypeDocument, nom: str, defaut: str) -> None:
    """Le texte d’une donnée, ou une rédaction par défaut. Jamais de prose dans une balise : ses apostrophes
    y passeraient pour des guillemets."""
    alinea(document, f"{{% if {nom} %}}{{{{ {nom} }}}}{{% else %}}{defaut}{{% endif %}}")


def selon(nom: str, textes: Mapping[str, str]) -> str:
    """Les balises qui écrivent, pour chaque code d’une donnée, le texte voulu (à défaut, le code)."""
    branches = "".join(
        f"{{% {'elif' if rang else 'if'} {nom} == '{code}' %}}{texte}"
        for rang, (code, texte) in enumerate(textes.items())
    )
    return f"{branches}{{% else %}}{{{{ {nom} }}}}{{% endif %}}"


def puce(document: TypeDocument, texte: str, *, morceaux: int = 1) -> None:
    """Une ligne à puce."""
    paragraphe = document.add_paragraph(style="List Bullet")
    paragraphe.paragraph_format.space_after = Pt(2)
    ecrire(paragraphe, texte, morceaux=morceaux)


def boucle(document: TypeDocument, tete: str | None) -> None:
    """Ouvre une boucle de paragraphes (`s in signataires`) ; `None` la ferme."""
    document.add_paragraph("{%p endfor %}" if tete is None else f"{{%p for {tete} %}}")


def condition(document: TypeDocument, si: str | None) -> None:
    """Ouvre une condition sur des paragraphes ; `None` la ferme."""
    document.add_paragraph("{%p endif %}" if si is None else f"{{%p if {si} %}}")


def table_de_boucle(
    document: TypeDocument,
    largeurs: Sequence[float],
    titres: Sequence[str],
    tete: str,
    colonnes: Sequence[str],
    *,
    droite: Sequence[int] = (),
    interieure: str | None = None,
    total: Sequence[str] = (),
) -> Table:
    """Un tableau à une ligne par élément : en-tête, ligne d’ouverture, ligne modèle, ligne de fermeture.

    `interieure` : une seconde boucle, dans la première. `total` : une dernière ligne, hors des boucles.
    """
    tetes = [tete] if interieure is None else [tete, interieure]
    table = tableau(document, largeurs, 2 + 2 * len(tetes) + bool(total))
    entete(table.rows[0])
    intituler(table, 0, titres)
    for rang, boucle_de_lignes in enumerate(tetes):
        table.cell(1 + rang, 0).paragraphs[0].add_run(f"{{%tr for {boucle_de_lignes} %}}")
        table.cell(2 + len(tetes) + rang, 0).paragraphs[0].add_run("{%tr endfor %}")
    _ligne(table, 1 + len(tetes), colonnes, droite, gras=None)
    if total:
        _ligne(table, len(table.rows) - 1, total, droite, gras=True)
    return table


def _ligne(
    table: Table, ligne: int, textes: Sequence[str], droite: Sequence[int], *, gras: bool | None
) -> None:
    for colonne, texte in enumerate(textes):
        paragraphe = cellule(table.cell(ligne, colonne), texte, gras=gras)
        if colonne in droite:
            paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT
