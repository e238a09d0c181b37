"""La note sur les scénarios : moyens constants, retour à l’équilibre, offre, conventions de calcul."""

from __future__ import annotations

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.interne import figure, respiration
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, puce, table_de_boucle

_CONVENTIONS = (
    "L’année {{ N }} est le budget du périmètre ; chaque année suivante, celle d’avant, évoluée des taux du "
    "scénario, plus les coûts et les produits des actions retenues.",
    "Les dotations aux amortissements et les produits du groupe III du budget restent constants.",
    "Une charge financée par redéploiement s’ajoute aux charges : l’économie qui la couvre compte quand elle "
    "est chiffrée elle aussi.",
    "Le fonds de roulement part du dernier bilan : CAF, emprunts, subventions et cessions, moins les "
    "investissements et les remboursements, à annuités constantes.",
    "Le besoin en fonds de roulement reste constant, sauf variation saisie en hypothèse.",
    "Ces projections dépendent de leurs hypothèses ; elles ne préjugent pas des décisions des autorités.",
)


def moyens_constants(document: TypeDocument) -> None:
    """Par scénario : ce que chaque année demande, ce que le redéploiement couvre, quelles actions."""
    document.add_paragraph("À moyens constants ?", style="Heading 2")
    condition(document, "scenarios_synthese|selectattr('charges_nouvelles')|list")
    figure(
        document,
        "{{ scenarios_synthese|barres(titre='Qui finance les charges des actions', etiquette='nom', "
        "valeurs=['redeploiement', 'autofinancement', 'hors_moyens_constants'], unite='€', empilees=true, "
        "largeur=130) }}",
    )
    condition(document, None)
    boucle(document, "s in scenarios_synthese")
    document.add_paragraph("{{ s.nom }}", style="Heading 3")
    condition(document, "s.moyens_constants == 'non'")
    alinea(
        document,
        "Ce scénario dépasse les moyens constants de {{ s.hors_moyens_constants }} ; le redéploiement couvre "
        "{{ s.redeploiement }}, l’autofinancement {{ s.autofinancement }}.",
    )
    document.add_paragraph("{%p elif s.charges_nouvelles %}")
    alinea(
        document,
        "Ce scénario tient à moyens constants : le redéploiement couvre {{ s.redeploiement }} et "
        "l’autofinancement {{ s.autofinancement }}.",
    )
    document.add_paragraph("{%p elif s.moyens_constants %}")
    alinea(document, "Ce scénario ne porte aucune charge nouvelle.")
    document.add_paragraph("{%p else %}")
    alinea(document, "Ses charges nouvelles ne peuvent pas encore être calculées.")
    condition(document, None)
    condition(document, "s.annee_baisse")
    alinea(
        document,
        "Vigilance : la dotation projetée passe sous celle de {{ N }} à partir de {{ s.annee_baisse }}.",
    )
    condition(document, None)
    condition(document, "s.charges_nouvelles")
    table_de_boucle(
        document,
        (1.6, 2.9, 2.9, 2.9, 3.4, 3.3),
        [
            "Année",
            "Redéploiement",
            "Autofinancement",
            "Crédits demandés",
            "Dotation",
            "Évolution depuis {{ N }}",
        ],
        "p in projections_gestionnaire if p.scenario == s.scenario",
        [
            "{{ p.annee }}",
            "{{ p.redeploiement }}",
            "{{ p.autofinancement }}",
            "{{ p.hors_moyens_constants }}",
            "{{ p.dotation }}",
            "{{ p.evolution_dotation }}",
        ],
        droite=range(1, 6),
    )
    respiration(document, 6)
    _actions(document)
    condition(document, None)
    boucle(document, None)


def _actions(document: TypeDocument) -> None:
    """Les actions du scénario et ce qui finance chacune."""
    table_de_boucle(
        document,
        (1.2, 4.9, 2.8, 3.0, 2.6, 2.5),
        ["N°", "Action", "Redéploiement", "Autofinancement", "Crédits demandés", "Produits"],
        "a in actions_chiffrees if a.scenario == s.scenario",
        [
            "{{ a.action }}",
            "{{ a.intitule }}{% if a.decalage %} (décalée de {{ a.decalage }} an"
            "{% if a.decalage > 1 %}s{% endif %}){% endif %}",
            "{{ a.redeploiement }}",
            "{{ a.autofinancement }}",
            "{% if a.perennes %}{{ a.perennes }} pérennes{% endif %}"
            "{% if a.perennes and a.cnr %} ; {% endif %}{% if a.cnr %}{{ a.cnr }} de CNR{% endif %}"
            "{% if not a.perennes and not a.cnr %}–{% endif %}",
            "{{ a.produits }}",
        ],
        droite=(2, 3, 4, 5),
    )
    respiration(document, 6)


def equilibre(document: TypeDocument) -> None:
    """Par scénario : l’année du retour, le creux, les actions qui y aident ou qui pèsent."""
    document.add_paragraph("Le retour à l’équilibre", style="Heading 2")
    boucle(document, "s in scenarios_synthese")
    condition(document, "s.annee_equilibre == N + 1")
    alinea(document, "{{ s.nom }} : le résultat reste positif ou nul chaque année.")
    document.add_paragraph("{%p elif s.annee_equilibre %}")
    alinea(
        document,
        "{{ s.nom }} : après un creux de {{ s.resultat_plancher }}, le résultat est positif ou nul à partir "
        "de {{ s.annee_equilibre }} ({{ s.resultat_final }} en {{ N + 5 }}).",
    )
    document.add_paragraph("{%p elif s.resultat_final is defined %}")
    alinea(
        document,
        "{{ s.nom }} : le résultat ne redevient pas durablement positif d’ici {{ N + 5 }} "
        "({{ s.resultat_final }} cette année-là). Il faudrait d’autres économies, ou un plan de retour à "
        "l’équilibre.",
    )
    document.add_paragraph("{%p else %}")
    alinea(document, "{{ s.nom }} : le résultat ne peut pas encore être projeté.")
    condition(document, None)
    boucle(document, "a in actions_chiffrees if a.scenario == s.scenario and a.effet_final > 0")
    puce(document, "{{ a.action }} {{ a.intitule }} apporte {{ a.effet_final }} au résultat de {{ N + 5 }}.")
    boucle(document, None)
    boucle(
        document, "a in actions_chiffrees if a.scenario == s.scenario and a.effet < 0 and a.effet_final == 0"
    )
    puce(
        document,
        "{{ a.action }} {{ a.intitule }} : {{ a.charges }} de charges, qui cessent avant {{ N + 5 }}.",
    )
    boucle(document, None)
    boucle(document, None)
    condition(document, "contrat.plan_retour_equilibre")
    alinea(document, "Plan prévu au contrat : {{ contrat.plan_retour_equilibre }}")
    condition(document, None)


def offre(document: TypeDocument) -> None:
    """Ce que l’autorité demande et ce que l’association propose, année après année."""
    condition(document, "offre_evolution")
    document.add_paragraph("L’offre avant et après", style="Heading 2")
    alinea(
        document,
        "Places proposées chaque année ; entre parenthèses, la demande de l’autorité quand elle diffère.",
    )
    places = [
        "{% for x in e.offre_synthese if x.rang == o.rang and x.annee == N + " + str(rang) + " %}"
        "{{ x.places_proposees }}{% if x.ecart_demande %} ({{ x.places_demandees }}){% endif %}{% endfor %}"
        for rang in range(1, 6)
    ]
    table_de_boucle(
        document,
        (3.6, 2.7, 2.5, 1.5, *[1.34] * 5),
        [
            "Établissement",
            "Modalité",
            "Mouvement",
            "Autori-sées",
            *[f"{{{{ N + {r} }}}}" for r in range(1, 6)],
        ],
        "e in etablissements",
        [
            "{{ o.nom }}",
            "{{ o.modalite|libelle }}",
            "{{ o.mouvement|default('–') }}",
            "{{ o.places_autorisees|default('–') }}",
            *places,
        ],
        droite=range(3, 9),
        interieure="o in e.offre_evolution",
    )
    respiration(document, 6)
    boucle(document, "o in offre_evolution if o.motif")
    puce(document, "{{ o.nom }}, {{ o.modalite|libelle }} : {{ o.motif }}")
    boucle(document, None)
    condition(document, None)


def conventions(document: TypeDocument) -> None:
    """Comment les chiffres sont obtenus."""
    document.add_paragraph("Comment ces chiffres sont obtenus", style="Heading 2")
    for texte in _CONVENTIONS:
        puce(document, texte)
