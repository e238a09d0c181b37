"""Le gabarit « Tableau des objectifs » : par axe, ce qui se négocie ou non, ce qui reste sans objectif."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.commun import (
    PALE,
    SARCELLE,
    cellule,
    entete,
    fusionner,
    intituler,
    solidaire,
    tableau,
)
from outils.gabarits.word.briques.interne import (
    BLANC,
    ORANGE,
    ROUGE,
    VERT,
    document_interne,
    titre_interne,
)
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, puce
from outils.gabarits.word.methode.echanges.tournures import attendu

FICHIER = "Tableau des objectifs – trame à balises.docx"
_COULEUR = (
    f"{{% cellbg '{ORANGE}' if o.negociabilite == 'veut' else '{VERT}' if o.negociabilite == 'peut' else "
    f"'{ROUGE}' if o.negociabilite == 'non' else '{BLANC}' %}}"
)


_LARGEURS = (1.1, 6.8, 3.7, 3.6, 2.2, 4.7, 2.2, 2.4)
_TITRES = (
    "N°",
    "Objectif",
    "Problématique",
    "Orientation servie",
    "Établis. concernés",
    "Indicateurs : départ, cible",
    "Pilote, échéance",
    "Négociation",
)
_OBJECTIF = (
    "{{ o.numero }}",
    attendu("o.objectif_general", "À formuler")
    + "{% if o.objectif_operationnel %} {{ o.objectif_operationnel }}{% endif %}",
    "{% for p in problematiques if p.code == o.problematique %}{{ p.intitule }}{% endfor %}"
    "{% if not o.problematique %}–{% endif %}",
    "{% for r in orientations if r.code == o.orientation %}{{ r.code }} : {{ r.intitule }}{% endfor %}"
    "{% if not o.orientation %}–{% endif %}",
    "{{ o.etablissements|default('Tous') }}",
    "{% for i in o.indicateurs %}"
    + attendu("i.libelle", "À décrire")
    + " : {{ i.valeur_initiale|default('–') }} → "
    "{{ i.cible_finale|default('–') }}{% if i.unite %} {{ i.unite }}{% endif %}"
    "{% if not loop.last %} ; {% endif %}{% endfor %}{% if not o.indicateurs %}–{% endif %}",
    attendu("o.pilote", "À désigner") + "{% if o.date_fin %}, {{ o.date_fin }}{% endif %}",
    _COULEUR
    + "{{ o.negociabilite|libelle|default('À préciser') }}{% if o.provisoire %} (provisoire){% endif %}",
)


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Tableau des objectifs", taille=9, paysage=True)
    titre_interne(
        document,
        "Tableau des objectifs",
        "{{ objectifs|length }} objectif{% if objectifs|length > 1 %}s{% endif %}"
        "{% if objectifs|selectattr('provisoire')|list %}, dont "
        "{{ objectifs|selectattr('provisoire')|length }} encore provisoire"
        "{% if objectifs|selectattr('provisoire')|length > 1 %}s{% endif %}{% endif %}",
    )
    _ce_qui_se_negocie(document)
    _par_axe(document)
    _sans_objectif(document)
    return enregistrer(document, dossier / FICHIER)


def _ce_qui_se_negocie(document: TypeDocument) -> None:
    """Trois colonnes : ce que l’on veut, ce que l’on peut négocier, ce qui ne se négocie pas."""
    table = tableau(document, (8.9,) * 3, 2)
    colonnes = (
        ("veut", "Ce que l’on veut négocier", ORANGE),
        ("peut", "Ce que l’on peut négocier", VERT),
        ("non", "Ce qui n’est pas négociable", ROUGE),
    )
    for rang, (code, titre, fond) in enumerate(colonnes):
        cellule(table.cell(0, rang), titre, fond=fond, gras=True, couleur="1F3864", centre=True)
        case = table.cell(1, rang)
        case.vertical_alignment = 0
        cellule(case, f"{{%p for o in objectifs if o.negociabilite == '{code}' %}}")
        for texte in (
            "{{ o.numero }} – " + attendu("o.objectif_general", "à formuler"),
            "{%p endfor %}",
            f"{{%p if not objectifs|selectattr('negociabilite', 'equalto', '{code}')|list %}}",
            "Aucun objectif.",
            "{%p endif %}",
        ):
            cellule_suite = case.add_paragraph(style="Cellule")
            cellule_suite.add_run(texte)
    condition(document, "objectifs|rejectattr('negociabilite')|list")
    alinea(
        document,
        "Reste à dire si l’on négocie : {% for o in objectifs|rejectattr('negociabilite') %}{{ o.numero }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}.",
        sous_un_tableau=True,
    )
    condition(document, None)


def _par_axe(document: TypeDocument) -> None:
    """Une ligne de titre par axe de l’autorité, puis ses objectifs ; les autres axes ferment le tableau."""
    document.add_paragraph("Les objectifs, par axe", style="Heading 2")
    document.add_paragraph("{%p set retenus = axes_retenus|map(attribute='axe') %}")
    siens = "objectifs|selectattr('axe', 'equalto', x.axe)"
    autres = "objectifs|rejectattr('axe', 'in', retenus)"
    lignes: list[str | Sequence[str]] = [
        "{%tr for x in axes_retenus|sort(attribute='ordre') %}",
        f"{{%tr if {siens}|list %}}",
        ["{{ x.intitule|default(x.axe|libelle) }}"],
        f"{{%tr for o in {siens} %}}",
        _OBJECTIF,
        "{%tr endfor %}",
        "{%tr endif %}",
        "{%tr endfor %}",
        f"{{%tr if {autres}|list %}}",
        ["{% if axes_retenus %}Hors des axes de l’autorité{% else %}Tous axes{% endif %}"],
        f"{{%tr for o in {autres} %}}",
        _OBJECTIF,
        "{%tr endfor %}",
        "{%tr endif %}",
    ]
    table = tableau(document, _LARGEURS, 1 + len(lignes))
    entete(table.rows[0])
    intituler(table, 0, _TITRES)
    for rang, ligne in enumerate(lignes, 1):
        if isinstance(ligne, str):
            table.cell(rang, 0).paragraphs[0].add_run(ligne)
        elif len(ligne) == 1:
            axe = fusionner(table, (rang, 0), (rang, len(_LARGEURS) - 1))
            cellule(axe, ligne[0], fond=PALE, gras=True, couleur=SARCELLE)
            solidaire(table.rows[rang])
        else:
            for colonne, texte in enumerate(ligne):
                cellule(table.cell(rang, colonne), texte)


def _sans_objectif(document: TypeDocument) -> None:
    """Les problématiques et les orientations auxquelles rien ne répond encore."""
    for nom, titre, phrase in (
        ("problematiques", "Problématiques sans objectif", "Chaque problématique a au moins un objectif."),
        ("orientations", "Orientations sans objectif", "Chaque orientation est servie par un objectif."),
    ):
        condition(document, nom)
        document.add_paragraph(titre, style="Heading 2")
        priorite = "{% if s.priorite %} ({{ s.priorite|libelle|lower }}){% endif %}"
        priorite = priorite if nom == "problematiques" else ""
        boucle(document, f"s in {nom} if not s.objectifs")
        puce(document, f"{{{{ s.code }}}}{priorite} – " + attendu("s.intitule", "à décrire"))
        boucle(document, None)
        condition(document, f"not {nom}|rejectattr('objectifs')|list")
        alinea(document, phrase)
        condition(document, None)
        condition(document, None)
