"""Les vues du diagnostic : indicateurs et leur lecture, axes de l’autorité, matrice des tâches."""
