"""Les classeurs Excel de la démarche : des cadres qui vivent."""
