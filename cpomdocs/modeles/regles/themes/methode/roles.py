"""Les règles sur les rôles, les formations et le circuit de validation (ME-01 à ME-06)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.methode.roles import Role, Tache, Validation
from cpomdocs.modeles.regles.redaction import enumerer, le
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.nomenclatures import libelle, nomenclature

_REFERENTS = ("referent_technique", "referent_strategique")
_ASSOCIES = {"gouvernance": "la gouvernance", "cse": "le CSE", "cvs": "le CVS"}
_NEGOCIATEURS = {"negociateur_ars": "l’ARS", "negociateur_departement": "le département"}


def _tenus(dossier: Dossier) -> dict[str, list[Role]]:
    tenus: dict[str, list[Role]] = {}
    for role in dossier.roles:
        if role.role:
            tenus.setdefault(role.role, []).append(role)
    return tenus


@regle(
    "ME-01",
    "avertissement",
    "Un référent CPOM est nommé ; s’il est stratégique, un appui technique l’épaule",
    source="conseils aux gestionnaires (domaine.md § 4.2)",
)
def referent(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend l’absence de référent, et le référent stratégique sans référent ni appui technique."""
    tenus = _tenus(dossier)
    if not tenus:
        return
    if not any(role in tenus for role in _REFERENTS):
        yield Manquement(
            dossier.roles[0],
            ("role",),
            "aucun référent CPOM n’est nommé.",
            "Ajouter une ligne « Référent CPOM ».",
        )
    epaule = {"referent_technique", "appui_technique"} & tenus.keys()
    for strategique in tenus.get("referent_strategique", []) if not epaule else ():
        yield Manquement(
            strategique,
            ("role",),
            f"{strategique.nom} porte la stratégie sans appui technique.",
            "Nommer un référent technique ou un appui technique.",
        )


@regle(
    "ME-02",
    "avertissement",
    "Des négociateurs sont désignés face à chaque autorité, et les acteurs internes associés",
    source="conseils aux gestionnaires (domaine.md § 4.2)",
)
def acteurs(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les autorités sans négociateur, et la gouvernance, le CSE ou le CVS qui n’est pas associé."""
    tenus = _tenus(dossier)
    if not tenus:
        return
    parametres = dossier.parametres
    autorites = {
        "negociateur_ars": parametres.autorite,
        "negociateur_departement": parametres.autorite_departement,
    }
    sans_face = [mots for role, mots in _NEGOCIATEURS.items() if autorites[role] and role not in tenus]
    absents = [mots for role, mots in _ASSOCIES.items() if role not in tenus]
    if sans_face:
        message = f"personne n’est désigné pour négocier avec {enumerer(sans_face)}."
        yield Manquement(dossier.roles[0], ("role",), message, "Ajouter le négociateur dans « Rôles ».")
    if absents:
        message = f"la démarche n’associe pas {enumerer(absents)}."
        yield Manquement(dossier.roles[0], ("role",), message, "Ajouter leurs représentants dans « Rôles ».")


@regle(
    "ME-03",
    "avertissement",
    "Le comité de pilotage est constitué et a des membres",
    source="conseils aux gestionnaires (domaine.md § 4.2)",
)
def comite_de_pilotage(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend l’absence de comité de pilotage interne, et les comités de pilotage sans membre."""
    comites = [i for i in dossier.instances if (i.type or "").startswith("copil")]
    connues = [i for i in dossier.instances if i.type]
    if connues and not any(i.type == "copil_interne" for i in comites):
        yield Manquement(
            connues[0],
            ("type",),
            "aucune instance n’est le comité de pilotage interne.",
            "L’ajouter dans « Instances ».",
        )
    membres = {membre.instance for membre in dossier.membres}
    for comite in comites:
        if comite.code not in membres:
            yield Manquement(
                comite,
                ("code",),
                "ce comité de pilotage n’a aucun membre.",
                "Les saisir dans « Membres ».",
                emplacements=dossier.emplacement("membres", "nom"),
            )


@regle(
    "ME-04",
    "avertissement",
    "Les formations prévues ont eu lieu, et les négociateurs se sont formés",
    source="conseils aux gestionnaires (domaine.md § 4.1)",
)
def formations(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les formations dont la date est passée sans être faites, et les négociateurs sans formation."""
    jour = dossier.parametres.date_reference
    for formation in dossier.formations:
        prevue = formation.date_prevue
        if jour and prevue and prevue < jour and formation.etat("date_realisee") == "vide":
            yield Manquement(
                formation,
                ("date_realisee", "date_prevue"),
                f"la formation prévue le {le(prevue)} n’est pas notée comme faite.",
                "Saisir sa date, ou la reporter.",
            )
    formes = {formation.personne for formation in dossier.formations}
    for role in dossier.roles if dossier.formations else ():
        if role.role in _NEGOCIATEURS and role.nom not in formes:
            yield Manquement(
                role,
                ("nom",),
                "ce négociateur n’a aucune formation prévue.",
                "L’ajouter dans « Formations ».",
            )


@regle(
    "ME-05",
    "avertissement",
    "Le circuit de validation se tient dans l’ordre et dans les temps",
    source="conseils aux gestionnaires (domaine.md § 4.2)",
)
def validations(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les avis en retard, rendus avant celui qui précède, réservés sans réserve écrite, ou refusés."""
    jour = dossier.parametres.date_reference
    circuits: dict[str, list[Validation]] = {}
    for validation in dossier.validations:
        if validation.objet and validation.rang is not None:
            circuits.setdefault(validation.objet, []).append(validation)
    for circuit in circuits.values():
        circuit.sort(key=lambda v: v.rang or 0)
        for avant, apres in pairwise(circuit):
            if apres.date_avis and (avant.date_avis is None or avant.date_avis > apres.date_avis):
                yield Manquement(
                    apres,
                    ("date_avis",),
                    "cet avis est rendu avant celui qui le précède dans le circuit.",
                    "Vérifier les dates, ou l’ordre du circuit.",
                    autres=((avant, "date_avis"),),
                )
    for validation in dossier.validations:
        yield from _avis(validation, bool(jour and validation.date_prevue and validation.date_prevue < jour))


def _avis(validation: Validation, passee: bool) -> Iterator[Manquement]:
    if passee and validation.etat("date_avis") == "vide" and validation.date_prevue:
        message = f"l’avis attendu le {le(validation.date_prevue)} n’est pas rendu."
        yield Manquement(
            validation, ("date_avis", "date_prevue"), message, "Saisir l’avis, ou la nouvelle date."
        )
    if validation.avis == "reserves" and not (validation.reserves or "").strip():
        yield Manquement(validation, ("reserves", "avis"), "les réserves ne sont pas écrites.", "Les saisir.")
    if validation.avis == "refuse":
        message = f"« {libelle('objets_validation', validation.objet)} » a été refusé."
        yield Manquement(validation, ("avis",), message, "Reprendre le livrable, puis le représenter.")


@regle(
    "ME-06",
    "avertissement",
    "Chaque tâche a quelqu’un qui la réalise et une seule instance qui l’approuve",
    source="méthode RACI",
)
def taches(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les tâches sans réalisation ou sans approbation, ou approuvées par plusieurs acteurs."""
    groupes: dict[tuple[str | None, str | None], list[Tache]] = {}
    for tache in (t for t in dossier.taches if t.tache):
        groupes.setdefault((tache.phase, tache.tache), []).append(tache)
    for groupe in groupes.values():
        parts = [tache.part for tache in groupe]
        manques = [f"« {nomenclature('parts_raci')[p]} »" for p in ("R", "A") if p not in parts]
        if manques:
            message = f"personne n’y est noté {enumerer(manques)}."
            yield Manquement(groupe[0], ("part",), message, "Ajouter l’acteur qui manque.")
        if parts.count("A") > 1:
            yield Manquement(
                groupe[0],
                ("part",),
                "plusieurs acteurs approuvent cette tâche.",
                "N’en garder qu’un : les autres sont consultés.",
                autres=tuple((tache, "part") for tache in groupe[1:]),
            )
