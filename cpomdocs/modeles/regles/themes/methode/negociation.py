"""Les règles sur les objectifs à négocier et la négociation (NE-01 à NE-08)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.regles.redaction import enumerer, le, nombre
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.nomenclatures import details

_VALIDES = ("valide", "reserves")
_TAUX_MAXIMAL = Decimal("1.5")
"""Au-delà, un taux a sans doute été tapé en pour cent (95) et non en fraction (0,95)."""


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


@regle(
    "NE-06",
    "avertissement",
    "Chaque indicateur a une cible chaque année du contrat",
    source="fiche objectif et revue annuelle (domaine.md § 1.3, § 1.13)",
)
def cibles_annuelles(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les indicateurs dont une année du contrat n’a pas de cible, et les cibles hors du contrat."""
    debut, fin = dossier.contrat.date_debut, dossier.contrat.date_fin
    if debut is None or fin is None or not debut.year <= fin.year < debut.year + 10:
        return
    annees = range(debut.year, fin.year + 1)
    ultime = max(fin, dossier.contrat.prorogation_date_fin or fin).year
    visees: dict[tuple[str | None, str | None], set[int | None]] = {}
    for valeur in (v for v in dossier.valeurs_indicateurs if v.version == "cible"):
        if valeur.etat("valeur") != "vide":
            visees.setdefault((valeur.objectif, valeur.indicateur), set()).add(valeur.annee)
        if valeur.annee is not None and not debut.year <= valeur.annee <= ultime:
            message = f"la cible de {valeur.annee} est hors du contrat ({debut.year}-{fin.year})."
            yield Manquement(valeur, ("annee",), message, "Corriger l’année, ou les dates du contrat.")
    for indicateur in (i for i in dossier.indicateurs if i.code):
        connues = visees.get((indicateur.objectif, indicateur.code), set())
        absentes = [str(annee) for annee in annees if annee not in connues]
        if absentes:
            yield Manquement(
                indicateur,
                ("code",),
                f"l’indicateur n’a pas de cible en {enumerer(absentes)}.",
                "Ajouter une ligne « cible » par année.",
                emplacements=dossier.emplacement("valeurs_indicateurs", "valeur"),
            )


@regle(
    "NE-07",
    "avertissement",
    "Les valeurs de référence sont ordonnées et dans l’unité de l’indicateur",
    source="quartiles d’un groupe comparable",
)
def references(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les quartiles en désordre, et les taux qui ne sont pas des fractions."""
    for reference in dossier.references:
        bornes = [(nom, getattr(reference, nom)) for nom in ("q1", "mediane", "q3")]
        presentes = [(nom, valeur) for nom, valeur in bornes if valeur is not None]
        valeurs = [valeur for _, valeur in presentes]
        if valeurs != sorted(valeurs):
            ordre = " ; ".join(nombre(valeur) for valeur in valeurs)
            yield Manquement(
                reference,
                tuple(nom for nom, _ in presentes),
                f"les quartiles ne sont pas dans l’ordre ({ordre}).",
                "Vérifier le premier quartile, la médiane et le troisième quartile.",
            )
        unite = details("indicateurs_reference").get(reference.indicateur or "", {}).get("unite")
        for nom, valeur in presentes if unite == "%" else ():
            if valeur > _TAUX_MAXIMAL:
                message = f"le taux vaut {nombre(valeur * 100)} %."
                yield Manquement(reference, (nom,), message, "L’écrire en fraction (0,95) ou avec « % ».")


@regle(
    "NE-08",
    "information",
    "Une réunion tenue a sa synthèse",
    source="suivi de la négociation",
)
def syntheses(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les réunions passées, à la date de référence, dont la synthèse est vide."""
    jour = dossier.parametres.date_reference
    for reunion in dossier.reunions:
        if jour and reunion.date and reunion.date < jour and reunion.etat("synthese") == "vide":
            message = f"la réunion du {le(reunion.date)} n’a pas de synthèse."
            yield Manquement(reunion, ("synthese",), message, "L’écrire tant que chacun s’en souvient.")
