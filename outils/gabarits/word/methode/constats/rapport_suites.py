"""Le rapport de diagnostic : optimisation interne, territoire, problématiques, validation."""

from __future__ import annotations

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.interne import ORANGE
from outils.gabarits.word.briques.redaction import alinea, boucle, condition, puce, table_de_boucle

_HORS = "actions|selectattr('cadre', 'in', ['avant', 'hors'])|list|length"


def optimisation(document: TypeDocument) -> None:
    """L’organisation et le management ; ce qui se fait hors du contrat."""
    condition(document, f"gestionnaire.texte_gouvernance or gestionnaire.siege_organisation or {_HORS}")
    document.add_paragraph("Optimisation interne : organisation et management", style="Heading 1")
    for champ in ("gestionnaire.texte_gouvernance", "gestionnaire.siege_organisation"):
        condition(document, champ)
        alinea(document, f"{{{{ {champ} }}}}")
        condition(document, None)
    condition(document, "gestionnaire.siege_taux")
    alinea(document, "Frais de siège : {{ gestionnaire.siege_taux }} des charges brutes des établissements.")
    condition(document, None)
    condition(document, _HORS)
    alinea(document, "Restructurations et mutualisations menées avant ou hors du contrat :")
    boucle(document, "x in actions if x.cadre in ['avant', 'hors']")
    puce(
        document,
        "{{ x.intitule }} ({% if x.cadre == 'avant' %}avant le CPOM{% else %}hors du CPOM{% endif %})"
        "{% if x.date_fin %}, d’ici au {{ x.date_fin }}{% endif %}",
    )
    boucle(document, None)
    condition(document, None)
    condition(document, None)


def territoire(document: TypeDocument) -> None:
    """La position dans le territoire : quelles orientations les objectifs servent, lesquelles restent."""
    condition(document, "orientations")
    document.add_paragraph("Position dans le territoire", style="Heading 1")
    alinea(
        document,
        "Chaque orientation nationale, régionale ou départementale, et les objectifs qui la servent ; celles "
        "qu’aucun objectif ne sert encore sont en couleur.",
    )
    teinte = f"{{% cellbg 'FFFFFF' if r.objectifs|length else '{ORANGE}' %}}"
    table_de_boucle(
        document,
        (1.8, 6.6, 4.4, 4.2),
        ["Code", "Orientation", "Origine", "Objectifs qui la servent"],
        "r in orientations",
        [
            "{{ r.code }}",
            "{{ r.intitule }}",
            "{{ r.origine|libelle }}{% if r.reference %} : {{ r.reference }}{% endif %}",
            teinte + "{% for o in r.objectifs %}{{ o.numero }}{% if not loop.last %}, {% endif %}{% else %}"
            "Aucun objectif{% endfor %}",
        ],
    )
    condition(document, "objectifs|rejectattr('orientation')|list|length")
    alinea(
        document,
        "Objectifs qui ne servent aucune orientation : {% for o in objectifs if not o.orientation %}"
        "{{ o.numero }}{% if not loop.last %}, {% endif %}{% endfor %}.",
        sous_un_tableau=True,
    )
    condition(document, None)
    condition(document, None)
    condition(document, "partenariats|selectattr('effectif')|list|length")
    alinea(
        document,
        "{{ partenariats|selectattr('effectif')|list|length }} partenariats effectifs inscrivent le "
        "gestionnaire "
        "dans les coopérations locales.",
        sous_un_tableau=True,
    )
    condition(document, None)


def problematiques(document: TypeDocument) -> None:
    """Les problèmes qui ressortent, par axe."""
    condition(document, "problematiques")
    document.add_paragraph("Problématiques à traiter", style="Heading 1")
    table_de_boucle(
        document,
        (1.3, 4.0, 6.2, 2.6, 2.9),
        ["Code", "Axe", "Problématique", "Priorité", "Établissements"],
        "p in problematiques|sort(attribute='axe_ordre')",
        [
            "{{ p.code }}",
            "{{ p.axe_intitule }}",
            "{{ p.intitule }}{% if p.constats %} {{ p.constats }}{% endif %}",
            "{{ p.priorite|libelle|default('–') }}",
            "{{ p.etablissements|default('Tous') }}",
        ],
    )
    condition(document, None)


def validation(document: TypeDocument) -> None:
    """La validation du diagnostic : qui, quand, quelles réserves."""
    circuit = "validations|selectattr('objet', 'equalto', 'diagnostic')|list|length"
    document.add_paragraph("Validation du diagnostic", style="Heading 1")
    condition(document, circuit)
    table_de_boucle(
        document,
        (1.4, 5.0, 3.4, 7.2),
        ["Ordre", "Instance", "Prévue le", "Avis et réserves"],
        "v in validations|sort(attribute='rang') if v.objet == 'diagnostic'",
        [
            "{{ v.rang }}",
            "{% for i in instances if i.code == v.instance %}{{ i.libelle }}{% else %}{{ v.instance }}"
            "{% endfor %}",
            "{{ v.date_prevue|default('–') }}",
            "{% if v.date_avis %}{{ v.avis|libelle|default('Avis rendu') }} le {{ v.date_avis }}{% else "
            "%}À venir{% endif %}"
            "{% if v.reserves %} : {{ v.reserves }}{% endif %}",
        ],
    )
    document.add_paragraph("{%p else %}")
    alinea(
        document, "Le circuit de validation du diagnostic n’est pas encore fixé (feuille « Validations »)."
    )
    condition(document, None)
