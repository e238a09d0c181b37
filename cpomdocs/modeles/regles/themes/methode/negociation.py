"""Les règles sur les objectifs à négocier et la négociation (NE-01 à NE-05)."""

from __future__ import annotations

from collections.abc import Iterator

from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.regles.redaction import le
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils

_VALIDES = ("valide", "reserves")


@regle(
    "NE-01",
    "information",
    "Les objectifs sont peu nombreux et mesurés par des indicateurs déjà disponibles",
    source="doctrine des CPOM (domaine.md § 1.3)",
)
def objectifs_resserres(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend un nombre d’objectifs au-delà du repère, et les indicateurs déclarés non disponibles."""
    maximum = seuils.objectifs_au_plus
    if maximum is not None and len(dossier.objectifs) > maximum:
        yield Manquement(
            dossier.objectifs[0],
            ("numero",),
            f"le contrat porte {len(dossier.objectifs)} objectifs, plus de {maximum}.",
            "Réunir ou écarter les moins prioritaires.",
        )
    for indicateur in dossier.indicateurs:
        if indicateur.disponible is False:
            yield Manquement(
                indicateur,
                ("disponible",),
                "cet indicateur n’est pas encore suivi.",
                "En choisir un qui existe déjà, ou prévoir comment le relever.",
            )


@regle(
    "NE-02",
    "avertissement",
    "Chaque problématique prioritaire a un objectif, et chaque objectif une problématique",
    source="du diagnostic aux objectifs (domaine.md § 4.1)",
)
def problematiques(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les problématiques prioritaires sans objectif, et les objectifs sans problématique."""
    if not any(problematique.code for problematique in dossier.problematiques):
        return
    traitees = {objectif.problematique for objectif in dossier.objectifs}
    for problematique in dossier.problematiques:
        if problematique.priorite == "prioritaire" and problematique.code not in traitees:
            yield Manquement(
                problematique,
                ("code",),
                "aucun objectif n’y répond.",
                "Ajouter un objectif, ou la rendre secondaire.",
                emplacements=dossier.emplacement("objectifs", "problematique"),
            )
    for objectif in dossier.objectifs:
        if objectif.numero and objectif.etat("problematique") == "vide":
            yield Manquement(
                objectif,
                ("problematique",),
                "l’objectif ne dit pas à quelle problématique il répond.",
                "La choisir dans la liste.",
            )


@regle(
    "NE-03",
    "information",
    "Chaque orientation est servie par un objectif",
    source="enjeux territoriaux et nationaux (domaine.md § 4.1)",
)
def orientations(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les orientations qu’aucun objectif ne sert."""
    servies = {objectif.orientation for objectif in dossier.objectifs}
    for orientation in dossier.orientations if dossier.objectifs else ():
        if orientation.code not in servies:
            yield Manquement(
                orientation,
                ("code",),
                "aucun objectif ne sert cette orientation.",
                "La relier à un objectif, ou préparer la réponse à l’autorité.",
            )


@regle(
    "NE-04",
    "avertissement",
    "Un objectif cesse d’être provisoire quand le diagnostic est validé",
    source="anticipation (domaine.md § 4.1)",
)
def provisoires(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les objectifs encore provisoires alors que le diagnostic a reçu tous ses avis."""
    circuit = [v for v in dossier.validations if v.objet == "diagnostic"]
    if not circuit or any(v.avis not in _VALIDES for v in circuit):
        return
    for objectif in dossier.objectifs:
        if objectif.provisoire:
            yield Manquement(
                objectif,
                ("provisoire",),
                "le diagnostic est validé, l’objectif est encore provisoire.",
                "Le confirmer (« non »), ou le revoir.",
            )


@regle(
    "NE-05",
    "avertissement",
    "Un accord est écrit, un désaccord a une réponse, une décision est suivie",
    source="suivi de la négociation",
)
def engagements(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les accords sans texte convenu, les désaccords sans réponse offerte et les décisions en retard."""
    for engagement in dossier.engagements:
        if engagement.statut == "accord" and engagement.etat("convenu") == "vide":
            yield Manquement(engagement, ("convenu",), "ce qui est convenu n’est pas écrit.", "L’écrire.")
        if engagement.statut == "desaccord" and engagement.etat("offert") == "vide":
            message = "le désaccord n’a aucune offre en face."
            yield Manquement(engagement, ("offert",), message, "Noter l’offre, ou préparer un repli.")
    jour = dossier.parametres.date_reference
    for decision in dossier.decisions:
        if jour and decision.echeance and decision.echeance < jour and decision.statut != "fait":
            yield Manquement(
                decision,
                ("statut", "echeance"),
                f"la décision devait être suivie d’effet le {le(decision.echeance)}.",
                f"La faire, ou la reporter{_avec(decision.responsable)}.",
            )


def _avec(responsable: str | None) -> str:
    return f" avec {responsable}" if responsable else ""
