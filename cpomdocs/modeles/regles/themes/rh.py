"""Les règles sur les indicateurs de ressources humaines (RH-06 à RH-08)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cpomdocs.formats import pourcent
from cpomdocs.modeles.base import infos
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.rh import RhIndicateur
from cpomdocs.modeles.regles.redaction import nombre
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils

_HEURES_PAR_ETP = Decimal("151.67") * 12
"""Heures d’un équivalent temps plein dans l’année (151,67 h par mois)."""


@regle(
    "RH-06",
    "avertissement",
    "Les taux d’absentéisme et de rotation sont possibles",
    source="définitions du tableau de bord de la performance",
)
def taux_possibles(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les nombres négatifs, les taux au-delà de 100 % et les dénominateurs nuls."""
    for ligne in dossier.rh_indicateurs:
        for info in infos(RhIndicateur).values():
            valeur = getattr(ligne, info.nom)
            if (
                not info.calcule
                and info.nom != "nb_cdd_remplacement"
                and isinstance(valeur, int | Decimal)
                and valeur < 0
            ):
                yield Manquement(
                    ligne, (info.nom,), f"« {info.libelle} » est négatif.", "Saisir un nombre positif ou nul."
                )
        for champ, taux in (
            ("taux_absenteisme", ligne.taux_absenteisme),
            ("taux_rotation", ligne.taux_rotation),
        ):
            if taux is not None and taux > 1:
                yield Manquement(
                    ligne,
                    (champ,),
                    f"un taux de {pourcent(taux)} est invraisemblable.",
                    "Vérifier les jours d’absence, les mouvements et leurs dénominateurs.",
                )
        yield from _denominateurs(ligne)


def _denominateurs(ligne: RhIndicateur) -> Iterator[Manquement]:
    absences = [n for n in infos(RhIndicateur) if n.startswith("jours_absence_") and getattr(ligne, n)]
    for champ, presents in (
        ("etp_reels", absences),
        ("effectif_3112_n1", [n for n in ("recrutements", "departs") if getattr(ligne, n)]),
    ):
        if presents and getattr(ligne, champ) == 0:
            yield Manquement(
                ligne,
                (champ, *presents),
                f"« {infos(RhIndicateur)[champ].libelle} » est nul alors que des mouvements ou absences"
                " sont saisis.",
                "Saisir l’effectif, ou corriger les mouvements et absences.",
            )


@regle(
    "RH-07",
    "bloquante",
    "Le nombre de CDD de remplacement est un entier positif ou nul",
    source="définition du tableau de bord de la performance",
)
def cdd_de_remplacement(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les nombres de contrats négatifs ; un nombre à virgule est refusé dès la lecture."""
    for ligne in dossier.rh_indicateurs:
        if ligne.nb_cdd_remplacement is not None and ligne.nb_cdd_remplacement < 0:
            yield Manquement(
                ligne,
                ("nb_cdd_remplacement",),
                f"{ligne.nb_cdd_remplacement} contrats : un nombre positif ou nul est attendu.",
                "Saisir le nombre de contrats signés dans l’année.",
            )


@regle(
    "RH-08",
    "information",
    "Les heures rémunérées correspondent aux ETP",
    source="1 ETP = 151,67 h par mois, plateforme d’État",
)
def heures_remunerees(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les heures loin de ETP réels × 12 × 151,67 h."""
    for ligne in dossier.rh_indicateurs:
        if ligne.heures_remunerees is None or not ligne.etp_reels:
            continue
        attendues = ligne.etp_reels * _HEURES_PAR_ETP
        if abs(ligne.heures_remunerees - attendues) > attendues * seuils.tolerance_heures:
            yield Manquement(
                ligne,
                ("heures_remunerees", "etp_reels"),
                f"{nombre(ligne.heures_remunerees)} heures rémunérées, pour {nombre(round(attendues))}"
                " attendues"
                f" avec {nombre(ligne.etp_reels)} ETP.",
                "Vérifier les heures et les ETP réels.",
            )
