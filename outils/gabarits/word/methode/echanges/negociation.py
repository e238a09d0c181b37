"""Le gabarit « Tableau de négociation » : demandé, offert, convenu ; les positions, réunion par réunion."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.commun import cellule, tableau
from outils.gabarits.word.briques.interne import (
    ORANGE,
    ROUGE,
    VERT,
    document_interne,
    respiration,
    titre_interne,
)
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, table_de_boucle
from outils.gabarits.word.methode.echanges.tournures import attendu

FICHIER = "Tableau de négociation – trame à balises.docx"
_STATUTS = (
    ("ouvert", "Reste ouvert", ORANGE),
    ("desaccord", "Désaccords", ROUGE),
    ("accord", "Accords", VERT),
    ("retire", "Demandes retirées", "E6E6E6"),
)


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Tableau de négociation", taille=9, paysage=True)
    titre_interne(document, "Tableau de négociation", "Ce qui est demandé, offert et convenu")
    _comptes(document)
    for statut, titre, fond in _STATUTS:
        _engagements(document, statut, titre, fond)
    _positions(document)
    return enregistrer(document, dossier / FICHIER)


def _comptes(document: TypeDocument) -> None:
    table = tableau(document, (6.65,) * 4, 2)
    for colonne, (statut, titre, fond) in enumerate(_STATUTS):
        cellule(table.cell(0, colonne), titre, fond=fond, gras=True, couleur="1F3864", centre=True)
        compte = f"{{{{ engagements|selectattr('statut', 'equalto', '{statut}')|length }}}}"
        cellule(table.cell(1, colonne), compte, gras=True, centre=True, taille=14)


def _engagements(document: TypeDocument, statut: str, titre: str, fond: str) -> None:
    choix = f"engagements|selectattr('statut', 'equalto', '{statut}')"
    condition(document, f"{choix}|list")
    entete = document.add_paragraph(titre, style="Heading 2")
    entete.paragraph_format.keep_with_next = True
    table_de_boucle(
        document,
        (1.2, 4.3, 3.6, 1.7, 2.4, 4.5, 4.5, 4.5),
        [
            "Code",
            "Engagement",
            "Objectif",
            "Article",
            "Demandé par",
            "Demandé",
            "Offert en réponse",
            "Convenu",
        ],
        f"e in {choix}",
        [
            f"{{% cellbg '{fond}' %}}{{{{ e.code }}}}",
            attendu("e.objet", "À décrire"),
            "{% for o in objectifs if o.numero == e.objectif %}{{ o.numero }} – {{ o.objectif_general }}"
            "{% endfor %}{% if not e.objectif %}–{% endif %}",
            "{{ e.article|default('–') }}",
            "{{ e.partie|libelle }}{% if not e.partie %}–{% endif %}",
            attendu("e.demande", "–"),
            "{{ e.offert|default('–') }}",
            "{{ e.convenu|default('–') }}",
        ],
    )
    condition(document, None)


def _positions(document: TypeDocument) -> None:
    """Engagement par engagement, ce que chaque partie a dit, de la première réunion à la dernière."""
    condition(document, "positions")
    document.add_paragraph("Positions, réunion par réunion", style="Heading 1")
    boucle(document, "e in engagements if e.positions")
    titre = document.add_paragraph(
        "{{ e.code }} – " + attendu("e.objet", "à décrire") + " : {{ e.statut|libelle|lower }}",
        style="Heading 3",
    )
    titre.paragraph_format.keep_with_next = True
    table_de_boucle(
        document,
        (6.2, 3.2, 8.6, 8.7),
        ["Réunion", "Partie", "Position", "Motif"],
        "r in reunions|sort(attribute='date')",
        [
            "{{ r.numero }}{% if r.date %}, {{ r.date }}{% endif %}",
            "{{ p.partie|libelle }}",
            attendu("p.position", "–"),
            "{{ p.motif|default('–') }}",
        ],
        interieure="p in e.positions if p.reunion == r.numero",
    )
    respiration(document)
    boucle(document, None)
    document.add_paragraph("{%p else %}")
    alinea(document, "Aucune position n’est encore notée.", italique=True, sous_un_tableau=True)
    condition(document, None)
