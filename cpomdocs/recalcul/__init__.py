"""Les totaux d’un formulaire rempli : recalculés par un moteur embarqué et vérifié, ou laissés à Excel."""

from __future__ import annotations

from cpomdocs.office.valeurs import CodeErreur
from cpomdocs.recalcul.comparaison import comparer
from cpomdocs.recalcul.constats import anomalies_du_recalcul
from cpomdocs.recalcul.controles import Controle, controles_du_cadre
from cpomdocs.recalcul.document import RapportRecalcul, Recalculateur, Retrait, recalculer_document
from cpomdocs.recalcul.moteur import Lieu, Moteur, MoteurEnEchec, Resultat, moteur_disponible, moteur_installe
from cpomdocs.recalcul.qualification import Qualification, qualification_gardee, qualifier
from cpomdocs.recalcul.transplantation import poser_resultats

__all__ = [
    "CodeErreur",
    "Controle",
    "Lieu",
    "Moteur",
    "MoteurEnEchec",
    "Qualification",
    "RapportRecalcul",
    "Recalculateur",
    "Resultat",
    "Retrait",
    "anomalies_du_recalcul",
    "comparer",
    "controles_du_cadre",
    "moteur_disponible",
    "moteur_installe",
    "poser_resultats",
    "qualification_gardee",
    "qualifier",
    "recalculer_document",
]
