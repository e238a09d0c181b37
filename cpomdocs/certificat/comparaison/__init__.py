"""Comparer un document rendu avec son gabarit : la saisie est permise, tout le reste est dit."""
