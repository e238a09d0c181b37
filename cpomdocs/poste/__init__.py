"""Le poste de travail : l’interpréteur que les boutons lancent, leur réponse, ce qui les empêche d’agir."""
