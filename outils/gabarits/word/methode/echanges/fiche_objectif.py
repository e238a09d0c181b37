"""Le gabarit « Fiche objectif » : du problème à l’engagement demandé, un document par objectif."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as TypeDocument

from outils.gabarits.word.briques.commun import cellule, tableau
from outils.gabarits.word.briques.interne import (
    BLANC,
    ORANGE,
    ROUGE,
    VERT,
    document_interne,
    fiche,
    respiration,
    titre_interne,
)
from outils.gabarits.word.briques.paquet import enregistrer
from outils.gabarits.word.briques.redaction import alinea, condition, puce, table_de_boucle
from outils.gabarits.word.methode.echanges.tournures import attendu

FICHIER = "Fiche objectif – trame à balises.docx"
_MOYENS = ("moyens_redeploiement", "moyens_autofinancement", "moyens_cnr", "moyens_perennes", "moyens_total")
_TITRES_MOYENS = ["Redéploiement", "Autofinancement", "CNR demandés", "Pérennes demandés", "Total"]


def construire(dossier: Path) -> Path:
    """Écrit le gabarit dans `dossier` ; rend son chemin."""
    document = document_interne("Fiche objectif", taille=9)
    titre_interne(
        document,
        "Objectif {{ objectif.numero }}",
        attendu("objectif.objectif_general", "Objectif à formuler"),
    )
    _bandeau(document)
    respiration(document, 6)
    _du_probleme_a_l_objectif(document)
    _negociation(document)
    _actions(document)
    _indicateurs(document)
    _conditions(document)
    return enregistrer(document, dossier / FICHIER)


def _bandeau(document: TypeDocument) -> None:
    """Ce qui se lit d’un coup d’œil : priorité, négociable, échéance, avancement."""
    table = tableau(document, (4.25,) * 4, 2)
    titres = ("Priorité", "Négociation", "Échéance", "Avancement")
    couleur = (
        f"{{% cellbg '{ORANGE}' if objectif.negociabilite == 'veut' else "
        f"'{VERT}' if objectif.negociabilite == 'peut' else "
        f"'{ROUGE}' if objectif.negociabilite == 'non' else '{BLANC}' %}}"
    )
    textes = (
        "{{ objectif.priorite|libelle|default('À préciser') }}",
        couleur + "{{ objectif.negociabilite|libelle|default('À préciser') }}",
        "{{ objectif.date_fin|default('À préciser') }}",
        "{{ objectif.avancement|libelle|default('Non démarré') }}"
        "{% if objectif.provisoire %} (provisoire){% endif %}",
    )
    for colonne, (titre, texte) in enumerate(zip(titres, textes, strict=True)):
        cellule(table.cell(0, colonne), titre, fond="E3EEF5", gras=True, couleur="1F3864", centre=True)
        cellule(table.cell(1, colonne), texte, centre=True)


def _du_probleme_a_l_objectif(document: TypeDocument) -> None:
    fiche(
        document,
        [
            ("Axe", "{{ objectif.axe_intitule|default('–') }}"),
            (
                "Problématique",
                "{% for p in problematiques if p.code == objectif.problematique %}{{ p.code }} : "
                "{{ p.intitule }}{% if p.constats %} {{ p.constats }}{% endif %}{% endfor %}"
                "{% if not objectif.problematique %}À relier à une problématique du diagnostic{% endif %}",
            ),
            ("Constat", "{{ objectif.constat|default('–') }}"),
            ("Objectif opérationnel", "{{ objectif.objectif_operationnel|default('–') }}"),
            (
                "Orientation servie",
                "{% for r in orientations if r.code == objectif.orientation %}{{ r.code }}"
                "{% if r.reference %} – {{ r.reference }}{% endif %} : {{ r.intitule }}{% endfor %}"
                "{% if not objectif.orientation %}Aucune{% endif %}",
            ),
            ("Établissements", "{{ objectif.etablissements_nommes }}"),
            ("Public concerné", "{{ objectif.public_concerne|default('–') }}"),
            ("Pilote", attendu("objectif.pilote", "À désigner")),
            ("Acteurs et partenaires", "{{ objectif.partenaires|default('–') }}"),
        ],
        largeurs=(3.8, 13.2),
    )


def _negociation(document: TypeDocument) -> None:
    document.add_paragraph("Ce qui se négocie", style="Heading 2")
    phrases = {
        "veut": "L’association veut négocier cet objectif avec les autorités.",
        "peut": "L’association peut négocier cet objectif : elle le porte, et en discute les modalités.",
        "non": "Le contenu de cet objectif n’est pas négociable pour l’association.",
    }
    for code, phrase in phrases.items():
        condition(document, f"objectif.negociabilite == '{code}'")
        alinea(document, phrase)
        condition(document, None)
    condition(document, "not objectif.negociabilite")
    alinea(document, "Reste à dire si l’association négocie cet objectif.")
    condition(document, None)
    condition(document, "objectif.engagement_autorite")
    alinea(document, "Engagement demandé à l’autorité : {{ objectif.engagement_autorite }}")
    condition(document, None)
    condition(document, "objectif.engagements")
    table_de_boucle(
        document,
        (1.2, 3.6, 3.6, 3.6, 2.9, 2.1),
        ["Code", "Point négocié", "Demandé", "Offert en réponse", "Convenu", "Statut"],
        "e in objectif.engagements",
        [
            "{{ e.code }}",
            attendu("e.objet", "À décrire"),
            "{{ e.demande|default('–') }}",
            "{{ e.offert|default('–') }}",
            "{{ e.convenu|default('–') }}",
            "{{ e.statut|libelle }}{% if not e.statut %}–{% endif %}",
        ],
    )
    condition(document, None)


def _actions(document: TypeDocument) -> None:
    condition(document, "objectif.actions")
    document.add_paragraph("Actions, moyens et calendrier", style="Heading 2")
    table_de_boucle(
        document,
        (1.0, 4.4, 2.6, 2.85, 2.0, 2.1, 2.05),
        ["N°", "Action", *_TITRES_MOYENS],
        "a in objectif.actions",
        [
            "{{ a.numero }}",
            attendu("a.intitule", "À décrire")
            + "{% if a.cadre and not a.cadre == 'dans' %} ({{ a.cadre|libelle }})"
            "{% endif %}{% if a.responsable %}. {{ a.responsable }}{% endif %}"
            "{% if a.date_debut and a.date_fin %}. Du {{ a.date_debut }} au {{ a.date_fin }}"
            "{% elif a.date_fin %}. Pour le {{ a.date_fin }}{% endif %}"
            "{% if a.moyens_humains %}. {{ a.moyens_humains }} ETP{% endif %}.",
            *(f"{{{{ a.{nom} if a.{nom} else '–' }}}}" for nom in _MOYENS),
        ],
        droite=range(2, 7),
        total=[
            "",
            "Ensemble de l’objectif",
            *(_somme(nom) for nom in _MOYENS[:-1]),
            f"{{% if objectif.actions|rejectattr('moyens_total', 'defined')|list %}}–"
            f"{{% else %}}{_somme('moyens_total')}{{% endif %}}",
        ],
    )
    condition(document, None)


def _somme(nom: str) -> str:
    """Ce que les actions demandent ensemble ; un tiret pour rien."""
    total = f"{{% set t = objectif.actions|sum('{nom}') %}}"
    return total + "{% if t %}{{ t|euros }}{% else %}–{% endif %}"


def _indicateurs(document: TypeDocument) -> None:
    condition(document, "objectif.suivi_indicateurs")
    document.add_paragraph("Indicateurs et cibles", style="Heading 2")
    annees = [f"{{{{ (contrat.premiere_annee + {rang})|default('Année {rang + 1}') }}}}" for rang in range(5)]
    annees[0] = "{{ contrat.premiere_annee|default('Année 1') }}"
    table_de_boucle(
        document,
        (6.3, 2.7, 1.6, 1.6, 1.6, 1.6, 1.6),
        ["Indicateur", "Départ", *annees],
        "i in objectif.suivi_indicateurs",
        [
            attendu("i.libelle", "À décrire") + "{% if i.unite %} ({{ i.unite }}){% endif %}"
            "{% if i.source %}. Source : {{ i.source }}{% endif %}"
            "{% if i.sens %}. {{ i.sens }}{% endif %}.",
            "{{ i.valeur_initiale|default('–') }}"
            "{% if i.annee_initiale %} (en {{ i.annee_initiale }}){% endif %}",
            *(f"{{{{ i.cible_{rang}|default('–') }}}}" for rang in range(1, 6)),
        ],
        droite=range(1, 7),
    )
    condition(document, None)


def _conditions(document: TypeDocument) -> None:
    condition(document, "objectif.vigilance or objectif.facteurs_reussite or objectif.commentaire")
    document.add_paragraph("Vigilance et réussite", style="Heading 2")
    for nom, libelle in (("vigilance", "Points de vigilance"), ("facteurs_reussite", "Facteurs de réussite")):
        condition(document, f"objectif.{nom}")
        puce(document, f"{libelle} : {{{{ objectif.{nom} }}}}")
        condition(document, None)
    condition(document, "objectif.commentaire")
    puce(document, "{{ objectif.commentaire }}")
    condition(document, None)
    condition(document, None)
