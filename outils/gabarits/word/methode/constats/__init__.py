"""Le diagnostic : le rapport, sa synthèse."""
