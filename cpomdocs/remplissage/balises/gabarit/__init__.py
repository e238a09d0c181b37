"""Le gabarit à balises : de la partie XML de Word à une suite de textes fixes et de balises situées."""
