"""Le rétroplanning : chaque étape avec sa durée, ses dates au plus tard, sa marge ; les jours fériés."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.base import Entite, Feuille, calcul, champ
from cpomdocs.modeles.entites.contrat import Jalon
from cpomdocs.modeles.planification import marges
from cpomdocs.modeles.planification.jours import JoursOuvres, plausible
from cpomdocs.modeles.types import Date, Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_DATE, _JOURS, _TEXTE = Nature("date"), Nature("entier", "jours"), Nature("texte")
_DATES = ("lignes.date_debut", "lignes.date_fin_prevue")
_FIN = ("lignes.date_fin_prevue", "contrats.date_signature_visee")
_ANNEES_DE_CALENDRIER = 7
SUIVI = "suivi"
"""La phase qui vient après la signature : elle n’a pas à finir avant."""


class EtapeRetroplanning(Jalon, Vue):
    """Une étape du rétroplanning, telle que saisie, et ce qui s’en calcule."""

    __slots__ = ("_jours", "_marge")

    feuille: ClassVar[Feuille | None] = None
    liens: ClassVar[dict[str, str]] = {"lignes": "jalons", "contrats": "contrat"}

    if TYPE_CHECKING:
        _jours: JoursOuvres
        _marge: marges.Marge

    def planifier(self, marge: marges.Marge, jours: JoursOuvres) -> None:
        """Retient ce que le calcul d’ensemble dit de cette étape."""
        object.__setattr__(self, "_marge", marge)
        object.__setattr__(self, "_jours", jours)

    @property
    def contrats(self) -> list[Entite]:
        """Le contrat, pour la signature visée."""
        return [self.dossier.contrat]

    @property
    def en_boucle(self) -> bool:
        """Vrai si l’étape se suit elle-même, directement ou non."""
        return self._marge.en_boucle

    @property
    @calcul("Durée (jours ouvrés)", _JOURS, entrees=_DATES)
    def duree(self) -> int | None:
        """Les jours ouvrés du début à la fin prévue, tous deux compris."""
        return self._marge.duree

    @property
    @calcul("Date à tenir", _DATE, entrees=("lignes.date_imposee", "lignes.date_proposee"))
    def date_a_tenir(self) -> datetime.date | None:
        """Notre contre-proposition, à défaut la date imposée."""
        return self.date_proposee or self.date_imposee

    @property
    @calcul("Début au plus tard", _DATE, entrees=_FIN)
    def debut_au_plus_tard(self) -> datetime.date | None:
        """Le dernier jour où commencer sans décaler la suite."""
        return self._marge.debut_tard

    @property
    @calcul("Fin au plus tard", _DATE, entrees=_FIN)
    def fin_au_plus_tard(self) -> datetime.date | None:
        """Le dernier jour où finir sans décaler la suite, la date à tenir ou la signature visée."""
        return self._marge.fin_tard

    @property
    @calcul("Fin au plus tôt", _DATE, entrees=_DATES)
    def fin_au_plus_tot(self) -> datetime.date | None:
        """Le premier jour où elle peut être finie, d’après ce qui la précède et la date de référence."""
        return self._marge.fin_tot

    @property
    @calcul("Marge (jours ouvrés)", _JOURS, entrees=_FIN)
    def marge(self) -> int | None:
        """Jours ouvrés entre la fin prévue et la fin au plus tard ; négative : la suite est décalée."""
        fin, tard = plausible(self.date_fin_prevue), self.fin_au_plus_tard
        return None if fin is None or tard is None else self._jours.ecart(fin, tard)

    @property
    @calcul(
        "Écart avec la date imposée (jours ouvrés)",
        _JOURS,
        entrees=("lignes.date_imposee", "lignes.date_proposee"),
    )
    def ecart_impose(self) -> int | None:
        """Jours ouvrés entre la date imposée et notre contre-proposition ; positif : nous proposons après."""
        imposee, proposee = plausible(self.date_imposee), plausible(self.date_proposee)
        return None if imposee is None or proposee is None else self._jours.ecart(imposee, proposee)

    @property
    def intenable(self) -> bool:
        """Vrai si elle ne peut pas être finie à la date qu’elle doit tenir."""
        tenir, tot = plausible(self.date_a_tenir), self.fin_au_plus_tot
        return not self.finie and tenir is not None and tot is not None and tenir < tot

    @property
    @calcul("Situation", _TEXTE, entrees=(*_DATES, "lignes.date_fin_reelle"), liste="situations_etape")
    def situation(self) -> str | None:
        """Faite, en retard, intenable, marge dépassée, sans marge ou dans les temps."""
        return None if self.date_fin_prevue is None else self._situation()

    def _situation(self) -> str:
        jour, fin, marge = self.dossier.parametres.date_reference, self.date_fin_prevue, self.marge
        if self.finie:
            return "faite"
        if jour is not None and fin is not None and fin < jour:
            return "en_retard"
        if self.intenable:
            return "impossible"
        if marge is None or marge > 0:
            return "dans_les_temps"
        return "depassee" if marge < 0 else "tendue"


class JourFerie(Vue):
    """Un jour férié des années du rétroplanning."""

    date: Date = champ("Date", cle=True)
    libelle: Texte = champ("Jour férié")


def jours_du(dossier: Dossier) -> JoursOuvres:
    """Le calendrier de travail du dossier : celui de son département."""
    return JoursOuvres(dossier.parametres.departement or dossier.gestionnaire.departement)


def retroplanning(dossier: Dossier, lignes: Sequence[Entite]) -> list[EtapeRetroplanning]:
    """Une ligne par étape saisie, dans l’ordre de la feuille."""
    jalons = [ligne for ligne in lignes if isinstance(ligne, Jalon) and ligne.etape]
    jours = jours_du(dossier)
    visee = dossier.contrat.date_signature_visee
    calculees = marges.calculer(
        [_etape(jalon, visee) for jalon in jalons], dossier.parametres.date_reference, jours
    )
    vues = []
    for jalon in jalons:
        vue = EtapeRetroplanning.model_validate(dict(jalon.__dict__))
        vue.situer(jalon.endroits)
        vue.resumer([jalon])
        vue.planifier(calculees[jalon.etape or ""], jours)
        vues.append(vue)
    return vues


def _etape(jalon: Jalon, visee: datetime.date | None) -> marges.Etape:
    tenir = jalon.date_proposee or jalon.date_imposee
    bornes = (tenir, visee if jalon.phase != SUIVI else None)
    return marges.Etape(
        nom=jalon.etape or "",
        suit=jalon.precedents,
        debut=jalon.date_debut,
        fin=jalon.date_fin_prevue,
        bornes=tuple(borne for borne in bornes if borne is not None),
        finie_le=jalon.date_fin_reelle,
        finie=jalon.finie,
    )


def jours_feries(dossier: Dossier, lignes: Sequence[Entite]) -> list[JourFerie]:
    """Les jours fériés des années que couvrent les étapes et la signature visée."""
    annees = sorted({date.year for date in _dates(dossier, lignes)})
    if not annees:
        return []
    derniere = min(annees[-1], annees[0] + _ANNEES_DE_CALENDRIER)
    jours = jours_du(dossier)
    return [
        JourFerie(date=date, libelle=nom)
        for annee in range(annees[0], derniere + 1)
        for date, nom in jours.feries(annee).items()
    ]


def _dates(dossier: Dossier, lignes: Sequence[Entite]) -> Iterator[datetime.date]:
    for jalon in lignes:
        if isinstance(jalon, Jalon):
            dates = (jalon.date_debut, jalon.date_fin_prevue, jalon.date_imposee, jalon.date_proposee)
            yield from filter(plausible, (d for d in dates if d is not None))
    visee = plausible(dossier.contrat.date_signature_visee) if lignes else None
    if visee is not None:
        yield visee
