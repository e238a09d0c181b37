"""Le rapport de diagnostic : activité, ressources humaines, qualité, immobilier, finances."""

from __future__ import annotations

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.interne import figure, respiration
from outils.gabarits.word.briques.redaction import alinea, condition, table_de_boucle
from outils.gabarits.word.methode.constats.lectures import lignes_de_mesures

_RECENTES = "|selectattr('annee', 'ge', N - 2)"
_REELLES = "|selectattr('version', 'equalto', 'reel')" + _RECENTES


def _theme(document: TypeDocument, theme: str, titre: str) -> None:
    """Le titre d’une partie ; elle n’existe que si un indicateur du thème a une valeur."""
    condition(document, _connues(theme))
    document.add_paragraph(titre, style="Heading 1")


def _connues(theme: str) -> str:
    return f"mesures|selectattr('theme', 'equalto', '{theme}')|selectattr('renseigne')|list|length"


def _tableau_du_theme(document: TypeDocument, theme: str, seulement: str = "") -> None:
    connues = f"mesures|selectattr('theme', 'equalto', '{theme}')|selectattr('renseigne')"
    lignes_de_mesures(document, f"m in {connues}|sort(attribute='rang'){seulement}", avec_nom=True)


def activite(document: TypeDocument) -> None:
    """L’activité : taux d’occupation dessiné, indicateurs par établissement."""
    _theme(document, "activite", "Activité")
    figure(
        document,
        f"{{{{ activite_totale{_REELLES}|barres(titre='Taux d’occupation', etiquette='etablissement', "
        "valeurs='taux_occupation', serie='annee', largeur=150) }}",
    )
    _tableau_du_theme(document, "activite")
    condition(document, None)


def rh(document: TypeDocument) -> None:
    """Les ressources humaines : absentéisme dessiné, indicateurs par établissement."""
    _theme(document, "rh", "Ressources humaines")
    figure(
        document,
        f"{{{{ rh_indicateurs{_RECENTES}|barres(titre='Taux d’absentéisme', etiquette='etablissement', "
        "valeurs='taux_absenteisme', serie='annee', largeur=150) }}",
    )
    _tableau_du_theme(document, "rh")
    condition(document, None)


def qualite(document: TypeDocument) -> None:
    """La qualité : évaluations, événements, inspections."""
    condition(document, "qualite")
    document.add_paragraph("Qualité et gestion des risques", style="Heading 1")
    figure(
        document,
        "{{ qualite|barres(titre='Cotations de la dernière évaluation (de 1 à 4)', "
        "etiquette='etablissement', "
        "valeurs=['evaluation_chapitre1', 'evaluation_chapitre2', 'evaluation_chapitre3'], largeur=150) }}",
    )
    table_de_boucle(
        document,
        (1.7, 3.1, 2.3, 1.2, 1.3, 2.5, 2.6, 2.3),
        [
            "Code",
            "Évaluation",
            "Critères impératifs <\N{NO-BREAK SPACE}4",
            "EIG",
            "EIGS",
            "Réclamations",
            "Prescriptions",
            "Injonctions",
        ],
        "q in qualite",
        [
            "{{ q.etablissement }}",
            "{{ q.evaluation_date|default('–') }}",
            *(
                f"{{{{ q.{champ}|default('–') }}}}"
                for champ in (
                    "criteres_imperatifs",
                    "nb_eig",
                    "nb_eigs",
                    "nb_reclamations",
                    "nb_prescriptions",
                    "nb_injonctions",
                )
            ),
        ],
        droite=(2, 3, 4, 5, 6, 7),
    )
    condition(document, None)


def immobilier(document: TypeDocument) -> None:
    """Les murs : statut, âge, état, accessibilité, travaux."""
    condition(document, "immobilier")
    document.add_paragraph("Immobilier et patrimoine", style="Heading 1")
    table_de_boucle(
        document,
        (1.7, 2.7, 2.7, 1.7, 2.2, 6.0),
        ["Code", "Occupation", "Construction, rénovation", "DPE, état", "Accessible", "Travaux à prévoir"],
        "b in immobilier",
        [
            "{{ b.etablissement }}",
            "{{ b.statut_occupation|libelle|default('–') }}",
            "{{ b.annee_construction|default('–') }}{% if b.annee_renovation %}, {{ b.annee_renovation "
            "}}{% endif %}",
            "{{ b.dpe|default('–') }}{% if b.vetuste %}, {{ b.vetuste|libelle|lower }}{% endif %}",
            "{{ b.accessibilite|default('–') }}",
            "{{ b.travaux|default('–') }}",
        ],
    )
    condition(document, None)


def finances(document: TypeDocument) -> None:
    """La santé financière : charges et produits, équilibres du bilan, ratios lus devant leurs repères."""
    lues = "mesures_gestionnaire|selectattr('renseigne')|list"
    condition(document, f"{lues}|length")
    document.add_paragraph("Santé financière et pérennité", style="Heading 1")
    alinea(
        document,
        f"{{% set bons = {lues}|selectattr('lecture', 'equalto', 'bon')|list|length %}}"
        f"{{% set vus = {lues}|selectattr('lecture', 'equalto', 'a_surveiller')|list|length %}}"
        f"{{% set fragiles = {lues}|selectattr('lecture', 'equalto', 'fragile')|list|length %}}"
        "Devant les repères retenus : {{ bons }} ratio{% if bons > 1 %}s bons{% else %} bon{% endif %}, "
        "{{ vus }} à surveiller, {{ fragiles }} fragile{% if fragiles > 1 %}s{% endif %}. Un repère "
        "d’usage ne "
        "remplace pas l’analyse : un écart s’explique.",
    )
    figure(
        document,
        f"{{{{ comptes_gestionnaire{_RECENTES}|barres(titre='Charges et produits du périmètre', "
        "etiquette='annee', valeurs=['total_charges', 'total_produits'], largeur=150) }}",
    )
    figure(
        document,
        f"{{{{ bilan_synthese{_RECENTES}|barres(titre='Équilibres du bilan au 31 décembre', "
        "etiquette='annee', "
        "valeurs=['frng', 'bfr', 'tresorerie'], largeur=150) }}",
    )
    document.add_paragraph("Ratios du gestionnaire", style="Heading 3")
    lignes_de_mesures(
        document,
        "m in mesures_gestionnaire if m.renseigne",
        avec_nom=False,
        avec_reperes=True,
    )
    condition(document, _connues("finances"))
    document.add_paragraph("Par établissement", style="Heading 3")
    figure(
        document,
        f"{{{{ comptes_synthese{_REELLES}|courbes(titre='Taux de CAF', etiquette='annee', "
        "valeurs='taux_caf', "
        "serie='etablissement', largeur=150) }}",
    )
    _tableau_du_theme(document, "finances", " if m.repere or m.indicateur == 'cout_place'")
    condition(document, None)
    respiration(document)
    condition(document, None)
