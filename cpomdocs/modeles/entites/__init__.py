"""Les entités saisies : ce qu’une personne tape, feuille par feuille."""
