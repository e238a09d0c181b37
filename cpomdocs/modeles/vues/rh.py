"""Les effectifs réunis par établissement, et par catégorie d’emploi."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import quotient, somme, somme_entiere
from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement, cle_version
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue, resumer

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_ETP = Nature("decimal", "ETP")
_EUROS = Nature("montant", "€")


class _TotauxEffectifs(Vue):
    """Les totaux communs aux deux vues des effectifs."""

    liens: ClassVar[dict[str, str]] = {"lignes": "effectifs"}

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    version: Texte = cle_version()

    @property
    @calcul("ETP budgétés", _ETP, entrees=("lignes.etp_budgetes",))
    def etp_budgetes(self) -> Decimal | None:
        """Σ des ETP budgétés."""
        return somme(self.lignes, "etp_budgetes")

    @property
    @calcul("ETP rémunérés", _ETP, entrees=("lignes.etp_remuneres",))
    def etp_remuneres(self) -> Decimal | None:
        """Σ des ETP rémunérés."""
        return somme(self.lignes, "etp_remuneres")

    @property
    @calcul("ETP réalisés", _ETP, entrees=("lignes.etp_realises",))
    def etp_realises(self) -> Decimal | None:
        """Σ des ETP réalisés."""
        return somme(self.lignes, "etp_realises")

    @property
    @calcul("ETP vacants", _ETP, entrees=("lignes.etp_vacants",))
    def etp_vacants(self) -> Decimal | None:
        """Σ des ETP vacants (budgétés − réalisés, `domaine` § 1.14)."""
        return somme(self.lignes, "etp_vacants")

    @property
    @calcul("Personnes au 31/12", Nature("entier", "personnes"), entrees=("lignes.nb_personnes_3112",))
    def nb_personnes_3112(self) -> int | None:
        """Σ des personnes en poste au 31 décembre."""
        return somme_entiere(self.lignes, "nb_personnes_3112")

    @property
    @calcul("Rémunération brute", _EUROS, entrees=("lignes.remuneration_brute",))
    def remuneration_brute(self) -> Decimal | None:
        """Σ des rémunérations brutes, en euros."""
        return somme(self.lignes, "remuneration_brute")

    @property
    @calcul("Charges sociales", _EUROS, entrees=("lignes.charges_sociales",))
    def charges_sociales(self) -> Decimal | None:
        """Σ des charges sociales, en euros."""
        return somme(self.lignes, "charges_sociales")

    @property
    @calcul("Charges fiscales", _EUROS, entrees=("lignes.charges_fiscales",))
    def charges_fiscales(self) -> Decimal | None:
        """Σ des charges fiscales, en euros."""
        return somme(self.lignes, "charges_fiscales")

    @property
    @calcul("Coût total", _EUROS, entrees=("lignes.cout_total",))
    def cout_total(self) -> Decimal | None:
        """Σ des coûts chargés, en euros."""
        return somme(self.lignes, "cout_total")

    @property
    @calcul("Taux d’ETP vacants", Nature("taux", "%"), entrees=("etp_vacants", "etp_budgetes"))
    def taux_etp_vacants(self) -> Decimal | None:
        """ETP vacants ÷ ETP budgétés (`domaine` § 1.14), en fraction."""
        return quotient(self.etp_vacants, self.etp_budgetes)


class EffectifsSynthese(_TotauxEffectifs):
    """Les effectifs d’un établissement, une année, dans une version."""

    liens: ClassVar[dict[str, str]] = {"lignes": "effectifs", "fiche": "etablissements"}

    @property
    def fiche(self) -> Entite | None:
        """L’établissement, pour sa capacité."""
        return self.dossier.etablissement(self.etablissement)

    @property
    @calcul(
        "Ratio d’encadrement",
        Nature("decimal", "ETP/place"),
        entrees=("etp_budgetes", "fiche.capacite_autorisee"),
    )
    def ratio_encadrement(self) -> Decimal | None:
        """ETP budgétés ÷ capacité autorisée (`domaine` § 1.8), en ETP par place."""
        fiche = self.dossier.etablissement(self.etablissement)
        return quotient(self.etp_budgetes, fiche.capacite_autorisee if fiche else None)


class EffectifsCategorie(_TotauxEffectifs):
    """Les effectifs d’une catégorie d’emploi d’un établissement, une année, dans une version."""

    categorie: Texte = champ("Catégorie d’emploi", cle=True, liste="categories_emploi", exemple="ide")


class EffectifsFiliere(_TotauxEffectifs):
    """Les effectifs d’une filière (administrative, éducative…), une année, dans une version."""

    filiere: Texte = champ("Filière", cle=True, liste="filieres", exemple="educatif")


_CLES = ("etablissement", "annee", "version")


def effectifs_synthese(dossier: Dossier, lignes: Sequence[Entite]) -> list[EffectifsSynthese]:
    """Une ligne par établissement, année et version."""
    return resumer(EffectifsSynthese, lignes, _CLES)


def effectifs_categories(dossier: Dossier, lignes: Sequence[Entite]) -> list[EffectifsCategorie]:
    """Une ligne par établissement, année, version et catégorie d’emploi."""
    return resumer(EffectifsCategorie, lignes, (*_CLES, "categorie"))


def effectifs_filieres(dossier: Dossier, lignes: Sequence[Entite]) -> list[EffectifsFiliere]:
    """Une ligne par établissement, année, version et filière."""
    return resumer(EffectifsFiliere, lignes, (*_CLES, "filiere"))
