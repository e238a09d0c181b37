"""Les échéances légales et de campagne qui concernent le gestionnaire, autour de l’année N."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.reperes import cle_annee
from cpomdocs.modeles.types import Annee, Date, Nature, Texte
from cpomdocs.modeles.vues.methode.retroplanning import jours_du
from cpomdocs.modeles.vues.regroupement import Vue
from cpomdocs.nomenclatures import details

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_ANNEES_AUTOUR = (-1, 0, 1)
"""Les années civiles montrées, par rapport à N."""


class Echeance(Vue):
    """Une échéance légale ou de campagne, pour un exercice."""

    liens: ClassVar[dict[str, str]] = {"lignes": "etablissements"}

    code: Texte = champ("Code de l’échéance", cle=True)
    annee: Annee = cle_annee()
    libelle: Texte = champ("Échéance")
    date: Date = champ("Date")
    concerne: Texte = champ("Concerne")
    texte: Texte = champ("Texte")
    precision: Texte = champ("Précision")

    @property
    @calcul("Dernier jour ouvré", Nature("date"), entrees=())
    def dernier_jour_ouvre(self) -> datetime.date | None:
        """Le jour de l’échéance, ou le jour ouvré qui le précède : les textes ne la reportent pas."""
        return None if self.date is None else jours_du(self.dossier).precedent(self.date)

    @property
    @calcul("Passée", Nature("booleen"), entrees=())
    def passee(self) -> bool:
        """Vrai si elle est passée à la date de référence."""
        jour = self.dossier.parametres.date_reference
        return jour is not None and self.date is not None and self.date < jour


def echeances(dossier: Dossier, lignes: Sequence[Entite]) -> list[Echeance]:
    """Une ligne par échéance et par exercice, de l’année N-1 à l’année N+1, dans l’ordre des dates."""
    n = dossier.parametres.annee_n
    concernes = [e for e in lignes if getattr(e, "dans_perimetre_cpom", None) is not False]
    if n is None or not concernes:
        return []
    vues = []
    for code, regle in details("echeances_legales").items():
        if not _concerne(regle, dossier, concernes):
            continue
        for annee in (n + decalage for decalage in _ANNEES_AUTOUR):
            exercice = annee - int(regle["annee"])
            vue = Echeance(
                code=code,
                annee=exercice,
                libelle=str(regle["libelle"]),
                date=datetime.date(annee, int(regle["mois"]), int(regle["jour"])),
                concerne=str(regle["pour"]),
                texte=str(regle["texte"]),
                precision=regle.get("precision"),
            )
            vue.resumer(concernes)
            vues.append(vue)
    return sorted(vues, key=lambda vue: vue.date or datetime.date.min)


def _concerne(regle: Mapping[str, Any], dossier: Dossier, etablissements: Sequence[Entite]) -> bool:
    """Vrai si l’échéance vaut pour tous, pour le siège, ou pour l’un de ces établissements."""
    if regle.get("siege") and not dossier.gestionnaire.siege_autorise:
        return False
    criteres = {"cadres": "cadre_budgetaire", "types": "type", "secteurs": "secteur"}
    return all(
        any(getattr(e, champ_, None) in regle[critere] for e in etablissements)
        for critere, champ_ in criteres.items()
        if critere in regle
    )
