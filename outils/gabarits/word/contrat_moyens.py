"""Le contrat : article 4 (les moyens) et titre 2 (la mise en œuvre)."""

from __future__ import annotations

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.redaction import (
    alinea,
    article,
    boucle,
    clause,
    condition,
    puce,
    selon,
    table_de_boucle,
)
from outils.gabarits.word.contrat_annexes import PERIMETRE, accords

_NATURES = {
    "forfait_soins": "Forfait global soins",
    "forfait_dependance": "Forfait global dépendance",
    "fgu": "Forfait global unique",
    "dotation_globale": "Dotation globale",
    "prix_journee": "Prix de journée",
    "tarif_hebergement": "Tarif hébergement",
    "tarif_horaire": "Tarif horaire",
    "dgc_quote_part": "Quote-part de dotation commune",
    "complementaire": "Financement complémentaire",
    "autre": "Autre financement",
}
_FINANCEURS = {
    "assurance_maladie": "assurance maladie",
    "departement": "département",
    "usagers": "usagers",
    "aide_sociale": "aide sociale",
    "etat": "État",
    "autre": "autre financeur",
}


def article_4(document: TypeDocument) -> None:
    """Les moyens : dotations de l’année N, évolution, modulation, résultats, siège, investissements."""
    article(document, 4, "Les moyens dédiés aux objectifs")
    condition(document, "contrat.clause_moyens_constants")
    alinea(document, "{{ contrat.clause_moyens_constants }}")
    condition(document, None)
    document.add_paragraph("4.1 Dotations de référence de l’exercice {{ N }}", style="Heading 3")
    condition(document, "dotations")
    table_de_boucle(
        document,
        (4.2, 4.2, 2.8, 2.3, 3.1),
        ["Établissement ou service", "Nature et financeur", "Base reconductible", "CNR", "Total notifié"],
        PERIMETRE,
        [
            "{{ e.nom }}",
            selon("d.nature", _NATURES) + " – " + selon("d.financeur", _FINANCEURS),
            "{{ d.base_reconductible|default('–') }}",
            "{{ d.cnr|default('–') }}",
            "{{ d.total_notifie }}",
        ],
        droite=(2, 3, 4),
        interieure="d in e.dotations if d.annee == N",
        total=[
            "Ensemble du périmètre",
            "",
            "",
            "",
            "{{ dotations|selectattr('annee', 'equalto', N)|sum(attribute='total_notifie')|euros }}",
        ],
    )
    document.add_paragraph("{%p else %}")
    alinea(document, "Les dotations de référence sont celles que les autorités notifient.")
    condition(document, None)
    condition(document, "contrat.dgc")
    document.add_paragraph("4.2 Dotation globalisée commune", style="Heading 3")
    alinea(
        document,
        "Les financements de l’assurance maladie sont versés sous la forme d’une dotation "
        "globalisée commune"
        "{% if contrat.dgc_montant %} de {{ contrat.dgc_montant }}{% endif %}, dont le bénéficiaire est "
        "{{ contrat.dgc_beneficiaire|default(gestionnaire.raison_sociale) }}"
        "{% if contrat.dgc_caisse_pivot %} et la caisse pivot {{ contrat.dgc_caisse_pivot }}{% endif %}. "
        "Sa répartition entre établissements est prévisionnelle ; le gestionnaire peut la modifier "
        "en cours "
        "d’exercice et en rend compte.",
    )
    condition(document, None)
    _scenario(document)
    _clauses(document)
    _siege_et_investissements(document)
    accords(document, 4)


def _scenario(document: TypeDocument) -> None:
    """Le scénario retenu, en deux phrases ; le détail est en annexe."""
    condition(document, "scenarios_synthese|selectattr('retenu')|list")
    document.add_paragraph("Scénario retenu", style="Heading 3")
    boucle(document, "s in scenarios_synthese if s.retenu")
    alinea(
        document,
        "Les moyens sont ceux du scénario « {{ s.nom }} ». De {{ N + 1 }} à {{ N + 5 }}, les charges des "
        "actions sont couvertes par redéploiement ({{ s.redeploiement|default('–') }}) et par "
        "autofinancement ({{ s.autofinancement|default('–') }}){% if s.hors_moyens_constants %} ; "
        "{{ s.hors_moyens_constants }} de crédits sont demandés aux autorités{% endif %}. Leur détail figure "
        "en annexe 4 et le plan de financement en annexe 5 ; l’évolution de l’offre, en annexe 6.",
    )
    boucle(document, None)
    condition(document, None)


def _clauses(document: TypeDocument) -> None:
    for titre, nom, defaut in (
        (
            "Évolution des dotations",
            "modalite_evolution_texte",
            "Les dotations reconductibles évoluent chaque année selon le taux arrêté par l’autorité "
            "compétente.",
        ),
        (
            "Activité attendue et modulation",
            "clause_modulation",
            "Les parties conviennent de cibles d’activité par établissement ; une activité "
            "durablement inférieure "
            "ouvre un échange avant toute modulation.",
        ),
        (
            "Affectation des résultats",
            "clause_resultats",
            "Le gestionnaire affecte librement ses résultats dans le respect des règles budgétaires "
            "applicables.",
        ),
    ):
        document.add_paragraph(titre, style="Heading 3")
        clause(document, f"contrat.{nom}", defaut)
    for titre, nom in (
        ("Retour à l’équilibre", "plan_retour_equilibre"),
        ("Habilitation à l’aide sociale", "habilitation_aide_sociale"),
    ):
        condition(document, f"contrat.{nom}")
        document.add_paragraph(titre, style="Heading 3")
        alinea(document, f"{{{{ contrat.{nom} }}}}")
        condition(document, None)


def _siege_et_investissements(document: TypeDocument) -> None:
    condition(document, "gestionnaire.siege_autorise")
    document.add_paragraph("Frais de siège", style="Heading 3")
    alinea(
        document,
        "Les frais de siège sont autorisés depuis le {{ gestionnaire.siege_date_autorisation }}, jusqu’au "
        "{{ gestionnaire.siege_echeance }}{% if gestionnaire.siege_taux %}, au taux de "
        "{{ gestionnaire.siege_taux|pourcent }} des charges brutes des établissements{% endif %}. "
        "{{ contrat.clause_siege|default('') }}",
        morceaux=6,
    )
    condition(document, None)
    condition(document, "investissements")
    document.add_paragraph("Investissements à compter de {{ N }}", style="Heading 3")
    table_de_boucle(
        document,
        (7.4, 3.0, 2.4, 3.8),
        ["Opération", "Établissement", "Année", "Montant"],
        "v in investissements if v.annee >= N",
        [
            "{{ v.operation }}",
            "{{ v.etablissement|default('–') }}",
            "{{ v.annee }}",
            "{{ v.montant }}",
        ],
        droite=(3,),
    )
    condition(document, None)


def titre_2(document: TypeDocument) -> None:
    """Suivi, litiges, révision, conventions antérieures, durée."""
    document.add_paragraph("TITRE 2 – MISE EN ŒUVRE DU CONTRAT", style="Heading 1")
    article(document, 5, "Le suivi et l’évaluation")
    clause(document, "contrat.suivi", "Les parties suivent ensemble l’exécution du contrat.")
    condition(document, "instances|selectattr('type', 'equalto', 'comite_suivi')|list")
    alinea(document, "Un comité de suivi réunit les parties :")
    table_de_boucle(
        document,
        (3.2, 4.8, 2.4, 6.2),
        ["Instance", "Mission", "Rythme", "Composition"],
        "t in instances if t.type == 'comite_suivi'",
        [
            "{{ t.libelle }}",
            "{{ t.mission|default('–') }}",
            "{{ t.periodicite|default('–') }}",
            "{% for m in membres if m.instance == t.code %}{{ m.nom }}"
            "{% if m.fonction %} ({{ m.fonction }}"
            "{% if m.structure %}, {{ m.structure }}{% endif %}){% endif %}"
            "{% if not loop.last %} ; {% endif %}{% endfor %}",
        ],
    )
    document.add_paragraph("{%p else %}")
    alinea(document, "Un comité de suivi réunit, à parité, les représentants désignés par chaque partie :")
    boucle(document, "s in signataires")
    puce(document, "{{ s.structure }} ;")
    boucle(document, None)
    condition(document, None)
    condition(document, "contrat.comite_suivi_an3")
    alinea(
        document,
        "Le comité de suivi se réunit au moins deux fois : à mi-parcours, le {{ "
        "contrat.comite_suivi_an3 }}, au vu "
        "d’un bilan d’étape, et au terme du contrat"
        "{% if contrat.comite_suivi_fin %}, le {{ contrat.comite_suivi_fin }}{% endif %}, au vu du "
        "bilan final.",
        sous_un_tableau=True,
    )
    condition(document, None)
    _documents_du_comite(document)
    accords(document, 5)
    article(document, 6, "Le traitement des litiges")
    clause(
        document,
        "contrat.clause_litiges",
        "Les parties recherchent d’abord un accord amiable, au besoin avec l’aide d’un tiers choisi "
        "ensemble ; à défaut, le tribunal compétent est saisi.",
    )
    accords(document, 6)
    article(document, 7, "La révision du contrat")
    clause(
        document,
        "contrat.clause_revision",
        "Le contrat se modifie par avenant, à la demande motivée de l’une des parties, notamment si le "
        "périmètre ou l’équilibre financier change.",
    )
    accords(document, 7)
    article(document, 8, "La révision du terme des conventions antérieures")
    alinea(
        document,
        "Les conventions tripartites et les contrats de même objet encore en cours pour un établissement du "
        "périmètre prennent fin à la date d’effet du présent contrat, quel que soit leur terme.",
    )
    condition(document, "gestionnaire.cpom_precedent_fin")
    alinea(
        document,
        "Le présent contrat prend la suite de celui qui couvrait la période du "
        "{{ gestionnaire.cpom_precedent_debut }} au {{ gestionnaire.cpom_precedent_fin }} ; les "
        "engagements non "
        "repris ici cessent à la date d’effet.",
    )
    document.add_paragraph("{%p else %}")
    alinea(
        document, "Le présent contrat remplace, à sa date d’effet, les conventions en cours de même objet."
    )
    condition(document, None)
    accords(document, 8)
    article(document, 9, "L’entrée en vigueur et la durée")
    alinea(
        document,
        "Le contrat prend effet le {{ contrat.date_debut|date_longue }} et s’achève le "
        "{{ contrat.date_fin|date_longue }}. Au plus tard six mois avant ce terme, les parties ouvrent la "
        "négociation du contrat suivant ou conviennent d’une prorogation.",
        morceaux=5,
    )
    condition(document, "contrat.prorogation")
    puce(document, "Une prorogation est prévue jusqu’au {{ contrat.prorogation_date_fin }}.")
    condition(document, None)
    accords(document, 9)


def _documents_du_comite(document: TypeDocument) -> None:
    alinea(
        document,
        "Il examine la revue des objectifs, les documents budgétaires et comptables, les données du tableau "
        "de bord de la performance et les évaluations de la qualité ; le calendrier et les cibles de chaque "
        "année sont en annexe 7.",
    )
