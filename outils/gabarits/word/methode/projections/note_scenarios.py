"""Le gabarit « Note sur les scénarios » : ce que chacun suppose, ce qu’il donne, lequel est retenu."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx.document import Document as TypeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH

from outils.gabarits.word.briques.commun import BLEU, PALE, cellule, ecrire, entete, solidaire, tableau
from outils.gabarits.word.briques.interne import (
    BLANC,
    VERT,
    document_interne,
    figure,
    respiration,
    titre_interne,
)
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, puce, table_de_boucle
from outils.gabarits.word.methode.projections import note_scenarios_suite as suite

FICHIER = "Note sur les scénarios – trame à balises.docx"
_TAUX = (
    ("taux_dotation", "Dotations"),
    ("taux_autres_produits", "Autres produits"),
    ("taux_activite", "Activité"),
    ("taux_inflation", "Inflation"),
    ("taux_gvt", "GVT"),
    ("taux_salaires", "Salaires"),
)
_RETOUR = (
    "{% if s.annee_equilibre %}{{ s.annee_equilibre }}{% elif s.resultat_final is defined %}non{% else %}–"
    "{% endif %}"
)
_COMPARES: tuple[tuple[str, str], ...] = (
    ("Actions retenues", "{{ s.nombre_actions }}"),
    ("Tient à moyens constants", "{{ s.moyens_constants|default('–') }}"),
    ("Crédits demandés", "{{ s.hors_moyens_constants|default('–') }}"),
    ("Couvert par redéploiement", "{{ s.redeploiement|default('–') }}"),
    ("Couvert par autofinancement", "{{ s.autofinancement|default('–') }}"),
    ("Dotation de {{ N + 5 }}", "{{ s.dotation_finale|default('–') }}"),
    ("Évolution depuis {{ N }}", "{{ s.evolution_dotation|default('–') }}"),
    ("Résultat cumulé", "{{ s.resultat_cumule|default('–') }}"),
    ("Plus bas résultat", "{{ s.resultat_plancher|default('–') }}"),
    ("Résultat de {{ N + 5 }}", "{{ s.resultat_final|default('–') }}"),
    ("Retour durable à l’équilibre", _RETOUR),
    ("CAF moyenne", "{{ s.caf_moyenne|default('–') }}"),
    ("FRNG de {{ N + 5 }}", "{{ s.frng_final|default('–') }}"),
)
_PHRASES = (
    "{% if s.moyens_constants == 'non' %}Il demande {{ s.hors_moyens_constants }} de crédits de {{ N + 1 }} "
    "à {{ N + 5 }}, au-delà des moyens constants{% elif s.moyens_constants == 'oui' %}Il tient à moyens "
    "constants : aucun crédit n’est demandé{% else %}Les crédits demandés ne sont pas encore calculés"
    "{% endif %}{% if s.redeploiement is defined %} ; {{ s.redeploiement }} de charges d’actions se "
    "financent par redéploiement et {{ s.autofinancement }} par autofinancement{% endif %}.",
    "{% if s.dotation_finale is not defined %}La dotation projetée n’est pas encore calculée.{% else %}"
    "{% if s.annee_baisse %}Attention : la dotation passe sous celle de {{ N }} en {{ s.annee_baisse }}"
    "{% else %}La dotation ne passe jamais sous celle de {{ N }}{% endif %} ; en {{ N + 5 }}, elle est de "
    "{{ s.dotation_finale }} ({{ s.evolution_dotation }} depuis {{ N }}).{% endif %}",
    "{% if s.resultat_plancher is not defined %}Le résultat projeté n’est pas encore calculé.{% else %}"
    "{% if s.annee_equilibre == N + 1 %}Le résultat reste à l’équilibre chaque année{% elif "
    "s.annee_equilibre %}Le résultat revient durablement à l’équilibre en {{ s.annee_equilibre }}{% else %}"
    "Le résultat ne revient pas à l’équilibre d’ici {{ N + 5 }}{% endif %} ; le plus bas est de "
    "{{ s.resultat_plancher }}.{% endif %}",
    "{% if s.frng_final is defined %}Le fonds de roulement est de {{ s.frng_final }} à la fin de {{ N + 5 }}."
    "{% else %}Le fonds de roulement n’est pas encore calculé.{% endif %}",
)
_RETENUE = f"{{% cellbg '{VERT}' if s.retenu else '{BLANC}' %}}"


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Note sur les scénarios", taille=9.5)
    titre_interne(
        document,
        "Note sur les scénarios",
        "Projections de {{ N + 1 }} à {{ N + 5 }}, budget {{ N }} pour base",
    )
    _essentiel(document)
    _cote_a_cote(document)
    _trajectoires(document)
    _suppositions(document)
    suite.moyens_constants(document)
    suite.equilibre(document)
    suite.offre(document)
    suite.conventions(document)
    return enregistrer(document, dossier / FICHIER)


def _essentiel(document: TypeDocument) -> None:
    """Le scénario retenu, en quelques lignes."""
    document.add_paragraph("L’essentiel", style="Heading 2")
    condition(document, "scenarios_synthese|selectattr('retenu')|list")
    boucle(document, "s in scenarios_synthese if s.retenu")
    choix = alinea(document, "")
    ecrire(choix, "Scénario retenu : {{ s.nom }}.", gras=True, couleur=BLEU, taille=11)
    condition(document, "s.motif")
    alinea(document, "{{ s.motif }}")
    condition(document, None)
    for phrase in _PHRASES:
        puce(document, phrase)
    boucle(document, None)
    document.add_paragraph("{%p else %}")
    alinea(document, "Aucun scénario n’est encore retenu.")
    condition(document, None)


def _cote_a_cote(document: TypeDocument) -> None:
    document.add_paragraph("Les scénarios côte à côte", style="Heading 2")
    _tableau_par_scenario(document, _COMPARES)
    legende = alinea(document, "Montants cumulés de {{ N + 1 }} à {{ N + 5 }}, sauf année indiquée.")
    for passage in legende.runs:
        passage.italic = True


def _tableau_par_scenario(document: TypeDocument, lignes: Sequence[tuple[str, str]]) -> None:
    """Une ligne par grandeur, une colonne par scénario ; les deux colonnes de boucle disparaissent."""
    table = tableau(document, (4.6, 4.1, 4.1, 4.1), 1 + len(lignes))
    entete(table.rows[0])
    cellule(table.cell(0, 0), "", fond=PALE)
    for ligne in range(1 + len(lignes)):
        table.cell(ligne, 1).paragraphs[0].add_run("{%tc for s in scenarios_synthese %}")
        table.cell(ligne, 3).paragraphs[0].add_run("{%tc endfor %}")
    titre = "{{ s.nom }}{% if s.retenu %} (retenu){% endif %}"
    cellule(table.cell(0, 2), titre, fond=PALE, gras=True, couleur=BLEU, centre=True)
    for rang, (libelle, valeur) in enumerate(lignes, start=1):
        cellule(table.cell(rang, 0), libelle, gras=True)
        paragraphe = cellule(table.cell(rang, 2), _RETENUE + valeur)
        paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for rangee in table.rows[:-1]:
        solidaire(rangee)


def _trajectoires(document: TypeDocument) -> None:
    condition(document, "pgfp_scenarios|selectattr('resultat', 'defined')|list")
    document.add_paragraph("Les trajectoires", style="Heading 2")
    for titre, champ in (
        ("Résultat", "resultat"),
        ("Capacité d’autofinancement", "caf"),
        ("Fonds de roulement net global au 31 décembre", "frng"),
    ):
        figure(
            document,
            f"{{{{ pgfp_scenarios|courbes(titre='{titre}', etiquette='annee', valeurs='{champ}', "
            "serie='intitule', unite='€', largeur=130) }}",
        )
    condition(document, None)


def _suppositions(document: TypeDocument) -> None:
    document.add_paragraph("Ce que chaque scénario suppose et fait", style="Heading 2")
    boucle(document, "s in scenarios_synthese")
    document.add_paragraph("{{ s.nom }}{% if s.retenu %} (retenu){% endif %}", style="Heading 3")
    condition(document, "s.description")
    alinea(document, "{{ s.description }}").paragraph_format.keep_with_next = True
    condition(document, None)
    condition(document, "s.motif and not s.retenu")
    alinea(document, "{{ s.motif }}").paragraph_format.keep_with_next = True
    condition(document, None)
    table = table_de_boucle(
        document,
        (2, *[2.5] * len(_TAUX)),
        ["Année", *[titre for _, titre in _TAUX]],
        "t in taux_appliques if t.scenario == s.scenario",
        ["{{ t.annee }}", *[f"{{{{ t.{nom} }}}}" for nom, _ in _TAUX]],
        droite=range(1, 1 + len(_TAUX)),
    )
    solidaire(table.rows[2])
    respiration(document, 6)
    boucle(document, None)
