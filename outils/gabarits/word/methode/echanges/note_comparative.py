"""Le gabarit « Note comparative » : chaque établissement face aux quartiles d’un groupe comparable."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.commun import solidaire
from outils.gabarits.word.briques.interne import (
    BLANC,
    ORANGE,
    ROUGE,
    VERT,
    document_interne,
    figure,
    respiration,
    titre_interne,
)
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, puce, table_de_boucle

FICHIER = "Note comparative – trame à balises.docx"
INDICATEURS = {
    "taux_occupation": ("Taux d’occupation", "%"),
    "taux_absenteisme": ("Taux d’absentéisme", "%"),
    "taux_rotation": ("Taux de rotation", "%"),
    "etp_par_place": ("ETP par place", "ETP"),
    "cout_place": ("Coût à la place", "€"),
    "taux_caf": ("Taux de CAF", "%"),
    "part_groupe_2": ("Part des charges de personnel", "%"),
}
"""Les indicateurs de la nomenclature « indicateurs_reference » : titre et unité des graphiques."""
_PHRASE = (
    "{{ c.nom }} : {{ c.indicateur|libelle }} de {{ c.valeur_texte }} en {{ c.annee }}, {{ c.ecart_texte }} "
    "({{ c.mediane_texte }}, {{ c.territoire }}). {{ c.position }}."
)
_COULEUR = (
    f"{{% cellbg '{VERT}' if c.lecture == 'Favorable' else '{ROUGE}' if c.lecture == 'Défavorable' else "
    f"'{ORANGE}' if c.lecture == 'À interpréter' else '{BLANC}' %}}"
)


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Note comparative", taille=9)
    titre_interne(document, "Note comparative", "Nos établissements et leurs comparables")
    _ce_qui_ressort(document)
    for code, (titre, unite) in INDICATEURS.items():
        _indicateur(document, code, titre, unite)
    _sources(document)
    _limites(document)
    return enregistrer(document, dossier / FICHIER)


def _ce_qui_ressort(document: TypeDocument) -> None:
    alinea(
        document,
        "Cette note situe chaque établissement par rapport aux valeurs d’établissements de même catégorie. "
        "Elle constate des écarts ; elle n’en donne ni la cause ni la valeur.",
    )
    document.add_paragraph("Les écarts notables", style="Heading 2")
    condition(document, "comparaisons_references|selectattr('notable')|list")
    alinea(document, "Hors de l’intervalle où se trouve la moitié centrale du groupe :")
    boucle(document, "c in comparaisons_references|selectattr('notable')")
    puce(document, _PHRASE)
    boucle(document, None)
    document.add_paragraph("{%p else %}")
    alinea(document, "Aucune valeur connue ne sort des quartiles donnés.")
    condition(document, None)


def _indicateur(document: TypeDocument, code: str, titre: str, unite: str) -> None:
    """Le graphique et le tableau d’un indicateur, s’il a des références et des valeurs."""
    choix = f"comparaisons_references|selectattr('indicateur', 'equalto', '{code}')"
    condition(document, f"{choix}|list")
    entete = document.add_paragraph(titre, style="Heading 2")
    entete.paragraph_format.keep_with_next = True
    boucle(document, f"c in {choix}")
    condition(document, "loop.first")
    calcul = alinea(document, "{{ c.mode_calcul }}.", italique=True)
    calcul.paragraph_format.keep_with_next = True
    condition(document, None)
    boucle(document, None)
    condition(document, f"{choix}|selectattr('valeur', 'defined')|list")
    figure(
        document,
        f"{{{{ {choix}|quartiles(titre='{titre}', etiquette='nom', "
        f"valeur='valeur_arrondie', mediane='mediane', q1='q1', q3='q3', unite='{unite}', largeur=150) }}}}",
    )
    condition(document, None)
    table = table_de_boucle(
        document,
        (3.1, 1.75, 1.75, 1.75, 1.75, 2.0, 2.6, 2.3),
        ["Établissement", "Valeur", "Q1", "Médiane", "Q3", "Écart", "Position", "Lecture"],
        f"c in {choix}",
        [
            "{{ c.nom }} ({{ c.annee }})",
            "{{ c.valeur_texte|default('Non connue') }}",
            "{{ c.q1_texte|default('–') }}",
            "{{ c.mediane_texte|default('–') }}",
            "{{ c.q3_texte|default('–') }}",
            "{{ c.ecart_signe|default('–') }}",
            "{{ c.position|default('–') }}",
            _COULEUR + "{{ c.lecture|default('–') }}",
        ],
        droite=range(1, 6),
    )
    solidaire(table.rows[2])
    respiration(document, 6)
    condition(document, None)


def _sources(document: TypeDocument) -> None:
    document.add_paragraph("Sources", style="Heading 2")
    table_de_boucle(
        document,
        (3.8, 4.9, 1.9, 1.3, 1.9, 3.2),
        ["Indicateur", "Catégorie", "Territoire", "Année", "Comparés", "Source"],
        "r in references|sort(attribute='indicateur')",
        [
            "{{ r.indicateur|libelle }}",
            "{{ r.categorie|libelle }}",
            "{{ r.territoire }}",
            "{{ r.annee }}",
            "{{ r.effectif|default('–') }}",
            "{{ r.source|default('À préciser') }}",
        ],
        droite=(4,),
    )
    condition(document, "etablissements|rejectattr('comparaisons_references')|list")
    alinea(
        document,
        "Sans référence de leur catégorie : "
        "{% for e in etablissements|rejectattr('comparaisons_references') %}{{ e.nom }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}.",
        sous_un_tableau=True,
    )
    condition(document, None)


def _limites(document: TypeDocument) -> None:
    document.add_paragraph("Limites", style="Heading 2")
    for texte in (
        "Un établissement n’est comparé qu’aux valeurs de sa catégorie, la même année ; la taille, le public "
        "accueilli et les locaux n’y sont pas neutralisés.",
        "La valeur d’une référence dépend de son mode de calcul : vérifier qu’il est celui qui est rappelé "
        "sous chaque titre.",
        "Un écart est dit notable hors des quartiles. Il est dit favorable ou défavorable quand l’indicateur "
        "a un sens ; le coût, l’encadrement et la part du personnel n’en ont pas : ils s’interprètent "
        "ensemble.",
        "Un groupe de peu d’établissements donne des quartiles fragiles.",
    ):
        puce(document, texte)
