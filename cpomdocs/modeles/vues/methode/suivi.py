"""Suivre les indicateurs : une ligne par indicateur, les années du contrat en colonnes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import somme
from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.objectifs import Indicateur, ValeurIndicateur
from cpomdocs.modeles.entites.reperes import cle_objectif
from cpomdocs.modeles.types import Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue
from cpomdocs.nomenclatures import libelle, nomenclature

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_RANGS = (1, 2, 3, 4, 5)
"""Un CPOM dure cinq ans au plus."""
_NOMBRE, _TEXTE, _ANNEE, _TAUX = Nature("decimal"), Nature("texte"), Nature("annee"), Nature("taux", "%")
_CIBLE, _REALISE = "cible", "reel"


def _mesures(version: str, rang: int) -> property:
    def lire(vue: SuiviIndicateur) -> list[Entite]:
        return vue.mesures(version, rang)

    return property(lire)


def _annuel(libelle: str, prefixe: str, rang: int, nature: Nature, nom: str = "valeur") -> property:
    """Le champ calculé d’une année du contrat, la première étant la 1."""

    def lire(vue: SuiviIndicateur) -> Decimal | None:
        return somme(getattr(vue, f"{prefixe}_de_{rang}"), nom)

    lire.__name__ = f"{'taux' if nom != 'valeur' else prefixe}_{rang}"
    lire.__doc__ = (
        f"{libelle} de la {rang}ᵉ année du contrat, saisie ou calculée sur la ligne de cette année."
    )
    return property(
        calcul(f"{libelle} de l’année {rang}", nature, entrees=(f"{prefixe}_de_{rang}.{nom}",))(lire)
    )


class _ParAnnee:
    """Les lignes et les champs de chaque année du contrat."""

    cible_de_1, cible_de_2, cible_de_3, cible_de_4, cible_de_5 = (_mesures(_CIBLE, i) for i in _RANGS)
    realise_de_1, realise_de_2, realise_de_3, realise_de_4, realise_de_5 = (
        _mesures(_REALISE, i) for i in _RANGS
    )
    cible_1, cible_2, cible_3, cible_4, cible_5 = (_annuel("Cible", "cible", i, _NOMBRE) for i in _RANGS)
    realise_1, realise_2, realise_3, realise_4, realise_5 = (
        _annuel("Réalisé", "realise", i, _NOMBRE) for i in _RANGS
    )
    taux_1, taux_2, taux_3, taux_4, taux_5 = (
        _annuel("Taux d’atteinte", "realise", i, _TAUX, "taux_atteinte") for i in _RANGS
    )


class SuiviIndicateur(_ParAnnee, Vue):
    """Un indicateur, dans un établissement ou pour l’ensemble, sur les années du contrat."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "indicateurs",
        **{f"{p}_de_{i}": "valeurs_indicateurs" for p in ("cible", "realise") for i in _RANGS},
    }

    objectif: Texte = cle_objectif()
    indicateur: Texte = champ("Code de l’indicateur", cle=True, exemple="I1")
    lieu: Texte = champ(
        "Établissement mesuré", cle=True, obligatoire=False, reference="etablissements", exemple="EHPAD1"
    )

    def mesures(self, version: str, rang: int) -> list[Entite]:
        """La ligne saisie de cette version, la énième année du contrat."""
        debut = self.dossier.contrat.date_debut
        return [] if debut is None else self._valeurs(version, debut.year + rang - 1)

    def _valeurs(self, version: str, annee: int | None = None) -> list[Entite]:
        lignes = self.dossier.lignes("valeurs_indicateurs", self.lieu or "", annee)
        return [
            v
            for v in lignes
            if isinstance(v, ValeurIndicateur)
            and (v.objectif, v.indicateur, v.version) == (self.objectif, self.indicateur, version)
        ]

    @property
    def _fiche(self) -> Indicateur | None:
        return next((li for li in self.lignes if isinstance(li, Indicateur)), None)

    @property
    @calcul("Indicateur", _TEXTE, entrees=("lignes.libelle",))
    def libelle(self) -> str | None:
        """Ce qu’on mesure."""
        return self._fiche.libelle if self._fiche else None

    @property
    @calcul("Unité", _TEXTE, entrees=("lignes.unite",))
    def unite(self) -> str | None:
        """L’unité de l’indicateur."""
        return self._fiche.unite if self._fiche else None

    @property
    @calcul("Source", _TEXTE, entrees=("lignes.source",))
    def source(self) -> str | None:
        """D’où vient la mesure."""
        return self._fiche.source if self._fiche else None

    @property
    @calcul("Sens de la cible", _TEXTE, entrees=("lignes.sens_retenu",))
    def sens(self) -> str | None:
        """« Au moins la cible » ou « Au plus la cible »."""
        return libelle("sens_cible", self._fiche.sens_retenu) if self._fiche else None

    @property
    @calcul("Valeur initiale", _NOMBRE, entrees=("lignes.valeur_initiale",))
    def valeur_initiale(self) -> Decimal | None:
        """La valeur de départ de l’indicateur."""
        return somme(self.lignes, "valeur_initiale")

    @property
    @calcul("Année de référence", _ANNEE, entrees=("lignes.annee_initiale",))
    def annee_initiale(self) -> int | None:
        """L’année de la valeur de départ."""
        return self._fiche.annee_initiale if self._fiche else None

    @property
    @calcul("Cible finale", _NOMBRE, entrees=("lignes.cible_finale",))
    def cible_finale(self) -> Decimal | None:
        """La cible du dernier jour du contrat."""
        return somme(self.lignes, "cible_finale")

    @property
    @calcul("État", _TEXTE, entrees=("lignes.valeur_initiale",))
    def etat_cible(self) -> str:
        """À la dernière année mesurée du contrat : atteint, en progrès depuis le départ, ou sans progrès."""
        return nomenclature("etats_indicateur")[self._etat()]

    def _etat(self) -> str:
        for rang in reversed(_RANGS):
            realise, cible = getattr(self, f"realise_{rang}"), getattr(self, f"cible_{rang}")
            if realise is not None and cible is not None:
                return self._comparer(realise, cible)
        return "a_mesurer"

    def _comparer(self, realise: Decimal, cible: Decimal) -> str:
        signe = -1 if self._fiche and self._fiche.sens_retenu == "au_plus" else 1
        if signe * realise >= signe * cible:
            return "atteint"
        depart = self.valeur_initiale
        return "progres" if depart is not None and signe * realise > signe * depart else "sans_progres"


def suivi_indicateurs(dossier: Dossier, lignes: Sequence[Entite]) -> list[SuiviIndicateur]:
    """Une ligne par indicateur et par établissement où il est mesuré."""
    lieux: dict[tuple[str | None, str | None], dict[str | None, None]] = {}
    for valeur in dossier.valeurs_indicateurs:
        lieux.setdefault((valeur.objectif, valeur.indicateur), {})[valeur.etablissement or None] = None
    vues = []
    for indicateur in lignes:
        if not isinstance(indicateur, Indicateur) or not indicateur.code or not indicateur.objectif:
            continue
        cle = (indicateur.objectif, indicateur.code)
        for lieu in lieux.get(cle, {None: None}):
            vue = SuiviIndicateur(objectif=indicateur.objectif, indicateur=indicateur.code, lieu=lieu)
            vue.resumer([indicateur])
            vues.append(vue)
    return vues
