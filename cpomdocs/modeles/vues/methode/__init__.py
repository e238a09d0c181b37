"""Les vues de la démarche : suivi des indicateurs, comparaison à des références."""
