"""Les seuils et tolérances des règles : des réglages, jamais des constantes cachées dans un calcul."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


class Seuils(BaseModel):
    """Les seuils des règles ; un seuil absent (`None`) désactive sa règle. Un taux est une fraction
    (0,95)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tolerance_montant: Decimal = Field(
        Decimal("0.01"), ge=0, title="Écart admis entre deux montants (en euros)"
    )
    tolerance_arrondi: Decimal = Field(
        Decimal(1), ge=0, title="Écart admis sur un total de montants arrondis à l’euro (en euros)"
    )
    tolerance_etp: Decimal = Field(Decimal("0.01"), ge=0, title="Écart admis entre deux nombres d’ETP")
    tolerance_taux: Decimal = Field(
        Decimal("0.001"), ge=0, title="Écart admis entre deux taux (0,001 = 0,1 point)"
    )
    tolerance_journees: int = Field(0, ge=0, title="Écart admis entre deux nombres de journées")
    tolerance_gmp: Decimal = Field(
        Decimal(1), ge=0, title="Écart admis entre le GMP saisi et le GMP calculé (en points)"
    )
    tolerance_masse_salariale: Decimal = Field(
        Decimal("0.02"),
        ge=0,
        title="Écart admis entre la masse salariale du tableau des effectifs et les comptes",
    )
    tolerance_heures: Decimal = Field(
        Decimal("0.05"), ge=0, title="Écart admis entre les heures rémunérées et les heures théoriques"
    )
    cle_finess_stricte: bool = Field(False, title="Une clé FINESS fausse est bloquante")
    taux_occupation_a_justifier: Decimal = Field(
        Decimal(1), ge=0, title="Taux d’occupation au-delà duquel une justification est demandée"
    )
    taux_occupation_atypique: Decimal = Field(
        Decimal("1.20"), ge=0, title="Taux d’occupation au-delà duquel la valeur est atypique"
    )
    seuil_modulation: Decimal = Field(
        Decimal("0.95"), ge=0, le=1, title="Seuil de modulation des EHPAD, à défaut de seuil saisi"
    )
    jours_entre_validations: int = Field(
        92, ge=0, title="Jours admis entre la validation du GMP et celle du PMP"
    )
    variation_groupe: Decimal = Field(
        Decimal("0.05"), ge=0, title="Variation d’un groupe d’une année à l’autre qui demande un commentaire"
    )
    taux_caf_minimal: Decimal | None = Field(
        Decimal("0.02"), title="Taux de CAF au-dessous duquel le déséquilibre est signalé"
    )
    taux_vetuste_maximal: Decimal | None = Field(
        Decimal("0.80"), title="Taux de vétusté au-delà duquel la valeur est à vérifier"
    )
    taux_endettement_maximal: Decimal | None = Field(
        Decimal("0.50"), title="Taux d’endettement au-delà duquel un avertissement est donné"
    )
    duree_dette_maximale: Decimal | None = Field(
        None, title="Durée apparente de la dette au-delà de laquelle un avertissement est donné (en années)"
    )
    tresorerie_jours_minimale: Decimal | None = Field(
        None, title="Trésorerie au-dessous de laquelle un avertissement est donné (en jours)"
    )
    frng_jours_minimal: Decimal | None = Field(
        None, title="Fonds de roulement au-dessous duquel un avertissement est donné (en jours)"
    )
    annees_contrat_maximum: int = Field(
        5, ge=1, title="Durée maximale du contrat, hors prorogation (en années)"
    )
    mois_avant_terme: int = Field(
        6, ge=0, title="Mois avant le terme où la suite du contrat doit être engagée"
    )
    jours_avant_echeance: int = Field(30, ge=0, title="Jours avant la date limite où un rappel est donné")
    effectif_minimal_diffusable: int = Field(
        5, ge=0, title="Effectif au-dessous duquel un petit groupe de personnes est signalé"
    )
    annees_projet_etablissement: int = Field(
        5, ge=1, title="Durée au-delà de laquelle un projet d’établissement est à renouveler (en années)"
    )
    objectifs_au_plus: int | None = Field(10, title="Nombre d’objectifs au-delà duquel un avis est donné")
