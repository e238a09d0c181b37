"""Remplir un gabarit : (gabarit, saisies) → octets. Même entrée, mêmes octets."""
