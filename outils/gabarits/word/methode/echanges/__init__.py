"""Ce qui se négocie : objectifs, comparaisons, positions, décisions."""
