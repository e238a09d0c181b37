"""La démarche de la démonstration : rôles, calendrier de validation, scénarios, négociation."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from cpomdocs.demo.outils import lire
from cpomdocs.modeles import (
    Action,
    AxeRetenu,
    ChoixAction,
    Contrainte,
    CoutAction,
    Decision,
    Engagement,
    Entite,
    Formation,
    Hypothese,
    PlaceOffre,
    Position,
    Problematique,
    Reference,
    RepereLecture,
    Reunion,
    Role,
    Scenario,
    Tache,
    Validation,
)

_STANDARD = "05 36 49 10"
_DOMAINE_COURRIEL = "brumelles.example"
_SOURCE = "Valeurs fictives de démonstration"
_E = TypeVar("_E", bound=Entite)


def roles() -> list[Role]:
    """Référents, appui, équipe projet, négociateurs, gouvernance, CSE, CVS."""
    champs = ("nom", "role", "fonction", "structure", "poste", "missions")
    return [
        Role.model_validate(
            {
                **{nom: valeur for nom, valeur in ligne.items() if nom != "poste"},
                "depuis": datetime.date(2025, 8, 28),
                "telephone": f"{_STANDARD} {ligne['poste']}",
                "courriel": f"poste{ligne['poste']}@{_DOMAINE_COURRIEL}",
            }
        )
        for ligne in _lignes("roles", champs)
    ]


def formations() -> list[Formation]:
    """Les formations à la démarche, une encore à venir."""
    return _entites(
        Formation, "formations", ("personne", "theme", "organisme", "date_prevue", "date_realisee")
    )


def taches() -> list[Tache]:
    """La matrice RACI, une tâche par étape au moins."""
    return [
        Tache(phase=tache["phase"], tache=tache["tache"], acteur=acteur, part=part)
        for tache in lire("methode")["taches"]
        for acteur, part in tache["parts"].items()
    ]


def validations() -> list[Validation]:
    """Le circuit de validation de chaque livrable."""
    champs = ("objet", "rang", "instance", "circuit", "date_prevue", "date_avis", "avis", "reserves")
    return _entites(Validation, "validations", champs)


def contraintes() -> list[Contrainte]:
    """Ce que les autorités ont posé au lancement."""
    champs = ("code", "type", "partie", "intitule", "date_connue", "reference", "consequence", "reponse")
    return _entites(Contrainte, "contraintes", champs)


def axes_retenus() -> list[AxeRetenu]:
    """Les axes de l’ARS fictive, dans son ordre."""
    return _entites(AxeRetenu, "axes", ("axe", "intitule", "ordre", "retenu"))


def reperes() -> list[RepereLecture]:
    """Les repères de lecture que le comité de pilotage a changés."""
    return _entites(RepereLecture, "reperes", ("indicateur", "bon", "fragile", "commentaire"))


def problematiques() -> list[Problematique]:
    """Les problèmes tirés du diagnostic."""
    champs = ("code", "axe", "intitule", "constats", "priorite", "etablissements", "objectifs")
    return [
        Problematique.model_validate({nom: v for nom, v in ligne.items() if nom != "objectifs"})
        for ligne in _lignes("problematiques", champs)
    ]


def references() -> list[Reference]:
    """Des quartiles fictifs, par catégorie d’établissement."""
    champs = ("indicateur", "categorie", "territoire", "annee", "q1", "mediane", "q3", "effectif")
    return [Reference.model_validate({**ligne, "source": _SOURCE}) for ligne in _lignes("references", champs)]


def couts_actions() -> list[CoutAction]:
    """Charges et produits de chaque action, année par année."""
    champs = ("objectif", "action", "etablissement", "debut", "fin", "sens", "groupe", "financement")
    return [
        CoutAction.model_validate(
            {
                **{nom: v for nom, v in ligne.items() if nom not in ("debut", "fin")},
                "annee": annee,
            }
        )
        for ligne in _lignes("couts", (*champs, "montant", "etp"))
        for annee in range(ligne["debut"], ligne["fin"] + 1)
    ]


def scenarios() -> list[Scenario]:
    """Fil de l’eau, moyens constants (retenu), développement."""
    champs = ("code", "intitule", "description", "retenu", "motif")
    return [Scenario.model_validate({c: s[c] for c in champs}) for s in lire("methode")["scenarios"]]


def hypotheses() -> list[Hypothese]:
    """Les taux de chaque scénario, de 2027 à 2031."""
    return [
        Hypothese.model_validate({"scenario": s["code"], "annee": annee, **s["hypotheses"]})
        for s in lire("methode")["scenarios"]
        for annee in range(2027, 2032)
    ]


def choix_actions(actions: Iterable[Action]) -> list[ChoixAction]:
    """Les actions que chaque scénario retient, et leur décalage."""
    return [
        ChoixAction(
            scenario=s["code"],
            objectif=action.objectif,
            action=action.numero,
            retenue=not s["aucune"] and action.numero not in s["ecartees"],
            decalage=1 if action.numero in s["decalees"] else None,
        )
        for s in lire("methode")["scenarios"]
        for action in actions
    ]


def offre() -> list[PlaceOffre]:
    """L’offre demandée par l’ARS et celle que l’association propose."""
    return [
        PlaceOffre(
            etablissement=ligne["etablissement"],
            modalite=ligne["modalite"],
            annee=int(annee),
            places_proposees=places,
            places_demandees=ligne["demandees"][annee],
            mouvement=ligne["mouvement"],
            commentaire=ligne.get("motif") if places != ligne["demandees"][annee] else None,
        )
        for ligne in lire("methode")["offre"]
        for annee, places in ligne["proposees"].items()
    ]


def reunions() -> list[Reunion]:
    """Les réunions tenues, puis celles qui sont prévues jusqu’à la signature."""
    return [Reunion.model_validate(r) for r in lire("methode")["reunions"]]


def engagements() -> list[Engagement]:
    """Les points négociés : ouverts, accords, désaccord, retrait."""
    champs = ("code", "objet", "objectif", "article", "partie", "demande", "offert", "convenu", "statut")
    return _entites(Engagement, "engagements", champs)


def positions() -> list[Position]:
    """Ce que chacun a dit, réunion par réunion."""
    return _entites(Position, "positions", ("reunion", "engagement", "partie", "position", "motif"))


def decisions() -> list[Decision]:
    """Le relevé de décisions des réunions tenues."""
    champs = ("reunion", "numero", "decision", "engagement", "responsable", "echeance", "statut")
    return _entites(Decision, "decisions", champs)


def _entites(modele: type[_E], table: str, champs: Sequence[str]) -> list[_E]:
    return [modele.model_validate(ligne) for ligne in _lignes(table, champs)]


def _lignes(table: str, champs: Sequence[str]) -> list[dict[str, Any]]:
    """Les lignes d’une table, par nom de champ ; une chaîne vide est une donnée absente."""
    (brutes,) = lire("methode")[table]
    return [
        {champ: valeur for champ, valeur in zip(champs, ligne, strict=True) if valeur != ""}
        for ligne in brutes["lignes"]
    ]
