"""Le budget réuni : par groupe fonctionnel, par chapitre, pour le gestionnaire ; les dotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import somme
from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.budget import Compte
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement, cle_version
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue, decrire, regrouper, resumer
from cpomdocs.modeles.vues.totaux import TotauxBudget

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_CLES = ("etablissement", "annee", "version")
_EUROS = Nature("montant", "€")


class ComptesSynthese(TotauxBudget):
    """Le compte de résultat d’un établissement, une année, dans une version."""

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    version: Texte = cle_version()

    @property
    def fiches(self) -> list[Entite]:
        """L’établissement, pour sa capacité."""
        fiche = self.dossier.etablissement(self.etablissement)
        return [] if fiche is None else [fiche]


class ComptesGestionnaire(TotauxBudget):
    """Le compte de résultat de tout le périmètre, une année, dans une version."""

    annee: Annee = cle_annee()
    version: Texte = cle_version()

    @property
    def fiches(self) -> list[Entite]:
        """Les établissements du périmètre, pour leur capacité."""
        return list(self.dossier.perimetre())


class MontantsDeComptes(Vue):
    """Ce que plusieurs comptes d’un même budget valent ensemble."""

    liens: ClassVar[dict[str, str]] = {"lignes": "comptes"}

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    version: Texte = cle_version()

    @property
    @calcul("Montant", _EUROS, entrees=("lignes.montant",))
    def montant(self) -> Decimal | None:
        """Σ des montants des comptes, en euros."""
        return somme(self.lignes, "montant")

    @property
    @calcul("Dont reconduction", _EUROS, entrees=("lignes.reconduction",))
    def reconduction(self) -> Decimal | None:
        """Σ des montants reconduits, en euros."""
        return somme(self.lignes, "reconduction")

    @property
    @calcul("Dont mesures nouvelles", _EUROS, entrees=("lignes.mesures_nouvelles",))
    def mesures_nouvelles(self) -> Decimal | None:
        """Σ des mesures nouvelles, en euros."""
        return somme(self.lignes, "mesures_nouvelles")


class ComptesChapitre(MontantsDeComptes):
    """Le total d’un chapitre (deux premiers chiffres du compte) dans son groupe fonctionnel."""

    sens: Texte = champ("Sens", cle=True, liste="sens_compte", exemple="charge")
    groupe: Texte = champ("Groupe fonctionnel", cle=True, liste="groupes_fonctionnels", exemple="II")
    chapitre: Texte = champ("Chapitre", cle=True, exemple="64")


class ComptesRacine(MontantsDeComptes):
    """Le total des comptes de même racine (« 675 » réunit 6751, 6752…)."""

    racine: Texte = champ("Racine de compte", cle=True, exemple="675")


class DotationsSynthese(Vue):
    """Les financements d’un établissement, une année."""

    liens: ClassVar[dict[str, str]] = {"lignes": "dotations"}

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()

    @property
    @calcul("Total notifié", _EUROS, entrees=("lignes.total_notifie",))
    def total(self) -> Decimal | None:
        """Σ des montants notifiés, en euros."""
        return somme(self.lignes, "total_notifie")

    @property
    @calcul("Total calculé", _EUROS, entrees=("lignes.total_calcule",))
    def total_calcule(self) -> Decimal | None:
        """Σ des totaux recalculés (FI-15), en euros."""
        return somme(self.lignes, "total_calcule")

    @property
    @calcul("Base reconductible", _EUROS, entrees=("lignes.base_reconductible",))
    def base_reconductible(self) -> Decimal | None:
        """Σ des bases reconductibles, en euros."""
        return somme(self.lignes, "base_reconductible")


def comptes_retenus(lignes: Iterable[Entite]) -> list[Compte]:
    """Les comptes à additionner : la ligne toutes sections l’emporte sur les lignes par section."""
    comptes = [ligne for ligne in lignes if isinstance(ligne, Compte)]
    retenus: list[Compte] = []
    for groupe in regrouper(comptes, (*_CLES, "compte")).values():
        globales = [c for c in groupe if c.section in (None, "", "global")]
        retenus += globales or groupe
    return retenus


def comptes_synthese(dossier: Dossier, lignes: Sequence[Entite]) -> list[ComptesSynthese]:
    """Une ligne par établissement, année et version."""
    return resumer(ComptesSynthese, comptes_retenus(lignes), _CLES)


def comptes_gestionnaire(dossier: Dossier, lignes: Sequence[Entite]) -> list[ComptesGestionnaire]:
    """Une ligne par année et version, sur les établissements du périmètre."""
    codes = {etablissement.code for etablissement in dossier.perimetre()}
    comptes = [c for c in comptes_retenus(lignes) if c.etablissement in codes]
    return resumer(ComptesGestionnaire, comptes, ("annee", "version"))


def comptes_chapitres(dossier: Dossier, lignes: Sequence[Entite]) -> list[ComptesChapitre]:
    """Une ligne par établissement, année, version, sens, groupe et chapitre."""
    comptes = comptes_retenus(lignes)
    return resumer(ComptesChapitre, comptes, (*_CLES, "sens", "groupe", "chapitre"))


def comptes_racines(dossier: Dossier, lignes: Sequence[Entite]) -> list[ComptesRacine]:
    """Une ligne par établissement, année, version et racine, de deux chiffres au numéro entier."""
    groupes: dict[tuple[object, ...], list[Entite]] = {}
    for compte in comptes_retenus(lignes):
        numero = compte.compte or ""
        cle = tuple(getattr(compte, nom) for nom in _CLES)
        for fin in range(2, len(numero) + 1):
            groupes.setdefault((*cle, numero[:fin]), []).append(compte)
    return decrire(ComptesRacine, groupes, (*_CLES, "racine"))


def dotations_synthese(dossier: Dossier, lignes: Sequence[Entite]) -> list[DotationsSynthese]:
    """Une ligne par établissement et année."""
    return resumer(DotationsSynthese, lignes, ("etablissement", "annee"))
