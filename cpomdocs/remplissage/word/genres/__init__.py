"""Les genres de cases d’un document Word : ce que chacun est, ce qu’il accepte, comment on y écrit."""
