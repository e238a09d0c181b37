"""La porte qui surveille : à chaque enregistrement du classeur maître, elle appelle le couloir.

Elle ne fait que regarder et traduire : elle n’écrit jamais le classeur, et ne produit rien elle-même.
"""
