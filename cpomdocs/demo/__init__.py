"""La démonstration : un gestionnaire fictif de cinq établissements, chiffres réalistes et cohérents."""

from cpomdocs.demo.anomalies import ANOMALIES_VOULUES, AnomalieVoulue
from cpomdocs.demo.dossier import dossier_de_demonstration

__all__ = ["ANOMALIES_VOULUES", "AnomalieVoulue", "dossier_de_demonstration"]
