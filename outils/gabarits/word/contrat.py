"""Le gabarit « Contrat CPOM » : un document du gestionnaire, à balises Jinja."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from outils.gabarits.word import contrat_annexes as annexes
from outils.gabarits.word import contrat_annexes_moyens as chiffres
from outils.gabarits.word import contrat_fin as fin
from outils.gabarits.word import contrat_moyens as moyens
from outils.gabarits.word.briques.cadre import en_tete_courant, pied, premier_en_tete, titre_de_couverture
from outils.gabarits.word.briques.commun import BLEU, FICTIF, SARCELLE, ecrire, nouveau_document
from outils.gabarits.word.briques.paquet import enregistrer, sans_vignette
from outils.gabarits.word.briques.redaction import alinea, article, boucle, condition, puce, table_de_boucle

FICHIER = "Contrat CPOM – trame à balises.docx"
_HAUT = "CPOM {{ gestionnaire.sigle|default(gestionnaire.raison_sociale) }}"
_BAS = "{{ gestionnaire.raison_sociale }} – contrat {{ contrat.numero|default('en préparation') }}"
_NOMBRE = "etablissements|rejectattr('dans_perimetre_cpom', 'equalto', false)|list|length"
MENTION = FICTIF.format("d’un contrat proposé par une autorité")


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = nouveau_document("Contrat pluriannuel d’objectifs et de moyens", "CPOM", taille=10)
    sans_vignette(document)
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(2.2)
    premier_en_tete(section, MENTION, "Contrat {{ contrat.numero|default('à attribuer') }}")
    en_tete_courant(
        section,
        MENTION,
        _HAUT,
        _numero_en_en_tete,
    )
    pied(section, _BAS, "18")
    _couverture(document)
    _preambule(document)
    _titre_1(document)
    moyens.article_4(document)
    moyens.titre_2(document)
    fin.titre_3(document)
    fin.signatures(document)
    _annexes(document)
    return enregistrer(document, dossier / FICHIER)


def _annexes(document: TypeDocument) -> None:
    """Les annexes, portées par le contrat : les trois premières en portrait, les autres en paysage."""
    annexes.perimetre(document)
    annexes.diagnostic(document)
    annexes.objectifs(document)
    chiffres.paysage(
        document,
        MENTION,
        f"{_HAUT} – annexes",
        _BAS,
    )
    chiffres.moyens(document)
    chiffres.plan_de_financement(document)
    chiffres.offre(document)
    chiffres.suivi(document)
    annexes.liste_des_accords(document)


def _numero_en_en_tete(ligne: Paragraph) -> None:
    ecrire(ligne, "Contrat n° {{ contrat.numero|default('à attribuer') }}", couleur=BLEU, taille=8.5)


def _couverture(document: TypeDocument) -> None:
    titre_de_couverture(
        document,
        "CONTRAT PLURIANNUEL D’OBJECTIFS ET DE MOYENS",
        "{{ contrat.intitule|default(gestionnaire.raison_sociale) }}",
        avant=70,
    )
    periode = document.add_paragraph()
    periode.alignment = WD_ALIGN_PARAGRAPH.CENTER
    periode.paragraph_format.space_after = Pt(70)
    ecrire(
        periode,
        "du {{ contrat.date_debut }} au {{ contrat.date_fin }}",
        gras=True,
        couleur=SARCELLE,
        taille=11,
    )
    document.add_paragraph("Entre les soussignés", style="Heading 2")
    boucle(document, "s in signataires")
    puce(
        document,
        "{{ s.structure }}, représenté(e) par {{ s.nom }}, {{ s.qualite }}"
        "{% if s.delegation %} ({{ s.delegation }}){% endif %} ;",
        morceaux=4,
    )
    boucle(document, None)
    alinea(document, "ci-après désignés « les parties », il est convenu ce qui suit.")
    condition(document, "contrat.visas")
    document.add_paragraph("Visas", style="Heading 2")
    alinea(document, "{{ contrat.visas }}")
    condition(document, None)
    condition(document, "contrat.deliberation_date")
    alinea(
        document,
        "Vu la délibération {{ contrat.deliberation_reference|default('') }} du {{ "
        "contrat.deliberation_date }} "
        "de l’organe délibérant du gestionnaire, qui autorise la signature du présent contrat ;",
    )
    condition(document, None)


def _preambule(document: TypeDocument) -> None:
    titre = document.add_paragraph("Préambule", style="Heading 1")
    titre.paragraph_format.page_break_before = True
    alinea(document, "{{ contrat.texte_preambule }}")
    document.add_paragraph("Le gestionnaire", style="Heading 2")
    alinea(document, "{{ gestionnaire.texte_presentation }}")
    document.add_paragraph("Les enseignements du diagnostic partagé", style="Heading 2")
    condition(document, "contrat.synthese_diagnostic")
    alinea(document, "{{ contrat.synthese_diagnostic }}")
    condition(document, None)
    alinea(document, "La synthèse du diagnostic figure en annexe 2.")


def _titre_1(document: TypeDocument) -> None:
    document.add_paragraph("TITRE 1 – OBJET DU CONTRAT", style="Heading 1")
    article(document, 1, "Le gestionnaire et le périmètre")
    alinea(
        document,
        "Le contrat lie les autorités signataires à {{ gestionnaire.raison_sociale }} "
        "{% if gestionnaire.sigle %}({{ gestionnaire.sigle }}), {% endif %}numéro FINESS "
        "{{ gestionnaire.finess_ej }}, SIREN {{ gestionnaire.siren }}, "
        "dont le siège est {{ gestionnaire.adresse }}, {{ gestionnaire.code_postal }} "
        "{{ gestionnaire.commune }}.{% if gestionnaire.modalites_organisation %} "
        "{{ gestionnaire.modalites_organisation }}{% endif %}",
        morceaux=9,
    )
    alinea(
        document,
        f"{{% if {_NOMBRE} == 1 %}}Il couvre l’établissement ou service ci-dessous, décrit en annexe 1."
        f"{{% else %}}Il couvre les {{{{ {_NOMBRE} }}}} établissements et services ci-dessous, décrits en "
        "annexe 1.{% endif %}",
    )
    table_de_boucle(
        document,
        (1.7, 6.2, 2.4, 2.2, 1.8, 2.3),
        ["Code", "Établissement ou service", "N° FINESS", "Catégorie", "Places", "Habilitées"],
        annexes.PERIMETRE,
        [
            "{{ e.code }}",
            "{{ e.nom }}{% if e.commune %}, {{ e.commune }}{% endif %}",
            "{{ e.finess_et }}",
            "{{ e.type|default('–') }}",
            "{{ e.capacite_autorisee }}",
            "{{ e.capacite_habilitee_as }}",
        ],
        droite=(4, 5),
    )
    annexes.accords(document, 1)
    article(document, 2, "L’articulation avec les autres contrats")
    condition(document, "contrat.articulation_autres_cpom")
    alinea(document, "{{ contrat.articulation_autres_cpom }}")
    document.add_paragraph("{%p else %}")
    alinea(
        document,
        "À la date de signature, aucun autre contrat pluriannuel ne lie les parties sur ce périmètre.",
    )
    condition(document, None)
    annexes.accords(document, 2)
    article(document, 3, "Les objectifs fixés d’après le diagnostic partagé")
    alinea(
        document,
        "Les parties retiennent {{ objectifs|length }} objectif{% if objectifs|length > 1 %}s{% endif %}, "
        "parmi les enjeux du diagnostic. Chacun est suivi par des indicateurs dont la valeur de départ et la "
        "cible sont arrêtées en annexe 3, et année par année en annexe 7.",
    )
    table_de_boucle(
        document,
        (1.2, 6.9, 3.4, 2.7, 2.4),
        ["N°", "Objectif", "Pilote", "Échéance", "Orientation"],
        "o in objectifs",
        [
            "{{ o.numero }}",
            "{{ o.objectif_general }}",
            "{{ o.pilote }}",
            "{{ o.date_fin }}",
            "{{ o.orientation|default('–') }}",
        ],
    )
    annexes.accords(document, 3)
