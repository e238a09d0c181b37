"""Conduire la démarche : comité de pilotage, lettres de mission, tâches, calendrier, préparation."""
