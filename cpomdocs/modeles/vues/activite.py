"""L’activité d’un établissement, toutes modalités réunies."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import quotient, somme, somme_entiere
from cpomdocs.modeles.base import Entite, calcul
from cpomdocs.modeles.entites.capacites import CapacitesReunies
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement, cle_version
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue, resumer
from cpomdocs.nomenclatures import details

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_PLACES = Nature("entier", "places")
_JOURNEES = Nature("entier", "journées")
_PERSONNES = Nature("entier", "personnes")
_TAUX = Nature("taux", "%")


class ActiviteTotale(CapacitesReunies, Vue):
    """Les totaux d’activité d’un établissement, une année, dans une version.

    Une unité comprise dans une autre (PASA, UVP) n’est pas comptée deux fois ; les journées ne s’ajoutent
    pas aux séances (nomenclature « modalites »).
    """

    liens: ClassVar[dict[str, str]] = dict.fromkeys(
        ("lignes", "comptees", "en_journees", "durables"), "activite"
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    version: Texte = cle_version()

    @property
    def comptees(self) -> list[Entite]:
        """Les lignes dont les places et les personnes s’additionnent."""
        return [ligne for ligne in self.lignes if _modalite(ligne).get("comptee", True)]

    @property
    def en_journees(self) -> list[Entite]:
        """Les lignes dont l’activité se compte en journées."""
        return [li for li in self.comptees if _modalite(li).get("unite", "journees") == "journees"]

    @property
    @calcul("Journées théoriques", _JOURNEES, entrees=("en_journees.journees_theoriques",))
    def journees_theoriques(self) -> int | None:
        """Σ des journées théoriques (R.314-160)."""
        return somme_entiere(self.en_journees, "journees_theoriques")

    @property
    @calcul("Journées financées", _JOURNEES, entrees=("en_journees.journees_financees",))
    def journees_financees(self) -> int | None:
        """Σ des journées financées."""
        return somme_entiere(self.en_journees, "journees_financees")

    @property
    @calcul("Journées prévues", _JOURNEES, entrees=("en_journees.journees_prevues",))
    def journees_prevues(self) -> int | None:
        """Σ des journées prévues."""
        return somme_entiere(self.en_journees, "journees_prevues")

    @property
    @calcul("Journées réalisées", _JOURNEES, entrees=("en_journees.journees_realisees",))
    def journees_realisees(self) -> int | None:
        """Σ des journées réalisées."""
        return somme_entiere(self.en_journees, "journees_realisees")

    @property
    @calcul("Journées occupées", _JOURNEES, entrees=("en_journees.journees_occupees",))
    def journees_occupees(self) -> int | None:
        """Σ des journées réalisées, absences de moins de 72 h comprises là où elles comptent."""
        return somme_entiere(self.en_journees, "journees_occupees")

    @property
    @calcul("Absences < 72 h", _JOURNEES, entrees=("en_journees.absences_lt72h",))
    def absences_lt72h(self) -> int | None:
        """Σ des absences de moins de 72 heures."""
        return somme_entiere(self.en_journees, "absences_lt72h")

    @property
    @calcul("Absences ≥ 72 h", _JOURNEES, entrees=("en_journees.absences_ge72h",))
    def absences_ge72h(self) -> int | None:
        """Σ des absences de 72 heures et plus."""
        return somme_entiere(self.en_journees, "absences_ge72h")

    @property
    @calcul("Objectif contractuel", _JOURNEES, entrees=("en_journees.objectif_contractuel",))
    def objectif_contractuel(self) -> int | None:
        """Σ des objectifs d’activité du contrat."""
        return somme_entiere(self.en_journees, "objectif_contractuel")

    @property
    @calcul("Taux d’occupation", _TAUX, entrees=("journees_occupees", "journees_theoriques"))
    def taux_occupation(self) -> Decimal | None:
        """Journées occupées ÷ journées théoriques, au global (`domaine` § 1.14), en fraction."""
        return quotient(self.journees_occupees, self.journees_theoriques)

    @property
    @calcul("Taux de réalisation", _TAUX, entrees=("journees_realisees", "journees_financees"))
    def taux_realisation(self) -> Decimal | None:
        """Taux de réalisation = journées réalisées ÷ journées financées (`domaine` § 1.14), en fraction."""
        return quotient(self.journees_realisees, self.journees_financees)

    @property
    @calcul("Entrées", _PERSONNES, entrees=("comptees.entrees",))
    def entrees(self) -> int | None:
        """Σ des entrées de l’année."""
        return somme_entiere(self.comptees, "entrees")

    @property
    @calcul("Sorties", _PERSONNES, entrees=("comptees.sorties",))
    def sorties(self) -> int | None:
        """Σ des sorties de l’année."""
        return somme_entiere(self.comptees, "sorties")

    @property
    @calcul("Sorties définitives", _PERSONNES, entrees=("comptees.sorties_definitives",))
    def sorties_definitives(self) -> int | None:
        """Σ des sorties définitives de l’année."""
        return somme_entiere(self.comptees, "sorties_definitives")

    @property
    @calcul("Effectif au 31/12", _PERSONNES, entrees=("comptees.effectif_3112",))
    def effectif_3112(self) -> int | None:
        """Σ des effectifs présents au 31 décembre."""
        return somme_entiere(self.comptees, "effectif_3112")

    @property
    @calcul("File active", _PERSONNES, entrees=("comptees.file_active",))
    def file_active(self) -> int | None:
        """Σ des files actives (présents au 31/12 + sorties définitives, `domaine` § 1.14)."""
        return somme_entiere(self.comptees, "file_active")

    @property
    @calcul("Liste d’attente", _PERSONNES, entrees=("comptees.liste_attente",))
    def liste_attente(self) -> int | None:
        """Σ des listes d’attente."""
        return somme_entiere(self.comptees, "liste_attente")

    @property
    @calcul("Nombre d’actes", Nature("entier", "actes"), entrees=("lignes.nb_actes",))
    def nb_actes(self) -> int | None:
        """Σ des actes, séances et interventions."""
        return somme_entiere(self.lignes, "nb_actes")

    @property
    def durables(self) -> list[Entite]:
        """Les lignes comptées, hors accueils temporaires et de jour."""
        return [ligne for ligne in self.comptees if not _modalite(ligne).get("temporaire", False)]

    @property
    @calcul(
        "Durée moyenne",
        Nature("decimal", "jours"),
        entrees=("durables.somme_durees_sortis", "durables.sorties_definitives"),
    )
    def duree_moyenne(self) -> Decimal | None:
        """Σ des durées des sortis définitifs ÷ ces sorties, hors HT et AJ (`domaine` § 1.14), en jours."""
        return quotient(
            somme(self.durables, "somme_durees_sortis"), somme(self.durables, "sorties_definitives")
        )


def _modalite(ligne: Entite) -> dict[str, object]:
    return details("modalites").get(str(getattr(ligne, "modalite", "")), {})


def activite_totale(dossier: Dossier, lignes: Sequence[Entite]) -> list[ActiviteTotale]:
    """Une ligne par établissement, année et version."""
    return resumer(ActiviteTotale, lignes, ("etablissement", "annee", "version"))
