"""Les étapes usuelles d’un CPOM (nomenclature « etapes_types »), datées en remontant de la signature."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

from cpomdocs.modeles.planification.jours import UN_JOUR, JoursOuvres, mois_avant
from cpomdocs.nomenclatures import details

_MOIS_MAX = 60


class EtapeType(NamedTuple):
    """Une étape proposée."""

    etape: str
    phase: str
    precedent: str | None
    debut: datetime.date
    fin: datetime.date
    responsable: str
    livrable: str


def etapes_types(
    visee: datetime.date,
    jours: JoursOuvres,
    mois_diagnostic: int | None = None,
    mois_negociation: int | None = None,
) -> Iterator[EtapeType]:
    """Les étapes, de la première à la dernière ; `mois_…` : une autre durée que la moyenne observée."""
    precedente: str | None = None
    for ouverture, cloture, etapes in _blocs(visee, mois_diagnostic, mois_negociation):
        total = sum(int(regle["parts"]) for regle in etapes)
        debut, faites = ouverture, 0
        for regle in etapes:
            parts = int(regle["parts"])
            faites += parts
            premier = jours.suivant(debut)
            suite = ouverture + (cloture - ouverture) * faites // total if parts else premier + UN_JOUR
            fin = suite if faites == total and cloture == visee else suite - UN_JOUR
            yield EtapeType(
                etape=str(regle["libelle"]),
                phase=str(regle["phase"]),
                precedent=precedente,
                debut=premier,
                fin=max(premier, jours.precedent(fin)),
                responsable=str(regle["qui"]),
                livrable=str(regle["livrable"]),
            )
            debut, precedente = suite, str(regle["libelle"])


def _blocs(
    visee: datetime.date, mois_diagnostic: int | None, mois_negociation: int | None
) -> Iterator[tuple[datetime.date, datetime.date, list[dict[str, Any]]]]:
    """Chaque bloc : son premier jour, celui du bloc suivant (ou la signature), et ses étapes."""
    voulus = {"diagnostic": mois_diagnostic, "negociation": mois_negociation}
    durees = {
        bloc: min(voulus.get(bloc) or int(regle["mois"]), _MOIS_MAX)
        for bloc, regle in details("blocs_retroplanning").items()
    }
    reste = sum(durees.values())
    for bloc, duree in durees.items():
        etapes = [regle for regle in details("etapes_types").values() if regle["bloc"] == bloc]
        yield mois_avant(visee, reste), mois_avant(visee, reste - duree), etapes
        reste -= duree
