"""Écrire dans le classeur ouvert, par xlwings : réponse d’un bouton, contrôle, cellules fautives."""
