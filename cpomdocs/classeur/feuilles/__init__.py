"""Les feuilles du classeur maître, écrites avec XlsxWriter : accueil, fiches, listes, valeurs proposées."""
