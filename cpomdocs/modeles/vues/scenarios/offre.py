"""L’offre avant et après : ce qui est autorisé, demandé par l’autorité, proposé, année après année."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.arithmetique import difference, somme, somme_entiere
from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.methode.scenarios import PlaceOffre
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue, resumer
from cpomdocs.nomenclatures import libelle

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_PLACES, _TEXTE, _TEXTE_LONG = Nature("entier", "places"), Nature("texte"), Nature("texte_long")
_ZERO = Decimal(0)


class _Offre(Vue):
    """Les places d’une modalité d’un établissement."""

    liens: ClassVar[dict[str, str]] = {
        "lignes": "offre",
        "autorisees": "autorisations",
        "fiches": "etablissements",
        "finales": "offre",
    }

    etablissement: Texte = cle_etablissement()
    modalite: Texte = champ("Modalité d’accueil", cle=True, liste="modalites", exemple="HP")

    @property
    def autorisees(self) -> list[Entite]:
        """L’autorisation en vigueur de cette modalité."""
        lignes = self.dossier.lignes("autorisations", self.etablissement)
        return [a for a in lignes if getattr(a, "modalite", None) == self.modalite]

    @property
    def fiches(self) -> list[Entite]:
        """L’établissement."""
        fiche = self.dossier.etablissement(self.etablissement)
        return [] if fiche is None else [fiche]

    @property
    @calcul("Rang de la modalité", Nature("entier"), entrees=("lignes.modalite",))
    def rang(self) -> int | None:
        """Sa place parmi les modalités de la feuille « Offre »."""
        couples = list(dict.fromkeys((o.etablissement, o.modalite) for o in self.dossier.offre))
        cle = (self.etablissement, self.modalite)
        return couples.index(cle) + 1 if cle in couples else None

    @property
    @calcul("Nom de l’établissement", _TEXTE, entrees=("fiches.nom",))
    def nom(self) -> str | None:
        """Le nom de l’établissement."""
        return next((getattr(f, "nom", None) for f in self.fiches), None)

    @property
    @calcul("Places autorisées", _PLACES, entrees=("autorisees.capacite_autorisee",))
    def places_autorisees(self) -> int | None:
        """Les places autorisées aujourd’hui ; zéro pour une création."""
        total = somme(self.autorisees, "capacite_autorisee", _ZERO)
        return None if total is None else int(total)


class OffreSynthese(_Offre):
    """Les places d’une modalité, une année : autorisées, demandées, proposées."""

    annee: Annee = cle_annee()

    @property
    @calcul("Places proposées", _PLACES, entrees=("lignes.places_proposees",))
    def places_proposees(self) -> int | None:
        """Les places que l’association propose."""
        return somme_entiere(self.lignes, "places_proposees")

    @property
    @calcul("Places demandées", _PLACES, entrees=("lignes.places_demandees",))
    def places_demandees(self) -> int | None:
        """Les places que l’autorité demande."""
        return somme_entiere(self.lignes, "places_demandees")

    @property
    @calcul("Évolution proposée", _PLACES, entrees=("places_proposees", "places_autorisees"))
    def evolution_proposee(self) -> int | None:
        """Places proposées − places autorisées."""
        ecart = difference(self.places_proposees, self.places_autorisees)
        return None if ecart is None else int(ecart)

    @property
    @calcul("Écart avec la demande", _PLACES, entrees=("places_proposees", "places_demandees"))
    def ecart_demande(self) -> int | None:
        """Places proposées − places demandées par l’autorité."""
        ecart = difference(self.places_proposees, self.places_demandees)
        return None if ecart is None else int(ecart)


class OffreEvolution(_Offre):
    """Une modalité d’aujourd’hui à la dernière année saisie : le mouvement, l’écart avec la demande."""

    @property
    def finales(self) -> list[Entite]:
        """Les places de la dernière année saisie."""
        annees = [o.annee for o in self.lignes if isinstance(o, PlaceOffre) and o.annee is not None]
        derniere = max(annees, default=None)
        return [o for o in self.lignes if getattr(o, "annee", None) == derniere]

    @property
    @calcul("Mouvement de l’offre", Nature("texte"), entrees=("lignes.mouvement",))
    def mouvement(self) -> str | None:
        """Transformation, extension, redéploiement… : le mot de la nomenclature."""
        code = next((m for o in self.lignes if (m := getattr(o, "mouvement", None))), None)
        return libelle("mouvements_offre", code) or code if code else None

    @property
    @calcul("Places proposées au terme", _PLACES, entrees=("finales.places_proposees",))
    def places_finales(self) -> int | None:
        """Les places proposées la dernière année saisie."""
        return somme_entiere(self.finales, "places_proposees")

    @property
    @calcul("Places demandées au terme", _PLACES, entrees=("finales.places_demandees",))
    def demandees_finales(self) -> int | None:
        """Les places demandées par l’autorité la dernière année saisie."""
        return somme_entiere(self.finales, "places_demandees")

    @property
    @calcul("Évolution au terme", _PLACES, entrees=("places_finales", "places_autorisees"))
    def evolution(self) -> int | None:
        """Places proposées au terme − places autorisées aujourd’hui."""
        ecart = difference(self.places_finales, self.places_autorisees)
        return None if ecart is None else int(ecart)

    @property
    @calcul("Écart au terme", _PLACES, entrees=("places_finales", "demandees_finales"))
    def ecart(self) -> int | None:
        """Places proposées au terme − places demandées par l’autorité."""
        ecart = difference(self.places_finales, self.demandees_finales)
        return None if ecart is None else int(ecart)

    @property
    @calcul("Motif de l’écart", _TEXTE_LONG, entrees=("lignes.commentaire",))
    def motif(self) -> str | None:
        """Les commentaires de ses lignes, sans répétition."""
        textes = dict.fromkeys(
            t for o in self.lignes if (t := (getattr(o, "commentaire", None) or "").strip())
        )
        return " ".join(textes) or None


def offre_synthese(dossier: Dossier, lignes: Sequence[Entite]) -> list[OffreSynthese]:
    """Une ligne par établissement, modalité et année."""
    return resumer(OffreSynthese, lignes, ("etablissement", "modalite", "annee"))


def offre_evolution(dossier: Dossier, lignes: Sequence[Entite]) -> list[OffreEvolution]:
    """Une ligne par établissement et modalité."""
    return resumer(OffreEvolution, lignes, ("etablissement", "modalite"))
