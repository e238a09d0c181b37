"""Le classeur maître : écrit d’après les modèles, complété sans jamais réécrire ce que les gens y ont mis."""
