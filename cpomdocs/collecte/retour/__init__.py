"""Ce qui revient : les fichiers reçus, leur comparaison à trois, les points à décider."""
