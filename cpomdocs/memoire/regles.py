"""Les règles, appliquées seulement quand une donnée qu’elles lisent a changé."""

from __future__ import annotations

from functools import partial

from cpomdocs import __version__
from cpomdocs.memoire.souvenirs import Memoire, cadre_de, en_json, relire_anomalies
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.regles import REGLES, Seuils
from cpomdocs.rapport import Anomalie


def appliquer(dossier: Dossier, seuils: Seuils, memoire: Memoire) -> list[Anomalie]:
    """Les anomalies de toutes les règles, dans l’ordre des règles puis des lignes."""
    anomalies: list[Anomalie] = []
    cadre = cadre_de(__version__, seuils.model_dump_json())
    for regle in REGLES:
        cle = f"regle/{regle.code}"
        gardees = memoire.relire(cle, cadre)
        if gardees is not None:
            anomalies += relire_anomalies(gardees)
            continue
        trouvees, lues = dossier.observer(partial(regle.manquements, dossier, seuils))
        situe = any(anomalie.sources for anomalie in trouvees)
        memoire.retenir(cle, cadre, lues, en_json(trouvees), situe=situe)
        anomalies += trouvees
    return anomalies
