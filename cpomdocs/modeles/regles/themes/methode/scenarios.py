"""Les règles sur les scénarios, les coûts des actions et l’offre (SC-01 à SC-06)."""

from __future__ import annotations

from collections.abc import Iterator

from cpomdocs.formats import euros
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.methode.scenarios import ChoixAction, CoutAction, PlaceOffre
from cpomdocs.modeles.regles.redaction import enumerer
from cpomdocs.modeles.regles.registre import Manquement, lignes_de, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.modeles.vues.scenarios.consolidation import ProjectionGestionnaire
from cpomdocs.modeles.vues.scenarios.synthese import ScenarioSynthese

_CHOISIR = "Mettre « oui » à un seul scénario."


@regle(
    "SC-01", "avertissement", "Un scénario, et un seul, est retenu", source="préparation de la négociation"
)
def un_seul_retenu(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend l’absence de scénario retenu, ou les scénarios retenus quand il y en a plusieurs."""
    retenus = [s for s in dossier.scenarios if s.retenu]
    nommes = [s for s in dossier.scenarios if s.code]
    if nommes and not retenus:
        yield Manquement(nommes[0], ("retenu",), "aucun scénario n’est retenu.", _CHOISIR)
    if len(retenus) > 1:
        yield Manquement(
            retenus[0],
            ("retenu",),
            f"{len(retenus)} scénarios sont retenus.",
            _CHOISIR,
            autres=tuple((s, "retenu") for s in retenus[1:]),
        )


@regle(
    "SC-02",
    "avertissement",
    "Le scénario retenu tient à moyens constants",
    source="négociation à moyens constants ; redéploiement (domaine.md § 1.4)",
)
def moyens_constants(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend, par année, les crédits que le scénario retenu demande, et ce que le redéploiement couvre."""
    scenario = dossier.scenario_retenu()
    retenu = scenario and scenario.code
    for projection in lignes_de(dossier, ProjectionGestionnaire):
        demande = projection.hors_moyens_constants
        if projection.scenario == retenu and demande and demande > seuils.tolerance_montant:
            couvert = projection.redeploiement
            suite = f", pour {euros(couvert)} déjà redéployés" if couvert else ""
            yield Manquement(
                projection,
                ("hors_moyens_constants",),
                f"{euros(demande)} au-delà des moyens constants{suite}.",
                "Redéployer, autofinancer, écarter ces actions, ou préparer la demande.",
            )


@regle(
    "SC-03",
    "avertissement",
    "La dotation projetée ne baisse pas",
    source="vigilance sur la dotation globale (domaine.md § 1.4)",
)
def dotation_en_baisse(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend, pour chaque scénario, la première année où la dotation est sous celle de N."""
    vus: set[str | None] = set()
    for projection in lignes_de(dossier, ProjectionGestionnaire):
        evolution = projection.evolution_dotation
        if evolution is None or evolution >= -seuils.tolerance_montant or projection.scenario in vus:
            continue
        vus.add(projection.scenario)
        yield Manquement(
            projection,
            ("evolution_dotation",),
            f"la dotation perd {euros(-evolution)} par rapport à l’année N.",
            "Vérifier les taux du scénario ; préparer l’argument.",
        )


@regle(
    "SC-04",
    "avertissement",
    "Le scénario retenu revient à l’équilibre avant la fin du contrat",
    source="équilibre financier (R.314-222 CASF)",
)
def retour_a_l_equilibre(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend le scénario retenu dont le résultat de la dernière année est un déficit."""
    scenario = dossier.scenario_retenu()
    retenu = scenario and scenario.code
    for synthese in lignes_de(dossier, ScenarioSynthese):
        final = synthese.resultat_final
        if synthese.scenario == retenu and final is not None and final < 0:
            yield Manquement(
                synthese,
                ("resultat_final",),
                f"le résultat de la dernière année est un déficit de {euros(-final)}.",
                "Ajouter des économies, décaler des actions, ou préparer un plan de retour à l’équilibre.",
            )


@regle(
    "SC-05",
    "bloquante",
    "Coûts, choix et hypothèses portent sur des actions et des scénarios qui existent",
    source="cohérence du classeur",
)
def renvois(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les coûts et les choix d’une action inconnue."""
    connues = {(action.objectif, action.numero) for action in dossier.actions}
    lignes: list[CoutAction | ChoixAction] = [*dossier.couts_actions, *dossier.choix_actions]
    for ligne in lignes:
        if (ligne.objectif, ligne.action) not in connues:
            yield Manquement(
                ligne,
                ("action", "objectif"),
                f"l’objectif {ligne.objectif} n’a pas d’action {ligne.action}.",
                "Corriger le numéro, ou ajouter l’action.",
                emplacements=dossier.emplacement("actions", "numero"),
            )


@regle(
    "SC-06",
    "information",
    "Un écart avec l’offre demandée par l’autorité est expliqué",
    source="évolution de l’offre (domaine.md § 1.4)",
)
def offre(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend, par établissement et modalité, les années où les places proposées ne sont pas les demandées."""
    groupes: dict[tuple[str | None, str | None], list[int]] = {}
    premiers: dict[tuple[str | None, str | None], PlaceOffre] = {}
    for ligne in dossier.offre:
        if (
            ligne.places_demandees is None
            or ligne.places_proposees is None
            or (ligne.commentaire or "").strip()
        ):
            continue
        if ligne.places_demandees != ligne.places_proposees and ligne.annee is not None:
            cle = (ligne.etablissement, ligne.modalite)
            premiers.setdefault(cle, ligne)
            groupes.setdefault(cle, []).append(ligne.annee)
    for cle, annees in groupes.items():
        yield Manquement(
            premiers[cle],
            ("places_proposees", "places_demandees"),
            f"les places proposées diffèrent de la demande de l’autorité en {enumerer(map(str, annees))}.",
            "Dire pourquoi en commentaire.",
        )
