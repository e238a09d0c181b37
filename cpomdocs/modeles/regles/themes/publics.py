"""Les règles sur les publics et la dépendance (AC-09, AC-11 à AC-13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from cpomdocs.formats import pourcent
from cpomdocs.modeles.arithmetique import somme_entiere
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.activite import Activite, Dependance, Public
from cpomdocs.modeles.regles.redaction import ans_apres, le, nombre
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.nomenclatures import details, nomenclature

_PERMANENTES = frozenset({"age", "sexe", "gir", "deficience_principale", "provenance", "departement_origine"})
"""Répartitions où chaque personne présente compte une fois et une seule."""
_DE_SORTIE = frozenset({"motif_sortie", "destination_sortie"})


@regle(
    "AC-09",
    "bloquante",
    "Chaque répartition du public fait l’effectif total",
    source="trames de diagnostic des ARS : un pourcentage et ses effectifs",
)
def repartitions(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les répartitions dont la somme n’est pas l’effectif au 31/12 (ou les sorties, pour les motifs)."""
    groupes: dict[tuple[str, int, str], list[Public]] = {}
    for ligne in dossier.publics:
        if ligne.etablissement and ligne.annee and ligne.dimension in _PERMANENTES | _DE_SORTIE:
            groupes.setdefault((ligne.etablissement, ligne.annee, ligne.dimension), []).append(ligne)
    for (etablissement, annee, dimension), lignes in groupes.items():
        total = somme_entiere(lignes, "effectif")
        attendus = _effectifs_attendus(dossier, etablissement, annee, dimension)
        coupes = {p.date_coupe for p in lignes if p.date_coupe is not None}
        if (
            total is None
            or not attendus
            or total in attendus
            or any((d.month, d.day) != (12, 31) for d in coupes)
        ):
            continue
        yield Manquement(
            lignes[0],
            ("effectif",),
            f"la répartition « {nomenclature('dimensions_publics')[dimension]} » compte {total} personnes,"
            f" l’activité {' ou '.join(map(str, attendus))}.",
            "Compléter la répartition ou corriger l’effectif de la feuille « Activité ».",
            autres=tuple((ligne, "effectif") for ligne in lignes[1:]),
        )


def _effectifs_attendus(dossier: Dossier, etablissement: str, annee: int, dimension: str) -> list[int]:
    """Les totaux admis : toutes les personnes, ou toutes hors accompagnement temporaire."""
    lignes = [
        a
        for a in dossier.lignes("activite", etablissement)
        if isinstance(a, Activite) and (a.annee, a.version) == (annee, "reel")
    ]
    champs = ("sorties_definitives", "sorties") if dimension in _DE_SORTIE else ("effectif_3112",)
    modalites = details("modalites")
    lignes = [a for a in lignes if modalites.get(a.modalite or "", {}).get("comptee", True)]
    durables = [a for a in lignes if not modalites.get(a.modalite or "", {}).get("temporaire", False)]
    totaux = [somme_entiere(choix, champ) for champ in champs for choix in (lignes, durables) if choix]
    return sorted({total for total in totaux if total is not None})


@regle(
    "AC-11",
    "avertissement",
    "Une activité sous le seuil ou sous l’objectif peut réduire la dotation",
    source="R.314-160, R.314-174 et R.314-43-2 CASF",
)
def modulation(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les EHPAD sous le seuil de modulation et les objectifs d’activité non atteints, avec
    l’abattement."""
    for ligne in dossier.dependance:
        seuil = ligne.seuil_modulation or seuils.seuil_modulation
        if ligne.to_retenu is not None and ligne.to_retenu < seuil:
            yield Manquement(
                ligne,
                ("to_retenu", "seuil_modulation"),
                f"taux d’occupation retenu {pourcent(ligne.to_retenu)}, sous le seuil de {pourcent(seuil)} :"
                f" l’abattement peut atteindre {pourcent((seuil - ligne.to_retenu) / 2)}.",
                "Préparer l’explication de la sous-activité, ou corriger le taux.",
            )
    for activite in dossier.activite:
        objectif, realisees = activite.objectif_contractuel, activite.journees_realisees
        if activite.version != "reel" or not objectif or realisees is None or realisees >= objectif:
            continue
        yield Manquement(
            activite,
            ("journees_realisees", "objectif_contractuel"),
            f"{nombre(realisees)} journées réalisées pour un objectif de {nombre(objectif)} :"
            f" l’abattement peut atteindre {pourcent(Decimal(objectif - realisees) / objectif / 2)}.",
            "Préparer l’explication de la sous-activité, ou corriger les journées.",
        )


@regle(
    "AC-12",
    "avertissement",
    "Le GMP saisi est celui des effectifs par GIR",
    source="grille AGGIR ; GMPS = GMP + 2,59 × PMP",
)
def gmp(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les GMP hors de 0 à 1 000 points, ou loin du GMP calculé."""
    for ligne in dossier.dependance:
        if ligne.gmp is None:
            continue
        if not 0 <= ligne.gmp <= 1000:
            message = f"un GMP de {nombre(ligne.gmp)} points est impossible : il va de 0 à 1 000."
        elif ligne.gmp_calcule is not None and abs(ligne.gmp - ligne.gmp_calcule) > seuils.tolerance_gmp:
            message = (
                f"GMP saisi de {nombre(ligne.gmp)} points, mais les effectifs par GIR donnent"
                f" {nombre(round(ligne.gmp_calcule, 2))}."
            )
        else:
            continue
        yield Manquement(
            ligne,
            ("gmp", "gmp_calcule"),
            message,
            "Vérifier le GMP validé, les effectifs par GIR et leur date de coupe.",
        )


@regle(
    "AC-13",
    "avertissement",
    "GMP et PMP sont validés ensemble, avant la signature et en 3e année",
    source="cahier des charges du CPOM EHPAD, arrêté du 3 mars 2017",
)
def validations(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les validations éloignées l’une de l’autre, postérieures à la signature, ou absentes en 3e
    année."""
    par_etablissement: dict[str, list[Dependance]] = {}
    for ligne in dossier.dependance:
        par_etablissement.setdefault(ligne.etablissement or "", []).append(ligne)
        dates = (ligne.gmp_date_validation, ligne.pmp_date_validation)
        if dates[0] and dates[1] and abs((dates[0] - dates[1]).days) > seuils.jours_entre_validations:
            yield Manquement(
                ligne,
                ("gmp_date_validation", "pmp_date_validation"),
                f"GMP validé le {le(dates[0])} et PMP le {le(dates[1])} : les deux évaluations sont"
                " simultanées.",
                "Corriger une date, ou demander une validation conjointe.",
            )
    for lignes in par_etablissement.values():
        yield from _validations_du_contrat(dossier, lignes)


def _validations_du_contrat(dossier: Dossier, lignes: list[Dependance]) -> Iterator[Manquement]:
    datees = sorted((li.gmp_date_validation, i) for i, li in enumerate(lignes) if li.gmp_date_validation)
    if not datees:
        return
    signature, debut = dossier.contrat.date_signature, dossier.contrat.date_debut
    premiere, rang = datees[0]
    if signature is not None and premiere > signature:
        yield Manquement(
            lignes[rang],
            ("gmp_date_validation",),
            f"première validation le {le(premiere)}, après la signature du {le(signature)}.",
            "Faire valider GMP et PMP avant de signer.",
            autres=((dossier.contrat, "date_signature"),),
        )
    jour = dossier.parametres.date_reference
    if debut is None or jour is None or jour < ans_apres(debut, 3):
        return
    if not any(ans_apres(debut, 2) <= validee < ans_apres(debut, 3) for validee, _ in datees):
        derniere: date = datees[-1][0]
        yield Manquement(
            lignes[datees[-1][1]],
            ("gmp_date_validation",),
            f"aucune validation en 3e année du contrat ; la dernière est du {le(derniere)}.",
            "Demander une nouvelle évaluation, ou saisir sa date.",
            autres=((dossier.contrat, "date_debut"),),
        )
