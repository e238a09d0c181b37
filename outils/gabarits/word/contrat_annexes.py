"""Le contrat : annexes 1 à 3 (périmètre, synthèse du diagnostic, fiches des objectifs) et accords."""

from __future__ import annotations

from docx.document import Document as TypeDocument
from docx.shared import Pt

from outils.gabarits.word.briques.commun import BLEU, ecrire
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, puce, table_de_boucle

PERIMETRE = "e in etablissements if e.dans_perimetre_cpom != false"
"""Les établissements du contrat : tous, sauf ceux déclarés hors du périmètre."""
ANNEXES = (
    "Périmètre du contrat",
    "Synthèse du diagnostic partagé",
    "Fiches des objectifs",
    "Moyens du scénario retenu",
    "Plan global de financement pluriannuel",
    "Évolution de l’offre",
    "Suivi du contrat",
    "Accords issus de la négociation",
)
JOINTES = (
    "Fiche signalétique de chaque établissement ou service",
    "Rapport du diagnostic partagé",
    "Activité prévisionnelle et cibles par modalité d’accueil",
    "État prévisionnel des recettes et des dépenses, tableau des effectifs, plan d’investissement",
    "Revue annuelle des objectifs, jointe chaque année au dossier budgétaire",
)
_ACCORDS = "engagements|selectattr('statut', 'equalto', 'accord')"


def titre_d_annexe(document: TypeDocument, numero: int, *, nouvelle_page: bool = True) -> None:
    """Le titre d’une annexe."""
    titre = document.add_paragraph(f"ANNEXE {numero} – {ANNEXES[numero - 1].upper()}", style="Heading 1")
    titre.paragraph_format.page_break_before = nouvelle_page


def accords(document: TypeDocument, article: int) -> None:
    """Ce qui a été convenu en négociation sur cet article."""
    condition(document, f"{_ACCORDS}|selectattr('numero_article', 'equalto', {article})|list")
    alinea(document, "Les parties sont convenues de ce qui suit :", sous_un_tableau=True)
    boucle(document, f"g in {_ACCORDS} if g.numero_article == {article}")
    puce(document, "{{ g.objet }} : {{ g.convenu|default('texte à écrire') }}")
    boucle(document, None)
    condition(document, None)


def perimetre(document: TypeDocument) -> None:
    """Annexe 1 : chaque établissement, puis ses places autorisées par modalité."""
    titre_d_annexe(document, 1)
    table_de_boucle(
        document,
        (4.8, 2.3, 3.4, 3.7, 2.4),
        ["Établissement ou service", "N° FINESS", "Catégorie", "Adresse", "Autorisée jusqu’au"],
        PERIMETRE,
        [
            "{{ e.nom }}",
            "{{ e.finess_et }}",
            "{{ e.categorie_libelle|default(e.type)|default('–') }}",
            "{{ e.adresse }}, {{ e.code_postal }} {{ e.commune }}",
            "{{ e.arrete_autorisation_echeance|default('–') }}",
        ],
    )
    condition(document, "autorisations")
    document.add_paragraph("Places autorisées", style="Heading 3")
    table_de_boucle(
        document,
        (5.2, 4.6, 2.2, 2.2, 2.4),
        ["Établissement ou service", "Modalité d’accueil", "Autorisées", "Installées", "Habilitées"],
        PERIMETRE,
        [
            "{{ e.nom }}",
            "{{ p.modalite|libelle }}",
            "{{ p.capacite_autorisee|default('–') }}",
            "{{ p.capacite_installee|default('–') }}",
            "{{ p.capacite_habilitee_as|default('–') }}",
        ],
        droite=(2, 3, 4),
        interieure="p in e.autorisations",
    )
    condition(document, None)


def diagnostic(document: TypeDocument) -> None:
    """Annexe 2 : la synthèse, les constats communs, les problématiques et l’objectif qui y répond."""
    titre_d_annexe(document, 2)
    condition(document, "contrat.synthese_diagnostic")
    alinea(document, "{{ contrat.synthese_diagnostic }}")
    document.add_paragraph("{%p elif not constats %}")
    alinea(document, "La synthèse du diagnostic sera annexée quand il sera validé.")
    condition(document, None)
    for genre, titre in (("force", "Points d’appui"), ("faiblesse", "Points à améliorer")):
        filtre = f"c in constats if c.portee == 'commun' and c.type == '{genre}'"
        condition(
            document,
            "constats|selectattr('portee', 'equalto', 'commun')"
            f"|selectattr('type', 'equalto', '{genre}')|list",
        )
        entete = alinea(document, "")
        ecrire(entete, f"{titre} communs aux établissements", gras=True, couleur=BLEU)
        entete.paragraph_format.keep_with_next = True
        boucle(document, filtre)
        puce(document, "{{ c.texte }}")
        boucle(document, None)
        condition(document, None)
    condition(document, "constats|selectattr('portee', 'equalto', 'specifique')|list")
    document.add_paragraph("Constats propres à chaque établissement ou service", style="Heading 3")
    table_de_boucle(
        document,
        (5.2, 2.8, 8.6),
        ["Établissement ou service", "Constat", "Ce qui est relevé"],
        PERIMETRE,
        ["{{ e.nom }}", "{{ c.type|libelle }}", "{{ c.texte }}"],
        interieure="c in e.constats if c.portee == 'specifique'",
    )
    condition(document, None)
    condition(document, "problematiques")
    document.add_paragraph("Des constats aux objectifs", style="Heading 3")
    table_de_boucle(
        document,
        (1.4, 9.2, 6),
        ["N°", "Problématique", "Objectif qui y répond"],
        "q in problematiques",
        [
            "{{ q.code }}",
            "{{ q.intitule }}",
            "{% for o in objectifs if o.problematique == q.code %}{{ o.numero }} {{ o.objectif_general }}"
            "{% if not loop.last %} ; {% endif %}{% endfor %}"
            "{% if not objectifs|selectattr('problematique', 'equalto', q.code)|list %}–{% endif %}",
        ],
    )
    condition(document, None)


def objectifs(document: TypeDocument) -> None:
    """Annexe 3 : une fiche par objectif."""
    titre_d_annexe(document, 3)
    boucle(document, "o in objectifs")
    _fiche(document)
    boucle(document, None)


def _fiche(document: TypeDocument) -> None:
    document.add_paragraph("Objectif {{ o.numero }} – {{ o.objectif_general }}", style="Heading 3")
    alinea(
        document,
        "{% if o.objectif_operationnel %}{{ o.objectif_operationnel }} {% endif %}Pilote : "
        "{% if o.pilote %}{{ o.pilote }}{% else %}à désigner{% endif %}. Échéance : "
        "{% if o.date_fin %}{{ o.date_fin }}{% else %}à fixer{% endif %}."
        "{% if o.etablissements %} Établissements concernés : {{ o.etablissements }}.{% endif %}",
    )
    condition(document, "o.constat")
    alinea(document, "Constat de départ : {{ o.constat }}", italique=True)
    condition(document, None)
    condition(document, "o.actions")
    table_de_boucle(
        document,
        (1.4, 7.6, 4.2, 3.4),
        ["N°", "Action", "Responsable", "Fin"],
        "a in o.actions",
        [
            "{{ a.numero }}",
            "{{ a.intitule }}",
            "{{ a.responsable|default('–') }}",
            "{{ a.date_fin|default('–') }}",
        ],
    )
    petit = document.add_paragraph()
    petit.paragraph_format.space_after = Pt(0)
    condition(document, None)
    condition(document, "o.indicateurs")
    table_de_boucle(
        document,
        (5.6, 5.0, 2.0, 2.0, 2.0),
        ["Indicateur", "Mode de calcul", "Unité", "Départ", "Cible"],
        "i in o.indicateurs",
        [
            "{{ i.libelle }}",
            "{{ i.mode_calcul|default('–') }}",
            "{{ i.unite }}",
            "{{ i.valeur_initiale }}",
            "{{ i.cible_finale }}",
        ],
        droite=(3, 4),
    )
    condition(document, None)
    condition(document, "o.engagement_autorite")
    alinea(document, "Engagement des autorités : {{ o.engagement_autorite }}", sous_un_tableau=True)
    condition(document, None)


def liste_des_accords(document: TypeDocument) -> None:
    """Annexe 8 : tous les accords, avec leur article."""
    titre_d_annexe(document, 8, nouvelle_page=False)
    condition(document, f"{_ACCORDS}|list")
    alinea(document, "Les points suivants, débattus pendant la négociation, ont fait l’objet d’un accord.")
    table_de_boucle(
        document,
        (1.6, 6.4, 2.6, 15.6),
        ["N°", "Objet", "Article", "Ce qui est convenu"],
        f"g in {_ACCORDS}",
        [
            "{{ g.code }}",
            "{{ g.objet }}",
            "{{ g.article|default('–') }}",
            "{{ g.convenu|default('texte à écrire') }}",
        ],
    )
    document.add_paragraph("{%p else %}")
    alinea(document, "Aucun accord particulier n’a été consigné.")
    condition(document, None)
