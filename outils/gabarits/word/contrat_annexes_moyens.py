"""Le contrat : annexes 4 à 7, en paysage (moyens, plan de financement, offre, suivi)."""

from __future__ import annotations

from docx.document import Document as TypeDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Cm
from docx.table import Table

from outils.gabarits.word.briques.cadre import en_tete_courant, pied
from outils.gabarits.word.briques.commun import PALE, cellule, colorer, entete, intituler, solidaire, tableau
from outils.gabarits.word.briques.interne import respiration
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, puce, table_de_boucle
from outils.gabarits.word.contrat_annexes import titre_d_annexe

_ANS = tuple(range(1, 6))
_COMPTES: tuple[tuple[str, str], ...] = (
    ("produits_groupe_1", "Produits du groupe I (tarification)"),
    ("produits_groupe_2", "Produits du groupe II"),
    ("produits_groupe_3", "Produits du groupe III"),
    ("total_produits", "Total des produits"),
    ("charges_groupe_1", "Charges du groupe I (exploitation courante)"),
    ("charges_groupe_2", "Charges du groupe II (personnel)"),
    ("charges_groupe_3", "Charges du groupe III (structure)"),
    ("total_charges", "Total des charges"),
    ("resultat", "Résultat"),
    ("caf", "Capacité d’autofinancement"),
    ("remboursements", "Remboursements d’emprunts"),
    ("acquisitions", "Acquisitions et travaux"),
    ("emplois", "Total des emplois"),
    ("emprunts_nouveaux", "Emprunts nouveaux"),
    ("subventions", "Subventions d’investissement"),
    ("cessions", "Cessions"),
    ("ressources", "Total des ressources, CAF comprise"),
    ("apport", "Apport au fonds de roulement, ou prélèvement"),
    ("frng", "Fonds de roulement au 31 décembre"),
    ("bfr", "Besoin en fonds de roulement au 31 décembre"),
    ("tresorerie", "Trésorerie au 31 décembre"),
    ("encours", "Encours d’emprunts au 31 décembre"),
)
_TOTAUX = {"total_produits", "total_charges", "resultat", "emplois", "ressources", "frng", "tresorerie"}


def paysage(document: TypeDocument, mention: str, titre: str, bas: str) -> None:
    """Ouvre une section en paysage, avec ses en-têtes et son pied."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.6)
    section.different_first_page_header_footer = False
    en_tete_courant(section, mention, titre, None)
    pied(section, bas, "18")


def moyens(document: TypeDocument) -> None:
    """Annexe 4 : le scénario retenu, ses hypothèses, le coût de chaque action par année, qui finance."""
    titre_d_annexe(document, 4, nouvelle_page=False)
    condition(document, "scenarios_synthese|selectattr('retenu')|list")
    boucle(document, "s in scenarios_synthese if s.retenu")
    alinea(
        document,
        "Scénario retenu : {{ s.nom }}. {% if s.description %}{{ s.description }} {% endif %}"
        "{% if s.moyens_constants == 'oui' %}Il tient à moyens constants.{% elif s.hors_moyens_constants %}"
        "Il demande {{ s.hors_moyens_constants }} de crédits sur la période.{% endif %}",
    )
    boucle(document, None)
    document.add_paragraph("Hypothèses d’évolution", style="Heading 3")
    table = table_de_boucle(
        document,
        (2.6, *[3.9] * 6),
        ["Année", "Dotations", "Autres produits", "Activité", "Inflation", "GVT", "Salaires"],
        "t in taux_appliques if t.retenu",
        [
            "{{ t.annee }}",
            "{{ t.taux_dotation }}",
            "{{ t.taux_autres_produits }}",
            "{{ t.taux_activite }}",
            "{{ t.taux_inflation }}",
            "{{ t.taux_gvt }}",
            "{{ t.taux_salaires }}",
        ],
        droite=range(1, 7),
    )
    solidaire(table.rows[2])
    document.add_paragraph("Financement des actions", style="Heading 3")
    _financement(document)
    document.add_paragraph("Charges de chaque action", style="Heading 3")
    _actions(document)
    document.add_paragraph("{%p else %}")
    alinea(document, "Aucun scénario n’est encore retenu.")
    condition(document, None)


def _actions(document: TypeDocument) -> None:
    par_annee = [
        "{% for m in moyens_actions if m.retenu and m.objectif == a.objectif and m.action == a.action "
        f"and m.annee == N + {rang} %}}{{{{ m.charges|default('–') }}}}{{% endfor %}}"
        for rang in _ANS
    ]
    table_de_boucle(
        document,
        (1.5, 7.0, *[2.5] * 5, 2.7, 2.7),
        ["N°", "Action", *[f"{{{{ N + {rang} }}}}" for rang in _ANS], "Total", "Produits attendus"],
        "a in actions_chiffrees if a.retenu",
        [
            "{{ a.action }}",
            "{{ a.intitule }}",
            *par_annee,
            "{{ a.charges|default('–') }}",
            "{{ a.produits|default('–') }}",
        ],
        droite=range(2, 9),
    )


def _financement(document: TypeDocument) -> None:
    """Une ligne par financement, une colonne par année du scénario retenu."""
    lignes = (
        ("Redéploiement", "redeploiement"),
        ("Autofinancement", "autofinancement"),
        ("Crédits demandés aux autorités", "hors_moyens_constants"),
    )
    table = tableau(document, (8.5, *[3.4] * 5), 1 + len(lignes))
    entete(table.rows[0])
    intituler(table, 0, ["Financement", *[f"{{{{ N + {rang} }}}}" for rang in _ANS]])
    for rang, (libelle, champ) in enumerate(lignes, start=1):
        cellule(table.cell(rang, 0), libelle)
        for an in _ANS:
            _a_droite(
                table,
                rang,
                an,
                "{% for r in scenarios_synthese if r.retenu %}{% for p in projections_gestionnaire if "
                f"p.scenario == r.scenario and p.annee == N + {an} %}}{{{{ p.{champ}|default('–') }}}}"
                "{% endfor %}{% endfor %}",
            )
    for rangee in table.rows[:-1]:
        solidaire(rangee)


def _a_droite(table: Table, ligne: int, colonne: int, texte: str, *, gras: bool | None = None) -> None:
    cellule(table.cell(ligne, colonne), texte, gras=gras, taille=8.5).alignment = 2


def plan_de_financement(document: TypeDocument) -> None:
    """Annexe 5 : le PGFP du scénario retenu, de N à N+5."""
    titre_d_annexe(document, 5)
    condition(document, "pgfp_retenu")
    table = tableau(document, (7.4, *[3.15] * 6), 1 + len(_COMPTES))
    entete(table.rows[0])
    intituler(table, 0, ["En euros", "{{ N }} (budget)", *[f"{{{{ N + {rang} }}}}" for rang in _ANS]])
    for rang, (champ, libelle) in enumerate(_COMPTES, start=1):
        total = champ in _TOTAUX or None
        cellule(table.cell(rang, 0), libelle, gras=total, taille=8.5)
        for an in range(6):
            annee = "N" if an == 0 else f"N + {an}"
            _a_droite(
                table,
                rang,
                1 + an,
                f"{{% for p in pgfp_retenu if p.annee == {annee} %}}{{{{ p.{champ}|default('–') }}}}"
                "{% endfor %}",
                gras=total,
            )
        if total:
            for case in table.rows[rang].cells:
                colorer(case, PALE)
    for rangee in table.rows[:-1]:
        solidaire(rangee)
    alinea(
        document,
        "{% for p in pgfp_retenu if p.annee == N + 1 %}{% if p.hypothese_bfr == 'constant' %}Le besoin en "
        "fonds de roulement est supposé constant. {% endif %}{% endfor %}Les remboursements suivent des "
        "annuités constantes ; les hypothèses d’évolution sont en annexe 4.",
        sous_un_tableau=True,
    )
    document.add_paragraph("{%p else %}")
    alinea(document, "Le plan de financement sera annexé quand un scénario sera retenu.")
    condition(document, None)


def offre(document: TypeDocument) -> None:
    """Annexe 6 : les places de chaque modalité, année après année."""
    titre_d_annexe(document, 6)
    condition(document, "offre_evolution")
    places = [
        f"{{% for x in e.offre_synthese if x.rang == o.rang and x.annee == N + {rang} %}}"
        "{{ x.places_proposees|default('–') }}{% endfor %}"
        for rang in _ANS
    ]
    table_de_boucle(
        document,
        (6.6, 4.6, 3.6, 2.1, *[1.55] * 5, 1.85),
        [
            "Établissement ou service",
            "Modalité",
            "Mouvement",
            "Autorisées",
            *[f"{{{{ N + {rang} }}}}" for rang in _ANS],
            "Évolution",
        ],
        "e in etablissements",
        [
            "{{ o.nom }}",
            "{{ o.modalite|libelle }}",
            "{{ o.mouvement|default('–') }}",
            "{{ o.places_autorisees|default('–') }}",
            *places,
            "{% if o.evolution > 0 %}+{% endif %}{{ o.evolution|default('–') }}",
        ],
        droite=range(3, 10),
        interieure="o in e.offre_evolution",
    )
    alinea(
        document,
        "Les autorisations sont modifiées par arrêté, au rythme de ce tableau.",
        sous_un_tableau=True,
    )
    document.add_paragraph("{%p else %}")
    alinea(document, "L’offre autorisée à la date de signature n’évolue pas pendant le contrat.")
    condition(document, None)


def suivi(document: TypeDocument) -> None:
    """Annexe 7 : le calendrier du comité de suivi, ce qu’il examine, les cibles de chaque année."""
    titre_d_annexe(document, 7, nouvelle_page=False)
    document.add_paragraph("Calendrier", style="Heading 3")
    for date, texte in (
        ("contrat.comite_suivi_an3", "bilan d’étape, au milieu du contrat"),
        ("contrat.comite_suivi_fin", "bilan final, avant le terme"),
    ):
        condition(document, date)
        puce(document, f"{{{{ {date} }}}} : comité de suivi, {texte} ;")
        condition(document, None)
    puce(document, "chaque année : revue des objectifs, jointe au dossier budgétaire.")
    document.add_paragraph("Ce que le comité examine", style="Heading 3")
    for texte in (
        "la revue des objectifs et le tableau des cibles ci-dessous ;",
        "les documents budgétaires et comptables de l’exercice, et le plan de financement actualisé ;",
        "les données du tableau de bord de la performance ;",
        "les évaluations externes de la qualité et leurs suites ;",
        "le bilan d’étape, puis le bilan final.",
    ):
        puce(document, texte)
    respiration(document, 6)
    condition(document, "suivi_indicateurs")
    document.add_paragraph("Cibles de chaque année du contrat", style="Heading 3")
    table_de_boucle(
        document,
        (1.7, 8.4, 2.2, 2.2, *[2.0] * 5, 2.0),
        [
            "Objectif",
            "Indicateur",
            "Unité",
            "Départ",
            *[f"Année {rang}" for rang in _ANS],
            "Terme",
        ],
        "i in suivi_indicateurs",
        [
            "{{ i.objectif }}",
            "{{ i.libelle }}",
            "{{ i.unite|default('–') }}",
            "{{ i.valeur_initiale|default('–') }}",
            *[f"{{{{ i.cible_{rang}|default('–') }}}}" for rang in _ANS],
            "{{ i.cible_finale|default('–') }}",
        ],
        droite=range(3, 10),
    )
    respiration(document, 10)
    condition(document, None)
