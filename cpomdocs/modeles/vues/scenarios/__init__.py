"""Projeter : les comptes de chaque scénario, son plan de financement, son offre, et de quoi les comparer."""
